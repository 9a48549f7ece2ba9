"""What looks wrong about a reported figure is asked before it is taken; what is right is taken at once."""

from __future__ import annotations

import datetime as dt

import httpx
import pytest
from blank import empty_database

from bot.commands.figures import import_reports as command
from bot.config import Settings
from bot.locales.catalogue import text as words
from bot.report_doubts import QUESTIONS
from bot.report_files import BadReports, read_report_file
from bot.report_lines import check_lines
from bot.reports import import_reports
from bot.runner import Runner
from bot.services import Services
from domain.events import SaleLogged
from domain.report_checks import DOUBTS, Figure, Ground, Limits, doubts
from domain.report_series import Period, Series, Standing
from storage.keys import new_key
from storage.rollups import advance
from storage.store import append
from web.app import create_app

NOW = dt.datetime(2026, 11, 21, 3, tzinfo=dt.UTC)
HEAD = "period_from,period_to,indicator,platform,value,province,confirmed\n"
SEPTEMBER, OCTOBER = "2026-09-01,2026-09-30", "2026-10-01,2026-10-31"


@pytest.fixture
async def db(tmp_path):
    opened = await empty_database(tmp_path)
    yield opened
    await opened.close()


def checked(*lines: str):
    return check_lines(read_report_file((HEAD + "\n".join(lines)).encode()), NOW.date())


async def take(db, *lines: str, **how: object):
    return await db.write(lambda tx: import_reports(tx, checked(*lines), now=NOW, **how))


async def asked(db, *lines: str):
    """The lines that are asked about, with both numbers of the question; nothing was taken in."""
    with pytest.raises(BadReports) as bad:
        await take(db, *lines)
    assert all(one.asked for one in bad.value.wrong)
    return [(one.line, one.message) for one in bad.value.wrong]


# Which figures are doubtful


@pytest.mark.parametrize(
    ("before", "now", "kinds"),
    [
        (100, 99, ["fall"]),
        (100, 100, []),
        (100, 999, []),
        (100, 1000, ["tenfold"]),
        (100, 0, ["fall"]),
        (0, 5, []),
    ],
)
def test_a_stock_that_falls_or_is_ten_times_as_large_is_asked_about(before, now, kinds):
    assert compare("accounts", before, now) == kinds


@pytest.mark.parametrize(
    ("before", "now", "kinds"),
    [(12, 119, []), (12, 124, ["tenfold"]), (120, 12, ["tenth"]), (120, 13, []), (12, 0, [])],
)
def test_a_flow_is_compared_by_the_day(before, now, kinds):
    """September has thirty days, October one more; nothing at all is no tenth."""
    assert compare("courses", before, now) == kinds


def compare(indicator, before, now):
    series = Series(indicator, None, "82")
    periods = [Period(dt.date(2026, m, 1), dt.date(2026, m, d)) for m, d in ((9, 30), (10, 31))]
    standing = Standing(series, dict(zip(periods, (before, now), strict=True)))
    return [one.kind for one in doubts(Figure(series, periods[1], now), Ground({series: standing}))]


def test_periods_of_quite_other_lengths_are_not_compared():
    series = Series("courses", None, None)
    year, month = (Period(dt.date(y, 1, 1), dt.date(y, m, 31)) for y, m in ((2025, 12), (2026, 1)))
    standing = Standing(series, {year: 600, month: 1})
    assert doubts(Figure(series, month, 1), Ground({series: standing})) == ()


def test_the_limits_are_data():
    series = Series("accounts", None, None)
    day = Period(dt.date(2026, 9, 30), dt.date(2026, 9, 30))
    later = Period(dt.date(2026, 10, 31), dt.date(2026, 10, 31))
    ground = Ground({series: Standing(series, {day: 100, later: 300})})
    assert [one.kind for one in doubts(Figure(series, later, 300), ground, Limits(times=3))]


async def test_money_without_transactions_is_asked_about(db):
    (line, question), *_ = await asked(db, f"{OCTOBER},value,voso,5000000,82,")
    assert line == 2
    assert "5000000" in question
    await take(db, f"{OCTOBER},value,voso,5000000,82,", f"{OCTOBER},transactions,voso,50,82,")


