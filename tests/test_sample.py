"""The sample programme: through the same events, labelled, the same every time, into an empty database only."""

import datetime as dt
from collections import Counter

from sqlalchemy import Engine, func, select
from sqlalchemy.event import listen, remove

from bot.sample import load_sample, sample_homes
from bot.summarise import summarise
from bot.summary import ask
from storage.rollups import advance, rebuild_check
from storage.schema import entry, event, household, orders, person

TODAY = dt.date(2026, 11, 21)


async def loaded(db):
    done = await db.write(lambda tx: load_sample(tx, TODAY))
    while await db.write(advance):
        pass
    return done


async def counted(db, table, *where: object):
    statement = select(func.count()).select_from(table).where(*where)
    return await db.read(lambda conn: conn.execute(statement).scalar_one())


def test_it_is_sixty_households_in_eight_provinces_over_eighteen_months():
    homes = sample_homes(TODAY)
    assert len(homes) == 60
    assert len({home.province for home in homes}) == 8
    months = {f"{event.at:%Y-%m}" for home in homes for event in home.happened}
    assert (len(months), min(months), max(months)) == (18, "2025-06", "2026-11")


def test_the_same_day_gives_the_same_events_and_none_of_them_is_to_come():
    first, second = sample_homes(TODAY), sample_homes(TODAY)
    assert [home.happened for home in first] == [home.happened for home in second]
    assert all(event.at.date() < TODAY for home in first for event in home.happened)
    assert all(event.sample for home in first for event in home.happened)


def test_receipt_codes_of_a_household_are_never_alike():
    for home in sample_homes(TODAY):
        codes = Counter(
            e.code for e in home.happened if e.type in {"sale_logged", "order_confirmed"}
        )
        assert all(times == 1 for times in codes.values())


async def test_it_loads_once_and_only_where_nothing_is(db):
    assert await loaded(db)
    before = await counted(db, event)
    assert not await loaded(db)
    assert await counted(db, event) == before


async def test_households_orders_and_ledgers_are_there_and_say_that_they_are_sample(db):
    await loaded(db)
    assert await counted(db, household, household.c.sample) == 60
    assert await counted(db, person, person.c.name.is_not(None)) == 60
    assert await counted(db, entry) > 500
    states = await db.read(lambda conn: set(conn.scalars(select(orders.c.state).distinct())))
    assert {"placed", "confirmed", "completed", "cancelled"} <= states


async def test_its_figures_are_those_of_its_events_and_are_labelled(db):
    await loaded(db)
    assert await db.read(rebuild_check) == []
    found = await db.read(lambda conn: summarise(conn, ask("2025-06", "2026-11", by=["month"])))
    assert found.sample
    for platform in ("voso", "postmart"):
        assert found.figure("transactions", platform).value
        assert found.figure("products", platform).value
    monthly = [
        f for f in found.figures if f.indicator == "transactions" and f.month and not f.platform
    ]
    assert len(monthly) == 18
    assert all(figure.value for figure in monthly)


async def test_nobody_waits_for_it(db):
    """It asks the database four times an event, a fault that asks for each row again asks far more."""
    asked: list[str] = []

    def heard(_conn: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    listen(Engine, "before_cursor_execute", heard)
    try:
        await loaded(db)
    finally:
        remove(Engine, "before_cursor_execute", heard)
    assert len(asked) < 4 * await counted(db, event)
