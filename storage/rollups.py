"""The figures, kept up with the events: each batch of events and the position reached commit together.

On PostgreSQL only events of transactions older than every running one are taken, in the order of their
transactions, so that one that commits late is never passed over.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    Connection,
    bindparam,
    delete,
    func,
    literal_column,
    select,
    tuple_,
    update,
)

from domain.events import EVENT, Event
from domain.indicators import RollupKey, deltas
from storage.killpoints import passing
from storage.schema import event, rollup, rollup_position
from storage.upsert import add_up

BATCH = 500  # events a transaction
KEYS = tuple(column.name for column in rollup.primary_key.columns)

POSITION = select(rollup_position)
LOCKED_POSITION = POSITION.with_for_update()
AFTER = (
    select(event.c.xact, event.c.position, event.c.body)
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
    select(event.c.body)
    .where(
        tuple_(event.c.xact, event.c.position)
        <= tuple_(bindparam("xact_was"), bindparam("position_was"))
    )
    .order_by(event.c.xact, event.c.position)
    .execution_options(yield_per=1_000)
)
ADDED = add_up(rollup, ("amount",))
REACHED = update(rollup_position).values(
    xact=bindparam("new_xact"), position=bindparam("new_position"), advanced_at=bindparam("now")
)
STANDING = select(rollup)


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure that is kept as `kept` and is `counted` when the events are counted again."""

    key: RollupKey
    kept: int
    counted: int


def advance(tx: Connection, limit: int = BATCH) -> int:
    """Take the next events into the figures; how many there were."""
    reached = tx.execute(LOCKED_POSITION).one()
    statement = AFTER_AND_SETTLED if tx.dialect.name == "postgresql" else AFTER
    values = {"xact_was": reached.xact, "position_was": reached.position, "most": limit}
    rows = tx.execute(statement, values).all()
    if not rows:
        return 0
    _add(tx, _sums(EVENT.validate_python(row.body) for row in rows))
    passing("mid_rollup")
    last = {
        "new_xact": rows[-1].xact,
        "new_position": rows[-1].position,
        "now": dt.datetime.now(dt.UTC),
    }
    tx.execute(REACHED, last)
    return len(rows)


def behind(conn: Connection) -> int:
    """How many events the figures do not know yet."""
    reached = conn.execute(POSITION).one()
    later = tuple_(event.c.xact, event.c.position) > tuple_(reached.xact, reached.position)
    return conn.execute(select(func.count()).select_from(event).where(later)).scalar_one()


def rebuild_check(conn: Connection) -> list[Difference]:
    """Where the figures differ from what the events up to the same position give; empty when all is right."""
    counted = _count_again(conn)
    kept = {RollupKey(*(row[name] for name in KEYS)): row["amount"] for row in _kept(conn)}
    return [
        Difference(key, kept.get(key, 0), counted.get(key, 0))
        for key in sorted(kept.keys() | counted.keys(), key=_order)
        if kept.get(key, 0) != counted.get(key, 0)
    ]


def rebuild(tx: Connection) -> int:
    """Throw the figures away and count all events up to the same position again; how many there are."""
    tx.execute(LOCKED_POSITION)
    sums = _count_again(tx)
    tx.execute(delete(rollup))
    _add(tx, sums)
    return len(sums)


def _kept(conn: Connection) -> Iterable[Any]:
    return conn.execute(STANDING).mappings()


def _count_again(conn: Connection) -> dict[RollupKey, int]:
    reached = conn.execute(POSITION).one()
    values = {"xact_was": reached.xact, "position_was": reached.position}
    rows = conn.execute(UP_TO, values)
    return _sums(EVENT.validate_python(row.body) for row in rows)


def _sums(events: Iterable[Event]) -> dict[RollupKey, int]:
    sums = defaultdict[RollupKey, int](int)
    for one in events:
        for delta in deltas(one):
            sums[delta.key] += delta.amount
    return sums


def _add(tx: Connection, sums: dict[RollupKey, int]) -> None:
    """In one order for all, so that two processes do not wait for each other."""
    rows = [
        {name: getattr(key, name) for name in KEYS} | {"amount": sums[key]}
        for key in sorted(sums, key=_order)
    ]
    if rows:
        tx.execute(ADDED, rows)


def _order(key: RollupKey) -> tuple[str, ...]:
    return tuple(getattr(key, name) for name in KEYS)
