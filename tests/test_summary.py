"""The summary: what is published is what was stored, in the words of the reports, with its sources."""

import csv
import datetime as dt
import io
import json
from dataclasses import replace
from decimal import Decimal
from itertools import count
from pathlib import Path
from uuid import UUID, uuid4, uuid5

import pytest
from openpyxl import load_workbook

from bot.figure_words import display
from bot.report_files import read_report_file
from bot.report_lines import check_lines
from bot.reports import import_reports
from bot.summarise import fingerprint, summarise
from bot.summary import BadQuestion, Parts, ask
from bot.summary_files import (
    FORMATS,
    run_summary,
    summary_csv,
    summary_json,
    summary_png,
    summary_xlsx,
)
from bot.summary_text import summary_text
from domain.events import (
    HouseholdRegistered,
    ProductListed,
    SaleItem,
    SaleLogged,
    SaleWithdrawn,
    ShopLinked,
)
from storage.figures import mark_sample
from storage.rollups import advance
from storage.store import append

SEED = Path(__file__).parent / "figures" / "programme-2023-06.csv"
NOW = dt.datetime(2026, 11, 21, 3, tzinfo=dt.UTC)
HEAD = "period_from,period_to,indicator,platform,value,province\n"
PUBLISHED = [
    "7.637 sản phẩm (Vỏ sò: 3.512, Postmart: 4.125)",
    "987.495 giao dịch (Vỏ sò: 173.745; Postmart: 813.750)",
    "217,1 tỷ đồng (Vỏ sò: 69,6; Postmart: 147,5)",
    "khoảng 220.000 đồng",
    "568 khóa đào tạo",
    "8.412.839 lượt người (Vỏ sò: 4.354.205; Postmart: 4.058.634)",
    "2.719 tin, bài",
]
SENTENCES = """Kết quả hỗ trợ đưa hộ sản xuất nông nghiệp lên sàn thương mại điện tử, từ tháng 8/2022 đến tháng 6/2023
Tổng số loại sản phẩm OCOP lên sàn là 7.637 sản phẩm (Vỏ sò: 3.512, Postmart: 4.125).
Tổng số giao dịch qua sàn là 987.495 giao dịch (Vỏ sò: 173.745; Postmart: 813.750).
Tổng giá trị giao dịch qua sàn là 217,1 tỷ đồng (Vỏ sò: 69,6; Postmart: 147,5); giá trị một giao dịch khoảng 220.000 đồng.
Đã tổ chức 568 khóa đào tạo, tập huấn với 8.412.839 lượt người (Vỏ sò: 4.354.205; Postmart: 4.058.634).
Báo chí địa phương đã đăng, phát 2.719 tin, bài.
Số tài khoản hoạt động trên các sàn là hơn 5,4 triệu tài khoản."""
numbers = count(1)


class Farm:
    """A household, and what it does on one day."""

    def __init__(self, province="82", commune="30226") -> None:
        self.number = next(numbers)
        self.id = uuid5(UUID(int=0), str(self.number))
        self.place = {"province": province, "commune": commune}

    def fact(self, kind, day=dt.date(2026, 11, 20), **fields: object):
        at = dt.datetime.combine(day, dt.time(5), dt.UTC)
        return kind(id=uuid4(), at=at, household=self.id, **{**self.place, **fields})

    def registered(self):
        return self.fact(HouseholdRegistered, code=f"T-{self.number}")

    def sale(self, total=500_000, day=dt.date(2026, 11, 20), platform="postmart", **more: object):
        code = f"C{next(numbers)}"
        items = (SaleItem(product="cam sành", quantity=Decimal(20), unit="kg", total_vnd=total),)
        return self.fact(
            SaleLogged,
            day,
            code=code,
            items=items,
            total_vnd=total,
            date=day,
            platform=platform,
            **more,
        )

    def listed(self, platform="voso", stars=4, day=dt.date(2026, 10, 2)):
        return self.fact(
            ProductListed,
            day,
            code=f"C{next(numbers)}",
            product="mật ong",
            unit_price_vnd=1,
            ocop_stars=stars,
            platform=platform,
        )


