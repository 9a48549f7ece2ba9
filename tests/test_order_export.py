"""A platform's order export: every encoding people save, numbers and dates as they write them, no guess."""

from __future__ import annotations

import datetime as dt
import io
import unicodedata
from decimal import Decimal

import pytest
from openpyxl import Workbook

from bot.exported_order import BadExport
from bot.order_columns import STATES, columns
from bot.order_export import read_export

NOW = dt.datetime(2026, 11, 22, 4, tzinfo=dt.UTC)
ZONE = dt.timezone(dt.timedelta(hours=7))
VOSO = columns("voso")
EXCEL_DAY = dt.datetime.fromisoformat("2026-11-21T07:30:00")  # Excel knows no zones
HEAD = "Mã đơn hàng,Gian hàng,Trạng thái,Ngày đặt,Ngày hoàn thành,Sản phẩm,Số lượng,ĐVT,Đơn giá,Thành tiền,Tổng tiền"
LINE = (
    "VS-1,Vườn cô Ba,Hoàn thành,21/11/2026 07:30,22/11/2026,cam sành,20,kg,25.000,500.000,500.000"
)
COLUMNS = HEAD.split(",")
PLACES = (
    "ma",
    "gian_hang",
    "trang_thai",
    "dat",
    "xong",
    "hang",
    "sl",
    "dvt",
    "gia",
    "tien",
    "tong",
)


def csv(*lines: str, head: str = HEAD):
    return "\r\n".join([head, *lines, ""]).encode()


def line(**other: str):
    """The line with some of its cells otherwise."""
    cells = dict(zip(PLACES, LINE.split(","), strict=True)) | other
    assert cells.keys() == set(PLACES)
    return ",".join(f'"{cell}"' if "," in cell else cell for cell in cells.values())


def read(content, names=VOSO):
    return read_export(content, names, NOW)


def one(content):
    [order] = read(content)
    return order


def wrong(content):
    with pytest.raises(BadExport) as caught:
        read(content)
    return [(w.line, w.field) for w in caught.value.wrong]


def book(*rows: list[object]):
    workbook = Workbook()
    for row in rows:
        workbook.active.append(row)
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def test_a_line_becomes_an_order():
    order = one(csv(LINE))
    assert (order.order_id, order.shop, order.status) == ("VS-1", "Vườn cô Ba", "completed")
    assert order.placed_at == dt.datetime(2026, 11, 21, 7, 30, tzinfo=ZONE)
    assert order.completed_at == dt.datetime(2026, 11, 22, tzinfo=ZONE)
    assert order.items == [("cam sành", Decimal(20), "kg", 25_000, 500_000)]
    assert order.total_vnd == 500_000


# Encodings and delimiters


def tone_behind(letter):
    """Windows-1258 has a tone after its letter: of two marks the tone is the other one."""
    parts = unicodedata.normalize("NFD", letter)
    tones = [mark for mark in parts[1:] if mark in "\u0300\u0301\u0303\u0309\u0323"]
    return unicodedata.normalize("NFC", "".join(p for p in parts if p not in tones)) + "".join(
        tones
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "windows-1258"])
def test_the_same_words_come_out_of_every_encoding(encoding):
    text = f"{HEAD}\n{LINE}\n"
    if encoding == "windows-1258":
        text = "".join(map(tone_behind, text))
    order = one(text.encode(encoding))
    assert (order.shop, order.items[0].product) == ("Vườn cô Ba", "cam sành")


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_every_delimiter_is_found(delimiter):
    content = (HEAD + "\n" + LINE).replace(",", delimiter).encode()
    assert one(content).total_vnd == 500_000


def test_a_line_that_names_the_delimiter_is_believed():
    assert one(("sep=;\r\n" + (HEAD + "\n" + LINE).replace(",", ";")).encode()).order_id == "VS-1"


def test_damaged_letters_are_not_taken_for_another_encoding():
    content = bytearray(csv(LINE))
    place = content.index("cam sành".encode()) + 5
    del content[place]
    assert wrong(bytes(content)) == [(2, "")]


@pytest.mark.parametrize(
    "content",
    [b"", b"\x00\x01\x02", b"PK\x03\x04nonsense", b"\xd0\xcf\x11\xe0old", b"hello\nworld\n"],
)
def test_what_is_no_table_is_refused(content):
    with pytest.raises(BadExport):
        read(content)


# Headings


