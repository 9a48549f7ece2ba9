"""Reported figures: all of a file or nothing, every bad line named, the same figure only once."""

import datetime as dt
import io
import json
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook
from sqlalchemy import func, select

from bot.report_files import MOST_BYTES, BadReports, read_report_file
from bot.report_lines import check_lines, json_lines
from bot.reports import Scope, import_reports
from bot.summarise import summarise
from bot.summary import ask
from storage.rollups import advance, rebuild_check
from storage.schema import event

SEED = Path(__file__).parent / "figures" / "programme-2023-06.csv"
TODAY = dt.date(2026, 11, 21)
NOW = dt.datetime(2026, 11, 21, 3, tzinfo=dt.UTC)
HEAD = "period_from,period_to,indicator,platform,value,province,reporter,note\n"
JUNE = "2023-06-01,2023-06-30"


def lines(text, encoding="utf-8"):
    return check_lines(read_report_file(text.encode(encoding)), TODAY)


def wrong(text):
    with pytest.raises(BadReports) as bad:
        lines(text)
    return [(one.line, one.field) for one in bad.value.wrong]


async def take_in(db, text, **how: object):
    taken = await db.write(lambda tx: import_reports(tx, lines(text), now=NOW, **how))
    await counted(db)
    return taken.accepted, taken.replaced, taken.unchanged


async def counted(db):
    while await db.write(advance):
        pass


async def value(db, indicator, start, end, platform=None, **asked: object):
    summary = await db.read(lambda conn: summarise(conn, ask(start, end, **asked)))
    return summary.figure(indicator, platform).value


async def figures(db):
    """How many were taken in since ever."""
    taken = select(func.count()).where(event.c.type == "report_received")
    return await db.read(lambda conn: conn.execute(taken).scalar())


# Files


def test_the_published_file_is_read_as_it_is():
    figures = check_lines(read_report_file(SEED.read_bytes()), TODAY)
    assert [one.value for one in figures] == [
        *(3512, 4125, 173745, 813750, 69600000000, 147500000000),
        *(5400000, 568, 4354205, 4058634, 2719),
    ]
    assert [one.number for one in figures] == list(range(2, 13))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_file_is_read_however_a_spreadsheet_saved_it(encoding, delimiter):
    text = f"{HEAD}{JUNE},courses,,12,Quảng Nam,Sở TT&TT,\n".replace(",", delimiter)
    (line,) = lines(text.replace("\n", "\r\n"), encoding)
    assert (line.series.province, line.value, line.reporter) == ("63/49", 12, "Sở TT&TT")


@pytest.mark.parametrize(
    "content",
    [
        f"{HEAD}{JUNE},courses,,12,Hà Nam,,\n".encode("cp1258"),
        b"\xd0\xcf\x11\xe0\xa1\xb1",
        b"PK\x03\x04 no workbook",
        b"\x00\x01\x02",
        b"",
        HEAD.encode(),
        b"a,b\n" * 10,
        HEAD.encode() + b'"' + b"x" * 200_000,
        b"x" * (MOST_BYTES + 1),
        HEAD.encode() + b"2023-06-01,2023-06-30,courses,,1,,,\n" * 100_001,
    ],
    ids=[
        "windows-1258",
        "xls",
        "zip",
        "bytes",
        "empty",
        "heading",
        "other",
        "quote",
        "mb",
        "lines",
    ],
)
def test_a_file_that_is_no_report_is_refused_with_a_reason(content):
    with pytest.raises(BadReports) as bad:
        read_report_file(content)
    assert all(one.message for one in bad.value.wrong)


def refused(read):
    """What was wrong, or nothing; whatever else is raised is a fault."""
    try:
        read()
    except BadReports as bad:
        return [*bad.wrong] or "refused without a reason"
    return []


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused_with_a_reason(content):
    found = refused(lambda: check_lines(read_report_file(content), TODAY))
    assert all(one.message for one in found)


def workbook(*rows: object):
    content = io.BytesIO()
    book = Workbook()
    for row in rows:
        book.active.append(row)
    book.save(content)
    return content.getvalue()