async def stored(db, *events: object, reports="", confirmed=False):
    lines = check_lines(read_report_file((HEAD + reports).encode()), NOW.date()) if reports else []
    await db.write(lambda tx: append(tx, events))
    if lines:
        await db.write(lambda tx: import_reports(tx, lines, now=NOW, confirmed=confirmed))
    while await db.write(advance):
        pass


async def summary(db, start="2026-11", end="2026-11", min_cell=1, **asked: object):
    return await db.read(lambda conn: summarise(conn, ask(start, end, **asked), min_cell))


async def published(db):
    lines = check_lines(read_report_file(SEED.read_bytes()), NOW.date())
    await db.write(lambda tx: import_reports(tx, lines, now=NOW))
    await stored(db)


def cell(found, indicator, platform=None, month=None, province=None):
    """The one figure of these coordinates; a province by name."""
    (figure,) = [
        one
        for one in found.figures
        if (one.indicator, one.platform, one.month) == (indicator, platform, month)
        and (one.province and one.province.name) == province
    ]
    return figure


# The published figures


async def test_one_month_is_named_once(db):
    await published(db)
    heading = summary_text(await summary(db, "2023-06", "2023-06")).splitlines()[0]
    assert heading.endswith("lên sàn thương mại điện tử, tháng 6/2023")


async def test_the_published_sentences_letter_by_letter(db):
    await published(db)
    text = summary_text(await summary(db, "2022-08", "2023-06"))
    around = (" ", "Số liệu ghi nhận", "Đã báo cáo", "Định nghĩa các chỉ tiêu")
    said = [line for line in text.splitlines() if line and not line.startswith(around)]
    assert said == SENTENCES.splitlines()
    assert all(sentence in text for sentence in PUBLISHED)


async def test_the_published_figures_to_the_digit_in_json(db):
    await published(db)
    found = json.loads(
        await db.read(
            lambda c: run_summary(c, {"from": "2022-08", "to": "2023-06", "format": "json"})
        )
    )
    assert (found["from"], found["to"], found["by"], found["provinces"]) == (
        "2022-08",
        "2023-06",
        [],
        63,
    )
    voso = {f["indicator"]: f for f in found["figures"] if f["platform"] == "voso"}
    assert voso["transactions"] == {
        "indicator": "transactions", "month": None, "province": None, "platform": "voso", "value": 173745,
        "source": {"bot": 0, "reported": 173745},
        "evidence": {"said": 0, "confirmed": 0, "matched": 0, "paid": 0},
        "display": "173.745",
    }  # fmt: skip
    whole = {f["indicator"]: f["value"] for f in found["figures"] if f["platform"] is None}
    assert whole == {
        "products": 7637, "transactions": 987495, "value": 217_100_000_000, "value_per_transaction": 219849,
        "accounts": 5400000, "courses": 568, "attendances": 8412839, "articles": 2719,
    }  # fmt: skip
    assert found["definitions"]["transactions"]["kind"] == "flow"
    assert found["cut_off"].endswith("+07:00")
    assert found["notes"] == []


async def test_what_the_bot_logged_is_added_to_what_was_reported_both_parts_shown(db):
    farm = Farm()
    day = dt.date(2023, 6, 1)
    await published(db)
    before = await summary(db, "2022-08", "2023-06")
    await stored(db, farm.registered(), farm.sale(day=day, evidence="matched"))
    after = await summary(db, "2022-08", "2023-06")
    assert cell(after, "transactions").value == cell(before, "transactions").value + 1
    assert cell(after, "value", "postmart").value == 147_500_500_000
    assert cell(after, "value").source == Parts(500_000, 217_100_000_000)
    assert cell(after, "transactions").evidence.matched == 1
    assert cell(after, "transactions", "voso").source.bot == 0
    text = summary_text(after)
    assert "987.496 giao dịch (Vỏ sò: 173.745; Postmart: 813.751)" in text
    assert "(ghi nhận qua trợ lý: 1; theo báo cáo của địa phương và sàn: 987.495)" in text
    assert "khoảng 217,1 tỷ đồng" in text


# Periods


