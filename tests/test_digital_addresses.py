"""Digital addresses: personal, of one's own yes, decided once, told to the household, gone at once."""

from __future__ import annotations

import asyncio
import datetime as dt
from functools import partial
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Connection, select
from villages import HERE, THERE, appoint, fact, fill, known, of

from bot.address_news import tell_due
from bot.config import Settings
from bot.dialogue.message import DigitalAddressKept, Location, Message, Tap
from bot.handlers import HANDLERS
from bot.runner import Runner
from bot.services import Services
from domain.digital_address import misplaced, nearer_communes
from domain.digital_address_events import DigitalAddressGiven
from domain.events import ConsentGiven, ConsentWithdrawn, HouseholdMoved
from domain.geography import communes
from domain.household import ZONE
from domain.plus_codes import plus_code
from domain.roles import Role
from storage import copies, digital_addresses, personal
from storage.address_checks import decide
from storage.schema import digital_address, event, metadata, outbox
from storage.store import append

CODE, OTHER = "7P277HW8+23", "7P277HX6+J2"  # both in Lai Vung
HOME = "DT-0001"
NOW = dt.datetime.now(ZONE)
NOON = NOW.replace(hour=12, minute=0, second=0, microsecond=0)
LAI_VUNG = (Role("worker", "30226"),)


def give(tx: Connection, home: str, code: str, *purposes: str, number: int = 1) -> UUID:
    """The household says yes to these purposes and gives this address."""
    address = of(home, "address", number)
    for purpose in purposes:
        append(tx, [fact(ConsentGiven, home, (purpose, number), HERE, purpose=purpose, version=1)])
    append(tx, [fact(DigitalAddressGiven, home, address, HERE, address=address, by="household")])
    kept = DigitalAddressKept(address, code, "30226", NOW)
    personal.keep(tx, of(home, "person"), of(home), [kept])
    return address


def rows(conn: Connection) -> list[tuple[str, bool]]:
    """Codes, the oldest first, and whether each is in force."""
    found = select(digital_address).order_by(digital_address.c.since, digital_address.c.until)
    return [(row.code, row.until is None) for row in conn.execute(found)]


@pytest.fixture
async def village(db) -> None:
    await db.write(fill)


async def test_a_new_address_ends_the_one_before_which_stays_as_history(db, village):
    await db.write(lambda tx: give(tx, HOME, CODE, "address"))
    await db.write(lambda tx: give(tx, HOME, OTHER, number=2))
    assert sorted(await db.read(rows)) == sorted([(CODE, False), (OTHER, True)])
    now = await db.read(lambda conn: digital_addresses.current(conn, of(HOME)))
    assert now is not None
    assert now.code == OTHER


async def test_no_event_holds_the_code_or_the_place(db, village):
    await db.write(lambda tx: give(tx, HOME, CODE, "address"))
    bodies = await db.read(lambda conn: conn.scalars(select(event.c.body)).all())
    assert CODE not in str(bodies)
    assert "latitude" not in str(bodies)


async def test_withdrawing_the_consent_removes_earlier_ones_too(db, village):
    await db.write(lambda tx: give(tx, HOME, CODE, "address", "address_shown"))
    await db.write(lambda tx: give(tx, HOME, OTHER, number=2))
    taken = fact(ConsentWithdrawn, HOME, "no", HERE, purpose="address", version=1)
    await db.write(lambda tx: append(tx, [taken]))
    assert await db.read(rows) == []
    assert await db.read(lambda c: digital_addresses.shown_to_buyers(c, of(HOME))) is None


async def test_erasure_leaves_nothing_of_it(db, village):
    await db.write(lambda tx: give(tx, HOME, CODE, "address"))
    address = ("web", "somebody")
    erase = partial(personal.erase, who=of(HOME, "person"), home=of(HOME), address=address, now=NOW)
    await db.write(erase)
    assert await db.read(rows) == []
    assert await db.read(lambda conn: digital_addresses.waiting(conn, of("Ngọc"), LAI_VUNG)) == 0


