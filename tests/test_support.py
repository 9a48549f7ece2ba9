"""Supporting a household: once, by whom it may be done, held against similar ones."""

from __future__ import annotations

import asyncio
import datetime as dt
from functools import partial
from uuid import uuid4

import pytest
from sqlalchemy import func, select, update
from test_potential import offer, order, sell
from villages import HERE, THERE, appoint, fill, of, settle

from domain import events as facts
from domain.household import ZONE
from domain.roles import Role
from domain.support import Change, Figures, changes, may_end, median
from storage import personal
from storage.deciding import By
from storage.potential import reckon_potential
from storage.rollups import advance, rebuild_check
from storage.schema import event, potential, support, support_change, support_peer
from storage.store import append
from storage.support_changes import Overview, figures, measure_supports, overview, supports_of
from storage.supports import begin, end

NOW = dt.datetime.now(dt.UTC)
TODAY = NOW.astimezone(ZONE).date()
LAI_VUNG = (Role("worker", "30226"),)


def days_ago(days: int) -> dt.datetime:
    return dt.datetime.combine(TODAY - dt.timedelta(days=days), dt.time(9), ZONE)


# What changed


@pytest.mark.parametrize(
    ("numbers", "middle"),
    [([1, 2, 3, 4], None), ([5, 1, 4, 2, 3], 3), ([1, 2, 3, 4, 5, 6], 3), ([-9, 0, 0, 0, 9], 0)],
)
def test_the_middle_of_fewer_than_five_is_not_told(numbers, middle):
    assert median(numbers) == middle


def test_a_change_stands_beside_the_middle_change_of_the_others():
    own = Figures(sales=2, vnd=100), Figures(sales=5, vnd=90, listed=1)
    other = Figures(sales=1), Figures(sales=2, vnd=7)
    found = changes(own, [other] * 5)
    assert found[:3] == (
        Change("sales", 2, 5, 1),
        Change("vnd", 100, 90, 7),
        Change("listed", 0, 1, 0),
    )
    assert {change.others for change in changes(own, [other] * 4)} == {None}


@pytest.mark.parametrize(
    ("roles", "mine", "still_there", "may"),
    [
        (("worker",), True, True, True),
        (("worker",), False, True, False),
        (("worker",), False, False, True),
        (("officer",), False, True, True),
        (("reader",), True, True, False),
        ((), True, False, False),
    ],
)
def test_who_may_end_a_support(roles, mine, still_there, may):
    me, other = of("me"), of("other")
    held = [Role(kind, "30226") for kind in roles]
    assert may_end(me, held, me if mine else other, still_there=still_there) is may


# Begun and ended


@pytest.fixture
async def area(db):
    """Households of two communes, and a worker here, one there, an officer, a reader."""

    def arrange(tx):
        fill(tx)
        people = {"Ngọc": "worker", "Hà": "worker", "Trưởng": "officer", "Xem": "reader"}
        for name, kind in people.items():
            appoint(tx, who=name, kind=kind, area="30226")
        appoint(tx, who="Xa", kind="worker", area="00004")

    await db.write(arrange)
    return db


def by(name: str, at: dt.datetime = NOW) -> By:
    return By(of(name), "pages", at)


async def begun(db, name="Ngọc", code="DT-0001", form=None, at=NOW):
    return await db.write(partial(begin, by=by(name, at), code=code, form=form or uuid4()))


async def over(db, name, code="DT-0001", form=None):
    return await db.write(partial(end, by=by(name), code=code, form=form or uuid4()))


async def told(db) -> list[str]:
    asked = select(event.c.type).where(event.c.type.like("support%")).order_by(event.c.position)
    return list(await db.read(lambda c: c.scalars(asked).all()))


async def test_a_form_sent_twice_begins_once_with_both_identities(area):
    form = uuid4()
    for _ in range(2):
        assert (await begun(area, form=form)).outcome == "begun"
    assert await told(area) == ["support_begun"]
    row = await area.read(lambda c: c.execute(select(event).where(event.c.id == form)).one())
    assert (row.household, row.person) == (of("DT-0001"), of("Ngọc"))
    assert (row.province, row.commune) == HERE


async def test_the_second_worker_hears_who_was_first(area):
    await begun(area)
    late = await begun(area, "Hà")
    assert (late.outcome, late.supporter.worker) == ("taken", of("Ngọc"))
    assert await told(area) == ["support_begun"]


async def test_of_several_at_once_one_supports_the_household(area):
    found = await asyncio.gather(*(begun(area, name) for name in ("Ngọc", "Hà", "Trưởng") * 2))
    assert sorted(one.outcome for one in found) == ["begun", *["taken"] * 5]
    assert len({one.supporter.worker for one in found}) == 1
    assert await told(area) == ["support_begun"]


@pytest.mark.parametrize(
    ("name", "code"),
    [("Xa", "DT-0001"), ("Xem", "DT-0001"), ("Ngọc", "DT-0003"), ("Ngọc", "HN-0001")],
)
async def test_nobody_supports_outside_their_area_or_what_they_may_not_see(area, name, code):
    assert await begun(area, name, code) is None
    assert await over(area, name, code) is None
    assert await told(area) == []


async def test_only_who_may_ends_it_and_it_can_begin_again(area):
    await begun(area)
    assert (await over(area, "Hà")).outcome == "not_yours"
    form = uuid4()
    for _ in range(2):
        assert (await over(area, "Trưởng", form=form)).outcome == "ended"
    assert (await over(area, "Ngọc")).outcome == "over"
    assert (await begun(area, "Hà")).outcome == "begun"
    assert (await over(area, "Hà", form=form)).outcome == "over", "an old form ends nothing new"
    assert await told(area) == ["support_begun", "support_ended", "support_begun"]


