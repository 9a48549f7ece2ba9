"""Replies are worded as the voice guide says: sums, days, hours, address, lines and whole cards."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest

from bot.dialogue.reply import (
    Amount,
    Bars,
    Button,
    Clock,
    Day,
    Joined,
    Line,
    Lines,
    Money,
    Name,
    Photo,
    Reply,
    Value,
    Voice,
    Words,
)
from bot.locales.catalogue import text
from bot.locales.render import Worded, fill, word

SATURDAY = dt.date(2026, 11, 21)
ANH = Voice("anh")
NOBODY = Voice()


def said(*lines: Line, voice: Voice = ANH) -> str:
    return word(Reply(lines, voice=voice)).text


def shown(value, voice: Voice = NOBODY) -> str:
    return fill("card.item_only", {"item": value}, voice)


# Sums


@pytest.mark.parametrize(
    ("vnd", "northern", "southern"),
    [
        (700, "bảy trăm đồng", None),
        (15_000, "mười lăm nghìn đồng", "mười lăm ngàn đồng"),
        (21_000, "hai mươi mốt nghìn đồng", None),
        (24_000, "hai mươi bốn nghìn đồng", None),
        (60_500, "sáu mươi nghìn năm trăm đồng", None),
        (105_000, "một trăm linh năm nghìn đồng", "một trăm lẻ năm ngàn đồng"),
        (1_035_000, "một triệu không trăm ba mươi lăm nghìn đồng", None),
        (2_005_000, "hai triệu không trăm linh năm nghìn đồng", None),
        (2_500_000, "hai triệu năm trăm nghìn đồng", None),
        (3_000_500, "ba triệu không nghìn năm trăm đồng", None),
        (10_000_000, "mười triệu đồng", None),
        (1_250_000_000, "một tỷ hai trăm năm mươi triệu đồng", None),
    ],
)
def test_a_sum_is_read_out_in_the_words_of_the_region(vnd, northern, southern):
    assert shown(Words(vnd), Voice(southern=False)) == northern
    if southern:
        assert shown(Words(vnd), Voice(southern=True)) == southern


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Money(0), "0 đ"),
        (Money(2_080_000), "2.080.000 đ"),
        (Money(62_000_000), "62.000.000 đ"),
        (Amount(Decimal("3.2"), "kg"), "3,2 kg"),
        (Amount(Decimal("20.00"), "kg", "cam sành"), "20 kg cam sành"),
        (Amount(Decimal(2000), "kg"), "2.000 kg"),
        (Amount(Decimal("1E+3"), "con"), "1.000 con"),
        (Amount(product="cà phê nhân"), "cà phê nhân"),
        (Amount(Decimal(3), product="bưởi"), "3 bưởi"),
        (Decimal("2.40"), "2,4"),
        (12_345, "12.345"),
        (Name("platform.offline"), "tại nhà, chợ"),
        (Joined((Amount(Decimal(15), "con", "gà"), Amount(product="trứng"))), "15 con gà, trứng"),
        (Joined((Name("platform.voso"), "", Name("platform.postmart"))), "Vỏ Sò, Postmart"),
    ],
)
def test_a_value_is_written_in_the_vietnamese_way(value, expected):
    assert shown(value) == expected


# Days and hours


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (dt.date(2026, 11, 21), "hôm nay, thứ Bảy 21/11"),
        (dt.date(2026, 11, 20), "hôm qua, thứ Sáu 20/11"),
        (dt.date(2026, 11, 19), "hôm kia, thứ Năm 19/11"),
        (dt.date(2026, 11, 22), "ngày mai, Chủ nhật 22/11"),
        (dt.date(2026, 11, 16), "thứ Hai 16/11"),
        (dt.date(2026, 11, 25), "thứ Tư 25/11"),
        (dt.date(2026, 11, 10), "thứ Ba 10/11"),
        (dt.date(2025, 11, 21), "21/11/2025"),
    ],
)
def test_a_day_is_named_as_seen_from_today(day, expected):
    assert shown(Day(day, SATURDAY)) == expected


def test_yesterday_stays_yesterday_across_new_year():
    assert shown(Day(dt.date(2026, 12, 31), dt.date(2027, 1, 1))) == "hôm qua, thứ Năm 31/12"


@pytest.mark.parametrize(
    ("at", "on", "expected"),
    [
        ("2026-11-21T20:00:00+07:00", SATURDAY, "20 giờ hôm nay"),
        ("2026-11-22T10:40:00+07:00", dt.date(2026, 11, 22), "10 giờ 40 hôm nay"),
        ("2026-11-21T15:40:00+00:00", dt.date(2026, 11, 22), "22 giờ 40 hôm qua"),
        ("2026-11-21T17:30:00+00:00", SATURDAY, "0 giờ 30 ngày mai"),
        ("2026-11-16T08:00:00+07:00", SATURDAY, "8 giờ thứ Hai 16/11"),
        ("2026-11-21T01:02:00+00:00", None, "8 giờ 02"),
        ("2026-11-21T20:06:00+07:00", None, "20 giờ 06"),
    ],
)
def test_an_hour_is_the_hour_in_vietnam(at, on, expected):
    assert shown(Clock(dt.datetime.fromisoformat(at), on)) == expected


# Address


@pytest.mark.parametrize(
    ("voice", "expected"),
    [
        (Voice(), "Em chào bà con ạ."),
        (Voice(name="Lan"), "Em chào bà con ạ."),
        (Voice(you="bà con", name="Lan"), "Em chào bà con ạ."),
        (Voice(you="cô", name="Ba"), "Em chào cô Ba ạ."),
        (Voice(you="ông", me="con"), "Con chào ông ạ."),
        (Voice(you="dượng", me="cháu", name="Y Blăm"), "Cháu chào dượng Y Blăm ạ."),
    ],
)
def test_a_person_is_greeted_by_the_pair_they_chose(voice, expected):
    assert said(Line("greeting"), voice=voice).startswith(expected)


def test_a_capital_opens_a_sentence_and_changes_nothing_else():
    assert fill("ask.stars", {"product": "Ri6 chín"}, Voice()) == "Ri6 chín có sao OCOP không ạ?"
    assert fill("ask.stars", {"product": "ổi"}, Voice()).startswith("Ổi có")
    assert fill("consent.worker", {"worker": "cán bộ Ngọc"}, Voice("cô")).startswith(
        "🔒 Cán bộ Ngọc"
    )


# Lines


def test_a_line_whose_value_is_unknown_is_left_out_whole():
    receipt = {"total": Money(500_000), "code": "KX42", "item": Amount(product="cam")}
    assert said(Line("receipt", receipt)) == "✅ Đã lưu 500.000 đ\nMã KX42 · cam"
    whole = said(Line("card.total", {"total": Money(1), "total_words": None}), Line("card.buyer"))
    assert whole == "📝 1 đ"


def test_an_empty_list_of_lines_leaves_no_gap():
    values = {"product": "cam", "code": "KX42", "changes": Lines(())}
    assert said(Line("product.changed", values)) == "✅ Đã sửa cam, mã KX42."


def test_a_zero_is_no_unknown_value():
    assert fill("card.stock", {"quantity": 0, "unit": "kg"}, Voice()) == "Có sẵn: 0 kg"


def test_a_message_of_nothing_is_a_fault():
    with pytest.raises(ValueError, match=r"card\.buyer"):
        word(Reply((Line("card.buyer"),)))


def test_a_key_without_a_text_is_a_fault():
    with pytest.raises(KeyError):
        text("card.nothing")


def test_an_unknown_language_is_answered_in_vietnamese():
    assert said(Line("card.ask"), voice=Voice("cô", language="xx")) == "Cô xem đúng chưa ạ?"


def test_braces_in_what_a_person_wrote_stay_as_they_are():
    assert said(Line("voice.heard", {"text": "{you} 100%"})) == "🎤 Em nghe: “{you} 100%”"


def test_a_worded_reply_comes_back_from_the_outbox_as_it_went_in():
    title = Line("chart.months", {"period": "năm 2026"})
    reply = Reply(
        (Line("card.ask"),),
        (Button("a:1", "button.all", {"quantity": Decimal(3), "unit": "chậu"}),),
        Bars(title, (("11/2026", 500_000),)),
    )
    worded = word(reply)
    assert worded.buttons == (("a:1", "Cả 3 chậu"),)
    assert worded.picture == {
        "kind": "bars",
        "title": "Tiền bán từng tháng, năm 2026 (đồng)",
        "bars": [["11/2026", 500_000, "500.000 đ"]],
    }
    assert Worded.from_json(json.loads(json.dumps(worded.to_json()))) == worded
    photo = Reply((Line("card.ask"),), picture=Photo(UUID(int=7)))
    assert word(photo).picture == {"kind": "photo", "id": str(UUID(int=7))}


# The filled cards of the voice guide


def goods_line(
    key: str, quantity: str, unit: str, product: str, price: int, **more: Value
) -> tuple[Line, ...]:
    amount = Amount(Decimal(quantity), unit, product)
    values = {"item": amount, "unit_price": Money(price), "price_unit": unit}
    return (Line(key, values | more),)


def total(vnd: int) -> tuple[Line, ...]:
    return (Line("card.total", {"total": Money(vnd), "total_words": Words(vnd)}),)


def buyer(name: str) -> tuple[Line, ...]:
    return (Line("card.buyer", {"buyer": name}),)


def end(day: int) -> tuple[Line, ...]:
    date = Day(dt.date(2026, 11, day), SATURDAY)
    place = Name("platform.offline")
    return (
        Line("card.date", {"date": date}),
        Line("card.place", {"place": place}),
        Line("card.ask"),
    )


ORANGES = goods_line("card.item", "20", "kg", "cam sành", 25_000)
HENS = goods_line("card.item_sum", "15", "con", "gà", 120_000, line_total=Money(1_800_000))
EGGS = goods_line("card.item_sum", "4", "chục", "trứng", 35_000, line_total=Money(140_000))
CARDS = {
    "one product": (*total(500_000), *ORANGES, *buyer("chị Lan"), *end(20)),
    "several": (*total(1_940_000), *HENS, *EGGS, *end(21)),
    "total only": (
        *total(62_000_000),
        Line("card.quantity_none", {"product": "cà phê nhân"}),
        *buyer("đại lý Hung"),
        *end(21),
    ),
    "discount": (
        *total(480_000),
        *ORANGES,
        Line("card.discount", {"computed": Money(500_000), "difference": Money(20_000)}),
    ),
    "second quantity": (
        *total(144_000),
        *goods_line("card.item", "2.4", "kg", "bơ 034", 60_000),
        Line("card.second", {"second_quantity": Decimal(5), "second_unit": "quả"}),
    ),
    "listing": (
        Line(
            "card.total_listing",
            {
                "unit_price": Money(180_000),
                "price_unit": "kg",
                "unit_price_words": Words(180_000),
            },
        ),
        Line("card.item_only", {"item": "cà phê bột"}),
        Line("card.stock", {"quantity": Decimal(40), "unit": "kg"}),
    ),
    "packs": goods_line(
        "card.item_pack",
        "8",
        "thùng",
        "cam",
        20_000,
        pack=Amount(Decimal(15), "kg"),
        price_unit="kg",
    ),
    "local unit": goods_line(
        "card.item_converted",
        "3",
        "yến",
        "chè shan",
        250_000,
        base_quantity=Amount(Decimal(30), "kg"),
        price_unit="kg",
    ),
}


def expected_cards() -> dict[str, tuple[str, str]]:
    """Name of the card -> who is spoken to, and the card word for word."""
    kept = (Path(__file__).parent / "locales" / "cards.txt").read_text("utf-8")
    found = {}
    for block in kept.split("\n= ")[1:]:
        title, _, card = block.strip().partition("\n")
        name, _, you = title.rstrip(")").partition(" (")
        found[name] = (you, card)
    return found


@pytest.mark.parametrize("name", CARDS)
def test_the_cards_of_the_voice_guide_come_out_word_for_word(name):
    you, card = expected_cards()[name]
    assert said(*CARDS[name], voice=Voice(you)) == card


def test_every_kept_card_is_tried():
    assert expected_cards().keys() == CARDS.keys()
