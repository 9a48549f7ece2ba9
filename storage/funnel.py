"""An area in numbers: how far its households have come, this month beside the same days of the one before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select

from domain.household import ZONE
from domain.roles import COUNTRY, Role
from storage.areas import counted_by
from storage.order_answers import DELAY
from storage.schema import household, orders


@dataclass(frozen=True, slots=True)
class Period:
    """This month until today, and the same days of the month before; all days included."""

    start: dt.date
    today: dt.date
    before: dt.date
    before_until: dt.date

    @classmethod
    def until(cls, today: dt.date) -> Period:
        """On the 31st the whole of a shorter month before."""
        start = today.replace(day=1)
        last = start - dt.timedelta(days=1)
        return cls(start, today, last.replace(day=1), last.replace(day=min(today.day, last.day)))


@dataclass(frozen=True, slots=True)
class Step:
    """Households that have come so far: in all, since the month began, in the same days before it."""

    all: int
    now: int
    before: int


@dataclass(frozen=True, slots=True)
class Funnel:
    """Each step is counted alone: who sold before listing is in `sold`. `active.all` is `active.now`."""

    joined: Step
    listed: Step
    sold: Step
    ordered: Step
    active: Step
    quiet_14: int
    quiet_30: int
    seen: int
    unanswered: int


@dataclass(frozen=True, slots=True)
class Answers:
    """Orders of this month that waited for an answer; `median` of the seconds until one came."""

    orders: int
    answered: int
    expired: int
    median: int | None


Count = ColumnElement[int]


def _some(*which: ColumnElement[bool]) -> Count:
    return func.count().filter(and_(*which))


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), ZONE)


def _steps(period: Period) -> list[Count]:
    """Three counts for each of the first four steps; none is of a day to come."""
    home = household.c
    start, before = _midnight(period.start), _midnight(period.before)
    after = _midnight(period.before_until + dt.timedelta(days=1))
    counts: list[Count] = []
    for moment in (home.registered_at, home.first_listed_at, home.first_ordered_at):
        earlier = _some(moment >= before, moment < after)
        counts += [func.count(moment), _some(moment >= start), earlier]
    first = home.first_sold_on
    earlier = _some(first >= period.before, first <= period.before_until)
    return [*counts, func.count(first), _some(first >= period.start), earlier]


def _others(period: Period) -> list[Count]:
    home, before = household.c, (period.before, period.before_until)
    sold_before = or_(home.month_from.between(*before), home.before_from.between(*before))
    quiet = [home.quiet_since < period.today - dt.timedelta(days=days) for days in (14, 30)]
    return [
        _some(home.last_sold_on >= period.start),
        _some(sold_before),
        *map(_some, quiet),
        _some(home.seen),
        _some(home.unanswered > 0),
    ]


def funnel(conn: Connection, roles: Iterable[Role], today: dt.date) -> Funnel:
    """The area in one look, with those who are not to be seen by name."""
    period = Period.until(today)
    asked = select(*_steps(period), *_others(period)).select_from(household)
    counts = list(conn.execute(asked.where(counted_by(roles))).one())
    joined, listed, ordered, sold = (Step(*counts[at : at + 3]) for at in (0, 3, 6, 9))
    now, before, quiet_14, quiet_30, seen, unanswered = counts[12:]
    active = Step(now, now, before)
    return Funnel(joined, listed, sold, ordered, active, quiet_14, quiet_30, seen, unanswered)


def answers(conn: Connection, roles: Iterable[Role], today: dt.date) -> Answers:
    """How the area's orders of this month were answered."""
    of_month = [
        orders.c.placed_at >= _midnight(today.replace(day=1)),
        orders.c.deadline.is_not(None),
        *_of_area(tuple(roles)),
    ]
    counts = select(
        func.count(), func.count(orders.c.answered_at), _some(orders.c.state == "expired")
    )
    all_, answered, expired = conn.execute(counts.where(*of_month)).one()
    middle = select(DELAY).where(*of_month, orders.c.answered_at.is_not(None)).order_by(DELAY)
    return Answers(
        all_, answered, expired, conn.execute(middle.limit(1).offset(answered // 2)).scalar()
    )


def _of_area(roles: Sequence[Role]) -> list[ColumnElement[bool]]:
    """Of the country it is all orders: no household has to be looked up."""
    if any(role.area == COUNTRY for role in roles):
        return []
    return [orders.c.household.in_(select(household.c.id).where(counted_by(roles)))]