def test_a_workbook_is_read_with_its_dates_and_numbers():
    rows = [
        ("period_from", "period_to", "indicator", "value", "province"),
        (dt.date(2023, 6, 1), dt.date(2023, 6, 30), "courses", 12, "Hà Nội"),
        ("2023-06-01", "30/06/2023", "articles", 7.0, 1),
    ]
    first, second = check_lines(read_report_file(workbook(*rows)), TODAY)
    assert (first.period, first.value) == (second.period, 12)
    assert (first.series.province, second.series.province) == ("63/01", "63/01")


def test_a_formula_is_not_believed_even_with_a_remembered_result():
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["period_from", "period_to", "indicator", "value"])
        sheet.write_row(1, 0, ["2023-06-01", "2023-06-30", "courses"])
        sheet.write_formula(1, 3, "=1+1", None, 2)
    with pytest.raises(BadReports) as bad:
        check_lines(read_report_file(content.getvalue()), TODAY)
    assert [(one.line, one.field) for one in bad.value.wrong] == [(2, "value")]


# Lines


@pytest.mark.parametrize(
    ("line", "fields"),
    [
        ("2023-06-31,2023-06-30,courses,,1", ["period_from"]),
        ("2023-06-30,2023-06-01,courses,,1", ["period_from"]),
        ("06/2023,2023-06-30,courses,,1", ["period_from"]),
        ("0203-06-01,2023-06-30,courses,,1", ["period_from"]),
        ("2027-01-01,2027-01-31,courses,,1", ["period_from"]),
        (f"{JUNE},sales,,1", ["indicator"]),
        (f"{JUNE},value_per_transaction,,1", ["indicator"]),
        (f"{JUNE},courses,shopee,1", ["platform"]),
        (f"{JUNE},courses,offline,1", ["platform"]),
        (f"{JUNE},courses,,", ["value"]),
        (f"{JUNE},courses,,-1", ["value"]),
        (f"{JUNE},courses,,1.5", ["value"]),
        (f"{JUNE},courses,,3.512", ["value"]),
        (f"{JUNE},courses,,١٢", ["value"]),
        (f"{JUNE},courses,,1e3", ["value"]),
        (f"{JUNE},courses,,{10**16}", ["value"]),
        (f"{JUNE},courses,,=1+1", ["value"]),
        (f"{JUNE},courses,,1,Quảng Đông", ["province"]),
        (f"{JUNE},courses,,1,99", ["province"]),
        (f"{JUNE},courses,,1,,,{'x' * 1001}", ["note"]),
        (f"{JUNE},courses,,1,,,,surplus", [""]),
        ("x,y,z,w,v,u", ["period_from", "period_to", "indicator", "platform", "value", "province"]),
    ],
)
def test_what_is_wrong_with_a_line_is_named_by_column(line, fields):
    assert wrong(f"{HEAD}{JUNE},articles,,1,,,\n{line}\n") == [(3, field) for field in fields]


def test_every_bad_line_is_named_by_its_place_in_the_file():
    text = (
        f'{HEAD}\n{JUNE},courses,,1,,,"two\nlines"\n\n{JUNE},x,,1\n{JUNE},courses,,1\n{JUNE},y,,1\n'
    )
    assert wrong(text) == [(6, "indicator"), (7, ""), (8, "indicator")]


def test_headings_are_named_when_they_are_not_those_of_a_report():
    assert wrong("period_from,period_from,what,value\n1,2,3,4\n") == [
        (1, "what"),
        (1, "period_from"),
        (1, "period_to"),
        (1, "indicator"),
    ]


def test_a_platform_may_be_written_as_it_is_called():
    text = f"{HEAD}{JUNE},courses,Vỏ Sò,1\n{JUNE},courses,POSTMART,1\n"
    assert [line.series.platform for line in lines(text)] == ["voso", "postmart"]


@pytest.mark.parametrize("rows", [None, {}, [], [1], ["x"], [{"indicator": "courses", "x": 1}]])
def test_json_that_is_no_list_of_reports_is_refused(rows):
    with pytest.raises(BadReports):
        json_lines(rows)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: (
            st.dictionaries(st.sampled_from([*HEAD.strip().split(",")]), inner) | st.lists(inner)
        ),
    )
)
def test_any_json_is_taken_or_refused(rows):
    assert all(one.message for one in refused(lambda: check_lines(json_lines([rows]), TODAY)))


