"""What the potential of households rests on, read for many at a time: by ranges of their ids."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    Date,
    Select,
    and_,
    bindparam,
    case,
    distinct,
    func,
    or_,
    select,
)

from domain.household import ZONE
from domain.potential import COURSE_DAYS, HALF, ORDER_DAYS, WEEKS, Record
from storage.schema import (
    certificate,
    course_person,
    entry,
    household,
    orders,
    person,
    product,
)
from storage.standings import OFFERED
from storage.types import Moment, WeeksBefore


@dataclass(frozen=True, slots=True)
class Range:
    """Households from one id to another, both included."""

    first: UUID
    last: UUID


def _within(column: ColumnElement[Any]) -> ColumnElement[bool]:
    return column.between(bindparam("first"), bindparam("last"))


def _day(name: str) -> ColumnElement[dt.date]:
    return bindparam(name, type_=Date())


SEEN = select(household.c.id, household.c.far_prices).where(
    _within(household.c.id), household.c.seen, household.c.erased_at.is_(None)
)
_later = entry.c.date > _day("middle")
SALES = (
    select(
        entry.c.household,
        func.count(distinct(WeeksBefore(entry.c.date, _day("today")))).label("weeks_sold"),
        func.sum(case((_later, entry.c.total_vnd), else_=0)).label("vnd"),
        func.sum(case((_later, 0), else_=entry.c.total_vnd)).label("vnd_before"),
    )
    .where(
        _within(entry.c.household),
        entry.c.date > _day("start"),
        entry.c.date <= _day("today"),
        entry.c.struck_at.is_(None),
    )
    .group_by(entry.c.household)
)
ORDERS = (
    select(
        orders.c.household,
        func.count(orders.c.answered_at).label("answered"),
        func.count().label("asked"),
    )
    .where(
        _within(orders.c.household),
        orders.c.placed_at >= bindparam("ordered", type_=Moment()),
        orders.c.deadline.is_not(None),
        or_(orders.c.answered_at.is_not(None), orders.c.state == "expired"),
    )
    .group_by(orders.c.household)
)
_of_product = and_(
    certificate.c.household == product.c.household, certificate.c.code == product.c.code
)
_good = or_(certificate.c.valid_until.is_(None), certificate.c.valid_until >= _day("today"))
_checked = product.c.evidence != "said"


def _stars(*which: ColumnElement[bool]) -> ColumnElement[int]:
    return func.max(case((and_(*which), func.coalesce(product.c.stars, 0)), else_=0))


GOODS = (
    select(
        product.c.household,
        func.count().label("goods"),
        func.count(product.c.photo).label("pictured"),
        _stars(_good, _checked).label("stars"),
        _stars(_good, ~_checked).label("said_stars"),
    )
    .outerjoin(certificate, _of_product)
    .where(_within(product.c.household), OFFERED)
    .group_by(product.c.household)
)
COURSES = (
    select(person.c.household, func.count(distinct(course_person.c.course)).label("courses"))
    .join_from(course_person, person, person.c.id == course_person.c.person)
    .where(
        _within(person.c.household),
        course_person.c.attended_at >= bindparam("learned", type_=Moment()),
    )
    .group_by(person.c.household)
)
GATHERED: tuple[Select[Any], ...] = (SALES, ORDERS, GOODS, COURSES)


def records(conn: Connection, those: Range, now: dt.datetime) -> dict[UUID, Record]:
    """The records of the households that let workers see them, by household."""
    values = _values(those, now)
    far = {row.id: row.far_prices for row in conn.execute(SEEN, values)}
    found: dict[UUID, dict[str, int]] = {home: {} for home in far}
    for asked in GATHERED:
        for row in conn.execute(asked, values).mappings():
            counts = dict(row)
            found.get(counts.pop("household"), {}).update(counts)
    return {home: _record(counts, far[home]) for home, counts in found.items()}


def record_of(conn: Connection, home: UUID, now: dt.datetime) -> Record | None:
    """One household's; None when no worker may see it."""
    return records(conn, Range(home, home), now).get(home)


def _record(counts: Mapping[str, Any], far: int) -> Record:
    numbers = {name: int(count) for name, count in counts.items()}
    return Record(**numbers, fair=max(numbers.get("goods", 0) - far, 0))


def _values(those: Range, now: dt.datetime) -> dict[str, Any]:
    today = now.astimezone(ZONE).date()
    return {
        "first": those.first,
        "last": those.last,
        "today": today,
        "start": today - dt.timedelta(weeks=WEEKS),
        "middle": today - dt.timedelta(weeks=HALF),
        "ordered": now - dt.timedelta(days=ORDER_DAYS),
        "learned": now - dt.timedelta(days=COURSE_DAYS),
    }
