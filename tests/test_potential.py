"""Who has potential: each part says why, only those who let workers look have a score, an area sees its own."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, replace
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from villages import HERE, THERE, fact, of, settle

from bot.locales.catalogue import FIRST, catalogue
from domain import events as facts
from domain.household import ZONE
from domain.potential import POINTS, WHY, Record, band, parts, score, strongest, weights
from domain.roles import Role
from storage import personal
from storage.potential import most_promising, reckon_potential
from storage.records import record_of
from storage.schema import potential
from storage.store import append

NOW = dt.datetime.now(dt.UTC)
TODAY = NOW.astimezone(ZONE).date()
LAI_VUNG = (Role("worker", "30226"),)
COUNTRY = (Role("officer", "vn"),)
GOOD = {  # of each part: what makes it better, and the most there can be of it
    "listing": ("pictured", "goods"),
    "steady": ("weeks_sold", None),
    "answers": ("answered", "asked"),
    "stars": ("stars", None),
    "growth": ("vnd", None),
    "training": ("courses", None),
}


@st.composite
def lives(draw):
    goods, asked = draw(st.integers(0, 30)), draw(st.integers(0, 90))
    return Record(
        goods=goods,
        pictured=draw(st.integers(0, goods)),
        fair=draw(st.integers(0, goods)),
        weeks_sold=draw(st.integers(0, 12)),
        asked=asked,
        answered=draw(st.integers(0, asked)),
        stars=draw(st.sampled_from([0, 3, 4, 5])),
        said_stars=draw(st.sampled_from([0, 3, 4, 5])),
        vnd=draw(st.integers(0, 10**10)),
        vnd_before=draw(st.integers(0, 10**10)),
        courses=draw(st.integers(0, 9)),
    )


# The score


def test_weights_add_up_to_a_hundred_and_each_part_has_one():
    assert sum(weights().values()) == 100
    assert set(weights()) == set(POINTS) == set(WHY) == set(GOOD)


@given(lives())
def test_parts_and_score_are_whole_numbers_from_0_to_100(record):
    for number in (score(record), *(part.points for part in parts(record))):
        assert type(number) is int
        assert 0 <= number <= 100
    assert 0 <= band(score(record)) <= 4


@given(lives(), st.sampled_from(sorted(GOOD)), st.integers(1, 10**9))
def test_more_of_what_is_good_never_lowers_a_part_or_the_score(record, name, more):
    field, most = GOOD[name]
    now = getattr(record, field) + more
    better = replace(record, **{field: min(now, getattr(record, most)) if most else now})
    if field == "stars":
        better = replace(better, stars=min(better.stars, 5))
    assert POINTS[name](better) >= POINTS[name](record)
    assert score(better) >= score(record)


@given(lives())
def test_every_part_has_a_sentence_with_its_numbers(record):
    for part in parts(record):
        sentence = catalogue(FIRST)[f"potential.{part.why}"]
        assert sentence.format(**part.numbers)
    assert strongest(record) in parts(record)


def test_nothing_done_is_nothing_and_everything_is_a_hundred():
    assert score(Record()) == 0
    whole = Record(8, 8, 8, 12, 5, 5, 5, 0, 4_000_000, 2_000_000, 2)
    assert score(whole) == 100


@pytest.mark.parametrize(
    ("record", "points"),
    [
        (Record(stars=4), 80),
        (Record(said_stars=4), 40),
        (Record(stars=3, said_stars=5), 60),
    ],
)
def test_stars_that_no_worker_looked_at_count_half(record, points):
    assert POINTS["stars"](record) == points


# What it rests on


def sell(home, days, vnd, place=HERE, number=""):
    """A sale so many days ago."""
    day = TODAY - dt.timedelta(days=days)
    words = {"code": f"S{days}{number}", "items": (), "total_vnd": vnd, "date": day}
    at = dt.datetime.combine(day, dt.time(12), ZONE)
    return fact(
        facts.SaleLogged, home, f"sale{days}{number}", place, platform="offline", at=at, **words
    )


def offer(home, code, stars=None, place=HERE):
    words = {"code": code, "product": code, "unit_price_vnd": 1_000, "ocop_stars": stars}
    return fact(facts.ProductListed, home, f"offer{code}", place, platform="voso", **words)


def order(home, number, days, end=None, place=HERE):
    """An order so many days ago; `end`: what became of it."""
    at = NOW - dt.timedelta(days=days)
    on = {"order": number, "platform": "voso"}
    words = {"items": (), "total_vnd": 5_000, "deadline": at + dt.timedelta(hours=12)}
    told = [fact(facts.OrderPlaced, home, f"o{number}", place, at=at, **words, **on)]
    if end is not None:
        more = {"code": f"L{number}"} if end is facts.OrderConfirmed else {}
        later = at + dt.timedelta(hours=1)
        told.append(fact(end, home, f"e{number}", place, at=later, **more, **on))
    return told


async def keep(db, *events: facts.Event):
    await db.write(partial(append, events=list(events)))


async def test_a_record_is_what_the_tables_say(db):
    await db.write(partial(settle, code="DT-0001", name="Ba"))
    home = "DT-0001"
    await keep(
        db,
        *(sell(home, days, 100_000) for days in (0, 1, 20, 41)),
        *(sell(home, days, 50_000) for days in (42, 83, 84, 200)),
        offer(home, "A1", stars=4),
        offer(home, "B2"),
        fact(facts.ProductPhotoAdded, home, "pic", HERE, code="A1", photo=of("pic")),
        offer(home, "C3"),
        fact(facts.ProductWithdrawn, home, "gone", HERE, code="C3", platform="voso"),
        *order(home, "1", 5, facts.OrderConfirmed),
        *order(home, "2", 6, facts.OrderExpired),
        *order(home, "3", 0),
        *order(home, "4", 100, facts.OrderConfirmed),
    )
    found = await db.read(partial(record_of, home=of(home), now=NOW))
    assert found == Record(
        goods=2,
        pictured=1,
        fair=2,
        weeks_sold=5,
        asked=2,
        answered=1,
        said_stars=4,
        vnd=400_000,
        vnd_before=100_000,
    )


# Who has one, and who sees it


async def scores(db):
    found = await db.read(lambda c: c.execute(select(potential)).all())
    return {row.household: row.score for row in found}


async def test_only_who_lets_workers_look_has_a_score_and_it_goes_with_the_consent(db):
    await db.write(partial(settle, code="DT-0001", name="Ba", sold=2))
    await db.write(partial(settle, code="DT-0002", name="Giấu", agreed=False, sold=2))
    await reckon_potential(db, NOW)
    assert set(await scores(db)) == {of("DT-0001")}
    back = fact(facts.ConsentWithdrawn, "DT-0001", "back", HERE, purpose="worker", version=1)
    await keep(db, back)
    assert (await db.read(partial(most_promising, roles=LAI_VUNG)))[0] == []
    await reckon_potential(db, NOW)
    assert await scores(db) == {}


async def test_what_is_kept_is_what_is_reckoned_for_one(db):
    await db.write(partial(settle, code="DT-0001", name="Ba", sold=2, listed=True))
    await reckon_potential(db, NOW)
    await keep(db, sell("DT-0001", 9, 1_000))
    await reckon_potential(db, NOW)
    record = await db.read(partial(record_of, home=of("DT-0001"), now=NOW))
    kept = await db.read(lambda c: c.execute(select(potential)).one())
    assert (kept.score, kept.record) == (score(record), asdict(record))


async def test_the_list_has_the_highest_score_first_and_only_ones_own_area(db):
    for number, weeks in enumerate((1, 3, 2), start=1):
        code = f"DT-000{number}"
        await db.write(partial(settle, code=code, name="Ba"))
        await keep(db, *(sell(code, 7 * back, 1_000) for back in range(weeks)))
    await db.write(partial(settle, code="HN-0001", name="Xa", place=THERE, sold=1))
    await reckon_potential(db, NOW)
    found, more = await db.read(partial(most_promising, roles=LAI_VUNG))
    assert [one.row.code for one in found] == ["DT-0002", "DT-0003", "DT-0001"]
    assert not more
    elsewhere, _ = await db.read(partial(most_promising, roles=LAI_VUNG, area="00004"))
    assert elsewhere == []
    whole, _ = await db.read(partial(most_promising, roles=COUNTRY))
    part, _ = await db.read(partial(most_promising, roles=COUNTRY, area="01"))
    assert (len(whole), [one.row.code for one in part]) == (4, ["HN-0001"])
    assert await db.read(partial(most_promising, roles=())) == ([], False)
    first, more = await db.read(partial(most_promising, roles=LAI_VUNG, most=2))
    assert (len(first), more) == (2, True)


async def test_a_household_that_has_itself_erased_has_no_score(db):
    await db.write(partial(settle, code="DT-0001", name="Ba", sold=2))
    await reckon_potential(db, NOW)

    def erase(tx):
        home = of("DT-0001")
        personal.erase(tx, of("DT-0001", "person"), home, ("web", "x"), NOW)

    await db.write(erase)
    assert await scores(db) == {}