async def test_the_copy_holds_it_with_its_history(db, village):
    await db.write(lambda tx: give(tx, HOME, CODE, "address"))
    await db.write(lambda tx: give(tx, HOME, OTHER, number=2))
    word = await db.write(lambda tx: copies.open_copy(tx, of(HOME, "person"), of(HOME), NOW))
    copy = await db.read(lambda conn: copies.copy_behind(conn, word, NOW))
    assert {row["code"] for row in copy["digital_address"]} == {CODE, OTHER}


async def test_who_moves_has_none_any_more(db, village):
    await db.write(lambda tx: give(tx, HOME, CODE, "address"))
    moved = fact(HouseholdMoved, HOME, "moved", THERE, from_province="82", from_commune="30226")
    await db.write(lambda tx: append(tx, [moved]))
    assert await db.read(rows) == [(CODE, False)]
    assert await db.read(lambda conn: digital_addresses.current(conn, of(HOME))) is None


@pytest.mark.parametrize(
    ("purposes", "shown"),
    [((), None), (("address",), None), (("address", "address_shown"), CODE)],
)
async def test_buyers_see_it_only_after_a_yes_to_that(db, village, purposes, shown):
    await db.write(lambda tx: give(tx, HOME, CODE, *purposes))
    assert await db.read(lambda c: digital_addresses.shown_to_buyers(c, of(HOME))) == shown


# Places


@pytest.mark.parametrize(
    ("point", "expected"),
    [
        ((10.2951, 105.5652), None),
        ((10.2935, 105.6580), None),  # ten kilometres off: communes are known by a point only
        ((21.0386, 105.838), "far"),
        ((0.0, 0.0), "abroad"),
        ((48.85, 2.35), "abroad"),
        ((90.0, 180.0), "abroad"),
    ],
)
def test_a_place_is_refused_only_when_it_cannot_be_right(point, expected):
    assert misplaced(plus_code(*point), "30226") == expected


def test_communes_from_north_to_south_and_at_sea_may_have_one_at_their_own_point():
    islands = [one for one in communes() if one.kind == "đặc khu"]
    wrong = [
        one.code
        for one in (*communes()[::100], *islands)
        if misplaced(plus_code(one.latitude, one.longitude), one.code) is not None
    ]
    assert not wrong


def test_nearer_communes_are_named_only_when_ones_own_is_none_of_them():
    assert nearer_communes(plus_code(10.2951, 105.5652), "30226") == ()
    named = nearer_communes(plus_code(10.2935, 105.6580), "30226")
    assert [one.name for one in named] == ["Tân Dương", "Hòa Long", "Tân Khánh Trung"]


# Workers


async def test_only_those_of_the_area_who_let_workers_see_them_are_listed(db, village):
    for home in (HOME, "DT-0003", "HN-0001"):
        await db.write(partial(give, home=home, code=CODE))
    listed = await db.read(lambda conn: digital_addresses.waiting_page(conn, of("Ngọc"), LAI_VUNG))
    assert [one.household for one in listed] == [HOME]
    assert await db.read(lambda conn: digital_addresses.waiting(conn, of("Ngọc"), LAI_VUNG)) == 1
    assert await db.read(lambda conn: digital_addresses.waiting(conn, of("Ngọc"), ())) == 0


@pytest.mark.parametrize(
    ("kind", "area"), [("worker", "00004"), ("reader", "30226"), ("officer", "01")]
)
async def test_nobody_decides_outside_their_area_or_without_the_rank(db, village, kind, area):
    address = await db.write(lambda tx: give(tx, HOME, CODE))
    who = await db.write(lambda tx: appoint(tx, "Hà", kind, area))
    assert await db.write(partial(decided, who=who, address=address)) is None


async def test_of_an_unseen_household_nothing_is_decided(db, village):
    address = await db.write(lambda tx: give(tx, "DT-0003", CODE))
    who = await db.write(lambda tx: appoint(tx, "Ngọc", "worker", "30226"))
    assert await db.write(partial(decided, who=who, address=address)) is None


def decided(tx: Connection, who: UUID, address: UUID, verdict: str = "confirmed") -> object:
    return decide(tx, who, address, verdict, NOON, uuid4())