async def test_nothing_reported_is_said_and_never_0(db):
    found = await summary(db)
    assert {one.value for one in found.figures} == {None}
    assert {one.display for one in found.figures} == {"chưa có báo cáo"}
    text = summary_text(found)
    assert "Số giao dịch qua sàn: chưa có báo cáo." in text
    assert " 0 " not in text
    assert found.cut_off is None


async def test_a_sale_struck_out_leaves_0_not_nothing(db):
    farm = Farm()
    sale = farm.sale()
    undone = farm.fact(
        SaleWithdrawn,
        code=sale.code,
        total_vnd=-sale.total_vnd,
        date=sale.date,
        platform="postmart",
        evidence="said",
    )
    await stored(db, farm.registered(), sale, undone)
    assert cell(await summary(db), "transactions").value == 0


async def test_a_report_that_straddles_the_period_is_left_out_and_named(db):
    await published(db)
    found = await summary(db, "2023-01", "2023-06")
    assert cell(found, "transactions").value is None
    assert cell(found, "products").value == 7637  # a stock is of its last day
    note = "Không tính báo cáo Giao dịch qua sàn (Postmart, Vỏ sò) từ tháng 8/2022 đến tháng 6/2023: chỉ một phần nằm trong kỳ này."
    assert note in found.notes
    assert note in summary_text(found)


async def test_months_apart_add_up_and_a_report_of_several_months_stays_whole(db):
    farm = Farm()
    sales = [farm.sale(day=dt.date(2023, month, 5)) for month in (1, 2, 2)]
    await stored(
        db,
        farm.registered(),
        *sales,
        reports="2023-02-01,2023-02-28,transactions,voso,7,\n2023-01-01,2023-03-31,courses,,9,\n",
    )
    found = await summary(db, "2023-01", "2023-03", by=["month"])
    assert [cell(found, "transactions", month=f"2023-0{m}").value for m in (1, 2, 3)] == [
        1,
        9,
        None,
    ]
    assert cell(found, "transactions").value == 10
    assert cell(found, "courses").value == 9
    assert cell(found, "courses", month="2023-02").value is None
    assert any("chia ra từng tháng" in note for note in found.notes)


async def test_by_adds_rows_and_takes_none_away(db):
    farm = Farm()
    await stored(db, farm.registered(), farm.sale(), farm.listed())
    plain = {repr(one) for one in (await summary(db)).figures}
    for by in (["month"], ["province"], ["platform"], ["month", "province", "platform"]):
        assert plain <= {repr(one) for one in (await summary(db, by=by)).figures}


async def test_a_stock_stands_from_its_month_on(db):
    farm = Farm()
    await stored(db, farm.registered(), farm.listed(), farm.listed(stars=None))
    found = await summary(db, "2026-09", "2026-11", by=["month"])
    assert [cell(found, "products", month=f"2026-{m:02}").value for m in (9, 10, 11)] == [
        None,
        1,
        1,
    ]


# Provinces


async def test_the_63_and_the_34_have_equal_totals_and_what_cant_be_told_stands_apart(db):
    old = "2025-01-01,2025-01-31,courses,,3,Quảng Nam\n2025-01-01,2025-01-31,courses,,4,Đà Nẵng\n"
    new = "2025-08-01,2025-08-31,courses,,5,Đà Nẵng\n2025-08-01,2025-08-31,courses,,6,\n"
    await stored(db, reports=old + new, confirmed=True)  # a province and the country
    by_34 = await summary(db, "2025-01", "2025-12", by=["province"], provinces=34)
    by_63 = await summary(db, "2025-01", "2025-12", by=["province"], provinces=63)
    assert cell(by_34, "courses").value == cell(by_63, "courses").value == 18
    assert cell(by_34, "courses", province="Đà Nẵng").value == 12
    assert cell(by_63, "courses", province="Đà Nẵng").value == 4
    assert cell(by_63, "courses", province="Quảng Nam").value == 3
    unknown = [
        one
        for one in by_63.figures
        if one.indicator == "courses" and one.province and one.province.code is None
    ]
    assert [one.value for one in unknown] == [11]


