"""A household as a turn sees it: bounded reads of its current state, newest first."""

from __future__ import annotations

from collections import defaultdict
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import BindParameter, Connection, Row, and_, bindparam, select

from domain.events import Held, Platform, SaleItem
from domain.household import (
    BUYERS,
    OPEN_ORDERS,
    PRODUCTS,
    RECENT_ENTRIES,
    Entry,
    Household,
    MonthTotal,
    Order,
    Person,
    Product,
)
from domain.orders import OPEN
from storage.schema import buyer, entry, household, listing, month_total, orders, product

MONTHS = 25  # two years and this month, for a figure against the year before

ITEMS: TypeAdapter[tuple[SaleItem, ...]] = TypeAdapter(tuple[SaleItem, ...])
HELD: TypeAdapter[tuple[Held, ...]] = TypeAdapter(tuple[Held, ...])

_OF: BindParameter[UUID] = bindparam("household")

HOUSEHOLD = select(household).where(household.c.id == _OF)
LOCKED_HOUSEHOLD = HOUSEHOLD.with_for_update()
ENTRIES_WITH_BUYERS = select(entry, buyer.c.name.label("buyer_name")).select_from(
    entry.outerjoin(
        buyer, and_(buyer.c.household == entry.c.household, buyer.c.ref == entry.c.buyer)
    )
)
RECENT = (
    ENTRIES_WITH_BUYERS.where(entry.c.household == _OF)
    .order_by(entry.c.logged_at.desc(), entry.c.code)
    .limit(RECENT_ENTRIES)
)
ORDERS_WITH_BUYERS = select(orders, buyer.c.name.label("named")).select_from(
    orders.outerjoin(
        buyer, and_(buyer.c.household == orders.c.household, buyer.c.ref == orders.c.buyer)
    )
)
OPEN_NOW = (
    ORDERS_WITH_BUYERS.where(orders.c.household == _OF, orders.c.state.in_(OPEN))
    .order_by(orders.c.deadline.asc().nulls_last(), orders.c.placed_at)
    .limit(OPEN_ORDERS)
)
GOODS = (
    select(product)
    .where(product.c.household == _OF)
    .order_by(product.c.used_at.desc(), product.c.key)
    .limit(PRODUCTS)
)
LISTINGS = (
    select(listing.c.code, listing.c.platform)
    .where(listing.c.household == _OF, listing.c.withdrawn_at.is_(None))
    .order_by(listing.c.platform.desc())
)
NEWEST_MONTHS = (
    select(month_total.c.month, month_total.c.total_vnd, month_total.c.sales)
    .where(month_total.c.household == _OF)
    .order_by(month_total.c.month.desc())
    .limit(MONTHS)
)
NAMED_BUYERS = (
    select(buyer.c.ref, buyer.c.name)
    .where(buyer.c.household == _OF)
    .order_by(buyer.c.number.desc())
    .limit(BUYERS)
)


def picture(conn: Connection, row: Row[Any]) -> Household:
    """The household of this row with all that a turn may look at."""
    of = {"household": row.id}
    months = conn.execute(NEWEST_MONTHS, of).all()
    return Household(
        id=row.id,
        code=row.code,
        province=row.province,
        commune=row.commune,
        registered_at=row.registered_at,
        entries=tuple(entry_of(r) for r in conn.execute(RECENT, of)),
        orders=tuple(order_of(r) for r in conn.execute(OPEN_NOW, of)),
        products=_products(conn, row.id),
        months=tuple(MonthTotal(m.month, m.total_vnd, m.sales) for m in reversed(months)),
        buyers=tuple((ref, name) for ref, name in conn.execute(NAMED_BUYERS, of)),
        buyer_count=row.buyer_count,
        codes=row.codes,
        sample=row.sample,
    )


def _products(conn: Connection, household_id: UUID) -> tuple[Product, ...]:
    platforms = defaultdict[str, list[Platform]](list)
    rows = conn.execute(GOODS, {"household": household_id}).all()
    if any(row.code for row in rows):
        for code, platform in conn.execute(LISTINGS, {"household": household_id}):
            platforms[code].append(platform)
    return tuple(product_of(row, tuple(platforms.get(row.code, ()))) for row in rows)


def product_of(row: Row[Any], platforms: tuple[Platform, ...]) -> Product:
    """Something that the household sells, listed on these platforms."""
    return Product(
        name=row.name,
        code=row.code,
        unit=row.unit,
        unit_price_vnd=row.unit_price_vnd,
        last_vnd=row.last_vnd,
        last_unit=row.last_unit,
        stock=row.stock,
        stars=row.stars,
        group=row.group,
        platforms=platforms,
        photo=row.photo,
        evidence=row.evidence,
    )


def entry_of(row: Row[Any]) -> Entry:
    """A line of the ledger, its buyer by name."""
    return Entry(
        code=row.code,
        draft=row.draft,
        message=row.message,
        items=ITEMS.validate_python(row.items),
        total_vnd=row.total_vnd,
        date=row.date,
        platform=row.platform,
        evidence=row.evidence,
        logged_at=row.logged_at,
        province=row.province,
        commune=row.commune,
        order=row.order,
        buyer=row.buyer,
        buyer_name=row.buyer_name,
        changed_at=row.changed_at,
        struck_at=row.struck_at,
        returned_at=row.returned_at,
        worker=row.worker,
        answer=row.answer,
    )


def order_of(row: Row[Any]) -> Order:
    """An order; of a buyer whom the household knows by another name, that name."""
    return Order(
        number=row.number,
        platform=row.platform,
        items=ITEMS.validate_python(row.items),
        total_vnd=row.total_vnd,
        state=row.state,
        placed_at=row.placed_at,
        changed_at=row.changed_at,
        deadline=row.deadline,
        buyer=row.buyer,
        buyer_name=row.named or row.buyer_name,
        destination=row.destination,
        code=row.code,
        cancelled_by=row.cancelled_by,
        household=row.household,
        source=row.source,
        buyer_phone=row.buyer_phone,
        held=HELD.validate_python(row.held or ()),
        completed_at=row.completed_at,
        paid_at=row.paid_at,
        doubt=tuple(row.doubt or ()),
    )


Address = tuple[str, str]  # channel, address


class Pictures:
    """What was last looked at: as good as new while the household's version is the same."""

    def __init__(self, most: int = 2_000) -> None:
        self._most = most
        self._kept: dict[UUID, tuple[int, Household]] = {}
        self._people: dict[Address, tuple[int, Person]] = {}

    def of(self, conn: Connection, row: Row[Any]) -> Household:
        """The household of this row, which the caller has locked."""
        version, known = self._kept.pop(row.id, (None, None))
        if known is None or version != row.version:
            known = picture(conn, row)
        self.keep(row.version, known)
        return known

    def met(self, address: Address) -> tuple[int, Person, Household] | None:
        """Who wrote from this address, their household, and its version at which both were so."""
        version, who = self._people.get(address, (None, None))
        if version is None or who is None or who.household is None:
            return None
        at, home = self._kept.get(who.household, (None, None))
        return (version, who, home) if home is not None and at == version else None

    def meet(self, address: Address, version: int, person: Person) -> None:
        """Who writes from this address; whatever changes a person changes the household's version."""
        self._people.pop(address, None)
        self._people[address] = version, person
        if len(self._people) > self._most:
            del self._people[next(iter(self._people))]

    def keep(self, version: int, household: Household) -> None:
        """The household as it is at this version; a version that is not committed is never asked for."""
        self._kept.pop(household.id, None)
        self._kept[household.id] = version, household
        if len(self._kept) > self._most:
            del self._kept[next(iter(self._kept))]
