"""What a worker looks at: the households of an area in pages, one household; nothing outside it.

What lists go by stands on the household's row (`storage.standings`); only a page's own rows are looked up.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cache
from types import MappingProxyType
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Row, case, exists, or_, select

from domain.fold import fold
from domain.geography import communes
from domain.household import Household
from domain.phones import phone_of
from domain.roles import Role
from storage.areas import AGREED, CONSENTED, seen_by
from storage.picture import picture
from storage.schema import household, person

PAGE = 50  # households
COUNTED = 1_000  # households up to which a list is counted
QUIET = (14, 30)  # days without a sale that one may ask for
LONGEST_SEARCH = 60  # characters
MOST_COMMUNES = 500  # whose names fit what was searched for

Step = Literal["listing", "sale", "order", "listed", "sold", "ordered", "active"]
Need = Literal["photo", "price", "orders"]
Order = Literal["quiet", "new", "value", "code"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the list is asked for. `step`: what comes next for a household, or what it has done.

    `need`: a picture is missing, a price is far from others', an order waits for an answer.
    """

    quiet: int | None = None
    step: Step | None = None
    need: Need | None = None
    words: str = ""
    order: Order = "quiet"
    page: int = 1


@dataclass(frozen=True, slots=True)
class Listed:
    """One household of the list; `you` and `name` of a member who lets workers see them.

    `month_vnd`: sold in the month of `last_sold`.
    """

    code: str
    commune: str
    registered_at: dt.datetime
    you: str | None
    name: str | None
    last_sold: dt.date | None
    month_vnd: int
    products: int
    unpictured: int
    far_prices: int
    unanswered: int


@dataclass(frozen=True, slots=True)
class Found:
    """One page of a list; `total` is counted up to `COUNTED`, one more means that there are more."""

    rows: Sequence[Listed]
    total: int
    more: bool  # there is a page after this one


def _member(column: ColumnElement[str]) -> ColumnElement[Any]:
    """Of the first member who agreed."""
    return select(column).where(*AGREED).order_by(person.c.id).limit(1).scalar_subquery()


COLUMNS = (
    household.c.code,
    household.c.commune,
    household.c.registered_at,
    _member(person.c.you).label("you"),
    _member(person.c.name).label("name"),
    household.c.last_sold_on.label("last_sold"),
    household.c.month_vnd,
    household.c.products,
    household.c.unpictured,
    household.c.far_prices,
    household.c.unanswered,
)
NAMES = tuple(field.name for field in fields(Listed))
STEPS: Mapping[Step, ColumnElement[bool]] = MappingProxyType(
    {
        "listing": household.c.listings == 0,
        "sale": (household.c.listings > 0) & household.c.last_sold_on.is_(None),
        "order": household.c.last_sold_on.is_not(None) & household.c.first_ordered_at.is_(None),
        "listed": household.c.first_listed_at.is_not(None),
        "sold": household.c.last_sold_on.is_not(None),
        "ordered": household.c.first_ordered_at.is_not(None),
    }
)

NEEDS: Mapping[Need, ColumnElement[bool]] = MappingProxyType(
    {
        "photo": household.c.unpictured > 0,
        "price": household.c.far_prices > 0,
        "orders": household.c.unanswered > 0,
    }
)


def page_of(conn: Connection, roles: Sequence[Role], wanted: Wanted, today: dt.date) -> Found:
    """One page of the households to be seen."""
    skipped = (wanted.page - 1) * PAGE
    counted = skipped + PAGE <= COUNTED
    asked = select(household.c.id).where(*which(roles, wanted, today))
    asked = asked.order_by(*_order(wanted, today))
    part = asked.limit(COUNTED + 1) if counted else asked.limit(PAGE + 1).offset(skipped)
    found = conn.scalars(part).all()
    here = found[skipped:] if counted else found
    total = len(found) if counted else COUNTED + 1
    return Found(listed(conn, roles, here[:PAGE]), total, more=len(here) > PAGE)


def all_of(
    conn: Connection, roles: Sequence[Role], wanted: Wanted, today: dt.date, most: int
) -> Sequence[UUID]:
    """All of them, up to so many."""
    asked = select(household.c.id).where(*which(roles, wanted, today))
    return conn.scalars(asked.order_by(*_order(wanted, today)).limit(most)).all()


def listed(conn: Connection, roles: Sequence[Role], ids: Sequence[UUID]) -> list[Listed]:
    """Those of these households that may be seen, in this order."""
    mine = seen_by(roles), household.c.id.in_(ids)
    rows = conn.execute(select(household.c.id, *COLUMNS).where(*mine))
    places = {which: place for place, which in enumerate(ids)}
    in_order = sorted(rows, key=lambda row: places[row.id])
    return [Listed(**dict(zip(NAMES, row[1:], strict=True))) for row in in_order]


def which(roles: Sequence[Role], wanted: Wanted, today: dt.date) -> list[ColumnElement[bool]]:
    """The households of the area that let workers look and fit what is wanted."""
    some = [seen_by(roles)]
    if wanted.quiet:
        some.append(household.c.quiet_since < today - dt.timedelta(days=wanted.quiet))
    if wanted.step:
        some.append(
            household.c.last_sold_on >= today.replace(day=1)
            if wanted.step == "active"
            else STEPS[wanted.step]
        )
    if wanted.need:
        some.append(NEEDS[wanted.need])
    return some + _search(wanted.words[:LONGEST_SEARCH])


def _order(wanted: Wanted, today: dt.date) -> tuple[ColumnElement[Any], ...]:
    match wanted.order:
        case "quiet":
            return household.c.quiet_since, household.c.code
        case "new":
            return household.c.registered_at.desc(), household.c.code
        case "value":
            this_month = household.c.month_from >= today.replace(day=1)
            return case((this_month, household.c.month_vnd), else_=0).desc(), household.c.code
        case "code":
            return (household.c.code,)


def _search(said: str) -> list[ColumnElement[bool]]:
    """Code (it has digits), commune, name or phone of a member who agreed; without marks on either side."""
    words = " ".join(fold(said).split())
    if not words:
        return []
    places = [code for code, name in _commune_names() if words in name][:MOST_COMMUNES]
    fits = [_of_member(person.c.name_key.contains(words, autoescape=True))]
    if any(map(str.isdigit, words)):
        fits.append(household.c.code.contains(words.upper(), autoescape=True))
    if places:
        fits.append(household.c.commune.in_(places))
    phone = phone_of(said)
    if phone:
        fits.append(_of_member(person.c.phone == phone))
    return [or_(*fits)]


def _of_member(fits: ColumnElement[bool]) -> ColumnElement[bool]:
    """Looked up from the people who fit: few of many."""
    agreed = exists().where(*CONSENTED).correlate(person)
    return household.c.id.in_(select(person.c.household).where(fits, agreed))


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
