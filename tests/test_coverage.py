"""Coverage: who has reported for a period and who has not, without guessing."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from blank import empty_database
from openpyxl import load_workbook

from bot.report_files import read_report_file
from bot.report_lines import check_lines
from bot.reports import import_reports
from bot.summarise import summarise
from bot.summary import ask
from bot.summary_files import summary_json
from bot.summary_text import summary_text
from bot.summary_workbook import summary_xlsx
from domain.geography import predecessors

NOW = dt.datetime(2026, 11, 5, 3, tzinfo=dt.UTC)
OCTOBER = "2026-10-01,2026-10-31"
HEAD = "period_from,period_to,indicator,platform,value,province\n"


async def reported(db, *lines: str):
    content = (HEAD + "\n".join(lines)).encode()
    checked = check_lines(read_report_file(content), NOW.date())
    await db.write(lambda tx: import_reports(tx, checked, now=NOW, confirmed=True))


async def of_october(db, **asked: object):
    question = ask("2026-10", "2026-10", **asked)
    return await db.read(lambda conn: summarise(conn, question))


def covered(summary, key):
    return next(one for one in summary.coverage if one.indicator == key)


@pytest.fixture
async def db(tmp_path):
    opened = await empty_database(tmp_path)
    yield opened
    await opened.close()


async def test_provinces_that_reported_are_counted_and_the_others_named(db):
    await reported(db, f"{OCTOBER},courses,,4,Đồng Tháp", f"{OCTOBER},courses,,2,Hà Nội")
    found = covered(await of_october(db), "courses")
    assert (found.reported, found.expected, found.country) == (2, 34, False)
    assert len(found.missing) == 32
    assert not {"Đồng Tháp", "Hà Nội"} & {place.name for place in found.missing}
    assert (found.last_received, found.due) == (NOW, dt.date(2026, 11, 10))


async def test_a_flow_that_reaches_out_of_the_period_is_no_report_of_it(db):
    await reported(db, "2026-09-01,2026-10-31,courses,,4,Hà Nội")
    assert covered(await of_october(db), "courses").reported == 0


async def test_a_stock_stands_from_its_day_on(db):
    await reported(db, "2026-08-01,2026-08-31,accounts,,400,Hà Nội")
    assert covered(await of_october(db), "accounts").reported == 1


async def test_a_report_of_the_country_is_said_and_counts_for_no_province(db):
    await reported(db, f"{OCTOBER},articles,,40,")
    found = covered(await of_october(db), "articles")
    assert (found.country, found.reported) == (True, 0)


async def test_a_merged_province_has_reported_when_all_its_parts_have(db):
    """In June 2025 they were still apart; by the 34 they are one."""
    parts = [f"2025-06-01,2025-06-30,courses,,4,{one.short_name}" for one in predecessors("82")]
    june = ask("2025-06", "2025-06", provinces=34)
    await reported(db, *parts[1:])
    assert covered(await db.read(lambda conn: summarise(conn, june)), "courses").reported == 0
    await reported(db, parts[0])
    assert covered(await db.read(lambda conn: summarise(conn, june)), "courses").reported == 1


async def test_of_one_province_only_that_one_is_expected(db):
    await reported(db, f"{OCTOBER},courses,,4,Hà Nội")
    found = covered(await of_october(db, province="Hà Nội"), "courses")
    assert (found.expected, found.reported, found.missing) == (1, 1, [])
    other = covered(await of_october(db, province="Đồng Tháp"), "courses")
    assert (other.reported, [place.name for place in other.missing]) == (0, ["Đồng Tháp"])
    assert other.last_received is None


async def test_each_old_province_has_reported_when_the_one_of_today_has(db):
    await reported(db, f"{OCTOBER},courses,,4,82")
    found = covered(await of_october(db, provinces=63), "courses")
    assert (found.reported, found.expected) == (len(predecessors("82")), 63)


async def test_text_json_and_workbook_say_the_same(db):
    await reported(db, f"{OCTOBER},courses,,4,Đồng Tháp")
    found = await of_october(db)
    said = [line for line in summary_text(found).splitlines() if line.startswith("Đã báo cáo")]
    assert any("(Khóa đào tạo, tập huấn): 1/34 tỉnh, thành phố; chưa: " in line for line in said)
    assert any("và 30 nơi khác." in line for line in said)
    sheet = load_workbook(io.BytesIO(summary_xlsx(found)))["Ai đã báo cáo"]
    rows = [row for row in sheet.iter_rows(min_row=2, values_only=True) if row[0] == "courses"]
    assert rows[0][2:5] == (34, 1, 0)
    assert [row[8] for row in rows[1:]] == [p.name for p in covered(found, "courses").missing]
    assert '"coverage"' in summary_json(found)


async def test_what_all_reported_alike_is_one_line(db):
    said = [
        line
        for line in summary_text(await of_october(db)).splitlines()
        if line.startswith("Đã báo cáo")
    ]
    assert said == ["Đã báo cáo: chưa nơi nào."]
