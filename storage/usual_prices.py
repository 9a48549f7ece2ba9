"""What a product usually costs in a province, so that a price far from it is looked at with its household."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Connection, bindparam, delete, func, select, update

from storage.database import Database
from storage.schema import household, product, usual_price
from storage.standings import FAR_PRICES, OFFERED
from storage.upsert import upsert

ENOUGH = 5  # households that offer a product, before a price of it is called usual
BATCH = 500  # rows a transaction

T = TypeVar("T")
Price = tuple[str, str, str, int, int]  # province, key, unit, whole dong, households

_same = household.c.province, product.c.key, product.c.unit
_ranked = (
    select(
        *_same,
        product.c.unit_price_vnd.label("vnd"),
        func.count().over(partition_by=_same).label("homes"),
        func.row_number()
        .over(partition_by=_same, order_by=product.c.unit_price_vnd)
        .label("place"),
    )
    .join_from(product, household, household.c.id == product.c.household)
    .where(
        household.c.erased_at.is_(None),
        product.c.unit.is_not(None),
        product.c.unit_price_vnd.is_not(None),
        OFFERED,
    )
    .subquery()
)
USUAL = select(
    _ranked.c.province, _ranked.c.key, _ranked.c.unit, _ranked.c.vnd, _ranked.c.homes
).where(_ranked.c.homes >= ENOUGH, _ranked.c.place == (_ranked.c.homes + 1) // 2)
"""The median, of two the lower."""

KEPT = select(usual_price)
KEEP = upsert(usual_price, ("vnd", "homes"))
DROP = delete(usual_price).where(
    usual_price.c.province == bindparam("of_province"),
    usual_price.c.key == bindparam("of_key"),
    usual_price.c.unit == bindparam("of_unit"),
)
OLD = select(household.c.id).where(
    household.c.erased_at.is_(None), household.c.far_prices != FAR_PRICES
)


async def reckon(db: Database) -> None:
    """Usual prices as they are now, and which households are far from them; in small transactions."""
    now: set[Price] = await db.read(partial(_rows, statement=USUAL))
    kept: set[Price] = await db.read(partial(_rows, statement=KEPT))
    for some in _batches(sorted(now - kept)):
        await db.write(partial(_keep, some=some))
    gone = {price[:3] for price in kept} - {price[:3] for price in now}
    for these in _batches(sorted(gone)):
        await db.write(partial(_drop, some=these))
    old: Sequence[UUID] = await db.read(lambda conn: conn.scalars(OLD).all())
    for which in _batches(old):
        await db.write(partial(_count_again, which=which))


def _rows(conn: Connection, statement: Any) -> set[Price]:
    return {(*row,) for row in conn.execute(statement)}


def _batches(rows: Sequence[T]) -> Iterator[Sequence[T]]:
    for at in range(0, len(rows), BATCH):
        yield rows[at : at + BATCH]


def _keep(tx: Connection, some: Sequence[Price]) -> None:
    tx.execute(KEEP, [dict(zip(usual_price.c.keys(), price, strict=True)) for price in some])


def _drop(tx: Connection, some: Sequence[tuple[str, str, str]]) -> None:
    names = ("of_province", "of_key", "of_unit")
    tx.execute(DROP, [dict(zip(names, price, strict=True)) for price in some])


def _count_again(tx: Connection, which: Sequence[UUID]) -> None:
    """In one order for all, so that nobody waits for one another."""
    tx.execute(
        update(household).where(household.c.id.in_(sorted(which))).values(far_prices=FAR_PRICES)
    )