async def test_a_households_commune_tells_its_old_province(db):
    farm = Farm("82", "30226")  # Lai Vung, Đồng Tháp before and after
    await stored(db, farm.registered(), farm.sale())
    found = await summary(db, by=["province"], provinces=63)
    assert cell(found, "transactions", province="Đồng Tháp").value == 1
    assert (
        cell(await summary(db, province="Đồng Tháp"), "transactions", province="Đồng Tháp").value
        == 1
    )
    assert (
        cell(await summary(db, province="Tiền Giang"), "transactions", province="Tiền Giang").value
        is None
    )


async def test_a_cell_of_few_households_is_withheld_and_the_country_never(db):
    farms = [Farm() for _ in range(4)] + [Farm("01", "00004") for _ in range(5)]
    farms += [Farm("92", "31120") for _ in range(9)]
    events = [event for farm in farms for event in (farm.registered(), farm.sale(), farm.listed())]
    linked = [farms[0].fact(ShopLinked, platform="voso", shop="vuon")]
    await stored(db, *events, *linked, reports="2026-11-01,2026-11-30,courses,,3,Đồng Tháp\n")
    found = await summary(db, min_cell=5, by=["province"])
    few = cell(found, "transactions", province="Đồng Tháp")
    assert (few.value, few.display, few.source.bot, few.evidence.said) == (None, "<5", None, None)
    for key in ("value", "value_per_transaction", "products", "accounts"):
        assert cell(found, key, province="Đồng Tháp").display == "<5"
    assert cell(found, "transactions", province="Cần Thơ").value == 9
    second = cell(found, "transactions", province="Hà Nội")  # or the difference would tell
    assert (second.value, second.display) == (None, "<5")
    assert (
        cell(found, "courses", province="Đồng Tháp").value == 3
    )  # reported, of no household of ours
    assert cell(found, "transactions").value == 18
    assert any("<5" in note for note in found.notes)
    asked = await summary(db, min_cell=5, province="Đồng Tháp")
    assert cell(asked, "transactions", province="Đồng Tháp").display == "<5"
    assert "không nêu do số hộ quá ít" in summary_text(asked)
    assert "<5" not in summary_text(await summary(db, min_cell=5))


async def test_one_household_in_many_months_is_one(db):
    farm = Farm()
    sales = [
        farm.sale(day=dt.date(2026, month, 3), platform=p)
        for month in range(1, 12)
        for p in ("voso", "postmart")
    ]
    await stored(db, farm.registered(), *sales)
    found = await summary(
        db, "2026-01", "2026-11", min_cell=2, by=["month", "province", "platform"]
    )
    of_provinces = [
        one for one in found.figures if one.province and one.indicator == "transactions"
    ]
    assert {
        one.display for one in of_provinces if one.value is not None or one.source.bot is None
    } == {"<2"}


# Formats


async def test_every_format_says_the_same(db):
    farm = Farm()
    await stored(db, farm.registered(), farm.sale(), farm.listed())
    found = await summary(db, by=["month", "province"])
    said = json.loads(summary_json(found))["figures"]
    rows = list(csv.DictReader(io.StringIO(summary_csv(found).lstrip("\ufeff"))))
    assert [row["value"] for row in rows] == [
        "" if one["value"] is None else str(one["value"]) for one in said
    ]
    assert [row["province"] or None for row in rows] == [
        one["province"] and one["province"]["name"] for one in said
    ]
    book = load_workbook(io.BytesIO(summary_xlsx(found)))
    assert book.sheetnames == [
        "Tổng hợp",
        "Theo tháng",
        "Theo tỉnh",
        "Theo tháng và tỉnh",
        "Ai đã báo cáo",
        "Định nghĩa",
    ]
    sheets = [
        row
        for sheet in book.worksheets[:-2]
        for row in sheet.iter_rows(min_row=2, values_only=True)
    ]
    assert sorted(repr(row[6]) for row in sheets) == sorted(repr(one["value"]) for one in said)


async def test_no_cell_of_a_spreadsheet_is_a_formula(db):
    found = (await summary(db)).model_copy(update={"start": "2026-11"})
    figure = replace(found.figures[0], display="=cmd|' /C calc'!A0")
    evil = found.model_copy(update={"figures": [figure]})
    (row,) = csv.DictReader(io.StringIO(summary_csv(evil).lstrip("\ufeff")))
    assert row["display"].startswith("'=")
    sheet = load_workbook(io.BytesIO(summary_xlsx(evil))).worksheets[0]
    assert sheet["H2"].data_type == "s"


