"""How households answered orders: from placing to their yes or no, by where they live."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, bindparam, select

from domain.indicators import month_of
from storage.schema import household, orders
from storage.types import Seconds

DELAY = Seconds(orders.c.placed_at, orders.c.answered_at)
ASKED = (
    select(
        household.c.province,
        household.c.commune,
        household.c.id,
        orders.c.state,
        orders.c.placed_at,
        orders.c.answered_at,
    )
    .join_from(orders, household, household.c.id == orders.c.household)
    .where(
        orders.c.deadline.is_not(None),
        orders.c.placed_at >= bindparam("start"),
        orders.c.placed_at < bindparam("end"),
    )
)


@dataclass(frozen=True, slots=True)
class Answer:
    """One order that had a deadline; `after` is None when the household did not answer."""

    province: str
    commune: str
    household: UUID
    month: str  # YYYY-MM in which it was placed
    expired: bool
    after: dt.timedelta | None


def answers(conn: Connection, start: dt.datetime, end: dt.datetime) -> Iterator[Answer]:
    """Every order placed from the one moment until before the other, that waited for an answer."""
    for row in conn.execute(ASKED, {"start": start, "end": end}):
        after = row.answered_at - row.placed_at if row.answered_at else None
        month, expired = month_of(row.placed_at), row.state == "expired"
        yield Answer(row.province, row.commune, row.id, month, expired, after)
