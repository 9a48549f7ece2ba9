"""What buyers left with their orders: the page that only they can open, and when it is all forgotten."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, bindparam, delete, exists, func, insert, or_, select, update

from domain.household import Order
from storage.picture import order_of
from storage.schema import buyer, household, order_link, orders
from storage.tokens import hashed

KEPT = dt.timedelta(days=180)  # after the order's end, or after anything last happened to it
BATCH = 1_000  # orders at a time

NEW_LINK = insert(order_link)
BEHIND = (
    select(
        orders,
        buyer.c.name.label("named"),
        household.c.code.label("shop_code"),
        household.c.province,
        household.c.erased_at,
    )
    .join_from(
        order_link,
        orders,
        (orders.c.platform == order_link.c.platform) & (orders.c.number == order_link.c.number),
    )
    .join(household, household.c.id == orders.c.household)
    .join(
        buyer,
        (buyer.c.household == orders.c.household) & (buyer.c.ref == orders.c.buyer),
        isouter=True,
    )
    .where(order_link.c.hash == bindparam("hash_is"))
)
MADE = exists(select(order_link.c.hash).where(order_link.c.hash == bindparam("hash_is")))
THIS = update(orders).where(
    orders.c.platform == bindparam("where"), orders.c.number == bindparam("which")
)
NAMED = THIS.values(
    buyer_name=bindparam("name"), buyer_phone=bindparam("phone"), destination=bindparam("place")
)
NOTHING = {"buyer": None, "buyer_name": None, "buyer_phone": None, "destination": None}
FORGOTTEN = THIS.values(**NOTHING, buyer_forgotten_at=bindparam("when"))
WAITING = select(func.count()).where(
    orders.c.household == bindparam("whose"),
    orders.c.state == "placed",
    orders.c.buyer_phone == bindparam("phone"),
)
OLD = (
    select(orders.c.platform, orders.c.number)
    .where(
        or_(
            orders.c.buyer_name.is_not(None),
            orders.c.buyer_phone.is_not(None),
            orders.c.destination.is_not(None),
        ),
        func.coalesce(orders.c.ended_at, orders.c.changed_at) < bindparam("before"),
    )
    .limit(BATCH)
)
UNLINKED = delete(order_link).where(
    order_link.c.platform == bindparam("where"), order_link.c.number == bindparam("which")
)


@dataclass(frozen=True, slots=True)
class Bought:
    """An order as its buyer may see it; `gone`: the household has left."""

    order: Order
    household: UUID
    shop: str
    province: str
    answered: bool
    gone: bool


def link(tx: Connection, word: str, form: UUID, order: Order, now: dt.datetime) -> None:
    """The word opens the order's page from now on; the form makes no second order."""
    row = {
        "hash": hashed(word),
        "platform": order.platform,
        "number": order.number,
        "form": form,
        "made_at": now,
    }
    tx.execute(NEW_LINK, row)


def is_linked(conn: Connection, word: str) -> bool:
    """Whether there is an order behind this word."""
    return bool(conn.execute(select(MADE), {"hash_is": hashed(word)}).scalar_one())


def bought(conn: Connection, word: str) -> Bought | None:
    """The order behind this word."""
    row = conn.execute(BEHIND, {"hash_is": hashed(word)}).one_or_none()
    return _bought(row) if row is not None else None


def _bought(row: Row[Any]) -> Bought:
    return Bought(
        order=order_of(row),
        household=row.household,
        shop=row.shop_code,
        province=row.province,
        answered=row.answered_at is not None,
        gone=row.erased_at is not None,
    )


def name(tx: Connection, order: Order) -> None:
    """Keep who bought it, beside the events."""
    values = {"name": order.buyer_name, "phone": order.buyer_phone, "place": order.destination}
    tx.execute(NAMED, _which(order) | values)


def waiting(conn: Connection, whose: UUID, phone: str) -> int:
    """How many orders from this number the household has not answered."""
    values = {"whose": whose, "phone": phone}
    return int(conn.execute(WAITING, values).scalar_one())


def forget(tx: Connection, order: Order, now: dt.datetime) -> None:
    """Name, phone and place of its buyer go; the order stays."""
    tx.execute(FORGOTTEN, _which(order) | {"when": now})


def forget_old(tx: Connection, now: dt.datetime) -> bool:
    """The same for orders of all kinds that ended long ago, and their pages; True when there may be more."""
    found = tx.execute(OLD, {"before": now - KEPT}).all()
    which = [{"where": row.platform, "which": row.number} for row in found]
    if which:
        tx.execute(FORGOTTEN, [one | {"when": now} for one in which])
        tx.execute(UNLINKED, which)
    return len(found) >= BATCH


def _which(order: Order) -> dict[str, Any]:
    return {"where": order.platform, "which": order.number}
