"""A course: when one can check in to it, when people hear of it, what speaks against making one. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, get_args
from uuid import UUID

from domain.household import ZONE
from domain.roles import RANKS, Role, lies_in
from domain.training_events import CoursePlatform, Rating

CourseNewsKind = Literal["invite", "eve", "morning", "feedback", "cancelled"]
COURSE_PLATFORMS: tuple[CoursePlatform, ...] = get_args(CoursePlatform)
RATINGS: tuple[Rating, ...] = get_args(Rating)

MARGIN = dt.timedelta(minutes=30)  # before and after a course within which its code works
CORRECTED_FOR = dt.timedelta(days=30)  # after it, who came can still be put right
AHEAD = dt.timedelta(days=366)
SHORTEST = dt.timedelta(minutes=15)
MOST_PLACES = 2_000
LONGEST_TITLE, LONGEST_VENUE = 80, 120  # characters
DAY_FROM, DAY_TO = 7, 20  # o'clock: nobody is written to about a course before or after
EVE = 17  # o'clock on the day before
WRONG_CODES = 5  # a person's in a day


@dataclass(frozen=True, slots=True)
class Course:
    """A course as it stands; `sign` is its four digits, `word` what its link ends with.

    `came` counts everybody who was there once, `unnamed` those of whom only a number is known.
    """

    code: str
    title: str
    venue: str
    province: str
    commune: str
    starts: dt.datetime
    ends: dt.datetime
    by: UUID
    sign: str
    word: str
    platform: CoursePlatform | None = None
    capacity: int | None = None
    came: int = 0
    unnamed: int = 0
    called_at: dt.datetime | None = None
    held_at: dt.datetime | None = None
    cancelled_at: dt.datetime | None = None

    @property
    def day(self) -> dt.date:
        """The day in Vietnam."""
        return day_of(self.starts)

    def is_open(self, now: dt.datetime) -> bool:
        """Whether one can check in now."""
        return self.cancelled_at is None and self.starts - MARGIN <= now <= self.ends + MARGIN

    def takes_names(self, now: dt.datetime) -> bool:
        """Whether a worker may say who came: from its beginning, for a month."""
        begun = self.starts - MARGIN <= now <= self.ends + CORRECTED_FOR
        return self.cancelled_at is None and begun

    def may_be_cancelled(self, now: dt.datetime) -> bool:
        """As long as who came can be put right."""
        return self.cancelled_at is None and now <= self.ends + CORRECTED_FOR


@dataclass(frozen=True, slots=True)
class CoursePlan:
    """A course that is to be made; `day` and the hours are those in Vietnam."""

    title: str
    venue: str
    commune: str
    starts: dt.datetime
    ends: dt.datetime
    platform: CoursePlatform | None = None
    capacity: int | None = None


PlanFault = Literal[
    "title", "venue", "area", "past", "far", "order", "short", "days", "capacity", "capacity_most"
]


def plan_faults(plan: CoursePlan, roles: Iterable[Role], now: dt.datetime) -> Iterator[PlanFault]:
    """What speaks against it; nothing when it can be made."""
    if not 1 <= len(plan.title.strip()) <= LONGEST_TITLE:
        yield "title"
    if not 1 <= len(plan.venue.strip()) <= LONGEST_VENUE:
        yield "venue"
    if not may_hold(roles, plan.commune):
        yield "area"
    yield from hour_faults(plan.starts, plan.ends, now)
    yield from place_faults(plan.capacity)


def hour_faults(
    starts: dt.datetime, ends: dt.datetime, now: dt.datetime
) -> Iterator[Literal["past", "far", "order", "short", "days"]]:
    """Of its beginning and its end: one of them at most."""
    if starts <= now:
        yield "past"
    elif starts > now + AHEAD:
        yield "far"
    elif ends <= starts:
        yield "order"
    elif ends - starts < SHORTEST:
        yield "short"
    elif day_of(starts) != day_of(ends):
        yield "days"


def place_faults(capacity: int | None) -> Iterator[Literal["capacity", "capacity_most"]]:
    """Of the number of places; None is no limit."""
    if capacity is not None and capacity < 1:
        yield "capacity"
    elif capacity is not None and capacity > MOST_PLACES:
        yield "capacity_most"


def may_hold(roles: Iterable[Role], commune: str) -> bool:
    """Workers and officers hold courses in their own area; readers only look."""
    return any(
        RANKS[role.kind] >= RANKS["worker"] and lies_in(commune, role.area) for role in roles
    )


def day_of(moment: dt.datetime) -> dt.date:
    """The day in Vietnam."""
    return moment.astimezone(ZONE).date()


# When people hear of it


def is_decent(moment: dt.datetime) -> bool:
    """Whether one may write to somebody about a course."""
    return DAY_FROM <= moment.astimezone(ZONE).hour < DAY_TO


def decent(moment: dt.datetime) -> dt.datetime:
    """The moment itself, or the next morning."""
    if is_decent(moment):
        return moment
    local = moment.astimezone(ZONE)
    morning = local.replace(hour=DAY_FROM, minute=0, second=0, microsecond=0)
    return morning if local.hour < DAY_FROM else morning + dt.timedelta(days=1)


def reminders(course: Course, now: dt.datetime) -> dict[CourseNewsKind, dt.datetime]:
    """When somebody who comes is reminded, the day before and in the morning: what of that is ahead."""
    midnight = course.starts.astimezone(ZONE).replace(hour=0, minute=0, second=0, microsecond=0)
    times: dict[CourseNewsKind, dt.datetime] = {
        "eve": midnight - dt.timedelta(hours=24 - EVE),
        "morning": midnight + dt.timedelta(hours=DAY_FROM),
    }
    return {kind: at for kind, at in times.items() if now < at < course.starts}


def is_overtaken(course: Course, kind: CourseNewsKind, now: dt.datetime) -> bool:
    """Whether nobody needs this news any more."""
    if kind == "cancelled":
        return now >= course.starts
    if course.cancelled_at is not None:
        return True
    if kind == "feedback":
        return now > course.ends + CORRECTED_FOR
    late = kind == "eve" and day_of(now) >= course.day
    return late or now >= course.starts
