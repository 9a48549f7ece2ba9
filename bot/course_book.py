"""What a worker does with a course from a page: makes it, invites, says who came, calls it off. And its end.

Each is one transaction that looks at the role, the area and the course anew, holding the course's row.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID, uuid4, uuid5

from sqlalchemy import Connection

from bot.dialogue.message import CourseNamed
from domain.courses import MARGIN, Course, CoursePlan, PlanFault, may_hold, plan_faults
from domain.geography import commune
from domain.roles import Role
from domain.training_events import (
    AttendeeListed,
    AttendeesCounted,
    AttendeeStruck,
    CourseAnnounced,
    CourseCalled,
    CourseCancelled,
    CourseHeld,
)
from storage import attendee_list, course_news, courses
from storage.roles import roles_of
from storage.store import append

MOST_COUNTED = 5_000  # people of whom only the number is known
MOST_BY_LINK = 500  # phones typed at one course's link

Refusal = Literal["gone", "area", "early", "over", "cancelled", "changed", "full"]


@dataclass(frozen=True, slots=True)
class Acting:
    """A worker, by which channel and when."""

    person: UUID
    at: dt.datetime
    channel: str = "web"


@dataclass(frozen=True, slots=True)
class NewName:
    """Somebody for the list; `phone` as `domain.phones` writes it."""

    name: str | None
    phone: str | None = None


def announce(
    tx: Connection, who: Acting, plan: CoursePlan, form: UUID
) -> str | tuple[PlanFault, ...]:
    """The new course's code, the same for the same form; or what speaks against it."""
    made = courses.made_by_form(tx, form)
    if made is not None:
        return made
    faults = tuple(plan_faults(plan, roles_of(tx, who.person), who.at))
    if faults:
        return faults
    code = courses.next_code(tx)
    event = CourseAnnounced(
        id=form,
        at=who.at,
        person=who.person,
        channel=who.channel,
        course=code,
        starts=plan.starts,
        ends=plan.ends,
        platform=plan.platform,
        capacity=plan.capacity,
        province=commune(plan.commune).province_code,
        commune=plan.commune,
    )
    append(tx, [event])
    courses.keep_name(
        tx, None, who.person, CourseNamed(code, plan.title.strip(), plan.venue.strip())
    )
    return code


def invite(tx: Connection, who: Acting, code: str, area: str) -> int | Refusal:
    """Everybody of the area who wants to hear of courses is invited, once; how many now."""
    found = _mine(tx, who, code)
    if isinstance(found, str):
        return found
    if found.cancelled_at is not None:
        return "cancelled"
    if who.at >= found.starts:
        return "over"
    if not _covers(roles_of(tx, who.person), found, area):
        return "area"
    people = course_news.call(tx, code, area, who.at)
    if people:
        _add(tx, CourseCalled, found, who, f"call/{uuid4()}", area=area, people=people)
    return people


def _covers(roles: Iterable[Role], found: Course, area: str) -> bool:
    if area == found.province:
        return any(r.area in {"vn", area} and r.kind != "reader" for r in roles)
    return area == found.commune


def count(tx: Connection, who: Acting, code: str, people: int, before: int) -> Refusal | None:
    """So many came of whom only the number is known; `before` is what the worker saw there."""
    found = _running(tx, who, code)
    if isinstance(found, str):
        return found
    if found.unnamed == people:
        return None
    if found.unnamed != before:
        return "changed"
    if not 0 <= people <= MOST_COUNTED:
        return "full"
    said = {**_of(found), "people": people, "before": before}
    _add(tx, AttendeesCounted, found, who, f"count/{uuid4()}", **said)
    hold(tx, code, who.at)
    return None


def enlist(
    tx: Connection, who: Acting, code: str, names: Sequence[NewName]
) -> tuple[int, int] | Refusal:
    """How many of these are new on the list, and how many were there or counted already."""
    found = _running(tx, who, code)
    if isinstance(found, str):
        return found
    new = sum(_put(tx, found, one, who, who.person) == 1 for one in names)
    hold(tx, code, who.at)
    return new, len(names) - new