def test_headings_are_known_without_marks_case_and_units():
    head = HEAD.replace("Mã đơn hàng", "MA DON HANG *").replace("Tổng tiền", "Tổng cộng (VNĐ)")
    assert one(csv(LINE, head=head)).total_vnd == 500_000


def test_titles_above_and_a_sum_below_are_passed_by():
    rows = [
        "DANH SÁCH ĐƠN HÀNG",
        "Từ 01/11/2026,đến 30/11/2026",
        HEAD,
        LINE,
        "Tổng cộng" + "," * 9 + ",500.000",
    ]
    assert one("\n".join(rows).encode()).order_id == "VS-1"


def test_a_missing_column_is_named():
    assert (1, "status") in wrong(csv(LINE, head=HEAD.replace("Trạng thái", "Tình hình")))


def test_two_columns_of_one_meaning_are_named():
    assert (1, "total_vnd") in wrong(csv(LINE, head=HEAD.replace("Thành tiền", "Tổng cộng")))


@pytest.mark.parametrize("platform", ["voso", "postmart"])
def test_every_state_has_words_of_each_platform(platform):
    assert set(columns(platform).statuses.values()) == set(STATES)


def test_the_api_own_names_are_known():
    content = "order_id;shop;status;placed_at;product;total_vnd\nA-1;s1;placed;2026-11-21T07:30:00+07:00;cam;1000\n"
    assert one(content.encode()).status == "placed"


# Several lines an order


def test_items_of_an_order_come_together_wherever_they_stand():
    orders = read(
        csv(line(tong=""), line(ma="VS-2", xong="23/11/2026"), line(tong="", hang="bưởi"))
    )
    assert [o.order_id for o in orders] == ["VS-1", "VS-2"]
    assert [i.product for i in orders[0].items] == ["cam sành", "bưởi"]
    assert orders[0].total_vnd == 1_000_000


def test_a_line_with_nothing_but_goods_belongs_to_the_order_above():
    order = one(csv(line(tong="1.000.000"), ",,,,,bưởi,20,kg,25.000,500.000,"))
    assert len(order.items) == 2


def test_a_line_without_its_number_is_not_put_to_another_order():
    assert wrong(csv(LINE, line(ma="", trang_thai="Đã hủy"))) == [(3, "order_id")]


def test_lines_of_an_order_that_contradict_each_other_are_named():
    assert wrong(csv(LINE, line(hang="bưởi", trang_thai="Đã hủy"))) == [(3, "status")]


def test_a_line_that_stands_twice_is_not_counted_twice():
    assert wrong(csv(LINE, LINE)) == [(3, "product")]


# Money and quantities


@pytest.mark.parametrize(
    ("written", "vnd"),
    [
        ("500000", 500_000),
        ("500.000", 500_000),
        ("500,000", 500_000),
        ("500.000 đ", 500_000),
        ("500.000,00 VNĐ", 500_000),
        ("500,000.00₫", 500_000),
        ("1.500.000", 1_500_000),
    ],
)
def test_sums_are_read_as_they_are_written(written, vnd):
    assert one(csv(line(gia="", tien="", tong=written))).total_vnd == vnd


@pytest.mark.parametrize(
    "written", ["500,5", "5e5", "-500000", "năm trăm", "50.00.000", "500k", "=A1+B1"]
)
def test_a_sum_in_doubt_is_named_and_not_guessed(written):
    assert (2, "total_vnd") in wrong(csv(line(tong=written)))


@pytest.mark.parametrize(
    ("written", "price", "quantity"),
    [
        ("2,5", "200.000", "2.5"),
        ("2.5", "200.000", "2.5"),
        ("1.500", "100", "1500"),
        ("1,250", "400.000", "1.25"),
    ],
)
def test_a_quantity_is_the_reading_that_fits_price_and_sum(written, price, quantity):
    total = str(int(Decimal(quantity) * int(price.replace(".", ""))))
    assert one(csv(line(sl=written, gia=price, tien=total, tong=total))).items[
        0
    ].quantity == Decimal(quantity)


def test_a_quantity_that_may_be_two_is_named():
    assert wrong(csv(line(sl="1.500", gia="", tien="500.000"))) == [(2, "product")]


def test_a_line_that_costs_more_than_quantity_times_price_is_named():
    assert wrong(csv(line(tien="5.000.000", tong="5.000.000"))) == [(2, "product")]


def test_a_total_ten_times_its_goods_is_named():
    assert wrong(csv(line(tong="5.000.001"))) == [(2, "total_vnd")]


