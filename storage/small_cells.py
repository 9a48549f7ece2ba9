"""Of how many of the bot's households a cell of a province is made: a few can be recognised."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    Select,
    String,
    and_,
    bindparam,
    cast,
    distinct,
    extract,
    func,
    literal,
    select,
)

from storage.schema import entry, household, listing, product, shop

SALES = ("transactions", "value", "value_per_transaction")


@dataclass(frozen=True, slots=True)
class Crowd:
    """How many households; `month` is when they sold, or for a stock when they came (0: not asked)."""

    indicator: str
    year: int
    month: int
    province: str
    commune: str
    platform: str
    households: int


@dataclass(frozen=True, slots=True)
class Apart:
    """What is counted apart: each month, each commune, each platform."""

    months: bool
    communes: bool
    platforms: bool


def crowds(conn: Connection, start: dt.date, end: dt.date, apart: Apart) -> Iterator[Crowd]:
    """Households that sold between the days, both included, or had a listing or a shop by the last."""
    asked = {"start": start, "end": end, "until": _end_of(end)}
    for row in conn.execute(_sold(apart), asked):
        yield from (Crowd(key, *row) for key in SALES)
    for row in conn.execute(_listed(apart), asked):
        yield Crowd("products", *row)
    for row in conn.execute(_linked(apart), asked):
        yield Crowd("accounts", *row)


def _end_of(day: dt.date) -> dt.datetime:
    """The end of the day in Vietnam, as UTC has it."""
    return dt.datetime.combine(day, dt.time(17), dt.UTC)


@cache
def _sold(apart: Apart) -> Select[Any]:
    when = _month(entry.c.date)
    where = [entry.c.province, entry.c.commune, entry.c.platform]
    return _counted(when, where, entry.c.household, apart).where(
        entry.c.struck_at.is_(None),
        entry.c.platform != "offline",
        entry.c.date.between(bindparam("start"), bindparam("end")),
    )


@cache
def _listed(apart: Apart) -> Select[Any]:
    when = _month(listing.c.listed_at)
    where = [household.c.province, household.c.commune, listing.c.platform]
    goods = and_(product.c.household == listing.c.household, product.c.code == listing.c.code)
    return (
        _counted(when, where, listing.c.household, apart)
        .join_from(listing, household, household.c.id == listing.c.household)
        .join(product, goods)
        .where(
            product.c.stars.is_not(None),
            listing.c.withdrawn_at.is_(None),
            listing.c.listed_at <= bindparam("until"),
        )
    )


@cache
def _linked(apart: Apart) -> Select[Any]:
    when = _month(shop.c.linked_at)
    where = [household.c.province, household.c.commune, shop.c.platform]
    return (
        _counted(when, where, shop.c.household, apart)
        .join_from(shop, household, household.c.id == shop.c.household)
        .where(shop.c.linked_at <= bindparam("until"))
    )


def _month(moment: ColumnElement[Any]) -> list[ColumnElement[int]]:
    return [cast(extract(part, moment), Integer) for part in ("year", "month")]


def _counted(
    when: Sequence[ColumnElement[int]],
    where: list[Any],
    who: ColumnElement[Any],
    apart: Apart,
) -> Select[Any]:
    """Distinct households by what is counted apart; the other columns are 0 or empty."""
    province, commune, platform = where
    kept = [func.coalesce(province, "")]
    year, month = when if apart.months else (literal(0), literal(0))
    commune = func.coalesce(commune, "") if apart.communes else literal("", String)
    platform = platform if apart.platforms else literal("", String)
    grouped = [*(when if apart.months else []), *kept]
    grouped += [commune] if apart.communes else []
    grouped += [platform] if apart.platforms else []
    return select(year, month, *kept, commune, platform, func.count(distinct(who))).group_by(
        *grouped
    )
