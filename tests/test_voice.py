"""No text does what the voice guide forbids: words, shape, buttons, emoji, the pair of address."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from bot.dialogue.reply import Button, Line, Money, Reply, Voice
from bot.locales.catalogue import catalogue
from bot.locales.check import placeholders
from bot.locales.fit import lines_shown, misfits
from bot.locales.render import fill, word

TEXTS = catalogue("vi")
OFFICIAL = (
    "summary.",
    "indicator.",
    "web.",
    "worker.",
    "report.",
    "button.report.",
    "programme.",
    "chart.",
)
HOUSEHOLD = {key: said for key, said in TEXTS.items() if not key.startswith(OFFICIAL)}
LONG = ("consent.",)  # only consent screens may be longer
CO_BA = Voice("cô", name="Ba")


def sample(key: str, voice: Voice = CO_BA) -> str:
    return fill(key, dict.fromkeys(placeholders(TEXTS[key]), "20 kg"), voice)


@pytest.mark.parametrize("key", sorted(TEXTS))
def test_every_text_can_be_filled(key):
    filled = sample(key)
    assert len(filled.split("\n")) == len(TEXTS[key].split("\n"))
    assert "{" not in filled
    assert filled == filled.strip()


FORBIDDEN = (
    "hệ thống|máy chủ|ứng dụng|dữ liệu|bản ghi|không hợp lệ|nhập sai|thao tác thất bại|giao dịch|"
    "cập nhật|chỉnh sửa|hủy bỏ|hoàn tác|OTP|online|shop|link|click|check-in|feedback|voice|OK|"
    "sai rồi|quên|lẽ ra phải|tuyệt vời|chúc mừng|cố lên|vui lòng|trân trọng|"
    "tôi|chúng tôi|bot|admin|bạn|quý khách|nhé|nha|vâng|vd|sđt|sl|&"
)


def test_no_text_uses_a_word_that_the_voice_guide_forbids():
    forbidden = re.compile(rf"(?<!\w)(?:{FORBIDDEN})(?!\w)", re.IGNORECASE)
    bare = {key: re.sub(r"\{\w+\}", "…", said) for key, said in HOUSEHOLD.items()}
    used = {key: m.group() for key, said in bare.items() if (m := forbidden.search(said))}
    assert not used


def test_the_word_for_fault_stands_only_where_the_keeper_explains_himself():
    assert [key for key, said in HOUSEHOLD.items() if re.search(r"\blỗi\b", said)] == [
        "consent.more"
    ]


def test_a_message_has_one_polite_particle_at_most_and_never_shouts():
    twice = [key for key, said in HOUSEHOLD.items() if len(re.findall(r"\bạ\b", said)) > 1]
    assert twice == ["greeting.back"]  # a greeting, then a question
    assert not [key for key, said in TEXTS.items() if "!" in said]


def test_a_question_comes_last_and_is_the_only_one():
    examples = re.compile(r" (?:Ví dụ: |Tên cũ |\{You\} nhắn tên ).*")
    for key, said in HOUSEHOLD.items():
        asked = examples.sub("", said).rstrip()
        assert asked.count("?") <= 1, key
        if "?" in asked and "{question}" not in asked and key not in QUESTION_FIRST:
            assert asked.endswith(("?", "{sales}")), key


QUESTION_FIRST = {"worker.request"}


def test_the_person_is_named_once_a_sentence():
    for key, said in HOUSEHOLD.items():
        for sentence in re.split(r"(?<=[.?])\s|\n", said):
            assert len(re.findall(r"\{[yY]ou(?:_name)?\}", sentence)) <= 1, key


def test_no_button_names_the_person_or_the_bot():
    for key, said in TEXTS.items():
        if key.startswith("button."):
            assert not re.search(r"\{(?:you|me|you_name)\}", said, re.IGNORECASE), key


def test_buttons_have_sixteen_signs_at_most():
    values = {"sum": Money(1_650_000), "unit": "chậu", "quantity": Decimal(30), "year": "2026"}
    values |= {"unit_price": Money(165_000), "price_unit": "kg", "product": "bơ 034"}
    buttons = tuple(
        Button("a", key, dict.fromkeys(placeholders(said), "12") | values)
        for key, said in TEXTS.items()
        if key.startswith("button.")
    )
    assert not misfits(word(Reply((Line("card.ask"),), buttons)))


def test_a_sentence_has_eighteen_syllables_at_most():
    for key, said in HOUSEHOLD.items():
        if key.startswith(LONG):
            continue
        for sentence in re.split(r"(?<=[.?:])\s|\n", said):
            assert len(re.findall(r"[\w{}/.]+", sentence)) <= 18, (key, sentence)


def test_a_message_fits_a_phone():
    long = {key: n for key in HOUSEHOLD if (n := lines_shown(sample(key))) > 14}
    assert not {key for key in long if not key.startswith(LONG)}


EMOJI = {
    "📝": {"card.", "change.", "product.", "address.card", "helped."},
    "✅": None,  # saved, done: anywhere
    "⚠️": {"guard.", "helped.disputed"},
    "📦": {"order."},
    "🎓": {"training.", "worker.course"},
    "🔒": {"consent.", "privacy.", "bank.", "address.", "link.", "assisted.code"},
    "🎤": {"voice.", "web.chat.voice_"},
    "📣": {"broadcast."},
    "📞": {"help.", "lost.", "worker."},
}
SIGN = re.compile("[\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff]\ufe0f?")


def test_an_emoji_opens_the_message_and_means_one_thing():
    for key, said in TEXTS.items():
        signs = SIGN.findall(said)
        assert len(signs) <= 1, key
        if signs:
            assert said.startswith(signs[0]), key
            where = EMOJI[signs[0]]
            assert where is None or key.startswith(tuple(where)), key


def test_errors_outages_sorrow_and_emergencies_have_no_emoji():
    bare = ("check.", "outage.", "limit.", "photo.not", "photo.too", "sorrow", "anger", "other.")
    plain = [
        key for key in TEXTS if key.startswith((*bare, "help.emergency", "ask.debt", "summary."))
    ]
    assert plain
    assert not [key for key in plain if SIGN.search(TEXTS[key])]


EXAMPLES = {"ask.name", "assisted.ask_name", "role.ask_name"}


def test_no_address_is_written_into_a_text():
    """`{me}` and `{you}` only: no *em* or *cô* stands in a template, but in examples and forms."""
    own = {key: t for key, t in HOUSEHOLD.items() if not key.startswith("voice.")}
    # Who farms is "bà con" when workers are spoken to.
    written = re.compile(r"(?<!\w)(?:em|bà(?! con)|cô|chú|bác|ông|anh|chị)(?!\w)", re.IGNORECASE)
    found = {key for key, said in own.items() if written.search(said)}
    assert found == {
        *EXAMPLES,
        *(k for k in own if k.startswith("button.form.") and k != "button.form.ba_con"),
    }
