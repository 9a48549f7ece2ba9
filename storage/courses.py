"""Courses as they stand: made, looked up by code, link or digits, called off; who holds them."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    bindparam,
    false,
    func,
    literal_column,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.dialects.postgresql import insert

from bot.dialogue.message import CourseNamed
from domain.courses import MARGIN, Course, day_of
from domain.roles import COUNTRY, Role, is_commune
from domain.training_events import CourseAnnounced, CourseCalled, CourseCancelled, CourseHeld
from storage.ledger import Origin
from storage.schema import course, course_person, household_code, person
from storage.upsert import insert_new

PREFIX = "c"  # of a course's code: households have capital letters
SIGNS = 10_000  # codes of four digits
PAGE = 50  # courses
FEW = 5  # in the chat
LATELY = dt.timedelta(days=1)

ONE = select(course).where(course.c.code == bindparam("which"))
LOCKED = ONE.with_for_update()
BY_WORD = select(course.c.code).where(course.c.word == bindparam("word_is"))
BY_FORM = select(course.c.code).where(course.c.form == bindparam("form_is"))
NEW = insert_new(course)
_next = insert(household_code)
NEXT_CODE = _next.on_conflict_do_update(
    index_elements=[household_code.c.prefix], set_={"given": household_code.c.given + 1}
).returning(household_code.c.given)
TAKEN = select(course.c.sign).where(
    course.c.province == bindparam("where"), course.c.day == bindparam("on")
)
NAMED = (
    update(course)
    .where(course.c.code == bindparam("which"))
    .values(title=bindparam("new_title"), venue=bindparam("new_venue"))
)
CALLED = update(course).where(course.c.code == bindparam("which")).values(called_at=bindparam("at"))
CANCELLED = (
    update(course)
    .where(course.c.code == bindparam("which"))
    .values(cancelled_at=bindparam("at"), came=0, unnamed=0)
)
HELD = update(course).where(course.c.code == bindparam("which")).values(held_at=bindparam("at"))
ENDED = (
    select(course.c.code)
    .where(
        course.c.came > literal_column("0"),
        course.c.held_at.is_(None),
        course.c.cancelled_at.is_(None),
        course.c.ends < bindparam("before"),
    )
    .order_by(course.c.ends)
    .limit(20)
)
GOING = select(func.count()).where(
    course_person.c.course == bindparam("which"), course_person.c.answer == "going"
)
NAME_OF = select(person.c.name).where(person.c.id == bindparam("who"))


def course_of(row: Row[Any]) -> Course:
    """A course, its moments those of its row."""
    return Course(
        code=row.code,
        title=row.title,
        venue=row.venue,
        province=row.province,
        commune=row.commune,
        starts=row.starts,
        ends=row.ends,
        by=row.by,
        sign=row.sign,
        word=row.word,
        platform=row.platform,
        capacity=row.capacity,
        came=row.came,
        unnamed=row.unnamed,
        called_at=row.called_at,
        held_at=row.held_at,
        cancelled_at=row.cancelled_at,
    )


def one(conn: Connection, code: str, *, locked: bool = False) -> Course | None:
    """The course of this code; `locked`: nobody else changes it before this transaction ends."""
    row = conn.execute(LOCKED if locked else ONE, {"which": code}).one_or_none()
    return None if row is None else course_of(row)


def code_behind(conn: Connection, word: str) -> str | None:
    """The code of the course whose link ends with this word."""
    found: str | None = conn.execute(BY_WORD, {"word_is": word}).scalar_one_or_none()
    return found


def made_by_form(conn: Connection, form: UUID) -> str | None:
    """The code of the course that this form has made already."""
    found: str | None = conn.execute(BY_FORM, {"form_is": form}).scalar_one_or_none()
    return found


def next_code(tx: Connection) -> str:
    """A new code, handed out once."""
    number = tx.execute(NEXT_CODE, {"prefix": PREFIX, "given": 1}).scalar_one()
    return f"{PREFIX}{number}"


def going(conn: Connection, code: str) -> int:
    """How many said that they will come."""
    return int(conn.execute(GOING, {"which": code}).scalar_one())


def name_of(conn: Connection, who: UUID) -> str | None:
    """The name of whoever holds a course."""
    found: str | None = conn.execute(NAME_OF, {"who": who}).scalar_one_or_none()
    return found


# In an area


def held_in(roles: Iterable[Role]) -> ColumnElement[bool]:
    """The courses of the areas of these roles; none without a role."""
    areas = {role.area for role in roles}
    if COUNTRY in areas:
        return true()
    columns = ((course.c.commune if is_commune(a) else course.c.province) == a for a in areas)
    return or_(false(), *columns)


def of_area(
    conn: Connection, roles: Iterable[Role], now: dt.datetime, *, past: bool = False
) -> list[Course]:
    """Those ahead and on, the nearest first; or those that are over, the latest first."""
    over = course.c.ends < now - MARGIN
    order = course.c.starts.desc() if past else course.c.starts
    rows = select(course).where(held_in(roles), over if past else ~over).order_by(order)
    return [course_of(row) for row in conn.execute(rows.limit(PAGE))]


def one_of_area(
    conn: Connection, roles: Iterable[Role], code: str, *, locked: bool = False
) -> Course | None:
    """The course of this code if it is in the area; None for any other code."""
    rows = select(course).where(held_in(roles), course.c.code == code)
    row = conn.execute(rows.with_for_update() if locked else rows).one_or_none()
    return None if row is None else course_of(row)


def at_work(conn: Connection, roles: Iterable[Role], now: dt.datetime) -> list[Course]:
    """Those that a worker has to do with now: on, ahead, or over since yesterday."""
    lately = course.c.ends > now - LATELY
    rows = select(course).where(held_in(roles), course.c.cancelled_at.is_(None), lately)
    return [course_of(row) for row in conn.execute(rows.order_by(course.c.starts).limit(FEW))]


# As the events leave it


def announced(tx: Connection, event: CourseAnnounced, _: Origin) -> None:
    """The course stands, with digits that no other course of the province has on that day."""
    assert event.person is not None
    row = {
        "code": event.course,
        "form": event.id,
        "title": "",
        "venue": "",
        "province": event.province,
        "commune": event.commune,
        "starts": event.starts,
        "ends": event.ends,
        "day": day_of(event.starts),
        "platform": event.platform,
        "capacity": event.capacity,
        "by": event.person,
        "word": secrets.token_urlsafe(16),
        "made_at": event.at,
    }
    while tx.execute(NEW, row | {"sign": _free_sign(tx, row)}).rowcount != 1:
        pass  # another course took the digits at this moment


def _free_sign(tx: Connection, row: dict[str, Any]) -> str:
    taken = set(tx.scalars(TAKEN, {"where": row["province"], "on": row["day"]}))
    free = [sign for n in range(SIGNS) if (sign := f"{n:04d}") not in taken]
    return secrets.choice(free)


def keep_name(tx: Connection, _home: UUID | None, _who: UUID, item: CourseNamed) -> None:
    """What the course is called, and where it is."""
    values = {"which": item.course, "new_title": item.title, "new_venue": item.venue}
    tx.execute(NAMED, values)


def called(tx: Connection, event: CourseCalled, _: Origin) -> None:
    """Its area was invited."""
    tx.execute(CALLED, {"which": event.course, "at": event.at})


def cancelled(tx: Connection, event: CourseCancelled, _: Origin) -> None:
    """It does not take place, or does not count."""
    tx.execute(CANCELLED, {"which": event.course, "at": event.at})


def held(tx: Connection, event: CourseHeld, _: Origin) -> None:
    """It counts."""
    tx.execute(HELD, {"which": event.course, "at": event.at})


def ended(conn: Connection, now: dt.datetime) -> list[str]:
    """The codes of those to which somebody came, that are over and don't count yet."""
    return list(conn.scalars(ENDED, {"before": now - MARGIN}))
