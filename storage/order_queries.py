"""What a conversation asks about orders beyond those that wait for their household."""

from __future__ import annotations

from typing import Protocol
from uuid import UUID

from sqlalchemy import Connection, bindparam, func

from bot.dialogue.queries import (
    DoubtfulOrder,
    NextOrderNumber,
    OrdersInDoubt,
    OrdersNumbered,
    RemindersLeft,
)
from domain.household import Order
from storage import order_news
from storage.orders import next_number
from storage.picture import ENTRIES_WITH_BUYERS, ORDERS_WITH_BUYERS, entry_of, order_of
from storage.schema import entry, orders

MOST = 50  # orders that are looked at for one message


class Asker(Protocol):
    """Who asks."""

    @property
    def household(self) -> UUID | None: ...


_MINE = orders.c.household == bindparam("whose")
NUMBERED = (
    ORDERS_WITH_BUYERS.where(
        _MINE, func.lower(orders.c.number).like(bindparam("pattern"), escape="\\")
    )
    .order_by(orders.c.placed_at.desc())
    .limit(MOST)
)
IN_DOUBT = (
    ORDERS_WITH_BUYERS.where(_MINE, orders.c.doubt.is_not(None))
    .order_by(orders.c.completed_at, orders.c.number)
    .limit(MOST)
)
SALES = ENTRIES_WITH_BUYERS.where(
    entry.c.household == bindparam("whose"),
    entry.c.code.in_(bindparam("codes", expanding=True)),
    entry.c.struck_at.is_(None),
    entry.c.order.is_(None),
).order_by(entry.c.date, entry.c.code)


def numbered(tx: Connection, query: OrdersNumbered, asker: Asker) -> tuple[Order, ...]:
    """The newest first."""
    said = query.said.lower()
    for sign in "\\%_":
        said = said.replace(sign, f"\\{sign}")
    found = tx.execute(NUMBERED, {"whose": asker.household, "pattern": f"%{said}"})
    return tuple(order_of(row) for row in found)


def in_doubt(tx: Connection, _: OrdersInDoubt, asker: Asker) -> tuple[DoubtfulOrder, ...]:
    """The oldest first, each with the sales that are still nobody else's."""
    found = [order_of(row) for row in tx.execute(IN_DOUBT, {"whose": asker.household})]
    return tuple(_doubtful(tx, order, asker) for order in found)


def _doubtful(tx: Connection, order: Order, asker: Asker) -> DoubtfulOrder:
    rows = tx.execute(SALES, {"whose": asker.household, "codes": list(order.doubt)})
    return DoubtfulOrder(order, tuple(entry_of(row) for row in rows))


def reminders_left(tx: Connection, query: RemindersLeft, _: Asker) -> int:
    """None when it was reminded of as often as may be."""
    return len(order_news.left(tx, query.platform, query.number))


def next_own(tx: Connection, _: NextOrderNumber, asker: Asker) -> str:
    """The household's row is locked already."""
    assert asker.household is not None
    return next_number(tx, asker.household)
