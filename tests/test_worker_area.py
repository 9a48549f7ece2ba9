"""The area as a funnel, lists by what they need, and files of lists: the same households, counted and noted."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import AsyncIterator
from functools import partial

import httpx
import pytest
from openpyxl import load_workbook
from sqlalchemy import Connection, select
from villages import HERE, THERE, appoint, fact, fill, of, settle

from bot.config import Settings
from bot.handlers import HANDLERS
from bot.runner import Runner
from bot.services import Services
from domain import events as facts
from domain.household import ZONE
from domain.roles import Role
from storage import sign_ins
from storage.funnel import Period, Step, answers, funnel
from storage.schema import event, person
from storage.store import append
from storage.worker_lists import Wanted, page_of
from web.app import create_app

TODAY = dt.date(2026, 11, 22)
LAI_VUNG = (Role("worker", "30226"),)
COUNTRY = (Role("officer", "vn"),)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def noon(text: str) -> dt.datetime:
    return dt.datetime.combine(day(text), dt.time(12), ZONE)


# The funnel


@pytest.mark.parametrize(
    ("today", "before", "until"),
    [
        ("2026-11-22", "2026-10-01", "2026-10-22"),
        ("2026-03-31", "2026-02-01", "2026-02-28"),
        ("2026-01-01", "2025-12-01", "2025-12-01"),
    ],
)
def test_a_month_so_far_is_held_against_the_same_days_of_the_one_before(today, before, until):
    period = Period.until(day(today))
    assert (period.before, period.before_until) == (day(before), day(until))
    assert period.start == day(today).replace(day=1)


def sold(code: str, when: str, place: tuple[str, str] = HERE) -> facts.Event:
    figures = {"items": (), "total_vnd": 1_000, "date": day(when), "platform": "offline"}
    return fact(facts.SaleLogged, code, when, place, code=f"K{when}", **figures)


def home(code: str, joined: str, *sales: str, place: tuple[str, str] = HERE) -> list[facts.Event]:
    began = fact(facts.HouseholdRegistered, code, "home", place, code=code, at=noon(joined))
    return [began, *(sold(code, when, place) for when in sales)]


async def test_each_step_counts_all_this_month_and_the_same_days_before(db):
    happened = [
        *home("A", "2026-11-01", "2026-11-02", "2026-10-30"),
        *home("B", "2026-10-22", "2026-10-22"),
        *home("C", "2026-10-23", "2026-09-01", "2026-11-22", "2026-10-01"),
        *home("D", "2026-09-01"),
        *home("E", "2026-11-05", "2026-11-05", place=THERE),
    ]
    await db.write(partial(append, events=happened))
    found = await db.read(partial(funnel, roles=LAI_VUNG, today=TODAY))
    assert found.joined == Step(4, 1, 1)
    assert found.sold == Step(3, 0, 1), "by the day of the first sale: A's is of 30/10"
    assert found.active == Step(2, 2, 2), "in October until the 22nd: B and C"
    assert (found.listed, found.ordered) == (Step(0, 0, 0), Step(0, 0, 0))
    assert (found.quiet_14, found.quiet_30) == (3, 2), "A sold 20 days ago, B 31, D never"


async def test_nobody_outside_the_area_is_counted(db):
    await db.write(fill)
    whole = await db.read(partial(funnel, roles=COUNTRY, today=TODAY))
    none = await db.read(partial(funnel, roles=(), today=TODAY))
    here = await db.read(partial(funnel, roles=LAI_VUNG, today=TODAY))
    assert (whole.joined.all, here.joined.all, none.joined.all) == (5, 4, 0)
    assert (whole.seen, here.seen, none.seen) == (4, 3, 0)


async def test_orders_are_answered_expired_or_waiting(db):
    await db.write(partial(settle, code="A", name="Ba"))
    on = {"platform": "voso"}
    happened: list[facts.Event] = []
    for number, minutes in enumerate((None, 10, 30, 90)):
        at = noon("2026-11-10")
        words = {"items": (), "total_vnd": 1, "deadline": at, **on}
        happened.append(
            fact(facts.OrderPlaced, "A", number, HERE, order=str(number), at=at, **words)
        )
        if minutes:
            later = at + dt.timedelta(minutes=minutes)
            said = {"order": str(number), "code": f"C{number}", "at": later, **on}
            happened.append(fact(facts.OrderConfirmed, "A", f"yes {number}", HERE, **said))
    over = fact(facts.OrderExpired, "A", "over", HERE, order="0", at=noon("2026-11-11"), **on)
    await db.write(partial(append, events=[*happened, over]))
    found = await db.read(partial(answers, roles=LAI_VUNG, today=TODAY))
    assert (found.orders, found.answered, found.expired, found.median) == (4, 3, 1, 30 * 60)
    other = await db.read(partial(answers, roles=(Role("worker", "00004"),), today=TODAY))
    assert (other.orders, other.median) == (0, None)


# The list


async def listed(db, wanted: Wanted, roles: tuple[Role, ...] = LAI_VUNG) -> list[str]:
    found = await db.read(partial(page_of, roles=roles, wanted=wanted, today=TODAY))
    return [row.code for row in found.rows]


async def test_lists_by_what_this_month_brought(db):
    """A sold most, but last month; C sold before and after D."""
    for code, sales in {
        "A": ("2026-10-02",),
        "C": ("2026-11-02",) * 2,
        "D": ("2026-11-20",),
    }.items():
        await db.write(partial(settle, code=code, name="Ba"))
        happened = [
            fact(
                facts.SaleLogged,
                code,
                f"sale {number}",
                HERE,
                code=f"K{number}",
                items=(),
                total_vnd=900 if code == "A" else 100,
                date=day(when),
                platform="offline",
            )
            for number, when in enumerate(sales)
        ]
        await db.write(partial(append, events=happened))
    assert await listed(db, Wanted(order="value")) == ["C", "D", "A"]
    assert await listed(db, Wanted(step="active", order="code")) == ["C", "D"]


async def test_orders_that_wait_are_found_until_they_are_answered(db):
    await db.write(fill)
    on = {"order": "1", "platform": "voso"}
    placed = fact(facts.OrderPlaced, "DT-0002", "o", HERE, items=(), total_vnd=1, **on)
    await db.write(partial(append, events=[placed]))
    assert await listed(db, Wanted(need="orders")) == ["DT-0002"]
    assert await listed(db, Wanted(step="ordered")) == ["DT-0002"]
    answered = fact(facts.OrderConfirmed, "DT-0002", "yes", HERE, code="AB22", **on)
    await db.write(partial(append, events=[answered]))
    assert await listed(db, Wanted(need="orders")) == []


async def test_a_phone_finds_its_household_only_after_its_yes(db):
    await db.write(fill)

    def called(tx: Connection) -> None:
        for code, phone in (("DT-0001", "+84912345678"), ("DT-0003", "+84912345679")):
            tx.execute(person.update().where(person.c.id == of(code, "person")).values(phone=phone))

    await db.write(called)
    assert await listed(db, Wanted(words="0912 345 678")) == ["DT-0001"]
    assert await listed(db, Wanted(words="0912 345 679")) == []


async def test_a_long_list_says_that_it_is_longer_and_every_page_can_be_turned_to(db, monkeypatch):
    monkeypatch.setattr("storage.worker_lists.PAGE", 2)
    monkeypatch.setattr("storage.worker_lists.COUNTED", 4)
    for number in range(7):
        await db.write(partial(settle, code=f"DT-{number}", name="Ba"))

    async def turned(number: int) -> tuple[list[str], int, bool]:
        wanted = Wanted(order="code", page=number)
        found = await db.read(partial(page_of, roles=LAI_VUNG, wanted=wanted, today=TODAY))
        return [row.code for row in found.rows], found.total, found.more

    pages = [await turned(number) for number in (1, 2, 3, 4, 5)]
    assert [codes for codes, _, _ in pages] == [
        ["DT-0", "DT-1"],
        ["DT-2", "DT-3"],
        ["DT-4", "DT-5"],
        ["DT-6"],
        [],
    ]
    assert {total for _, total, _ in pages} == {5}
    assert [more for _, _, more in pages] == [True, True, True, False, False]


# Files


@pytest.fixture
async def services(db, url) -> Services:
    await db.write(fill)
    chosen = Settings(database_url=url)
    return Services(chosen, db, Runner(db, chosen, HANDLERS), b"s" * 32)


@pytest.fixture
async def client(services) -> AsyncIterator[httpx.AsyncClient]:
    """A worker of Lai Vung, signed in."""
    who = await services.db.write(partial(appoint, who="Ngọc", kind="worker", area="30226"))
    word = await services.db.write(lambda tx: sign_ins.new_link(tx, who, dt.datetime.now(dt.UTC)))
    carrier = httpx.ASGITransport(create_app(services))
    async with httpx.AsyncClient(transport=carrier, base_url="http://farm.test") as opened:
        asked = await opened.get(f"/worker/in/{word}")
        await opened.post(f"/worker/in/{word}", data={"token": token_of(asked.text)})
        yield opened


def token_of(shown: str) -> str:
    return re.findall(r'name="token" value="([0-9a-f]+)"', shown)[-1]


async def taken(client: httpx.AsyncClient, **asked: str) -> httpx.Response:
    token = token_of((await client.get("/worker/households")).text)
    return await client.post("/worker/export", data={"token": token, **asked})


def table(content: bytes) -> list[list[str]]:
    assert content.startswith(b"\xef\xbb\xbf"), "spreadsheets look for the mark"
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


async def test_a_file_has_the_households_of_the_list_and_no_others(client):
    heading, *rows = table((await taken(client, shape="csv", sort="code")).content)
    assert heading[:3] == ["Mã hộ", "Tên", "Xã"]
    assert [row[0] for row in rows] == ["DT-0001", "DT-0002", "DT-0004"]
    assert rows[0][1:4] == ["cô Ba", "xã Lai Vung", "tỉnh Đồng Tháp"]
    quiet = table((await taken(client, shape="csv", q="dao", quiet="14")).content)
    assert [row[0] for row in quiet[1:]] == ["DT-0002"]


async def test_a_workbook_holds_the_same(client):
    answer = await taken(client, shape="xlsx", sort="code")
    assert answer.headers["content-disposition"].endswith('.xlsx"')
    book = load_workbook(io.BytesIO(answer.content))
    rows = list(book.active.iter_rows(values_only=True))
    assert [row[0] for row in rows[1:]] == ["DT-0001", "DT-0002", "DT-0004"]
    assert rows[1][7] == 1, "a number is a number"


@pytest.mark.parametrize("name", ['=HYPERLINK("x")', "+1+1", "-2", "@SUM(1)", "\u202e=1+1"])
async def test_no_name_becomes_a_formula_or_turns_the_line_round(services, client, name):
    rename = person.update().where(person.c.id == of("DT-0001", "person"))
    await services.db.write(lambda tx: tx.execute(rename.values(name=name, you="")))
    rows = table((await taken(client, shape="csv", q="DT-0001")).content)
    assert rows[1][1].startswith("'")
    assert "\u202e" not in rows[1][1]
    book = load_workbook(io.BytesIO((await taken(client, shape="xlsx", q="DT-0001")).content))
    assert book.active["B2"].data_type == "s"


async def test_each_file_is_noted_with_who_what_and_how_many_but_not_what_was_searched_for(
    services, client
):
    await taken(client, shape="xlsx", q="Đào", need="photo", step="sold")
    noted = select(event.c.body, event.c.person).where(event.c.type == "households_exported")
    (row,) = await services.db.read(lambda conn: conn.execute(noted).all())
    assert row.person == of("Ngọc")
    kept = {key: row.body.get(key) for key in ("shape", "areas", "step", "need", "searched")}
    assert kept == {
        "shape": "xlsx",
        "areas": ["30226"],
        "step": "sold",
        "need": "photo",
        "searched": True,
    }
    assert row.body["count"] == 0
    assert "Đào" not in str(row.body)


async def test_nobody_takes_a_file_with_anothers_form_or_none(client):
    for token in ("", "0" * 64):
        refused = await client.post("/worker/export", data={"token": token, "shape": "csv"})
        assert refused.status_code == 403
    client.cookies.clear()
    assert (await client.post("/worker/export", data={"shape": "csv"})).status_code == 401


async def test_a_list_too_long_for_a_file_is_refused_and_not_noted(services, client, monkeypatch):
    monkeypatch.setattr("web.pages.worker_export.MOST", 2)
    refused = await taken(client, shape="csv")
    assert refused.status_code == 413
    assert "DT-0001" not in refused.text
    noted = select(event.c.id).where(event.c.type == "households_exported")
    assert await services.db.read(lambda conn: conn.execute(noted).all()) == []
