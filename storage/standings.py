"""What a household is sorted and filtered by, kept on its row: at any time what a look at the tables gives.

`storage.store.touch` counts it again with the row it changes anyway, as far as the events bear on it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from types import MappingProxyType
from typing import Any, Literal

from sqlalchemy import (
    ColumnElement,
    Connection,
    ScalarSelect,
    Table,
    TextClause,
    Update,
    and_,
    bindparam,
    case,
    exists,
    func,
    literal_column,
    or_,
    select,
    update,
)

from domain import events as facts
from storage.areas import AGREED
from storage.schema import (
    WAITING,
    entry,
    household,
    listing,
    month_total,
    orders,
    person,
    product,
    usual_price,
)
from storage.types import LocalDay, MonthStart

Part = Literal["sales", "goods", "orders", "people"]
Parts = frozenset[Part]
Values = Mapping[str, ColumnElement[Any]]

FAR = 2  # times the usual price, or its part
ONE: ColumnElement[int] = literal_column("1")

NOTHING: Parts = frozenset()
_SALES: Parts = frozenset({"sales"})
_ORDERS: Parts = frozenset({"sales", "orders"})
EVERYTHING: Parts = frozenset({"sales", "goods", "orders", "people"})
BEARS_ON: Mapping[type[facts.Fact], Parts] = MappingProxyType(
    {
        facts.SaleLogged: _SALES,
        facts.SaleCorrected: _SALES,
        facts.SaleWithdrawn: _SALES,
        facts.SaleRestored: _SALES,
        facts.OrderPlaced: _ORDERS,
        facts.OrderConfirmed: _ORDERS,
        facts.OrderPacked: _ORDERS,
        facts.OrderShipped: _ORDERS,
        facts.OrderCompleted: _ORDERS,
        facts.OrderMatched: _ORDERS,
        facts.OrderPaid: _ORDERS,
        facts.OrderCancelled: _ORDERS,
        facts.OrderExpired: _ORDERS,
        facts.OrderReturned: _ORDERS,
    }
)
"""What can have changed by an event; all of it by one that isn't named here."""

# Sales


def _day(
    which: Callable[[ColumnElement[Any]], ColumnElement[Any]],
    *,
    since: ColumnElement[Any] | None = None,
    before: ColumnElement[Any] | None = None,
) -> ScalarSelect[Any]:
    """The first or last day of a standing sale, from or before the beginning of a day's month."""
    line = entry.alias()
    days = select(line.c.date).where(line.c.household == household.c.id, line.c.struck_at.is_(None))
    if since is not None:
        days = days.where(line.c.date >= MonthStart(since))
    if before is not None:
        days = days.where(line.c.date < MonthStart(before))
    return days.order_by(which(line.c.date)).limit(ONE).correlate(household).scalar_subquery()


def _first(column: ColumnElement[Any]) -> ColumnElement[Any]:
    return column.asc()


def _last(column: ColumnElement[Any]) -> ColumnElement[Any]:
    return column.desc()


LAST_SOLD = _day(_last)
_JOINED = LocalDay(household.c.registered_at)
_NEWEST_MONTH = (
    select(month_total.c.total_vnd)
    .where(month_total.c.household == household.c.id, month_total.c.sales > 0)
    .order_by(month_total.c.month.desc())
    .limit(ONE)
    .correlate(household)
    .scalar_subquery()
)
SALES: Values = {
    "first_sold_on": _day(_first),
    "last_sold_on": LAST_SOLD,
    "quiet_since": case((LAST_SOLD > _JOINED, LAST_SOLD), else_=_JOINED),
    "month_from": _day(_first, since=LAST_SOLD),
    "month_vnd": func.coalesce(_NEWEST_MONTH, 0),
    "before_from": _day(_first, since=_day(_last, before=LAST_SOLD)),
}

# Goods


def _count(table: Table, *which: ColumnElement[bool] | TextClause) -> ScalarSelect[Any]:
    counted = select(func.count()).select_from(table).where(table.c.household == household.c.id)
    return counted.where(*which).correlate(household).scalar_subquery()


OFFERED = exists().where(
    listing.c.household == product.c.household,
    listing.c.code == product.c.code,
    listing.c.withdrawn_at.is_(None),
)
"""The product is on a platform now."""
_USUAL = and_(
    usual_price.c.province == household.c.province,
    usual_price.c.key == product.c.key,
    usual_price.c.unit == product.c.unit,
)
_IS_FAR = or_(
    product.c.unit_price_vnd > FAR * usual_price.c.vnd,
    product.c.unit_price_vnd * FAR < usual_price.c.vnd,
)
FAR_PRICES = (
    select(func.count())
    .select_from(product)
    .join(usual_price, _USUAL)
    .where(product.c.household == household.c.id, _IS_FAR, OFFERED)
    .correlate(household)
    .scalar_subquery()
)
GOODS: Values = {
    "listings": _count(listing, listing.c.withdrawn_at.is_(None)),
    "products": _count(product, product.c.code.is_not(None)),
    "unpictured": _count(product, product.c.code.is_not(None), product.c.photo.is_(None)),
    "far_prices": FAR_PRICES,
}

# Orders, people

# `WAITING` is part of an index: a value in its place would have SQLite prepare the statement each time.
_FIRST_ORDERED = (
    select(orders.c.placed_at)
    .where(orders.c.household == household.c.id, orders.c.platform != "offline")
    .order_by(orders.c.placed_at)
    .limit(ONE)
    .correlate(household)
    .scalar_subquery()
)
ORDERS: Values = {
    "first_ordered_at": _FIRST_ORDERED,
    "unanswered": _count(orders, WAITING),
}
PEOPLE: Values = {"seen": exists(select(person.c.id).where(*AGREED).correlate(household))}

OF: Mapping[Part, Values] = MappingProxyType(
    {"sales": SALES, "goods": GOODS, "orders": ORDERS, "people": PEOPLE}
)


def parts_of(events: Iterable[facts.Event]) -> Parts:
    """What these events can have changed."""
    found = NOTHING
    for event in events:
        found |= BEARS_ON.get(type(event), EVERYTHING)
    return found


@cache
def recounted(touched: Update, parts: Parts) -> Update:
    """The statement, with these parts of the household counted again."""
    for part in sorted(parts):
        touched = touched.values(**OF[part])
    return touched


# Who agreed to be seen, wherever that was said

_WHOSE = select(person.c.household).where(person.c.id == bindparam("who")).scalar_subquery()
SEEN = update(household).where(household.c.id == _WHOSE).values(**PEOPLE)


def see_again(conn: Connection, who: object) -> None:
    """The household of this person, whose consent has changed."""
    conn.execute(SEEN, {"who": who})