async def test_two_workers_at_once_the_second_sees_the_firsts_decision(db, village):
    address = await db.write(lambda tx: give(tx, HOME, CODE))
    people = [
        await db.write(partial(appoint, who=name, kind="worker", area="30226"))
        for name in ("Ngọc", "Hà")
    ]
    wishes = zip(people, ("confirmed", "disputed"), strict=True)
    found = await asyncio.gather(
        *(db.write(partial(decided, who=p, address=address, verdict=v)) for p, v in wishes)
    )
    first = next(one for one in found if one.mine)
    second = next(one for one in found if not one.mine)
    assert second.verdict == first.verdict
    kinds = await db.read(
        lambda c: c.scalars(select(event.c.type).where(event.c.person.in_(people))).all()
    )
    assert len([kind for kind in kinds if kind.startswith("digital_address")]) == 1


async def test_an_address_that_was_changed_meanwhile_is_not_decided_on(db, village):
    old = await db.write(lambda tx: give(tx, HOME, CODE))
    await db.write(lambda tx: give(tx, HOME, OTHER, number=2))
    who = await db.write(lambda tx: appoint(tx, "Ngọc", "worker", "30226"))
    found = await db.write(partial(decided, who=who, address=old))
    assert found.verdict is None
    now = await db.read(lambda conn: digital_addresses.current(conn, of(HOME)))
    assert now.confirmed_at is None


# Told to the household


@pytest.fixture
async def services(db, url, village) -> Services:
    chosen = Settings(database_url=url)
    return Services(chosen, db, Runner(db, chosen, HANDLERS), b"s" * 32)


async def said(services: Services) -> list[str]:
    found = select(outbox.c.body).order_by(outbox.c.position)
    return [b["text"] for b in await services.db.read(lambda c: c.scalars(found).all())]


async def test_the_household_is_told_once_of_a_decision_and_may_stand_by_its_address(services):
    db = services.db
    address = await db.write(lambda tx: give(tx, HOME, CODE, "address"))
    await db.write(lambda tx: known(tx, "phone", of(HOME, "person")))
    who = await db.write(lambda tx: appoint(tx, "Ngọc", "worker", "30226"))
    await db.write(partial(decided, who=who, address=address, verdict="disputed"))
    for _ in range(2):
        await tell_due(db, services.runner, NOON + dt.timedelta(days=1))
    told = await said(services)
    assert len(told) == 1
    assert CODE in told[0]
    button = Tap(f"address.uphold:{address.hex}")
    for number in range(2):
        await services.runner.handle(Message(f"web:{number}", "web", "phone", NOW, button))
    assert await db.read(lambda conn: digital_addresses.waiting(conn, of("Ngọc"), LAI_VUNG)) == 1
    upheld = select(event.c.id).where(event.c.type == "digital_address_upheld")
    assert len(await db.read(lambda c: c.scalars(upheld).all())) == 1


async def test_what_was_overtaken_is_no_news(services):
    db = services.db
    address = await db.write(lambda tx: give(tx, HOME, CODE, "address"))
    await db.write(lambda tx: known(tx, "phone", of(HOME, "person")))
    who = await db.write(lambda tx: appoint(tx, "Ngọc", "worker", "30226"))
    await db.write(partial(decided, who=who, address=address, verdict="disputed"))
    await db.write(lambda tx: give(tx, HOME, OTHER, number=2))
    await tell_due(db, services.runner, NOON + dt.timedelta(days=1))
    assert await said(services) == []


async def test_a_position_is_kept_nowhere(services):
    """Neither in the session nor beside the message: only its code, after the yes."""
    db = services.db
    await db.write(lambda tx: known(tx, "phone", of(HOME, "person")))
    await db.write(
        lambda tx: append(tx, [fact(ConsentGiven, HOME, "a", HERE, purpose="address", version=1)])
    )
    place = Location(10.29511234, 105.56521234)
    await services.runner.handle(Message("web:1", "web", "phone", NOW, place))
    kept = await db.read(everything)
    assert "7P277HW8+23" in kept, "the card waits"
    assert "10.295" not in kept
    assert "105.565" not in kept


def everything(conn: Connection) -> str:
    tables = metadata.sorted_tables
    return str([conn.execute(select(table)).all() for table in tables])
