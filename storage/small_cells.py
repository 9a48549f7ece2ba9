"""In which provinces and months so few of the bot's households are that they could be recognised."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple
from uuid import UUID

from sqlalchemy import Connection, and_, select, text

from domain.indicators import month_of
from storage.rollup_sums import old_province
from storage.schema import entry, household, listing, product, shop

Kind = Literal["sold", "products", "accounts"]
"""What is counted together: the three figures of sales come of the same households."""


class Few(NamedTuple):
    """A household in a cell of few; places as roll-ups by province have them.

    It is there from `month` until before `ends` (YYYY-MM; empty: still). A sale is in its month alone.
    """

    kind: Kind
    month: str
    ends: str
    province: str
    old_province: str
    platform: str
    household: UUID


class Amount(NamedTuple):
    """What the bot counted in a month: transactions, or steps of a stock. Places as in `Few`."""

    kind: Kind
    month: str
    province: str
    old_province: str
    platform: str
    amount: int


Cell = tuple[str, str, str]
"""Province, old province, platform."""
Stay = tuple[str, str, UUID]
"""From which month, before which (empty: still), who."""

_AMOUNTS = text(
    """SELECT CASE WHEN indicator = 'transactions' THEN 'sold' ELSE indicator END,
              month, province, old_province, platform, CAST(SUM(amount) AS BIGINT)
    FROM rollup_place
    WHERE indicator IN ('transactions', 'products', 'accounts') AND source = 'bot'
    GROUP BY 1, 2, 3, 4, 5"""
)
_SOLD = (
    select(entry.c.date, entry.c.province, entry.c.commune, entry.c.platform, entry.c.household)
    .where(entry.c.struck_at.is_(None), entry.c.platform != "offline")
    .distinct()
)
_HOME = (household.c.province, household.c.commune)
_LISTED = (
    select(listing.c.listed_at, listing.c.withdrawn_at, *_HOME, listing.c.platform, household.c.id)
    .join_from(listing, household, household.c.id == listing.c.household)
    .join(
        product,
        and_(product.c.household == listing.c.household, product.c.code == listing.c.code),
    )
    .where(product.c.stars.is_not(None))
)
_LINKED = select(shop.c.linked_at, *_HOME, shop.c.platform, household.c.id).join_from(
    shop, household, household.c.id == shop.c.household
)


def few(conn: Connection, least: int) -> Iterator[Few]:
    """The households of every cell in which there are some, but fewer than `least`, in any month at all.

    Cells with none or with enough are not named. Of a stock, those that stand at the month's end.
    """
    if least > 1:
        yield from _few("sold", _sales(conn), least)
        yield from _few("products", _listings(conn), least)
        yield from _few("accounts", _shops(conn), least)


def amounts(conn: Connection) -> Iterator[Amount]:
    """All that the bot counted, by month and place."""
    for row in conn.execute(_AMOUNTS):
        yield Amount(*row)


def _few(kind: Kind, stays: Iterable[tuple[Cell, Stay]], least: int) -> Iterator[Few]:
    cells = defaultdict[Cell, set[Stay]](set)
    for cell, stay in stays:
        cells[cell].add(stay)
    for cell, those in cells.items():
        edges = sorted({month for first, ends, _ in those for month in (first, ends) if month})
        for month, ends in zip(edges, [*edges[1:], ""], strict=True):
            there = {who for first, last, who in those if first <= month and _before(month, last)}
            if 0 < len(there) < least:
                yield from (Few(kind, month, ends, *cell, who) for who in sorted(there))


def _before(month: str, ends: str) -> bool:
    return not ends or month < ends


def _sales(conn: Connection) -> Iterator[tuple[Cell, Stay]]:
    for day, province, commune, platform, who in conn.execute(_SOLD):
        month = month_of(day)
        yield _cell(province, commune, platform), (month, _next(month), who)


def _listings(conn: Connection) -> Iterator[tuple[Cell, Stay]]:
    for since, until, province, commune, platform, who in conn.execute(_LISTED):
        ends = month_of(until) if until else ""
        yield _cell(province, commune, platform), (month_of(since), ends, who)


def _shops(conn: Connection) -> Iterator[tuple[Cell, Stay]]:
    for since, province, commune, platform, who in conn.execute(_LINKED):
        yield _cell(province, commune, platform), (month_of(since), "", who)


def _cell(province: str | None, commune: str | None, platform: str) -> Cell:
    return province or "", old_province(province or "", commune or ""), platform


def _next(month: str) -> str:
    return month_of(dt.date(int(month[:4]), int(month[5:]), 1) + dt.timedelta(days=31))