async def test_a_chart_is_a_picture_even_of_nothing(db):
    for by in ([], ["month"], ["province"], ["month", "province"]):
        assert summary_png(await summary(db, by=by)).startswith(b"\x89PNG")


async def test_the_sample_is_labelled_in_every_format(db):
    await db.write(mark_sample)
    found = await summary(db)
    assert json.loads(summary_json(found))["sample"] is True
    assert summary_text(found).startswith("SỐ LIỆU MẪU")
    assert (
        load_workbook(io.BytesIO(summary_xlsx(found)))
        .worksheets[0]["A1"]
        .value.startswith("SỐ LIỆU MẪU")
    )
    assert "sample" in summary_csv(found).splitlines()[0]


async def test_the_fingerprint_changes_with_the_figures_and_the_question_only(db):
    async def mark(**asked: object):
        question = ask("2026-11", "2026-11", **asked)
        return await db.read(lambda conn: fingerprint(conn, question))

    first = await mark()
    assert await mark() == first
    assert await mark(by=["month"]) != first
    assert await mark(by=["province", "month"]) == await mark(by=["month", "province"])
    farm = Farm()
    await stored(db, farm.registered())
    assert await mark() != first


# Questions


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"start": None}, "from"),
        ({"start": "2023-13"}, "from"),
        ({"start": "2023-1"}, "from"),
        ({"end": "06/2023"}, "to"),
        ({"start": "2023-07"}, "from"),
        ({"start": "2000-01"}, "from"),
        ({"province": "Atlantis"}, "province"),
        ({"province": "Quảng Nam", "provinces": "34"}, "province"),
        ({"platform": "shopee"}, "platform"),
        ({"platform": "offline"}, "platform"),
        ({"by": ["commune"]}, "by"),
        ({"provinces": "64"}, "provinces"),
    ],
)
def test_a_wrong_question_is_named_by_its_parameter(asked, field):
    with pytest.raises(BadQuestion) as wrong:
        ask(**({"start": "2023-01", "end": "2023-06"} | asked))
    assert wrong.value.field == field


def test_provinces_are_those_of_the_periods_end_unless_asked():
    assert ask("2022-08", "2023-06").provinces == 63
    assert ask("2022-08", "2025-07").provinces == 34
    assert ask("2022-08", "2025-07", province="Quảng Nam").provinces == 63
    assert ask("2022-08", "2023-06", province="Đà Nẵng").province == "63/48"


@pytest.mark.parametrize("shape", ["doc", "docx"])
def test_a_format_that_is_not_made_is_refused_with_those_that_are(shape):
    with pytest.raises(BadQuestion) as wrong:
        run_summary(None, {"from": "2022-08", "to": "2023-06", "format": shape})
    assert all(name in wrong.value.message for name in FORMATS)


# Numbers as printed


@pytest.mark.parametrize(
    ("indicator", "value", "printed"),
    [
        ("transactions", 987_495, "987.495"),
        ("value", 217_100_000_000, "217,1 tỷ"),
        ("value", 217_149_000_000, "khoảng 217,1 tỷ"),
        ("value", 217_150_000_000, "khoảng 217,2 tỷ"),
        ("value", 70_000_000_000, "70 tỷ"),
        ("value", 45_600_000, "45,6 triệu"),
        ("value", 999_999, "999.999 đ"),
        ("value", 0, "0 đ"),
        ("value_per_transaction", 219_849, "khoảng 220.000 đ"),
        ("value_per_transaction", 25_000, "25.000 đ"),
        ("value_per_transaction", 400, "400 đ"),
        ("accounts", 5_400_000, "hơn 5,4 triệu"),
        ("accounts", 5_499_999, "hơn 5,4 triệu"),
        ("accounts", 58, "58"),
        ("courses", None, "chưa có báo cáo"),
    ],
)
def test_numbers_are_printed_as_in_the_reports_and_say_when_they_are_rounded(
    indicator, value, printed
):
    assert display(indicator, value) == printed
