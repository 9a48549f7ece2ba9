"""Figures are what the events give: each event once, whenever it commits and in whatever order."""

from __future__ import annotations

import asyncio
import datetime as dt
from uuid import UUID, uuid4

import pytest
from databases import new_postgres
from sqlalchemy import Table, insert, select, update

from domain.events import (
    Event,
    ProductListed,
    ProductWithdrawn,
    SaleCorrected,
    SaleFigures,
    SaleLogged,
    SaleWithdrawn,
)
from storage import rollups
from storage.database import Database
from storage.follower import follow
from storage.schema import crowd, rollup, rollup_cause, rollup_place
from storage.store import append

AT = dt.datetime(2026, 11, 21, 8, 0, tzinfo=dt.UTC)
HOME = UUID(int=7)


def sale(total: int = 500_000, province: str = "82", home: UUID = HOME) -> SaleLogged:
    return SaleLogged(
        id=uuid4(),
        at=AT,
        household=home,
        province=province,
        commune="30226",
        code=uuid4().hex[:6],
        items=(),
        total_vnd=total,
        date=AT.date(),
        platform="postmart",
    )


def struck(one: SaleLogged) -> SaleWithdrawn:
    return SaleWithdrawn(
        id=uuid4(),
        at=AT,
        household=HOME,
        province=one.province,
        commune=one.commune,
        code=one.code,
        total_vnd=-one.total_vnd,
        date=one.date,
        platform=one.platform,
        evidence=one.evidence,
    )


async def add(db: Database, *events: Event) -> None:
    await db.write(lambda tx: append(tx, events))


async def advance(db: Database, limit: int = rollups.BATCH) -> int:
    return await db.write(lambda tx: rollups.advance(tx, limit))


async def figure(db: Database, indicator: str = "value") -> int:
    rows = await db.read(lambda c: c.execute(select(rollup.c.indicator, rollup.c.amount)).all())
    return sum(amount for name, amount in rows if name == indicator)


async def test_each_event_counts_once(db):
    await add(db, sale(), sale(300_000, "46"), sale(0))
    assert await advance(db, 2) == 2
    assert await advance(db, 2) == 1
    assert await advance(db) == 0
    assert (await figure(db), await figure(db, "transactions")) == (800_000, 3)


async def test_a_sale_struck_out_leaves_no_trace_in_the_sums(db):
    one = sale()
    await add(db, one, struck(one))
    await advance(db)
    assert (await figure(db), await figure(db, "transactions")) == (0, 0)
    assert await db.read(rollups.rebuild_check) == []


async def test_a_round_that_fails_is_as_if_it_had_not_begun(db):
    await add(db, sale())

    def half(tx):
        rollups.advance(tx)
        raise LookupError

    with pytest.raises(LookupError):
        await db.write(half)
    assert (await figure(db), await db.read(rollups.behind)) == (0, 1)
    assert await advance(db) == 1
    assert await figure(db) == 500_000


async def test_rounds_at_the_same_time_count_nothing_twice(db):
    await add(db, *(sale() for _ in range(40)))
    await asyncio.gather(*(advance(db, 3) for _ in range(20)))
    assert await figure(db) == 40 * 500_000


async def kept(db: Database, table: Table, *names: str) -> set[tuple[object, ...]]:
    columns = [table.c[name] for name in names]
    return set(map(tuple, await db.read(lambda c: c.execute(select(*columns)).all())))


async def test_a_correction_touches_a_row_once_and_is_named_as_the_cause(db):
    one = sale()
    more = SaleCorrected(
        **one.model_dump(include={"household", "province", "commune", "code", "date", "platform"}),
        id=uuid4(),
        at=AT,
        items=(),
        total_vnd=700_000,
        before=SaleFigures(
            **one.model_dump(include={"total_vnd", "date", "platform", "evidence"}),
            province="82",
            commune="30226",
        ),
    )
    await add(db, one, more)
    await advance(db)
    assert await kept(db, rollup_cause, "indicator", "cause", "amount", "events") == {
        ("transactions", "sale_logged", 1, 1),
        ("value", "sale_logged", 500_000, 1),
        ("transactions", "sale_corrected", 0, 1),
        ("value", "sale_corrected", 200_000, 1),
    }


async def test_by_province_a_sale_is_in_both_sets_where_its_commune_lay(db):
    await add(db, sale(), sale(province="63/87"))
    await advance(db)
    places = await kept(db, rollup_place, "province", "old_province", "indicator", "amount")
    assert {place for place in places if place[2] == "value"} == {
        ("82", "87", "value", 500_000),
        ("63/87", "87", "value", 500_000),
    }


