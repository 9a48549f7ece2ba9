"""What is ordered of a household, as the events leave it: its step, what it holds, its line in the ledger."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Connection, bindparam, case, func, null, select, update

from domain import events as facts
from domain.orders import own_number
from storage import ledger, order_news
from storage.goods import stock_by
from storage.ledger import Origin
from storage.schema import household, orders
from storage.upsert import insert_new

PLACED = insert_new(orders)
_THIS_ORDER = update(orders).where(
    orders.c.platform == bindparam("where"), orders.c.number == bindparam("which")
)
STEPPED = _THIS_ORDER.values(state=bindparam("new_state"), changed_at=bindparam("when"))
CONFIRMED = STEPPED.values(
    code=bindparam("receipt"),
    held=bindparam("holds", type_=orders.c.held.type),
    answered_at=func.coalesce(orders.c.answered_at, bindparam("answered")),
)
ENDED = STEPPED.values(
    ended_at=bindparam("when"),
    held=null(),
    doubt=null(),
    cancelled_by=bindparam("who"),
    cancel_reason=bindparam("why"),
    answered_at=func.coalesce(orders.c.answered_at, bindparam("answered")),
)
COMPLETED = STEPPED.values(
    ended_at=bindparam("when"),
    completed_at=func.coalesce(orders.c.completed_at, bindparam("when")),
    doubt=null(),
    code=bindparam("receipt"),
)
RETURNED = STEPPED.values(held=null())
PAID = _THIS_ORDER.values(
    paid_at=case(
        (orders.c.paid_at.is_(None), bindparam("when", type_=orders.c.paid_at.type)),
        else_=orders.c.paid_at,
    )
)
ORDER = select(orders).where(
    orders.c.platform == bindparam("where"), orders.c.number == bindparam("which")
)


def placed(conn: Connection, event: facts.OrderPlaced, _: Origin) -> None:
    """A buyer's order."""
    order = {
        "platform": event.platform,
        "number": event.order,
        "household": event.household,
        "source": event.source,
        "state": "placed",
        "items": event.items,
        "total_vnd": event.total_vnd,
        "placed_at": event.placed_at or event.at,
        "changed_at": event.at,
        "deadline": event.deadline,
        "buyer": event.buyer,
    }
    conn.execute(PLACED, order)
    if event.source == "shop_page":
        order_news.announce(conn, event, "placed")


def _step(event: Any, state: str) -> dict[str, Any]:
    return {"where": event.platform, "which": event.order, "new_state": state, "when": event.at}


def _answered(event: facts.OrderConfirmed | facts.OrderCancelled) -> dict[str, Any]:
    """An answer is the household's own."""
    return {"answered": event.at if event.by == "household" else None}


def confirmed(conn: Connection, event: facts.OrderConfirmed, _: Origin) -> None:
    """It is taken, under a receipt code; what it needs is no longer in the stock."""
    holds = {"receipt": event.code, "holds": event.holds or None}
    conn.execute(CONFIRMED, _step(event, "confirmed") | holds | _answered(event))
    stock_by(conn, event.household, event.holds, -1)


def packed(conn: Connection, event: facts.OrderPacked, _: Origin) -> None:
    """It is ready to be fetched."""
    conn.execute(STEPPED, _step(event, "packed"))


def shipped(conn: Connection, event: facts.OrderShipped, _: Origin) -> None:
    """It is on its way."""
    conn.execute(STEPPED, _step(event, "shipped"))


def cancelled(conn: Connection, event: facts.OrderCancelled, _: Origin) -> None:
    """By whom and why; what was held goes back."""
    why = {"who": event.by, "why": event.reason}
    conn.execute(ENDED, _step(event, "cancelled") | why | _answered(event))
    stock_by(conn, event.household, event.gives, 1)
    if event.by == "buyer" and event.platform == "offline":
        order_news.announce(conn, event, "cancelled")


def expired(conn: Connection, event: facts.OrderExpired, _: Origin) -> None:
    """Nobody answered in time."""
    nobody = {"who": None, "why": None, "answered": None}
    conn.execute(ENDED, _step(event, "expired") | nobody)
    if event.by == "clock":
        order_news.announce(conn, event, "expired")


def completed(conn: Connection, event: facts.OrderCompleted, origin: Origin) -> None:
    """Its line of the ledger has the order's items and buyer."""
    conn.execute(COMPLETED, _step(event, "completed") | {"receipt": event.code})
    row = conn.execute(ORDER, {"where": event.platform, "which": event.order}).one_or_none()
    items = row.items if row else ()
    ledger.add(conn, event, items, row.buyer if row else None, origin)


def matched(conn: Connection, event: facts.OrderMatched, _: Origin) -> None:
    """It is done under the code of the sale that it is."""
    conn.execute(COMPLETED, _step(event, "completed") | {"receipt": event.code})
    ledger.prove(conn, event.household, event.code, event.evidence, event.order)


def paid(conn: Connection, event: facts.OrderPaid, _: Origin) -> None:
    """The money is there; a transaction that stands already says so, too."""
    conn.execute(PAID, {"where": event.platform, "which": event.order, "when": event.at})
    if event.code is not None and event.before is not None:
        ledger.prove(conn, event.household, event.code, event.evidence, event.order)


def returned(conn: Connection, event: facts.OrderReturned, _: Origin) -> None:
    """The goods are back, the line of the ledger is struck for good."""
    conn.execute(RETURNED, _step(event, "returned"))
    stock_by(conn, event.household, event.gives, 1)
    if event.code is not None:
        ledger.take_back(conn, event)


NUMBERED = (
    update(household)
    .where(household.c.id == bindparam("whose"))
    .values(order_count=household.c.order_count + 1)
    .returning(household.c.code, household.c.order_count)
)


def next_number(tx: Connection, whose: UUID) -> str:
    """The number of the household's next own order; its row is locked until the transaction ends."""
    row = tx.execute(NUMBERED, {"whose": whose}).one()
    return own_number(row.code, row.order_count)
