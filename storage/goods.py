"""What a household offers, as the events leave it."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    and_,
    bindparam,
    func,
    literal,
    select,
    update,
)

from domain import events as facts
from domain.facts import Standing
from domain.fold import fold
from domain.indicators import OFFLINE
from storage.ledger import Origin
from storage.schema import household, listing, product, shop
from storage.upsert import upsert


def or_kept(column: Column[Any]) -> ColumnElement[Any]:
    """The new value, or what stands there when there is none."""
    return func.coalesce(bindparam(f"new_{column.name}", type_=column.type), column)


# Goods

LISTED = upsert(
    product,
    ("name", "code", "unit", "unit_price_vnd", "stock", "stars", "group", "used_at", "evidence"),
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
        evidence=bindparam("new_evidence"),
        group=or_kept(product.c.group),
    )
)
PICTURED = (
    update(product)
    .where(product.c.household == bindparam("whose"), product.c.code == bindparam("which"))
    .values(photo=bindparam("new_photo"))
)

FIRST = (
    update(household)
    .where(household.c.id == bindparam("whose"), household.c.first_listed_at.is_(None))
    .values(first_listed_at=bindparam("when"))
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
        "evidence": event.evidence,
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
    conn.execute(FIRST, {"whose": event.household, "when": event.at})


def changed(conn: Connection, event: facts.ProductChanged, _: Origin) -> None:
    """What was said of it anew; stars may go."""
    values = {
        "whose": event.household,
        "which": event.code,
        "new_unit_price_vnd": event.unit_price_vnd,
        "new_unit": event.unit,
        "new_stock": event.stock,
        "new_stars": event.ocop_stars,
        "new_evidence": event.evidence,
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


# Stock

IN_STOCK = select(product.c.stock).where(
    product.c.household == bindparam("whose"), product.c.code == bindparam("which")
)
STOCKED = (
    update(product)
    .where(product.c.household == bindparam("whose"), product.c.code == bindparam("which"))
    .values(stock=bindparam("new_stock"))
)


def stock_by(conn: Connection, whose: UUID | None, parts: Iterable[facts.Held], sign: int) -> None:
    """Less or more of these products; of one whose stock is not known nothing is counted."""
    for part in parts:
        where = {"whose": whose, "which": part.code}
        stock: Decimal | None = conn.execute(IN_STOCK, where).scalar()
        if stock is not None:
            left = max(stock + sign * part.quantity, Decimal())
            conn.execute(STOCKED, where | {"new_stock": left})


# What goes with a household that moves

_ON_PLATFORMS = (
    select(literal("products"), listing.c.platform, product.c.evidence, func.count())
    .join(
        product,
        and_(product.c.household == listing.c.household, product.c.code == listing.c.code),
    )
    .where(
        listing.c.household == bindparam("whose"),
        listing.c.withdrawn_at.is_(None),
        product.c.stars.is_not(None),
    )
    .group_by(listing.c.platform, product.c.evidence)
)
_SHOPS = (
    select(literal("accounts"), shop.c.platform, literal("said"), func.count())
    .where(shop.c.household == bindparam("whose"))
    .group_by(shop.c.platform)
)


def standing(conn: Connection, whose: UUID | None) -> tuple[Standing, ...]:
    """How many OCOP products it has on each platform, by what stands behind them, and how many shops."""
    rows = [*conn.execute(_ON_PLATFORMS, {"whose": whose}), *conn.execute(_SHOPS, {"whose": whose})]
    return tuple(
        Standing(indicator=indicator, platform=platform, evidence=evidence, count=count)
        for indicator, platform, evidence, count in sorted(rows)
        if platform != OFFLINE
    )
