"""The figures, kept up with the events: each batch of events and the position reached commit together.

The same deltas are kept by commune, by province, by the kind of event that brought them and by household.

On PostgreSQL only events of transactions older than every running one are taken, in the order of their
transactions, so that one that commits late is never passed over.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import (
    Connection,
    Table,
    Text,
    bindparam,
    case,
    cast,
    delete,
    func,
    literal_column,
    select,
    tuple_,
    update,
)

from domain.events import EVENT, Event
from domain.indicators import COUNTED
from storage import crowds
from storage.bulk import add_rows
from storage.killpoints import passing
from storage.rollup_sums import ROLLUPS, Key, Sums, keys_of, sums_of
from storage.schema import crowd, event, rollup_household, rollup_position

BATCH = 3_000  # events a transaction: a third of a second in which SQLite writes nothing else

POSITION = select(rollup_position)
LOCKED_POSITION = POSITION.with_for_update()
COUNTING = event.c.type.in_(sorted(COUNTED))
BODY = cast(event.c.body, Text).label("body")  # read once, straight into an event
AFTER = (
    select(event.c.xact, event.c.position, case((COUNTING, BODY)).label("body"))
    .where(
        tuple_(event.c.xact, event.c.position)
        > tuple_(bindparam("xact_was"), bindparam("position_was"))
    )
    .order_by(event.c.xact, event.c.position)
    .limit(bindparam("most"))
)
AFTER_AND_SETTLED = AFTER.where(
    event.c.xact < literal_column("(pg_snapshot_xmin(pg_current_snapshot())::text)::bigint")
)
UP_TO = (
    select(BODY)
    .where(
        COUNTING,
        tuple_(event.c.xact, event.c.position)
        <= tuple_(bindparam("xact_was"), bindparam("position_was")),
    )
    .order_by(event.c.xact, event.c.position)
    .execution_options(yield_per=1_000)
)
AMOUNTS = {**ROLLUPS, crowd: crowds.CROWD}
REACHED = update(rollup_position).values(
    xact=bindparam("new_xact"), position=bindparam("new_position"), advanced_at=bindparam("now")
)


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure of the named roll-up that is kept as `kept` and is `counted` when counted again."""

    rollup: str
    key: Key
    kept: tuple[int, ...]
    counted: tuple[int, ...]


def advance(tx: Connection, limit: int = BATCH) -> int:
    """Take the next events into the figures; how many there were."""
    reached = tx.execute(LOCKED_POSITION).one()
    statement = AFTER_AND_SETTLED if tx.dialect.name == "postgresql" else AFTER
    values = {"xact_was": reached.xact, "position_was": reached.position, "most": limit}
    rows = tx.execute(statement, values).all()
    if not rows:
        return 0
    _add(tx, sums_of(_events(row.body for row in rows)))
    passing("mid_rollup")
    last = {
        "new_xact": rows[-1].xact,
        "new_position": rows[-1].position,
        "now": dt.datetime.now(dt.UTC),
    }
    tx.execute(REACHED, last)
    return len(rows)


def reached(conn: Connection) -> tuple[object, ...]:
    """A state of the roll-ups: as long as it is the same, so are they."""
    return tuple(conn.execute(POSITION).one())


def behind(conn: Connection) -> int:
    """How many events the figures do not know yet."""
    reached = conn.execute(POSITION).one()
    later = tuple_(event.c.xact, event.c.position) > tuple_(reached.xact, reached.position)
    return conn.execute(select(func.count()).select_from(event).where(later)).scalar_one()


def rebuild_check(conn: Connection) -> list[Difference]:
    """Where the figures differ from what the events up to the same position give; empty when all is right."""
    counted = _count_again(conn)
    counted[crowd] = {
        key: amounts
        for key, amounts in crowds.crowds_of(counted[rollup_household]).items()
        if _says(crowd, amounts[0])
    }
    return [
        difference
        for table in AMOUNTS
        for difference in _differences(table, _kept(conn, table), counted[table])
    ]


def rebuild(tx: Connection) -> int:
    """Throw the figures away and count all events up to the same position again; how many there are."""
    tx.execute(LOCKED_POSITION)
    sums = _count_again(tx)
    for table in AMOUNTS:
        tx.execute(delete(table))
    _add(tx, sums)
    tx.execute(update(rollup_position).values(advanced_at=dt.datetime.now(dt.UTC)))
    return sum(map(len, sums.values()))


def _differences(
    table: Table, kept: dict[Key, tuple[int, ...]], counted: dict[Key, list[int]]
) -> Iterator[Difference]:
    nothing = (0,) * len(AMOUNTS[table])
    for key in sorted(kept.keys() | counted.keys()):
        was, now = kept.get(key, nothing), tuple(counted.get(key, nothing))
        if was != now:
            yield Difference(table.name, key, was, now)


def _says(table: Table, amount: int) -> bool:
    """Of a crowd, where as many came as went is no row of its own."""
    return table is not crowd or amount != 0


def _kept(conn: Connection, table: Table) -> dict[Key, tuple[int, ...]]:
    wide = len(keys_of(table))
    rows = conn.execute(select(table))
    return {tuple(row[:wide]): tuple(row[wide:]) for row in rows if _says(table, row[wide])}


def _count_again(conn: Connection) -> Sums:
    reached = conn.execute(POSITION).one()
    values = {"xact_was": reached.xact, "position_was": reached.position}
    return sums_of(_events(conn.execute(UP_TO, values).scalars()))


def _events(bodies: Iterable[str | None]) -> Iterator[Event]:
    return (EVENT.validate_json(body) for body in bodies if body is not None)


def _add(tx: Connection, sums: Sums) -> None:
    """In one order for all, so that two processes do not wait for each other."""
    for table, names in ROLLUPS.items():
        if table is not rollup_household:
            amounts = sums[table]
            add_rows(tx, table, names, [(*key, *amounts[key]) for key in sorted(amounts)])
    crowds.add(tx, sums[rollup_household])
