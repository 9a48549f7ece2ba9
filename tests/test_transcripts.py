"""The format of the golden transcripts: what is read is written again, and what is played is compared."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest

from bot.dialogue.message import Contact, Location, Other, Picture, Tap, Text, Voice
from bot.event_lines import event_line
from bot.transcripts import Step, codes, content, given, moment, read, replay, reply, write
from domain.events import EVENT
from domain.household import ZONE

FILES = sorted((Path(__file__).parent / "conversations").rglob("*.txt"))
NOBODY = UUID(int=0)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_transcript_is_written_as_it_was_read(file):
    text = file.read_text()
    assert write(read(text)) == text


def test_further_lines_belong_to_the_mark_above():
    assert read("< a\n  b\n  [x]\n\n> c\n") == [
        Step("<", "a\nb\n[x]"),
        Step(""),
        Step(">", "c"),
    ]


def test_an_empty_line_inside_a_message_is_kept():
    text = "> a\n\n  b\n"
    assert read(text) == [Step(">", "a\n\nb")]
    assert write(read(text)) == text


@pytest.mark.parametrize(
    ("text", "line"), [("? a\n", 1), ("> a\nb\n", 2), ("  a\n", 1), (">a\n", 1)]
)
def test_a_line_of_no_kind_is_named(text, line):
    with pytest.raises(ValueError, match=f"line {line}:"):
        read(text)


def test_the_clock_is_that_of_vietnam():
    assert moment("2026-11-21 19:05") == dt.datetime(2026, 11, 21, 19, 5, tzinfo=ZONE)


def test_what_is_given_has_words_and_values():
    line = given('sold date=2026-11-03 product="chè shan" again')
    assert (line.kind, line.words) == ("sold", ("again",))
    assert line.values == {"date": "2026-11-03", "product": "chè shan"}


def test_codes_come_once_each_in_the_order_they_were_given():
    steps = read(
        "> CC22\n! sale_logged code=KX42 x=1\n< Mã KX42 · cam\n! order_confirmed order=2\n< xong, mã BD36.\n"
    )
    assert codes(steps) == ["KX42", "BD36"]


@pytest.mark.parametrize(
    ("said", "sent"),
    [
        ("bán cam", Text("bán cam")),
        ("[Lưu]", Tap("new")),
        ("[Thôi]", Tap("old")),
        ("(lời nói, 9 giây) bán cam", Voice(9, "bán cam")),
        ("(lời nói, 3 giây)", Voice(3, None)),
        ("(nhãn dán)", Other("sticker")),
        ("(tệp)", Other("document")),
        ("(ảnh quá lớn) cam", Picture(problem="too_big", caption="cam")),
        ("(số điện thoại) 0987654321", Contact("0987654321", own=True)),
        ("(số của người khác) 0987654321", Contact("0987654321", own=False)),
        ("(vị trí) 21.5,104.25", Location(21.5, 104.25)),
        ("(sửa tin trước) bán bưởi", Text("bán bưởi")),
    ],
)
def test_a_line_of_a_person_is_what_a_channel_would_give(said, sent):
    shown = [(("old", "Lưu"), ("old", "Thôi")), (("new", "Lưu"),)]
    assert content(said, shown) == sent


@pytest.mark.parametrize("said", ["[Bán]", "(múa)"])
def test_a_button_never_shown_or_an_unknown_direction_is_refused(said):
    with pytest.raises(ValueError, match="no"):
        content(said, [])


async def test_playing_replaces_what_came_out_and_keeps_all_else():
    async def play(step: Step) -> list[Step]:
        return [reply(f"heard {step.text}", [("1", "A"), ("2", "B")])] if step.mark == ">" else []

    text = "# title\n= 2026-11-21 10:00\n> a\n# remark\n! gone\n< gone\n\n> b\n"
    assert write(await replay(read(text), play)) == (
        "# title\n= 2026-11-21 10:00\n> a\n# remark\n< heard a\n  [A] [B]\n\n> b\n< heard b\n  [A] [B]\n"
    )


async def test_what_stands_elsewhere_needs_not_be_written_again():
    async def play(step: Step) -> list[Step]:
        return [Step("<", "one"), Step("<", "two")]

    text = "> a\n< one\n# the rest follows, as in 01\n"
    assert write(await replay(read(text), play)) == text


def sale(**fields: object):
    one = {"product": "quýt hồng", "quantity": "20.0", "unit": "kg", "unit_price_vnd": 30000}
    item = {**one, "price_unit": "kg", "total_vnd": 600000, **fields}
    return EVENT.validate_python(
        {
            "type": "sale_logged",
            "id": NOBODY,
            "at": "2026-11-21T19:05:00+07:00",
            "province": "82",
            "code": "KX42",
            "items": (item,),
            "total_vnd": 600000,
            "date": "2026-11-21",
            "platform": "offline",
        }
    )


def test_a_sale_reads_like_its_card():
    assert event_line(sale()) == (
        'sale_logged code=KX42 product="quýt hồng" quantity=20 unit=kg unit_price_vnd=30000'
        " total_vnd=600000 date=2026-11-21 platform=offline evidence=said"
    )


def test_the_unit_of_the_price_is_shown_when_it_is_another():
    line = event_line(sale(quantity=Decimal(3), unit="yến"))
    assert "quantity=3 unit=yến unit_price_vnd=30000 price_unit=kg total_vnd" in line


def test_several_products_stand_in_one_value():
    event = sale()
    hens = {"product": "gà", "quantity": 15, "unit": "con", "unit_price_vnd": 120000}
    items = (*event.items, type(event.items[0])(**hens, price_unit="con", total_vnd=1800000))
    line = event_line(event.model_copy(update={"items": items}))
    assert 'items="20 kg quýt hồng × 30000, 15 con gà × 120000" total_vnd=600000' in line


def test_no_line_shows_who_it_was():
    person = {
        "id": NOBODY,
        "person": NOBODY,
        "household": NOBODY,
        "at": "2026-11-21T19:05:00+07:00",
    }
    event = {
        "type": "household_registered",
        "code": "DT-0001",
        "province": "82",
        "commune": "30226",
    }
    line = event_line(EVENT.validate_python({**person, **event}))
    assert line == "household_registered province=82 commune=30226"
