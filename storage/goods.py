"""What a household offers, and what is ordered of it, as the events leave it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, bindparam, func, select, update

from domain import events as facts
from domain.fold import fold
from storage import ledger
from storage.ledger import Origin
from storage.schema import listing, orders, product
from storage.upsert import insert_new, upsert


def or_kept(column: Column[Any]) -> ColumnElement[Any]:
    """The new value, or what stands there when there is none."""
    return func.coalesce(bindparam(f"new_{column.name}", type_=column.type), column)


# Goods

LISTED = upsert(
    product, ("name", "code", "unit", "unit_price_vnd", "stock", "stars", "group", "used_at")
)
ON_PLATFORM = upsert(listing, ("listed_at", "withdrawn_at"))
OFF_PLATFORM = (
    update(listing)
    .where(listing.c.household == bindparam("whose"), listing.c.code == bindparam("which"))
    .where(listing.c.platform == bindparam("where"))
    .values(withdrawn_at=bindparam("when"))
)
CHANGED = (
    update(product)
    .where(product.c.household == bindparam("whose"), product.c.code == bindparam("which"))
    .values(
        unit_price_vnd=or_kept(product.c.unit_price_vnd),
        unit=or_kept(product.c.unit),
        stock=or_kept(product.c.stock),
        stars=bindparam("new_stars"),
        group=or_kept(product.c.group),
    )
)
PICTURED = (
    update(product)
    .where(product.c.household == bindparam("whose"), product.c.code == bindparam("which"))
    .values(photo=bindparam("new_photo"))
)


def listed(conn: Connection, event: facts.ProductListed, _: Origin) -> None:
    """A product on one platform."""
    goods = {
        "household": event.household,
        "key": fold(event.product),
        "name": event.product,
        "code": event.code,
        "unit": event.unit,
        "unit_price_vnd": event.unit_price_vnd,
        "stock": event.stock,
        "stars": event.ocop_stars,
        "group": event.group,
        "used_at": event.at,
    }
    conn.execute(LISTED, goods)
    place = {
        "household": event.household,
        "code": event.code,
        "platform": event.platform,
        "listed_at": event.at,
        "withdrawn_at": None,
    }
    conn.execute(ON_PLATFORM, place)


def changed(conn: Connection, event: facts.ProductChanged, _: Origin) -> None:
    """What was said of it anew; stars may go."""
    values = {
        "whose": event.household,
        "which": event.code,
        "new_unit_price_vnd": event.unit_price_vnd,
        "new_unit": event.unit,
        "new_stock": event.stock,
        "new_stars": event.ocop_stars,
        "new_group": event.group,
    }
    conn.execute(CHANGED, values)


def pictured(conn: Connection, event: facts.ProductPhotoAdded, _: Origin) -> None:
    """Its picture."""
    values = {"whose": event.household, "which": event.code, "new_photo": event.photo}
    conn.execute(PICTURED, values)


def withdrawn(conn: Connection, event: facts.ProductWithdrawn, _: Origin) -> None:
    """Off one platform."""
    values = {
        "whose": event.household,
        "which": event.code,
        "where": event.platform,
        "when": event.at,
    }
    conn.execute(OFF_PLATFORM, values)


# Orders

PLACED = insert_new(orders)
_THIS_ORDER = update(orders).where(
    orders.c.platform == bindparam("where"), orders.c.number == bindparam("which")
)
STEPPED = _THIS_ORDER.values(state=bindparam("new_state"), changed_at=bindparam("when"))
CONFIRMED = STEPPED.values(code=bindparam("receipt"))
CANCELLED = STEPPED.values(cancelled_by=bindparam("who"))
ORDER = select(orders).where(
    orders.c.platform == bindparam("where"), orders.c.number == bindparam("which")
)


def placed(conn: Connection, event: facts.OrderPlaced, _: Origin) -> None:
    """A buyer's order."""
    order = {
        "platform": event.platform,
        "number": event.order,
        "household": event.household,
        "state": "placed",
        "items": event.items,
        "total_vnd": event.total_vnd,
        "placed_at": event.at,
        "changed_at": event.at,
        "deadline": event.deadline,
        "buyer": event.buyer,
    }
    conn.execute(PLACED, order)


def _step(event: Any, state: str) -> dict[str, Any]:
    return {"where": event.platform, "which": event.order, "new_state": state, "when": event.at}


def confirmed(conn: Connection, event: facts.OrderConfirmed, _: Origin) -> None:
    """The household takes it, under a receipt code."""
    conn.execute(CONFIRMED, _step(event, "confirmed") | {"receipt": event.code})


def shipped(conn: Connection, event: facts.OrderShipped, _: Origin) -> None:
    """It is on its way."""
    conn.execute(STEPPED, _step(event, "shipped"))


def cancelled(conn: Connection, event: facts.OrderCancelled, _: Origin) -> None:
    """By whom it was cancelled."""
    conn.execute(CANCELLED, _step(event, "cancelled") | {"who": event.by})


def completed(conn: Connection, event: facts.OrderCompleted, origin: Origin) -> None:
    """Its line of the ledger has the order's items and buyer."""
    conn.execute(CONFIRMED, _step(event, "completed") | {"receipt": event.code})
    row = conn.execute(ORDER, {"where": event.platform, "which": event.order}).one_or_none()
    items = row.items if row else ()
    ledger.add(conn, event, items, row.buyer if row else None, origin)
