"""What is worked out once: it is never more than its bound, and no sentence changes what another one was read as."""

from datetime import date

from bot.language.kept import Kept
from bot.language.understand import understand

TODAY = date(2026, 11, 21)
SENTENCES = (
    "hôm qua bán 20kg cam sành giá 25k cho chị Lan",
    "ban 20kg cam sanh gia 25k cho chi lan hom qua",
    "chị Lan hôm qua lấy 20 ký cam sành, 25 ngàn một ký",
)


def test_no_more_is_kept_than_allowed():
    doubled = Kept(lambda number: 2 * number, 3)
    assert [doubled[number] for number in (1, 2, 3, 4, 4, 1)] == [2, 4, 6, 8, 8, 2]
    assert len(doubled) <= 3


def test_what_is_kept_is_made_once():
    asked = []
    seen = Kept(lambda word: asked.append(word) or word.upper(), 8)
    assert (seen["cam"], seen["cam"], seen["tra"]) == ("CAM", "CAM", "TRA")
    assert asked == ["cam", "tra"]


def test_a_sentence_reads_the_same_whatever_was_read_before():
    alone = [understand(text, TODAY) for text in SENTENCES]
    assert [understand(text, TODAY) for text in reversed(SENTENCES)] == alone[::-1]
    assert all(said.items[0].total_vnd == 500_000 for said in alone)