def enlist_by_link(tx: Connection, word: str, phone: str, at: dt.datetime) -> Course | Refusal:
    """Somebody typed their phone at the link of an open course; twice is once."""
    code = courses.code_behind(tx, word)
    found = courses.one(tx, code, locked=True) if code else None
    if found is None:
        return "gone"
    if not found.is_open(at):
        return "early" if at < found.starts else "over"
    if attendee_list.by_link(tx, found.code) >= MOST_BY_LINK:
        return "full"
    _put(tx, found, NewName(None, phone), Acting(found.by, at, "link"), None)
    return found


def _put(tx: Connection, found: Course, one: NewName, who: Acting, by: UUID | None) -> int | None:
    key = attendee_list.key_of(one.name, one.phone)
    entry = uuid5(UUID(int=0), f"{found.code}/{key}/{who.at.isoformat()}")
    people = attendee_list.put(tx, found.code, entry, one.name, one.phone, by, who.at)
    if people is not None:
        of = {**_of(found), "attendee": entry, "people": people, "person": by}
        _add(tx, AttendeeListed, found, who, f"listed/{entry}", **of)
    return people


def strike(tx: Connection, who: Acting, code: str, which: UUID) -> Refusal | None:
    """An entry of the list was wrong; struck once."""
    found = _running(tx, who, code)
    if isinstance(found, str):
        return found
    entry = attendee_list.entry_of(tx, code, which)
    if entry is not None:
        of = {**_of(found), "attendee": which, "people": entry.counts}
        _add(tx, AttendeeStruck, found, who, f"struck/{which}", **of)
    return None


def cancel(tx: Connection, who: Acting, code: str) -> Refusal | None:
    """The course is called off, or was wrong: nothing of it counts. Twice is once."""
    found = _mine(tx, who, code)
    if isinstance(found, str):
        return found
    if found.cancelled_at is not None:
        return None
    if not found.may_be_cancelled(who.at):
        return "over"
    had = {"held": found.held_at is not None, "people": found.came}
    _add(tx, CourseCancelled, found, who, "cancelled", **_of(found), **had)
    return None


def hold(tx: Connection, code: str, at: dt.datetime) -> None:
    """A course that is over and to which somebody came counts as held, once."""
    found = courses.one(tx, code, locked=True)
    if found is None or found.held_at or found.cancelled_at or not found.came:
        return
    if at > found.ends + MARGIN:
        _add(tx, CourseHeld, found, Acting(found.by, at, "clock"), "held", **_of(found))


def _mine(tx: Connection, who: Acting, code: str) -> Course | Literal["gone"]:
    """The course, held; only of the worker's own area, and not for those who only look."""
    roles = roles_of(tx, who.person)
    found = courses.one_of_area(tx, roles, code, locked=True)
    return found if found is not None and may_hold(roles, found.commune) else "gone"


def _running(tx: Connection, who: Acting, code: str) -> Course | Refusal:
    found = _mine(tx, who, code)
    if isinstance(found, str) or found.takes_names(who.at):
        return found
    if found.cancelled_at is not None:
        return "cancelled"
    return "early" if who.at < found.starts else "over"


def _of(found: Course) -> dict[str, Any]:
    return {"platform": found.platform, "date": found.day}


def _add(
    tx: Connection, kind: type[Any], found: Course, who: Acting, name: str, **fields: Any
) -> None:
    """A fact about this course, where it is held; `person` is the worker unless another one is given."""
    where = {"province": found.province, "commune": found.commune}
    base = {"id": uuid5(UUID(int=0), f"{found.code}/{name}"), "at": who.at}
    by = {"person": who.person, "channel": who.channel, "course": found.code}
    append(tx, [kind(**{**base, **by, **where, **fields})])