async def test_transactions_told_by_platform_or_not_are_transactions(db):
    await take(db, f"{OCTOBER},transactions,voso,50,82,", f"{OCTOBER},transactions,,50,01,")
    await take(db, f"{OCTOBER},value,,5000000,82,", f"{OCTOBER},value,voso,5000000,01,")


@pytest.mark.parametrize("money", [49_999, 5_000_000_001])
async def test_money_has_to_fit_its_transactions(db, money):
    await take(db, f"{OCTOBER},transactions,voso,50,82,")
    assert len(await asked(db, f"{OCTOBER},value,voso,{money},82,")) == 1


async def test_transactions_have_to_fit_their_money(db):
    await take(db, f"{OCTOBER},transactions,voso,50,82,", f"{OCTOBER},value,voso,5000000,82,")
    assert "5000000" in (await asked(db, f"{OCTOBER},transactions,voso,5001,82,"))[0][1]


async def test_a_platform_beside_a_figure_of_no_platform_is_asked_about(db):
    await take(db, f"{OCTOBER},attendances,,100,82,")
    assert "100" in (await asked(db, f"{OCTOBER},attendances,voso,60,82,"))[0][1]


@pytest.mark.parametrize("indicator", ["accounts", "courses"])
async def test_a_province_beside_the_whole_country_is_asked_about(db, indicator):
    """Five million accounts of the country and 400 of a province are not five million and 400."""
    await take(db, f"{OCTOBER},{indicator},,5400000,,")
    ((_, question),) = await asked(db, f"{OCTOBER},{indicator},,400,82,")
    assert "400 beside 5400000" in question
    await take(db, f"{OCTOBER},{indicator},,400,82,yes")


@pytest.mark.parametrize("indicator", ["accounts", "courses"])
async def test_the_country_beside_provinces_is_asked_about_with_their_sum(db, indicator):
    await take(db, f"{OCTOBER},{indicator},,400,82,", f"{OCTOBER},{indicator},,300,01,")
    ((_, question),) = await asked(db, f"2026-08-01,2026-10-31,{indicator},,5400000,,")
    assert "5400000 beside 700" in question


async def test_the_country_and_a_province_of_one_file_are_asked_about_both(db):
    both = (f"{OCTOBER},courses,,90,,", f"{OCTOBER},courses,,4,82,")
    assert [line for line, _ in await asked(db, *both)] == [2, 3]


async def test_other_days_platforms_and_indicators_of_the_country_are_not_added_up(db):
    await take(db, f"{OCTOBER},attendances,voso,90,,", f"{SEPTEMBER},courses,,90,,")
    await take(db, f"{OCTOBER},attendances,postmart,4,82,", f"{OCTOBER},courses,,4,82,")


async def test_a_stock_of_the_country_is_beside_its_provinces_until_its_next_one(db):
    """What stood in September counts in October, too; set to 0 it does not."""
    await take(db, f"{SEPTEMBER},accounts,,5400000,,")
    assert "5400000" in (await asked(db, f"{OCTOBER},accounts,,400,82,"))[0][1]
    await take(db, f"{OCTOBER},accounts,,0,,yes", f"{OCTOBER},accounts,,400,82,")
    assert "400" in (await asked(db, "2026-09-01,2026-11-20,accounts,,5400000,,"))[0][1]


async def test_a_report_of_what_the_assistant_counts_itself_is_asked_about(db):
    sales = [
        SaleLogged(
            id=f"00000000-0000-4000-8000-{n:012d}",
            at=NOW,
            household="00000000-0000-4000-8000-000000000001",
            province="82",
            commune="30226",
            code=f"A{n}",
            items=(),
            total_vnd=500_000,
            date=dt.date(2026, 10, 5),
            platform="voso",
        )
        for n in range(20)
    ]
    await db.write(lambda tx: append(tx, sales))
    while await db.write(advance):
        pass
    assert "20" in (await asked(db, f"{OCTOBER},transactions,voso,21,82,"))[0][1]
    assert await asked(db, f"{OCTOBER},transactions,,20,,")
    await take(db, f"{OCTOBER},transactions,voso,22,82,", f"{OCTOBER},transactions,voso,20,01,")


async def test_figures_of_one_file_are_compared_with_each_other_in_any_order(db):
    found = await asked(db, f"{OCTOBER},accounts,,90,82,", f"{SEPTEMBER},accounts,,100,82,")
    assert [line for line, _ in found] == [2]


