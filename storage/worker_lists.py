"""What a worker looks at: an area in numbers, its households in pages, one household; nothing outside it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, Row, Select, exists, func, or_, select

from domain.fold import fold
from domain.geography import communes
from domain.household import ZONE, Household
from domain.roles import Role
from storage.areas import AGREED, counted_by, seen_by
from storage.picture import picture
from storage.schema import entry, household, listing, person, product

PAGE = 50  # households
QUIET = (14, 30)  # days without a sale that one may ask for
LONGEST_SEARCH = 60  # characters
MOST_COMMUNES = 500  # whose names fit what was searched for

Step = Literal["listing", "sale"]
Order = Literal["quiet", "new", "code"]


@dataclass(frozen=True, slots=True)
class Counts:
    """Households of an area: all, with something listed, with a sale, none for 14 and 30 days; to be seen."""

    joined: int
    listed: int
    sold: int
    quiet_14: int
    quiet_30: int
    seen: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the list is asked for; `step`: what a household has not done yet."""

    quiet: int | None = None
    step: Step | None = None
    no_photo: bool = False
    words: str = ""
    order: Order = "quiet"
    page: int = 1


@dataclass(frozen=True, slots=True)
class Listed:
    """One household of the list; `you` and `name` of a member who lets workers see them."""

    code: str
    commune: str
    registered_at: dt.datetime
    you: str | None
    name: str | None
    last_sold: dt.date | None
    products: int
    unpictured: int


def _has(table: Any, *more: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(table.c.household == household.c.id, *more)


def sold_since(day: dt.date) -> ColumnElement[bool]:
    """Whether a sale of that day or later stands in the book."""
    return _has(entry, entry.c.struck_at.is_(None), entry.c.date >= day)


HAS_SOLD = _has(entry, entry.c.struck_at.is_(None))
HAS_LISTED = _has(listing, listing.c.withdrawn_at.is_(None))
UNPICTURED = (product.c.code.is_not(None), product.c.photo.is_(None))
LAST_SOLD = (
    select(func.max(entry.c.date))
    .where(entry.c.household == household.c.id, entry.c.struck_at.is_(None))
    .scalar_subquery()
)


def _member(column: ColumnElement[str]) -> ColumnElement[Any]:
    """Of the first member who agreed."""
    return select(column).where(*AGREED).order_by(person.c.id).limit(1).scalar_subquery()


def _count(*which: ColumnElement[bool]) -> ColumnElement[int]:
    return (
        select(func.count())
        .select_from(product)
        .where(product.c.household == household.c.id, *which)
        .scalar_subquery()
    )


COLUMNS = (
    household.c.code,
    household.c.commune,
    household.c.registered_at,
    _member(person.c.you).label("you"),
    _member(person.c.name).label("name"),
    LAST_SOLD.label("last_sold"),
    _count(product.c.code.is_not(None)).label("products"),
    _count(*UNPICTURED).label("unpictured"),
)
ORDERS: dict[Order, tuple[ColumnElement[Any], ...]] = {
    "quiet": (LAST_SOLD.asc().nulls_first(), household.c.code),
    "new": (household.c.registered_at.desc(), household.c.code),
    "code": (household.c.code,),
}


def quiet_for(days: int, today: dt.date) -> ColumnElement[bool]:
    """No sale within so many days, and registered before them."""
    first = today - dt.timedelta(days=days)
    midnight = dt.datetime.combine(first, dt.time(), ZONE)
    return (household.c.registered_at < midnight) & ~sold_since(first)


def counts(conn: Connection, roles: Iterable[Role], today: dt.date) -> Counts:
    """The area in numbers, with those who are not to be seen by name."""
    roles = tuple(roles)

    def of(*which: ColumnElement[bool]) -> int:
        counted = select(func.count()).select_from(household).where(counted_by(roles), *which)
        return int(conn.execute(counted).scalar_one())

    return Counts(
        joined=of(),
        listed=of(HAS_LISTED),
        sold=of(HAS_SOLD),
        quiet_14=of(quiet_for(14, today)),
        quiet_30=of(quiet_for(30, today)),
        seen=of(seen_by(roles)),
    )


def page_of(
    conn: Connection, roles: Sequence[Role], wanted: Wanted, today: dt.date
) -> tuple[list[Listed], int]:
    """One page of the households to be seen, and how many there are in all."""
    which = _which(roles, wanted, today)
    total = select(func.count()).select_from(household).where(*which)
    rows: Select[Any] = select(*COLUMNS).select_from(household).where(*which)
    rows = rows.order_by(*ORDERS[wanted.order]).limit(PAGE).offset((wanted.page - 1) * PAGE)
    found = [Listed(**row) for row in conn.execute(rows).mappings()]
    return found, int(conn.execute(total).scalar_one())


def _which(roles: Sequence[Role], wanted: Wanted, today: dt.date) -> list[ColumnElement[bool]]:
    which = [seen_by(roles)]
    if wanted.quiet:
        which.append(quiet_for(wanted.quiet, today))
    if wanted.step:
        which.append(~HAS_LISTED if wanted.step == "listing" else ~HAS_SOLD)
    if wanted.no_photo:
        which.append(_has(product, *UNPICTURED))
    words = " ".join(fold(wanted.words[:LONGEST_SEARCH]).split())
    if words:
        which.append(_fits(words))
    return which


def _fits(words: str) -> ColumnElement[bool]:
    """Code, name of a member who agreed, or commune; without marks on either side."""
    named = exists().where(*AGREED, person.c.name_key.contains(words, autoescape=True))
    places = [code for code, name in _commune_names() if words in name][:MOST_COMMUNES]
    return or_(
        household.c.code.contains(words.upper(), autoescape=True),
        named,
        household.c.commune.in_(places),
    )


@cache
def _commune_names() -> tuple[tuple[str, str], ...]:
    return tuple((one.code, fold(one.full_name)) for one in communes())


def one_household(
    conn: Connection, roles: Sequence[Role], code: str
) -> tuple[Listed, Household] | None:
    """A household of the area that lets workers see it, with its book; None for any other code."""
    mine = [seen_by(roles), household.c.code == code]
    row = conn.execute(select(*COLUMNS).select_from(household).where(*mine)).mappings().first()
    if row is None:
        return None
    whole: Row[Any] = conn.execute(select(household).where(*mine)).one()
    return Listed(**row), picture(conn, whole)
