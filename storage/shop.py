"""A household's shop page as it is stored: shown only while somebody of the household says yes to it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, bindparam, exists, select

from bot.language.vocabulary import units
from domain.shop import Good, Shop
from storage.schema import consent, household, listing, person, photo, product

MOST_GOODS = 60  # on one page, what was touched last first

SHOWN = (
    select(household, person.c.name.label("seller"), person.c.you, person.c.phone)
    .join_from(household, person, person.c.household == household.c.id)
    .join(consent, consent.c.person == person.c.id)
    .where(
        household.c.code == bindparam("which"),
        household.c.erased_at.is_(None),
        consent.c.purpose == "public",
        consent.c.scope == "",
        consent.c.withdrawn_at.is_(None),
    )
    .order_by(consent.c.given_at, person.c.id)
    .limit(1)
)
_listed = exists().where(
    listing.c.household == product.c.household,
    listing.c.code == product.c.code,
    listing.c.withdrawn_at.is_(None),
)
GOODS = (
    select(product)
    .where(product.c.household == bindparam("whose"), product.c.unit_price_vnd.is_not(None))
    .where(_listed)
    .order_by(product.c.used_at.desc(), product.c.key)
    .limit(MOST_GOODS)
)
JPEG = select(photo.c.jpeg).where(
    photo.c.household == bindparam("whose"), photo.c.id == bindparam("which")
)


def shop_of(conn: Connection, code: str) -> Shop | None:
    """The page of the household with this code; None when there is none or nobody agreed to it."""
    row = conn.execute(SHOWN, {"which": code}).one_or_none()
    if row is None:
        return None
    return Shop(
        household=row.id,
        code=row.code,
        province=row.province,
        commune=row.commune,
        seller=_called(row),
        phone=row.phone,
        goods=tuple(_good(r) for r in conn.execute(GOODS, {"whose": row.id})),
    )


def _called(row: Row[Any]) -> str | None:
    """As others call the person who agreed: `cô Ba`."""
    return " ".join(word for word in (row.you, row.seller) if word) if row.seller else None


def _good(row: Row[Any]) -> Good:
    unit = units().get(row.unit or "")
    return Good(
        code=row.code,
        name=row.name,
        unit=row.unit,
        unit_price_vnd=row.unit_price_vnd,
        stock=row.stock,
        stars=row.stars,
        photo=row.photo,
        weighed=unit is not None and unit.family in ("weight", "volume"),
    )


def photo_of(conn: Connection, shop: Shop, which: UUID) -> bytes | None:
    """The JPEG of one of its products."""
    values = {"whose": shop.household, "which": which}
    return conn.execute(JPEG, values).scalar_one_or_none()
