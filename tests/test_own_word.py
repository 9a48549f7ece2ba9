"""A worker with a household of their own is no witness of it: not of sales, stars, places, addresses, questions."""

from __future__ import annotations

import datetime as dt
from functools import partial

import pytest
from canaries import NOW, home, sign
from sqlalchemy import Connection
from villages import HERE, appoint, of

from bot.dialogue.address_queries import HouseholdToVisit, WaitingAddresses
from bot.dialogue.helped_queries import HelpedBook
from bot.dialogue.worker_queries import WorkerDay
from domain.certificates import Certificate
from domain.checks import Claim
from domain.events import RoleGiven
from storage import address_checks, assisted, digital_addresses, supports
from storage import help as threads
from storage.check_lists import put_forward
from storage.checks import claim_of, waiting
from storage.deciding import By, Wish, decide, give_certificate
from storage.household_page import household_seen
from storage.queries import Asker
from storage.roles import roles_of
from storage.store import append
from storage.worker_day import day_of

OWN, OTHERS = "DT-0001", "HN-0001"  # both let workers see them, and both live here
ME = of(OWN, "person")
BY = By(ME, "pages", NOW)
ASKER = Asker(ME, None, NOW)


@pytest.fixture
async def village(db) -> None:
    def made(tx: Connection) -> None:
        home(tx, OWN, HERE)
        home(tx, OTHERS, HERE)
        given = {"role": "worker", "area": HERE[1], "invitation": "", "person": ME}
        append(tx, [RoleGiven(id=of("role"), at=NOW - dt.timedelta(days=9), **given)])
        appoint(tx, "Ngọc", "worker", HERE[1])

    await db.write(made)


def claim(tx: Connection, who, code: str, subject: str, ref: str) -> Claim | None:
    return claim_of(tx, who, roles_of(tx, who), code, subject, ref)


@pytest.mark.parametrize(
    ("subject", "ref"), [("sale", "KX42"), ("certificate", "OC44"), ("place", "")]
)
async def test_nobody_confirms_or_disputes_their_own_word(db, village, subject, ref):
    there = await db.read(lambda tx: claim(tx, of("Ngọc"), OWN, subject, ref))
    assert there is not None, "somebody else may"
    for verdict in ("confirm", "dispute"):
        wish = Wish(OWN, subject, ref, verdict, there.version, "amount")
        assert await db.write(partial(decide, by=BY, wish=wish)) == (None, None)
    assert await db.read(lambda tx: claim(tx, ME, OTHERS, subject, ref)) is not None


async def test_nobody_reads_the_certificate_of_their_own_goods(db, village):
    told = Certificate("OC44", 5, NOW.date(), NOW.date(), "QD 1", None)
    given = partial(give_certificate, by=BY, home=OWN, told=told, picture=None, form=of("form"))
    assert await db.write(given) is None


async def test_ones_own_goods_and_sales_wait_for_somebody_else(db, village):
    def seen(tx: Connection) -> tuple[set[str], set[str], int, int]:
        mine, theirs = roles_of(tx, ME), roles_of(tx, of("Ngọc"))
        put = {one.code for one in put_forward(tx, ME, mine, NOW)}
        others = {one.code for one in put_forward(tx, of("Ngọc"), theirs, NOW)}
        return put, others, waiting(tx, ME, mine, NOW), waiting(tx, of("Ngọc"), theirs, NOW)

    assert await db.read(seen) == ({OTHERS}, {OWN, OTHERS}, 2, 4)


async def test_ones_own_page_has_nothing_to_decide(db, village):
    def may(tx: Connection) -> list[bool]:
        roles = roles_of(tx, ME)
        seen = [household_seen(tx, ME, roles, code) for code in (OWN, OTHERS)]
        return [one.may_decide for one in seen if one is not None]

    assert await db.read(may) == [False, True]


async def test_nobody_visits_or_confirms_their_own_address(db, village):
    address = of(OWN, "address")
    deciding = partial(address_checks.decide, who=ME, verdict="confirmed", now=NOW)
    assert await db.write(partial(deciding, address=address, event=of("a"))) is None
    visits = [HouseholdToVisit(code) for code in (OWN, OTHERS)]
    found = [await db.write(partial(address_checks.to_visit, query=v, asker=ASKER)) for v in visits]
    assert [one is not None for one in found] == [False, True]

    def left(tx: Connection) -> tuple[int, list[str]]:
        roles = roles_of(tx, ME)
        page = digital_addresses.waiting_page(tx, ME, roles)
        counted = address_checks.how_many_wait(tx, WaitingAddresses(), ASKER)
        return counted, [one.household for one in page]

    assert await db.read(left) == (1, [OTHERS])


async def test_nobody_answers_writes_to_or_helps_themselves(db, village):
    def seen(tx: Connection) -> list[bool]:
        return [
            threads.to_answer(tx, ME, sign(OWN), locked=False) is None,
            threads.to_answer(tx, ME, sign(OTHERS), locked=False) is not None,
            {one.help for one in threads.waiting_for(tx, ME, NOW)} == {sign(OTHERS)},
            threads.to_write(tx, ME, OWN) is None,
            threads.to_write(tx, ME, OTHERS) is not None,
            assisted.book(tx, HelpedBook(OWN), ASKER) is None,
            assisted.book(tx, HelpedBook(OTHERS), ASKER) is not None,
        ]

    assert await db.write(seen) == [True] * 7


async def test_nobody_supports_themselves(db, village):
    assert await db.write(partial(supports.begin, by=BY, code=OWN, form=of("s"))) is None
    begun = await db.write(partial(supports.begin, by=BY, code=OTHERS, form=of("s")))
    assert begun is not None


async def test_the_workers_day_names_no_question_of_their_own(db, village):
    day = await db.read(lambda tx: day_of(tx, ME, NOW, WorkerDay(4, 50)))
    assert day is not None
    asked = [task.who.code for task in day.tasks if task.kind == "question" and task.who]
    assert asked == [OTHERS]