def listed(home: int, month: int, kind: type[ProductListed | ProductWithdrawn]) -> Event:
    at = dt.datetime(2026, month, 2, tzinfo=dt.UTC)
    offer = {"product": "mật ong", "unit_price_vnd": 1} if kind is ProductListed else {}
    return kind(
        id=uuid4(),
        at=at,
        household=UUID(int=home),
        province="82",
        commune="30226",
        code="KX42",
        ocop_stars=4,
        platform="voso",
        **offer,
    )


@pytest.mark.parametrize("limit", [1, 3, 100])
async def test_a_crowd_is_who_sold_in_the_month_and_who_has_something_at_its_end(db, limit):
    one = sale(home=UUID(int=1))
    events = [
        listed(1, 6, ProductListed),
        listed(2, 8, ProductListed),
        listed(3, 3, ProductListed),  # said late
        listed(1, 9, ProductWithdrawn),
        listed(1, 9, ProductListed),
        listed(2, 10, ProductWithdrawn),
        one,
        sale(home=UUID(int=2)),
        sale(home=UUID(int=2)),
        struck(one).model_copy(update={"household": UUID(int=1)}),
    ]
    await add(db, *events)
    while await advance(db, limit):
        pass
    crowds = await kept(db, crowd, "kind", "month", "step", "households")
    assert {row for row in crowds if row[2]} == {
        ("products", "2026-03", 1, 1),
        ("products", "2026-06", 1, 2),
        ("products", "2026-08", 1, 3),
        ("products", "2026-10", -1, 2),
        ("sold", "2026-11", 1, 1),
    }
    assert await db.read(rollups.rebuild_check) == []


@pytest.fixture
async def pg(postgres):
    opened = await Database.open(await new_postgres(postgres))
    yield opened
    await opened.close()


async def test_an_event_that_commits_late_is_not_passed_over(pg):
    """An earlier position can become visible after a later one."""
    async with pg._engine.begin() as late:
        await late.run_sync(lambda tx: append(tx, [sale(1)]))
        await add(pg, sale(20, home=UUID(int=8)))
        assert await advance(pg) == 0  # not beyond the one that still runs
        assert await pg.read(rollups.behind) == 1
    assert await advance(pg) == 2
    assert await figure(pg) == 21


async def test_a_check_names_the_figure_that_is_wrong(db):
    await add(db, sale(), sale())
    await advance(db)
    wrong = update(rollup).where(rollup.c.indicator == "value").values(amount=1)
    await db.write(lambda tx: tx.execute(wrong))
    (one,) = await db.read(rollups.rebuild_check)
    assert (one.rollup, one.kept, one.counted) == ("rollup", (1,), (1_000_000,))
    assert "value" in one.key


async def test_a_check_names_a_figure_that_no_event_gives(db):
    await add(db, sale())
    await advance(db)
    row = await db.read(lambda c: dict(c.execute(select(rollup)).mappings().first()))
    made_up = row | {"month": "1999-01", "amount": 3}
    await db.write(lambda tx: tx.execute(insert(rollup), made_up))
    (one,) = await db.read(rollups.rebuild_check)
    assert (one.key[0], one.kept, one.counted) == ("1999-01", (3,), (0,))


async def test_counting_again_puts_wrong_figures_right_and_goes_on_from_there(db):
    await add(db, sale(), sale())
    await advance(db)
    await db.write(lambda tx: tx.execute(update(rollup).values(amount=1)))
    await add(db, sale())
    await db.write(rollups.rebuild)
    assert await db.read(rollups.rebuild_check) == []
    await advance(db)
    assert await figure(db) == 1_500_000
    assert await db.read(rollups.rebuild_check) == []


async def test_figures_follow_a_commit_by_themselves(db):
    following = asyncio.create_task(follow(db))
    for total in (500_000, 1_000_000):
        await add(db, sale())
        async with asyncio.timeout(60):
            while await figure(db) != total:  # noqa: ASYNC110 the database tells nobody
                await asyncio.sleep(0.02)
    following.cancel()
    await asyncio.gather(following, return_exceptions=True)
    assert not db.commits


async def test_a_commit_at_the_moment_of_the_end_does_not_keep_it_going(db):
    for _ in range(5):
        following = asyncio.create_task(follow(db))
        while not db.commits:  # noqa: ASYNC110 it begins at once
            await asyncio.sleep(0)
        await asyncio.sleep(0.05)
        for told in db.commits:
            told()
        following.cancel()
        await asyncio.wait({following}, timeout=60)
        assert following.cancelled()
