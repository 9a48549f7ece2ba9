"""The potential of households, kept for lists that sort by it: reckoned several times a day, in small steps.

A household's own page reckons it at once. Only households that let workers see them have a score.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, bindparam, delete, select

from domain.potential import Record, score
from domain.roles import COUNTRY, Role
from storage.areas import counted_by, seen_by
from storage.database import Database
from storage.records import Range, records
from storage.schema import household, potential
from storage.upsert import upsert
from storage.worker_lists import Listed, listed

PAGE = 20  # households
BATCH = 500  # households a look
NOBODY = UUID(int=0)

NEXT = (
    select(household.c.id)
    .where(household.c.id > bindparam("after"), household.c.seen, household.c.erased_at.is_(None))
    .order_by(household.c.id)
    .limit(BATCH)
)
KEPT = select(potential).where(potential.c.household.between(bindparam("first"), bindparam("last")))
KEEP = upsert(potential, ("score", "record"))
HIDDEN = delete(potential).where(
    potential.c.household.not_in(
        select(household.c.id).where(household.c.seen, household.c.erased_at.is_(None))
    )
)

Scores = dict[UUID, Record]


@dataclass(frozen=True, slots=True)
class Promising:
    """A household of the list, its id, and what its score rests on."""

    id: UUID
    row: Listed
    record: Record


async def reckon_potential(db: Database, now: dt.datetime) -> None:
    """Every score as it is now; only what has changed is written."""
    last = NOBODY
    while True:
        ids: Sequence[UUID] = await db.read(partial(_next, after=last))
        if not ids:
            break
        changed = await db.read(partial(_changed, those=Range(ids[0], ids[-1]), now=now))
        if changed:
            await db.write(partial(_keep, changed=changed))
        last = ids[-1]
    await db.write(lambda tx: tx.execute(HIDDEN))


def _next(conn: Connection, after: UUID) -> Sequence[UUID]:
    return conn.scalars(NEXT, {"after": after}).all()


def _changed(conn: Connection, those: Range, now: dt.datetime) -> Scores:
    kept = {row.household: row.record for row in conn.execute(KEPT, asdict(those))}
    found = records(conn, those, now)
    return {home: record for home, record in found.items() if kept.get(home) != asdict(record)}


def _keep(tx: Connection, changed: Mapping[UUID, Record]) -> None:
    rows = [
        {"household": home, "score": score(changed[home]), "record": asdict(changed[home])}
        for home in sorted(changed)
    ]
    tx.execute(KEEP, rows)


def most_promising(
    conn: Connection, roles: Sequence[Role], area: str = COUNTRY, page: int = 1, most: int = PAGE
) -> tuple[list[Promising], bool]:
    """Those of this part of one's own area with the highest scores, and whether there are more."""
    asked = (
        select(potential.c.household, potential.c.record)
        .join_from(potential, household, household.c.id == potential.c.household)
        .where(seen_by(roles), counted_by([Role("reader", area)]))
        .order_by(potential.c.score.desc(), potential.c.household.desc())
        .limit(most + 1)
        .offset((page - 1) * most)
    )
    found = conn.execute(asked).all()
    return _named(conn, roles, found[:most]), len(found) > most


def _named(conn: Connection, roles: Sequence[Role], found: Sequence[Any]) -> list[Promising]:
    of = {row.household: Record(**row.record) for row in found}
    by_code = {row.code: row for row in listed(conn, roles, list(of))}
    codes = select(household.c.id, household.c.code).where(household.c.id.in_(of))
    code_of = {row.id: row.code for row in conn.execute(codes)}
    return [Promising(home, by_code[code_of[home]], record) for home, record in of.items()]
