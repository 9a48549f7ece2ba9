"""What people are still to be told of courses: found by its time, told once; who is invited."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Connection,
    Select,
    bindparam,
    delete,
    exists,
    func,
    insert,
    literal,
    select,
    update,
)

from domain.courses import CourseNewsKind, decent, reminders
from domain.roles import COUNTRY, Role, is_commune
from domain.training_events import (
    CourseCancelled,
    TrainingAccepted,
    TrainingAttended,
    TrainingDeclined,
)
from storage import courses
from storage.broadcast_people import addressees, own_address
from storage.ledger import Origin
from storage.schema import consent, course_news, course_person, household
from storage.schema import person as people
from storage.upsert import insert_new, upsert

BATCH = 10  # people a round: the outbox never holds many that nobody asked for
EVERYWHERE = (Role("officer", COUNTRY),)  # whom to ask was decided when the area was invited

DUE = (
    select(course_news.c.course, course_news.c.person, course_news.c.kind)
    .where(course_news.c.told_at.is_(None), course_news.c.due_at <= bindparam("now"))
    .order_by(course_news.c.due_at, course_news.c.person)
    .limit(BATCH)
)
_THIS = (
    course_news.c.course == bindparam("which"),
    course_news.c.person == bindparam("who"),
    course_news.c.kind == bindparam("what"),
)
TOLD = update(course_news).where(*_THIS).values(told_at=bindparam("when"))
DROPPED = delete(course_news).where(*_THIS)
PUT = upsert(course_news, ("due_at",))
NEW = insert_new(course_news)
UNTOLD_REMINDERS = delete(course_news).where(
    course_news.c.course == bindparam("which"),
    course_news.c.person == bindparam("who"),
    course_news.c.kind.in_(("eve", "morning")),
    course_news.c.told_at.is_(None),
)
UNTOLD = delete(course_news).where(
    course_news.c.course == bindparam("which"), course_news.c.told_at.is_(None)
)
COMING = select(course_person.c.person).where(
    course_person.c.course == bindparam("which"),
    course_person.c.answer == "going",
    course_person.c.attended_at.is_(None),
)


@dataclass(frozen=True, slots=True)
class DueNews:
    """Something that somebody is to be told now."""

    course: str
    person: UUID
    kind: CourseNewsKind


def due(conn: Connection, now: dt.datetime) -> list[DueNews]:
    """The next ones, the longest due first."""
    rows = conn.execute(DUE, {"now": now})
    return [DueNews(row.course, row.person, row.kind) for row in rows]


def address_of(conn: Connection, one: DueNews, now: dt.datetime) -> tuple[str, str] | None:
    """(channel, address) where the person is told; None: nowhere, or this week's invitations are used up."""
    if one.kind == "invite":
        found = addressees(conn, EVERYWHERE, COUNTRY, [one.person], now)
        return (found[0].channel, found[0].address) if found else None
    own = own_address(conn, one.person)
    return (own.channel, own.address) if own else None


def told(tx: Connection, one: DueNews, now: dt.datetime) -> None:
    """It was told."""
    tx.execute(TOLD, _which(one) | {"when": now})


def dropped(tx: Connection, one: DueNews) -> None:
    """Nobody needs it any more, or nobody can be reached."""
    tx.execute(DROPPED, _which(one))


def _which(one: DueNews) -> dict[str, Any]:
    return {"which": one.course, "who": one.person, "what": one.kind}


# Whom an area's invitation reaches


def _uninvited(code: str, area: str) -> Select[Any]:
    """The people of an area's households who want to hear of courses, and not yet of this one."""
    column = household.c.commune if is_commune(area) else household.c.province
    agreed = exists().where(
        consent.c.person == people.c.id,
        consent.c.purpose == "broadcast",
        consent.c.scope == "",
        consent.c.withdrawn_at.is_(None),
    )
    known = exists().where(
        course_news.c.course == code,
        course_news.c.kind == "invite",
        course_news.c.person == people.c.id,
    )
    answered = exists().where(course_person.c.course == code, course_person.c.person == people.c.id)
    return (
        select(people.c.id)
        .join(household, household.c.id == people.c.household)
        .where(column == area, household.c.erased_at.is_(None), agreed, ~known, ~answered)
    )


def reached(conn: Connection, code: str, area: str) -> int:
    """How many would be invited now."""
    counted = select(func.count()).select_from(_uninvited(code, area).subquery())
    return int(conn.execute(counted).scalar_one())


def call(tx: Connection, code: str, area: str, now: dt.datetime) -> int:
    """Have them invited, from the next decent hour on; how many they are."""
    whom = _uninvited(code, area).subquery()
    due_at = literal(decent(now), type_=course_news.c.due_at.type)
    rows = select(literal(code), whom.c.id, literal("invite"), due_at)
    names = ["course", "person", "kind", "due_at"]
    return tx.execute(insert(course_news).from_select(names, rows)).rowcount


# As the events leave it


def remind(tx: Connection, event: TrainingAccepted, _: Origin) -> None:
    """Whoever comes is reminded."""
    found = courses.one(tx, event.course)
    times: Mapping[CourseNewsKind, dt.datetime] = reminders(found, event.at) if found else {}
    for kind, moment in times.items():
        row = {"course": event.course, "person": event.person, "kind": kind, "due_at": moment}
        tx.execute(PUT, row)


def leave_alone(tx: Connection, event: TrainingDeclined, _: Origin) -> None:
    """Whoever doesn't come isn't."""
    tx.execute(UNTOLD_REMINDERS, {"which": event.course, "who": event.person})


def ask_afterwards(tx: Connection, event: TrainingAttended, _: Origin) -> None:
    """Whoever was there is asked how it was."""
    found = courses.one(tx, event.course)
    if found is not None:
        leave = {"which": event.course, "who": event.person}
        tx.execute(UNTOLD_REMINDERS, leave)
        row = {"course": event.course, "person": event.person, "kind": "feedback"}
        tx.execute(NEW, row | {"due_at": decent(max(found.ends, event.at))})


def call_off(tx: Connection, event: CourseCancelled, _: Origin) -> None:
    """Nothing more is told of it but that it isn't held, to those who wanted to come."""
    coming = tx.scalars(COMING, {"which": event.course}).all()
    tx.execute(UNTOLD, {"which": event.course})
    due_at = decent(event.at)
    rows = [
        {"course": event.course, "person": who, "kind": "cancelled", "due_at": due_at}
        for who in coming
    ]
    if rows:
        tx.execute(NEW, rows)