@pytest.mark.parametrize("kind", DOUBTS)
def test_every_doubt_is_a_question_in_both_languages_with_both_numbers(kind):
    for said in (QUESTIONS[kind], words(f"report.doubt.{kind}")):
        assert "{value}" in said
        assert "{other}" in said


# Asked, then taken


async def test_a_confirmed_line_is_taken_and_the_others_are_still_asked_about(db):
    await take(db, f"{SEPTEMBER},accounts,,100,82,", f"{SEPTEMBER},products,voso,50,82,")
    both = (f"{OCTOBER},accounts,,90,82,yes", f"{OCTOBER},products,voso,40,82,")
    assert [line for line, _ in await asked(db, *both)] == [3]
    taken = await take(db, both[0], both[1] + "có")
    assert taken.accepted == 2


async def test_nothing_is_taken_while_one_line_is_asked_about(db):
    await take(db, f"{SEPTEMBER},accounts,,100,82,")
    lines = (f"{OCTOBER},courses,,4,82,", f"{OCTOBER},accounts,,90,82,")
    await asked(db, *lines)
    assert (await take(db, lines[0])).accepted == 1


def test_what_is_neither_yes_nor_no_is_named():
    with pytest.raises(BadReports) as bad:
        checked(f"{OCTOBER},courses,,4,82,maybe")
    assert [one.field for one in bad.value.wrong] == ["confirmed"]


async def test_the_api_marks_what_is_asked_and_takes_it_confirmed(db):
    chosen = Settings(database_url="sqlite+aiosqlite:///nowhere.db")
    carrier = httpx.ASGITransport(
        create_app(Services(chosen, db, Runner(db, chosen, []), b"s" * 32))
    )
    secret = await db.write(lambda tx: new_key(tx, "sở", "ministry", NOW))
    said = {"indicator": "accounts", "province": "82"}
    days = [("2023-05-01", "2023-05-31", 100), ("2023-06-01", "2023-06-30", 90)]
    first, second = (
        said | {"period_from": start, "period_to": end, "value": value}
        for start, end, value in days
    )
    async with httpx.AsyncClient(transport=carrier, base_url="http://figures.test") as client:
        client.headers["Authorization"] = f"Bearer {secret}"
        assert (await client.post("/api/v1/reports", json=[first])).status_code == 200
        refused = await client.post("/api/v1/reports", json=[second])
        (error,) = refused.json()["errors"]
        assert (refused.status_code, error["line"], error["field"], error["asked"]) == (
            *(422, 1, "value"),
            True,
        )
        taken = await client.post("/api/v1/reports", json=[second | {"confirmed": True}])
        assert taken.json() == {"accepted": 1, "replaced": 0, "unchanged": 0}
        wrong = await client.post("/api/v1/reports", json=[second | {"value": "x"}])
        assert "asked" not in wrong.json()["errors"][0]
        newest, *others = (await client.get("/api/v1/reports/sent")).json()
        assert (newest["state"], newest["reason"], newest["lines"]) == ("accepted", None, 1)
        assert len(others) == 1
        secret = await db.write(lambda tx: new_key(tx, "bộ", "ministry", NOW))
        other = {"Authorization": f"Bearer {secret}"}
        assert (await client.get("/api/v1/reports/sent", headers=other)).json() == []


class Lines:
    """What a command says, in order."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def say(self, line: str) -> None:
        self.said.append(line)

    problem = progress = say


async def test_the_command_ends_with_1_and_says_how_to_confirm(db):
    chosen = Settings(database_url="sqlite+aiosqlite:///nowhere.db")
    services = Services(chosen, db, Runner(db, chosen, []), b"s" * 32)
    await take(db, f"{SEPTEMBER},accounts,,100,82,")
    given = {"file": "x.csv", "content": f"{HEAD}{OCTOBER},accounts,,90,82,".encode()}
    out = Lines()
    assert await command(services, given, out) == 1
    assert out.said[0].startswith("x.csv: line 2: value: 90 is less than the 100 reported before")
    assert "--confirmed" in out.said[-1]
    assert await command(services, given | {"confirmed": True}, out) == 0
