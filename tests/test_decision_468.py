"""Decision 468: what localities say of themselves is told in the published line, by the latest word of each."""

from __future__ import annotations

import csv
import datetime as dt
import io

import pytest
from openpyxl import load_workbook

from bot.report_files import BadReports, read_report_file
from bot.report_lines import check_lines
from bot.reports import Scope, import_reports
from bot.summarise import summarise
from bot.summary import ask
from bot.summary_files import summary_csv, summary_json
from bot.summary_text import summary_text
from bot.summary_workbook import summary_xlsx
from domain.geography import provinces
from storage.rollups import rebuild_check

NOW = dt.datetime(2023, 7, 5, 8, 0, tzinfo=dt.UTC)
NOT_ASSIGNED = ("Quảng Bình", "Khánh Hòa", "Bình Phước")
COUNTS = {"plan_made": 28, "plan_under_way": 17, "studying": 6, "considering": 9}
PUBLISHED = (
    "Thực hiện Quyết định số 468/QĐ-TTg: 28 tỉnh, thành phố đã tổ chức khảo sát và xây dựng "
    "Đề án/Kế hoạch triển khai; 17 tỉnh, thành phố đã tổ chức khảo sát và đang xây dựng Đề án; "
    "6 tỉnh, thành phố đang nghiên cứu cách thức triển khai; 9 tỉnh, thành phố đang xem xét; "
    "3 tỉnh, thành phố đã khảo sát và không giao, gồm Quảng Bình, Khánh Hòa, Bình Phước."
)
HEADING = "period_from,period_to,indicator,platform,value,province,document,note"


def of_all() -> list[str]:
    """One line for each of the 63, as many of each status as were published."""
    others = [one.short_name for one in provinces(63) if one.short_name not in NOT_ASSIGNED]
    said = [status for status, count in COUNTS.items() for _ in range(count)]
    pairs = [*zip(others, said, strict=True), *((name, "not_assigned") for name in NOT_ASSIGNED)]
    return [line(name, status) for name, status in pairs]


def line(province: str, status: str, day: str = "2023-06-30", document: str = "") -> str:
    return f"2022-08-01,{day},decision_468,,{status},{province},{document},"


async def take(db, *lines: str, now=NOW, scope: Scope | None = None):
    content = "\n".join((HEADING, *lines)).encode()
    checked = check_lines(read_report_file(content), now.date())
    given = {"scope": scope} if scope else {}
    return await db.write(lambda tx: import_reports(tx, checked, now=now, **given))


async def summary(db, end: str = "2023-06", **options: object):
    question = ask("2022-08", end, **options)
    return await db.read(lambda conn: summarise(conn, question))


async def test_the_published_line_letter_by_letter_and_a_second_import_changes_nothing(db):
    taken = await take(db, *of_all())
    assert (taken.accepted, taken.unchanged) == (63, 0)
    assert PUBLISHED in summary_text(await summary(db)).splitlines()
    again = await take(db, *of_all())
    assert (again.accepted, again.replaced, again.unchanged) == (0, 0, 63)
    assert await db.read(rebuild_check) == []


async def test_the_latest_word_on_or_before_the_end_of_the_period_holds(db):
    await take(db, line("Quảng Nam", "studying"))
    later = dt.datetime(2023, 9, 1, tzinfo=dt.UTC)
    await take(db, line("Quảng Nam", "plan_made", "2023-08-15", "12/KH-UBND"), now=later)
    june, august = await summary(db), await summary(db, "2023-08")
    assert [group.status for group in june.decision_468] == ["studying"]
    assert [group.status for group in august.decision_468] == ["plan_made"]


async def test_another_word_for_the_same_day_takes_its_place(db):
    await take(db, line("Quảng Nam", "studying"))
    taken = await take(db, line("Quảng Nam", "considering"))
    assert (taken.accepted, taken.replaced) == (1, 1)
    assert [one.status for one in (await summary(db)).decision_468] == ["considering"]


async def test_a_status_may_be_written_in_words(db):
    await take(
        db,
        line("Quảng Nam", "Đang xem xét"),
        line("Lào Cai", "dang nghien cuu cach thuc trien khai"),
    )
    assert [one.status for one in (await summary(db)).decision_468] == ["studying", "considering"]


async def test_nothing_is_guessed_for_provinces_of_the_other_set(db):
    await take(db, *of_all())
    assert (await summary(db, provinces=34)).decision_468 == []


async def test_every_format_says_the_same(db):
    await take(db, *of_all())
    found = await summary(db)
    rows = [
        (row["province"], row["display"])
        for row in csv.DictReader(io.StringIO(summary_csv(found).lstrip("\ufeff")))
        if row["indicator"] == "decision_468"
    ]
    sheet = load_workbook(io.BytesIO(summary_xlsx(found)))["Quyết định 468"]
    in_book = [(row[1], row[3]) for row in sheet.iter_rows(min_row=2, values_only=True)]
    told = [(place.name, one.name) for one in found.decision_468 for place in one.provinces]
    assert rows == in_book == told
    assert len(told) == 63
    assert '"decision_468"' in summary_json(found)


@pytest.mark.parametrize(
    ("bad", "field"),
    [
        (line("Quảng Nam", "maybe"), "value"),
        (line("Nowhere", "studying"), "province"),
        (line("", "studying"), "province"),
        (line("Quảng Nam", "studying", "2024-01-01"), "period_to"),
        (line("Quảng Nam", "studying").replace("468,,", "468,voso,"), "platform"),
    ],
)
async def test_a_line_that_cannot_be_taken_is_named_and_nothing_is_taken(db, bad, field):
    with pytest.raises(BadReports) as refused:
        await take(db, line("Lào Cai", "studying"), bad)
    assert [(one.line, one.field) for one in refused.value.wrong] == [(3, field)]
    assert (await summary(db)).decision_468 == []


async def test_a_department_tells_of_its_own_province_only(db):
    with pytest.raises(BadReports):
        await take(db, line("Lào Cai", "studying"), scope=Scope(province="48"))
