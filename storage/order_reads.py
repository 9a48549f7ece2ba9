"""What has to be known to take in many orders at once: a bounded number of looks, however many they are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, and_, bindparam, null, select, text

from domain.household import Order
from domain.order_seller import Seller
from domain.orders import NEAR
from storage.picture import ORDERS_WITH_BUYERS, entry_of, order_of, product_of
from storage.schema import entry, household, orders, product, shop

Number = tuple[str, str]  # platform, number of the order
ShopName = tuple[str, str]  # platform, reference of the shop

ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(418251)")
_PLATFORMS: Any = bindparam("platforms", expanding=True)
_WHOSE: Any = bindparam("whose", expanding=True)
_CODES: Any = bindparam("codes", expanding=True)

OWNERS = select(shop.c.platform, shop.c.shop, shop.c.household).where(
    shop.c.platform.in_(_PLATFORMS), shop.c.shop.in_(bindparam("names", expanding=True))
)
BY_CODE = select(household.c.code, household.c.id).where(household.c.code.in_(_CODES))
LOCKED = (
    select(household)
    .where(household.c.id.in_(_WHOSE), household.c.erased_at.is_(None))
    .order_by(household.c.id)
    .with_for_update()
)
_NUMBERS: Any = bindparam("numbers", expanding=True)
HOLDERS = select(orders.c.household).where(
    orders.c.platform.in_(_PLATFORMS), orders.c.number.in_(_NUMBERS)
)
KNOWN = ORDERS_WITH_BUYERS.where(orders.c.platform.in_(_PLATFORMS), orders.c.number.in_(_NUMBERS))
OF_SHOP = ORDERS_WITH_BUYERS.where(
    orders.c.platform == bindparam("where"),
    orders.c.shop == bindparam("name"),
    orders.c.household.is_(None),
).order_by(orders.c.placed_at)
STOCKED = select(product).where(
    product.c.household.in_(_WHOSE), product.c.code.is_not(None), product.c.stock.is_not(None)
)
LINES = (
    select(entry, null().label("buyer_name"))
    .join(orders, and_(orders.c.household == entry.c.household, orders.c.code == entry.c.code))
    .where(orders.c.platform.in_(_PLATFORMS), orders.c.number.in_(_NUMBERS))
)
MAYBE = select(entry, null().label("buyer_name")).where(
    entry.c.household.in_(_WHOSE),
    entry.c.total_vnd.in_(bindparam("totals", expanding=True)),
    entry.c.order.is_(None),
    entry.c.struck_at.is_(None),
    entry.c.date.between(bindparam("start"), bindparam("end")),
)


def one_at_a_time(tx: Connection) -> None:
    """Until the transaction ends nobody else takes in orders: each must see those before it."""
    if tx.dialect.name == "postgresql":
        tx.execute(ONE_AT_A_TIME)


def owners(tx: Connection, shops: set[ShopName]) -> dict[ShopName, UUID]:
    """Whose the shops are; one that nobody linked is left out."""
    asked = {"platforms": [p for p, _ in shops], "names": [name for _, name in shops]}
    found = tx.execute(OWNERS, asked) if shops else ()
    return {(row.platform, row.shop): row.household for row in found}


def by_code(tx: Connection, codes: set[str]) -> dict[str, UUID]:
    """The households of these codes."""
    found = tx.execute(BY_CODE, {"codes": sorted(codes)}) if codes else ()
    return {row.code: row.id for row in found}


def holders(tx: Connection, numbers: Sequence[Number]) -> set[UUID]:
    """The households whose orders these are already."""
    rows = tx.execute(HOLDERS, _asked(numbers))
    return {row.household for row in rows if row.household is not None}


def sellers(tx: Connection, ids: Iterable[UUID]) -> dict[UUID, Seller]:
    """The households, their rows locked in one order, with the stock of what they have listed."""
    whose = {"whose": sorted(set(ids))}
    if not whose["whose"]:
        return {}
    found = {
        row.id: Seller(row.id, row.code, row.province, row.commune, row.sample, row.codes)
        for row in tx.execute(LOCKED, whose)
    }
    for row in tx.execute(STOCKED, whose):
        if row.household in found:
            found[row.household].products[row.code] = product_of(row, ())
    return found


def known(tx: Connection, numbers: Sequence[Number]) -> dict[Number, Order]:
    """The orders that are known of these."""
    asked = set(numbers)
    rows = [order_of(row) for row in tx.execute(KNOWN, _asked(numbers))]
    return {(o.platform, o.number): o for o in rows if (o.platform, o.number) in asked}


def _asked(numbers: Sequence[Number]) -> dict[str, Any]:
    return {
        "platforms": sorted({platform for platform, _ in numbers}),
        "numbers": [number for _, number in numbers],
    }


def unassigned(tx: Connection, platform: str, name: str) -> list[Order]:
    """The orders of a shop that were kept apart until somebody links it, the oldest first."""
    values = {"where": platform, "name": name}
    return [order_of(row) for row in tx.execute(OF_SHOP, values)]


def learn_sales(
    tx: Connection,
    whose: dict[UUID, Seller],
    totals: set[int],
    days: tuple[dt.date, dt.date],
    numbers: Sequence[Number],
) -> None:
    """The lines that these orders are already, and the logged sales of these sums near those days."""
    asked = {
        "whose": sorted(whose),
        "totals": sorted(totals),
        "start": days[0] - NEAR,
        "end": days[1] + NEAR,
    }
    found = [*tx.execute(MAYBE, asked)] if whose else []
    found += tx.execute(LINES, _asked(numbers))
    for row in found:
        if row.household in whose:
            whose[row.household].entries[row.code] = entry_of(row)