def test_carriage_and_a_discount_may_be_in_the_total():
    assert one(csv(line(tong="530.000"))).total_vnd == 530_000
    assert one(csv(line(tien="480.000", tong="450.000"))).total_vnd == 450_000


# Days


@pytest.mark.parametrize(
    ("written", "hour", "minute"),
    [
        ("21/11/2026 07:30", 7, 30),
        ("21-11-2026 07:30:05", 7, 30),
        ("07:30 21/11/2026", 7, 30),
        ("2026-11-21 07:30", 7, 30),
        ("2026-11-21T07:30:00+07:00", 7, 30),
        ("2026-11-21T00:30:00Z", 7, 30),
        ("21/11/2026 2:30 CH", 14, 30),
        ("21/11/2026 12:05 SA", 0, 5),
        ("21/11/2026", 0, 0),
        ("46347,3125", 7, 30),
    ],
)
def test_moments_are_read_as_they_are_written(written, hour, minute):
    at = one(csv(line(dat=written))).placed_at.astimezone(ZONE)
    assert (at.date(), at.hour, at.minute) == (dt.date(2026, 11, 21), hour, minute)


@pytest.mark.parametrize(
    "written",
    ["11/21/2026", "21/11/26", "31/02/2026", "hôm qua", "21/11/2036", "21/11/1926", "=NOW()"],
)
def test_a_day_that_is_none_is_named(written):
    assert (2, "placed_at") in wrong(csv(line(dat=written)))


def test_a_completed_order_says_when():
    assert wrong(csv(line(xong=""))) == [(2, "completed_at")]


def test_nothing_is_completed_before_it_was_placed():
    assert wrong(csv(line(xong="20/11/2026"))) == [(2, "completed_at")]


# Workbooks


def test_a_workbook_is_read_like_the_csv():
    cells = [
        "VS-1",
        "Vườn cô Ba",
        "Hoàn thành",
        EXCEL_DAY,
        dt.date(2026, 11, 22),
    ]
    assert one(book(COLUMNS, [*cells, "cam sành", 20, "kg", 25000.0, 500000, 500000])) == one(
        csv(LINE)
    )


def test_dates_that_lost_their_format_are_dates():
    cells = ["VS-1", "s", "Mới", 46347.3125, None, "cam", 20, "kg", 25000, 500000, 500000]
    assert one(book(COLUMNS, cells)).placed_at == dt.datetime(2026, 11, 21, 7, 30, tzinfo=ZONE)


def test_a_number_that_excel_rounded_is_no_order():
    cells = [
        2.305e18,
        "s",
        "Mới",
        EXCEL_DAY,
        None,
        "cam",
        20,
        "kg",
        25000,
        500000,
        500000,
    ]
    assert wrong(book(COLUMNS, cells)) == [(2, "order_id")]


# Formulas


LINK = '=HYPERLINK("http://evil.example","Xem")'


def test_a_formula_among_words_is_the_text_that_it_is():
    cells = [
        "VS-1",
        "s",
        "Mới",
        EXCEL_DAY,
        None,
        LINK,
        20,
        "kg",
        25000,
        500000,
        500000,
    ]
    assert one(book(COLUMNS, cells)).items[0].product == LINK


@pytest.mark.parametrize(
    "place", ["order_id", "status", "placed_at", "quantity", "total_vnd", "shop"]
)
def test_a_formula_where_a_value_must_stand_is_named(place):
    cells = [
        "VS-1",
        "s",
        "Mới",
        EXCEL_DAY,
        None,
        "cam",
        20,
        "kg",
        25000,
        500000,
        500000,
    ]
    names = ["order_id", "shop", "status", "placed_at", "", "", "quantity", "", "", "", "total_vnd"]
    cells[names.index(place)] = LINK
    assert (2, place) in wrong(book(COLUMNS, cells))


def test_quotes_that_keep_a_number_a_word_are_no_formula():
    assert one(csv(line(ma='"=""00123"""'))).order_id == "00123"


# All or nothing


def test_every_bad_line_is_named_with_its_number():
    content = csv(
        LINE, line(ma="VS-2", trang_thai="gì đó"), line(ma="VS-3", dat="mai"), line(ma="VS-4")
    )
    assert wrong(content) == [(3, "status"), (4, "placed_at")]


def test_lines_are_counted_as_a_program_shows_them():
    """A cell with a line break takes two lines."""
    content = csv(line(hang='"cam\nsành"'), line(ma="VS-2", trang_thai="gì đó"))
    assert wrong(content) == [(4, "status")]
