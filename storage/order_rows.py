"""What stands with an order and in no event: its shop, its buyer, what is in doubt, what has to be told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, delete, func, update

from domain.household import Order
from storage.schema import order_news, orders
from storage.upsert import insert_new, upsert

_WHICH = (orders.c.platform == bindparam("where"), orders.c.number == bindparam("which"))

KEPT_APART = upsert(
    orders, ("state", "changed_at", "completed_at", "cancelled_by", "paid_at", "cancel_reason")
)
DETAILED = (
    update(orders)
    .where(*_WHICH)
    .values(
        shop=func.coalesce(orders.c.shop, bindparam("new_shop", type_=orders.c.shop.type)),
        buyer_name=bindparam("name"),
        buyer_phone=bindparam("phone"),
        destination=bindparam("to"),
        completed_at=bindparam("done"),
        doubt=bindparam("maybe", type_=orders.c.doubt.type),
        cancel_reason=func.coalesce(
            bindparam("why", type_=orders.c.cancel_reason.type), orders.c.cancel_reason
        ),
    )
)
TAKEN_OUT = delete(orders).where(*_WHICH, orders.c.household.is_(None))
NEWS = insert_new(order_news)


@dataclass(frozen=True, slots=True)
class Details:
    """An order as it stands now, and what only its row knows."""

    order: Order
    shop: str | None = None
    reason: str | None = None


def keep_apart(tx: Connection, kept: Sequence[Details]) -> None:
    """Orders of shops that nobody linked: they are no facts of a household yet."""
    rows = [
        {
            "platform": one.order.platform,
            "number": one.order.number,
            "shop": one.shop,
            "state": one.order.state,
            "items": one.order.items,
            "total_vnd": one.order.total_vnd,
            "placed_at": one.order.placed_at,
            "changed_at": one.order.changed_at,
            "completed_at": one.order.completed_at,
            "paid_at": one.order.paid_at,
            "cancelled_by": one.order.cancelled_by,
            "cancel_reason": one.reason,
            "buyer_name": one.order.buyer_name,
            "buyer_phone": one.order.buyer_phone,
            "destination": one.order.destination,
        }
        for one in kept
    ]
    if rows:
        tx.execute(KEPT_APART, rows)


def take_out(tx: Connection, kept: Sequence[Order]) -> None:
    """No longer kept apart: their household is known, they come in as its own."""
    if kept:
        tx.execute(TAKEN_OUT, [{"where": o.platform, "which": o.number} for o in kept])


def detail(tx: Connection, details: Sequence[Details]) -> None:
    """Write down what no event says."""
    rows = [
        {
            "where": one.order.platform,
            "which": one.order.number,
            "new_shop": one.shop,
            "name": one.order.buyer_name,
            "phone": one.order.buyer_phone,
            "to": one.order.destination,
            "done": one.order.completed_at,
            "maybe": one.order.doubt or None,
            "why": one.reason,
        }
        for one in details
    ]
    if rows:
        tx.execute(DETAILED, rows)


def announce(tx: Connection, news: Sequence[tuple[Order, str]], due: dt.datetime) -> None:
    """What the household is to be told of its orders, each kind once."""
    rows = [
        {
            "platform": order.platform,
            "number": order.number,
            "kind": kind,
            "household": order.household,
            "due_at": due,
        }
        for order, kind in news
    ]
    if rows:
        tx.execute(NEWS, rows)
