"""What conversations about courses ask for, answered in the turn's transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import Connection, bindparam, select, union

from bot.dialogue.course_queries import (
    CourseByCode,
    CourseBySign,
    CourseByWord,
    CoursesAhead,
    CourseSeen,
    NextCourseCode,
    OwnCourses,
    SignRead,
)
from domain.courses import AHEAD, may_hold
from storage import attendances, courses
from storage.courses import course_of, one_of_area
from storage.roles import roles_of
from storage.schema import course, course_news, course_person, household

FEW = 3  # courses offered at once

HOME = select(household.c.province, household.c.commune).where(household.c.id == bindparam("home"))
AHEAD_OF = (
    select(course)
    .where(
        course.c.province == bindparam("where"),
        course.c.day.between(bindparam("first"), bindparam("last")),
        course.c.starts > bindparam("now"),
        course.c.cancelled_at.is_(None),
    )
    .order_by((course.c.commune == bindparam("here")).desc(), course.c.starts)
    .limit(FEW)
)


NEAR = (
    select(course.c.code)
    .join(household, household.c.province == course.c.province)
    .where(household.c.id == bindparam("home"), course.c.code == bindparam("which"))
)
KNOWN = union(
    select(course_news.c.course).where(
        course_news.c.course == bindparam("which"), course_news.c.person == bindparam("who")
    ),
    select(course_person.c.course).where(
        course_person.c.course == bindparam("which"), course_person.c.person == bindparam("who")
    ),
)


class Asking(Protocol):
    """Who asks, and when (see `storage.queries.Asker`)."""

    @property
    def person(self) -> UUID: ...
    @property
    def household(self) -> UUID | None: ...
    @property
    def at(self) -> Any: ...


def _by_code(tx: Connection, query: CourseByCode, asker: Asking) -> CourseSeen | None:
    """Codes are easily guessed: only of one's own province or area, or where one was invited or has been."""
    near = tx.execute(NEAR, {"home": asker.household, "which": query.code}).first()
    known = near or tx.execute(KNOWN, {"who": asker.person, "which": query.code}).first()
    if known is None and one_of_area(tx, roles_of(tx, asker.person), query.code) is None:
        return None
    return _seen(tx, query.code, asker)


def _by_word(tx: Connection, query: CourseByWord, asker: Asking) -> CourseSeen | None:
    code = courses.code_behind(tx, query.word)
    return None if code is None else _seen(tx, code, asker)


def _seen(tx: Connection, code: str, asker: Asking) -> CourseSeen | None:
    found = courses.one(tx, code, locked=True)
    return None if found is None else attendances.seen(tx, asker.person, found)


def _by_sign(tx: Connection, query: CourseBySign, asker: Asking) -> SignRead:
    home = tx.execute(HOME, {"home": asker.household}).one_or_none()
    province = home.province if home else None
    return attendances.by_sign(tx, asker.person, query.sign, province, asker.at)


def _ahead(tx: Connection, _: CoursesAhead, asker: Asking) -> tuple[CourseSeen, ...]:
    home = tx.execute(HOME, {"home": asker.household}).one_or_none()
    if home is None:
        return ()
    days = {"first": asker.at.date(), "last": (asker.at + AHEAD).date(), "now": asker.at}
    rows = tx.execute(AHEAD_OF, days | {"where": home.province, "here": home.commune}).all()
    return tuple(attendances.seen(tx, asker.person, course_of(row)) for row in rows)


def _own(tx: Connection, _: OwnCourses, asker: Asking) -> tuple[CourseSeen, ...]:
    found = courses.at_work(tx, roles_of(tx, asker.person), asker.at)
    return tuple(attendances.seen(tx, asker.person, one) for one in found)


def _next_code(tx: Connection, query: NextCourseCode, asker: Asking) -> str | None:
    mine = may_hold(roles_of(tx, asker.person), query.commune)
    return courses.next_code(tx) if mine else None


COURSE_ANSWERS: Mapping[type[Any], Callable[[Connection, Any, Any], Any]] = MappingProxyType(
    {
        CourseByCode: _by_code,
        CourseByWord: _by_word,
        CourseBySign: _by_sign,
        CoursesAhead: _ahead,
        OwnCourses: _own,
        NextCourseCode: _next_code,
    }
)