# Taking in


async def test_the_same_file_again_changes_nothing(db):
    text = SEED.read_text()
    assert await take_in(db, text) == (11, 0, 0)
    assert await take_in(db, text) == (0, 0, 11)
    assert await figures(db) == 11


async def test_a_later_report_replaces_and_the_history_stays(db):
    assert await take_in(db, f"{HEAD}{JUNE},courses,,10\n") == (1, 0, 0)
    assert await take_in(db, f"{HEAD}{JUNE},courses,,12\n") == (1, 1, 0)
    assert await value(db, "courses", "2023-06", "2023-06") == 12
    assert await figures(db) == 2
    assert await db.read(rebuild_check) == []


async def test_a_stock_of_an_earlier_period_does_not_disturb_later_ones(db):
    march, june = "2023-01-01,2023-03-31", "2023-04-01,2023-06-30"
    await take_in(db, f"{HEAD}{june},products,voso,300\n")
    await take_in(db, f"{HEAD}{march},products,voso,100\n")
    await take_in(db, f"{HEAD}{march},products,voso,120\n")
    assert await value(db, "products", "2023-01", "2023-03", "voso") == 120
    assert await value(db, "products", "2023-01", "2023-05", "voso") == 120
    assert await value(db, "products", "2023-01", "2023-06", "voso") == 300
    assert await value(db, "products", "2023-07", "2026-11", "voso") == 300
    assert await value(db, "products", "2022-08", "2022-12", "voso") is None


async def test_a_stock_reported_for_the_same_day_with_another_beginning_replaces(db):
    await take_in(db, f"{HEAD}2022-08-01,2023-06-30,products,voso,300\n")
    assert await take_in(db, f"{HEAD}{JUNE},products,voso,310\n") == (1, 1, 0)
    assert await value(db, "products", "2023-06", "2023-06", "voso") == 310


async def test_days_are_not_counted_twice_by_overlapping_reports_of_a_flow(db):
    await take_in(db, f"{HEAD}2023-01-01,2023-06-30,courses,,60\n")
    with pytest.raises(BadReports) as bad:
        await take_in(db, f"{HEAD}2023-07-01,2023-07-31,articles,,5\n{JUNE},courses,,10\n")
    assert [(one.line, one.field) for one in bad.value.wrong] == [(3, "period_from")]
    assert await value(db, "articles", "2023-07", "2023-07") is None
    moved = "2023-01-01,2023-06-30,courses,,0\n2023-01-01,2023-05-31,courses,,50\n"
    assert await take_in(db, f"{HEAD}{moved}{JUNE},courses,,10\n") == (3, 1, 0)
    assert await value(db, "courses", "2023-01", "2023-06") == 60


async def test_a_department_reports_its_own_province_only(db):
    scope = Scope(province="48")
    await take_in(db, f"{HEAD}{JUNE},courses,,5,Quảng Nam\n", scope=scope)  # part of Đà Nẵng today
    await take_in(db, f"{HEAD}{JUNE},articles,,6\n", scope=scope)
    assert await value(db, "articles", "2023-06", "2023-06", province="Đà Nẵng", provinces=34) == 6
    with pytest.raises(BadReports):
        await take_in(db, f"{HEAD}{JUNE},courses,,5,Hà Nội\n", scope=scope)


async def test_a_platform_reports_itself_only(db):
    scope = Scope(platform="voso")
    await take_in(db, f"{HEAD}{JUNE},transactions,,5\n", scope=scope)
    assert await value(db, "transactions", "2023-06", "2023-06", "voso") == 5
    with pytest.raises(BadReports):
        await take_in(db, f"{HEAD}{JUNE},transactions,postmart,5\n", scope=scope)


def test_json_rows_are_the_files_columns():
    rows = json.loads(
        '[{"period_from": "2023-06-01", "period_to": "2023-06-30", "indicator": "courses", "platform": null, "value": 3}]'
    )
    (line,) = check_lines(json_lines(rows), TODAY)
    assert (line.number, line.value, line.series.platform) == (1, 3, None)
