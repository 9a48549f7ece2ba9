"""What changed with support: measured once, when 30 and 90 days are over, beside similar households."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Delete, Row, and_, delete, exists, func, insert, or_, select

from domain.household import ZONE
from domain.roles import COUNTRY, Role
from domain.support import AFTER, MEASURES, Change, Figures, Span, changes
from storage.areas import counted_by, seen_by
from storage.database import Database
from storage.schema import (
    entry,
    household,
    listing,
    orders,
    person,
    support,
    support_change,
    support_peer,
)
from storage.supports import Supporter
from storage.worker_lists import Listed, listed

PAGE = 20  # supports
BATCH = 20  # measured in one transaction

NEW = insert(support_change)
_gone = ~exists().where(support.c.id == support_change.c.support)
_left = ~exists().where(support.c.id == support_peer.c.support)
FORGOTTEN = delete(support_change).where(_gone), delete(support_peer).where(_left)
"""What is left of the support of a household that had itself erased."""
Days = tuple[dt.date, dt.date]  # the first, and the one after the last


@dataclass(frozen=True, slots=True)
class Measured:
    """What changed after so many days; `peers` similar households were looked at."""

    days: int
    peers: int
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Supported:
    """A support of a household that may be seen; `ended` is none while it lasts."""

    row: Listed
    by: Supporter
    score: int
    ended: dt.date | None
    measured: tuple[Measured, ...]


@dataclass(frozen=True, slots=True)
class Overview:
    """Supports after so many days; of those `compared` with others, `ahead` gained more than these."""

    days: int
    supports: int
    compared: int
    ahead: int


async def measure_supports(db: Database, now: dt.datetime) -> None:
    """All that is due, in small transactions."""
    while await db.write(partial(_measure, now=now)) == BATCH:
        pass
    for left in FORGOTTEN:
        await db.write(partial(_forget, left=left))


def _forget(tx: Connection, left: Delete) -> None:
    tx.execute(left)


def _measure(tx: Connection, now: dt.datetime) -> int:
    left = BATCH
    for days in AFTER:
        for row in tx.execute(_due(days, now).limit(left)).all():
            _keep(tx, row, days)
            left -= 1
    return BATCH - left


def _due(days: int, now: dt.datetime) -> Any:
    """Supports of so many whole days that were not measured yet."""
    today = dt.datetime.combine(now.astimezone(ZONE).date(), dt.time(), ZONE)
    done = exists().where(support_change.c.support == support.c.id, support_change.c.days == days)
    begun = support.c.began_at < today - dt.timedelta(days=days - 1)
    return select(support).where(begun, ~done).order_by(support.c.began_at, support.c.id)


def _keep(tx: Connection, row: Row[Any], days: int) -> None:
    span = Span(row.began_at.astimezone(ZONE).date(), days)
    peers = _peers(tx, row.id, span)
    of = _both(tx, [row.household, *peers], span)
    found = changes(of[row.household], [of[peer] for peer in peers])
    tx.execute(
        NEW,
        [
            {
                "support": row.id,
                "days": days,
                "measure": change.measure,
                "before": change.before,
                "after": change.after,
                "others": change.others,
                "peers": len(peers),
            }
            for change in found
        ],
    )


def _peers(conn: Connection, which: UUID, span: Span) -> Sequence[UUID]:
    """Those chosen on the first day that nobody supported in that time."""
    start, end = map(_midnight, span.after)
    helped = exists().where(
        support.c.household == support_peer.c.household,
        support.c.began_at < end,
        or_(support.c.ended_at.is_(None), support.c.ended_at >= start),
    )
    asked = select(support_peer.c.household).where(support_peer.c.support == which, ~helped)
    return conn.scalars(asked.order_by(support_peer.c.household)).all()


def _both(
    conn: Connection, homes: Sequence[UUID], span: Span
) -> Mapping[UUID, tuple[Figures, Figures]]:
    before, after = figures(conn, homes, span.before), figures(conn, homes, span.after)
    return {home: (before[home], after[home]) for home in homes}


def figures(conn: Connection, homes: Sequence[UUID], days: Days) -> dict[UUID, Figures]:
    """Each of these households in those days."""
    found = defaultdict[UUID, Figures](Figures)
    for asked in (_sales(homes, days), _listed(homes, days), _answered(homes, days)):
        for row in conn.execute(asked).mappings():
            counts = {name: int(count) for name, count in row.items() if name != "household"}
            found[row["household"]] = replace(found[row["household"]], **counts)
    return {home: found[home] for home in homes}


def _sales(homes: Sequence[UUID], days: Days) -> Any:
    counted = func.count().label("sales"), func.sum(entry.c.total_vnd).label("vnd")
    return (
        select(entry.c.household, *counted)
        .where(
            entry.c.household.in_(homes),
            entry.c.date >= days[0],
            entry.c.date < days[1],
            entry.c.struck_at.is_(None),
        )
        .group_by(entry.c.household)
    )


def _listed(homes: Sequence[UUID], days: Days) -> Any:
    """On platforms when the days were over."""
    end = _midnight(days[1])
    return (
        select(listing.c.household, func.count().label("listed"))
        .where(
            listing.c.household.in_(homes),
            listing.c.listed_at < end,
            or_(listing.c.withdrawn_at.is_(None), listing.c.withdrawn_at >= end),
        )
        .group_by(listing.c.household)
    )


def _answered(homes: Sequence[UUID], days: Days) -> Any:
    return (
        select(orders.c.household, func.count().label("answered"))
        .where(
            orders.c.household.in_(homes),
            orders.c.placed_at >= _midnight(days[0]),
            orders.c.placed_at < _midnight(days[1]),
            and_(orders.c.deadline.is_not(None), orders.c.answered_at.is_not(None)),
        )
        .group_by(orders.c.household)
    )


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), ZONE)


# What is shown


def measured(conn: Connection, supports: Sequence[UUID]) -> dict[UUID, tuple[Measured, ...]]:
    """What was measured of these supports, the fewest days first."""
    rows = conn.execute(select(support_change).where(support_change.c.support.in_(supports))).all()
    of = defaultdict[UUID, dict[int, list[Any]]](lambda: defaultdict(list))
    for row in rows:
        of[row.support][row.days].append(row)
    return {
        which: tuple(_measured(days, some[days]) for days in sorted(some))
        for which, some in of.items()
    }


def _measured(days: int, rows: Sequence[Row[Any]]) -> Measured:
    in_order = sorted(rows, key=lambda row: MEASURES.index(row.measure))
    found = tuple(Change(row.measure, row.before, row.after, row.others) for row in in_order)
    return Measured(days, rows[0].peers, found)


def supports_of(
    conn: Connection, roles: Sequence[Role], area: str = COUNTRY, page: int = 1
) -> tuple[list[Supported], bool]:
    """Supports of households that may be seen, those that last first, and whether there are more."""
    asked = _asked().where(seen_by(roles), counted_by([Role("reader", area)]))
    asked = asked.order_by(support.c.ended_at.is_not(None), support.c.began_at.desc(), support.c.id)
    found = conn.execute(asked.limit(PAGE + 1).offset((page - 1) * PAGE)).all()
    return _supported(conn, roles, found[:PAGE]), len(found) > PAGE


def overview(conn: Connection, roles: Sequence[Role], area: str = COUNTRY) -> list[Overview]:
    """All measured supports of this part of one's own area, by days, in what they sold for."""
    gained = support_change.c.after - support_change.c.before
    counts = (
        func.count().label("supports"),
        func.count(support_change.c.others).label("compared"),
        func.count().filter(gained > support_change.c.others).label("ahead"),
    )
    asked = (
        select(support_change.c.days, *counts)
        .join_from(support_change, support, support.c.id == support_change.c.support)
        .join(household, household.c.id == support.c.household)
        .where(seen_by(roles), counted_by([Role("reader", area)]))
        .where(support_change.c.measure == "vnd")
        .group_by(support_change.c.days)
        .order_by(support_change.c.days)
    )
    return [Overview(**row) for row in conn.execute(asked).mappings()]


def supports_at(conn: Connection, roles: Sequence[Role], code: str) -> list[Supported]:
    """All of one household that may be seen, the newest first."""
    asked = _asked().where(seen_by(roles), household.c.code == code)
    found = conn.execute(asked.order_by(support.c.began_at.desc())).all()
    return _supported(conn, roles, found)


def _asked() -> Any:
    return (
        select(support, household.c.code, person.c.name)
        .join_from(support, household, household.c.id == support.c.household)
        .outerjoin(person, person.c.id == support.c.worker)
    )


def _supported(
    conn: Connection, roles: Sequence[Role], found: Sequence[Row[Any]]
) -> list[Supported]:
    rows = {row.code: row for row in listed(conn, roles, list({one.household for one in found}))}
    changed = measured(conn, [one.id for one in found])
    return [_one(rows[one.code], one, changed.get(one.id, ())) for one in found]


def _one(row: Listed, found: Row[Any], changed: tuple[Measured, ...]) -> Supported:
    since = found.began_at.astimezone(ZONE).date()
    by = Supporter(found.id, found.worker, found.name, since)
    ended = found.ended_at and found.ended_at.astimezone(ZONE).date()
    return Supported(row, by, found.score, ended, changed)