async def test_of_a_worker_without_a_role_any_more_another_one_ends_it(area):
    await begun(area)
    gone = facts.RoleWithdrawn(
        id=uuid4(), at=NOW, person=of("Ngọc"), role="worker", area="30226", channel="test"
    )
    await area.write(partial(append, events=[gone]))
    assert await over(area, "Ngọc") is None
    assert (await over(area, "Hà")).outcome == "ended"


async def test_figures_stay_as_they_are_counted_from_events(area):
    await begun(area)
    await over(area, "Ngọc")
    await area.write(partial(advance, limit=10_000))
    assert await area.read(rebuild_check) == []


# Against similar households


def settle_all(tx, peers: int):
    for number in range(peers + 1):
        code = f"DT-1{number:03d}"
        settle(tx, code=code, name="Ba")
        append(tx, [sell(code, days, 10_000) for days in (40, 10, 9)])
    own = "DT-1000"
    lived = [sell(own, days, 100_000) for days in (8, 7, 6, 5)]
    answered = order(own, "7", 3, facts.OrderConfirmed)
    append(tx, [*lived, *answered, offer(own, "A1")])
    appoint(tx, who="Ngọc", kind="worker", area="30226")


async def village(db, peers: int):
    """A household to support and so many others that sell once in the first month, twice in the second."""
    await db.write(partial(settle_all, peers=peers))
    await reckon_potential(db, NOW)


async def same_score(db):
    """All are alike, so that the rule of the band is not what is tried."""
    await db.write(lambda tx: tx.execute(update(potential).values(score=30)))


async def support_then(db, days: int, monkeypatch):
    monkeypatch.setattr("storage.supports.score", lambda _record: 30)
    await same_score(db)
    found = await begun(db, "Ngọc", "DT-1000", at=days_ago(days))
    assert found.outcome == "begun"


async def measured(db):
    found, _ = await db.read(partial(supports_of, roles=LAI_VUNG))
    return next(one.measured for one in found if one.row.code == "DT-1000")


@pytest.mark.parametrize("peers", [4, 6])
async def test_after_thirty_days_its_change_stands_beside_theirs(db, peers, monkeypatch):
    await village(db, peers)
    await support_then(db, 30, monkeypatch)
    await measure_supports(db, NOW)
    (after,) = await measured(db)
    assert (after.days, after.peers) == (30, peers)
    sales, vnd, _listed, _answered = after.changes
    others = None if peers < 5 else 1
    assert sales == Change("sales", 1, 6, others)
    assert vnd == Change("vnd", 10_000, 420_000, others and 10_000)
    compared = 0 if others is None else 1
    here = await db.read(partial(overview, roles=LAI_VUNG))
    assert here == [Overview(30, supports=1, compared=compared, ahead=compared)]
    assert await db.read(partial(overview, roles=(Role("officer", "01"),))) == []


async def test_nothing_is_measured_before_its_day_and_nothing_twice(db, monkeypatch):
    await village(db, 5)
    await support_then(db, 29, monkeypatch)
    await measure_supports(db, NOW)
    assert await measured(db) == ()
    for _ in range(2):
        await measure_supports(db, NOW + dt.timedelta(days=1))
    assert [some.days for some in await measured(db)] == [30]
    await measure_supports(db, NOW + dt.timedelta(days=61))
    assert [some.days for some in await measured(db)] == [30, 90]


async def test_who_was_supported_meanwhile_is_nobody_to_compare_with(db, monkeypatch):
    await village(db, 5)
    await support_then(db, 30, monkeypatch)
    await begun(db, "Ngọc", "DT-1003", at=days_ago(20))
    await measure_supports(db, NOW)
    (after,) = await measured(db)
    assert after.peers == 4
    assert {change.others for change in after.changes} == {None}


async def test_similar_is_of_the_same_province_and_band(db, monkeypatch):
    await village(db, 3)
    await db.write(partial(settle, code="HN-0001", name="Xa", place=THERE, sold=9))
    await reckon_potential(db, NOW)
    await support_then(db, 30, monkeypatch)
    chosen = await db.read(lambda c: set(c.scalars(select(support_peer.c.household)).all()))
    assert chosen == {of(f"DT-100{number}") for number in (1, 2, 3)}


async def test_figures_of_days_have_what_happened_in_them(db):
    await db.write(partial(settle, code="DT-0001", name="Ba"))
    told = [
        *(sell("DT-0001", days, 10_000) for days in (10, 5, 4)),
        *order("DT-0001", "1", 5, facts.OrderConfirmed),
        *order("DT-0001", "2", 5, facts.OrderExpired),
        *order("DT-0001", "3", 12, facts.OrderConfirmed),
        offer("DT-0001", "A1"),
    ]
    await db.write(partial(append, events=told))
    week = TODAY - dt.timedelta(days=9), TODAY - dt.timedelta(days=4)
    homes = [of("DT-0001"), of("DT-0002")]
    found = await db.read(partial(figures, homes=homes, days=week))
    assert found == {
        homes[0]: Figures(sales=1, vnd=10_000, listed=1, answered=1),
        homes[1]: Figures(),
    }


async def test_an_erased_household_leaves_no_support_behind(db, monkeypatch):
    await village(db, 5)
    await support_then(db, 30, monkeypatch)
    await measure_supports(db, NOW)
    home = of("DT-1000")
    await db.write(lambda tx: personal.erase(tx, of("DT-1000", "person"), home, ("web", "x"), NOW))
    await measure_supports(db, NOW)
    for table in (support, support_peer, support_change):
        count = select(func.count()).select_from(table)
        assert await db.read(lambda c, count=count: c.scalar(count)) == 0
