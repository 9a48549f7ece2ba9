"""People and courses: who wants to come, who checked in, each once, and what they say of it.

Whatever decides whether somebody counts holds the course's row first (`courses.one(locked=True)`).
"""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from sqlalchemy import Connection, bindparam, exists, select, update

from bot.dialogue.course_queries import CourseSeen, SignRead
from bot.dialogue.message import CourseWished
from domain.courses import MARGIN, WRONG_CODES, Course, day_of
from domain.training_events import (
    TrainingAccepted,
    TrainingAttended,
    TrainingDeclined,
    TrainingRated,
)
from storage import courses
from storage.ledger import Origin
from storage.schema import attendee, course, course_person, person, wrong_code
from storage.upsert import add_up, upsert

KEPT = dt.timedelta(days=90)  # names and phones of a list: as long as one may ask who was there
BATCH = 500

_MINE = (
    course_person.c.course == bindparam("which"),
    course_person.c.person == bindparam("who"),
)
MINE = select(course_person).where(*_MINE)
PHONE_OF = select(person.c.phone).where(person.c.id == bindparam("who"))
LISTED = (
    select(attendee.c.id)
    .where(
        attendee.c.course == bindparam("which"),
        attendee.c.phone == bindparam("phone_is"),
        attendee.c.person.is_(None),
        attendee.c.people == 1,
        attendee.c.struck_at.is_(None),
    )
    .order_by(attendee.c.listed_at, attendee.c.id)
    .limit(1)
)
"""An entry of the list with this phone that counts, and that nobody has checked in for."""


# What a person sees


def seen(conn: Connection, who: UUID, found: Course) -> CourseSeen:
    """The course as this person sees it."""
    mine = conn.execute(MINE, {"which": found.code, "who": who}).one_or_none()
    return CourseSeen(
        found,
        courses.going(conn, found.code),
        courses.name_of(conn, found.by),
        answer=mine.answer if mine else None,
        attended=mine is not None and mine.attended_at is not None,
        listed=_listed(conn, who, found.code) is not None,
        rating=mine.rating if mine else None,
    )


def _listed(conn: Connection, who: UUID, code: str) -> UUID | None:
    """The entry that already counts for this person, by their phone."""
    phone = conn.execute(PHONE_OF, {"who": who}).scalar_one_or_none()
    if phone is None:
        return None
    values = {"which": code, "phone_is": phone}
    found: UUID | None = conn.execute(LISTED, values).scalar_one_or_none()
    return found


# By the digits on the board

BY_SIGN = select(course.c.code).where(
    course.c.province == bindparam("where"),
    course.c.day == bindparam("on"),
    course.c.sign == bindparam("sign_is"),
    course.c.cancelled_at.is_(None),
)
IS_ANY_OPEN = select(
    exists().where(
        course.c.province == bindparam("where"),
        course.c.day == bindparam("on"),
        course.c.cancelled_at.is_(None),
        course.c.starts <= bindparam("before"),
        course.c.ends >= bindparam("after"),
    )
)
WRONG = select(wrong_code.c.count).where(
    wrong_code.c.person == bindparam("who"), wrong_code.c.day == bindparam("on")
)
ONE_MORE = add_up(wrong_code, ("count",))
TODAYS = (
    select(person.c.name)
    .select_from(course)
    .join(course_person, course_person.c.course == course.c.code)
    .join(person, person.c.id == course.c.by)
    .where(
        course_person.c.person == bindparam("who"),
        course_person.c.answer == "going",
        course.c.day == bindparam("on"),
    )
    .order_by(course.c.starts)
    .limit(1)
)


def by_sign(
    tx: Connection, who: UUID, sign: str, province: str | None, now: dt.datetime
) -> SignRead:
    """Today's course of these digits in the person's province; a wrong guess is counted while any is open."""
    today = day_of(now)
    mine = {"who": who, "on": today}
    wrong = tx.execute(WRONG, mine).scalar_one_or_none() or 0
    worker = tx.execute(TODAYS, mine).scalar_one_or_none()
    if wrong >= WRONG_CODES:
        return SignRead(often=True, worker=worker)
    values = {"where": province, "on": today, "sign_is": sign}
    code = tx.execute(BY_SIGN, values).scalar_one_or_none()
    found = courses.one(tx, code, locked=True) if code else None
    if found is None and _is_any_open(tx, province, now):
        tx.execute(ONE_MORE, {"person": who, "day": today, "count": 1})
    if found is None:
        return SignRead(worker=worker)
    return SignRead(seen(tx, who, found), worker=worker)


def _is_any_open(conn: Connection, province: str | None, now: dt.datetime) -> bool:
    moments = {"before": now + MARGIN, "after": now - MARGIN}
    return bool(
        conn.execute(IS_ANY_OPEN, {"where": province, "on": day_of(now)} | moments).scalar_one()
    )


# As the events leave it

ANSWERED = upsert(course_person, ("answer",))
ATTENDED = upsert(course_person, ("attended_at",))
RATED = upsert(course_person, ("rating",))
WISHED = update(course_person).where(*_MINE).values(wish=bindparam("words"))
CAME = (
    update(course)
    .where(course.c.code == bindparam("which"))
    .values(came=course.c.came + bindparam("more"))
)
STANDS_FOR = (
    update(attendee).where(attendee.c.id == bindparam("entry")).values(person=bindparam("who"))
)


def answered(tx: Connection, event: TrainingAccepted | TrainingDeclined, _: Origin) -> None:
    """Whether the person comes."""
    answer = "going" if isinstance(event, TrainingAccepted) else "not_going"
    tx.execute(ANSWERED, {"course": event.course, "person": event.person, "answer": answer})


def attended(tx: Connection, event: TrainingAttended, _: Origin) -> None:
    """The person was there; the entry that counted for them is theirs from now on."""
    assert event.person is not None
    if not event.people:
        entry = _listed(tx, event.person, event.course)
        tx.execute(STANDS_FOR, {"entry": entry, "who": event.person})
    row = {"course": event.course, "person": event.person, "attended_at": event.at}
    tx.execute(ATTENDED, row)
    came(tx, event.course, event.attendances)


def rated(tx: Connection, event: TrainingRated, _: Origin) -> None:
    """How it was for the person."""
    tx.execute(RATED, {"course": event.course, "person": event.person, "rating": event.rating})


def keep_wish(tx: Connection, _home: UUID | None, who: UUID, item: CourseWished) -> None:
    """What the person wants to learn."""
    tx.execute(WISHED, {"which": item.course, "who": who, "words": item.text})


def came(tx: Connection, code: str, more: int) -> None:
    """So many more were there."""
    tx.execute(CAME, {"which": code, "more": more})
