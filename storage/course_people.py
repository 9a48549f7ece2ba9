"""What a worker sees of the people of a course: names only of those who agreed, words without names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from domain.roles import Role
from storage.areas import counted_by
from storage.schema import consent, course_news, course_person, household, identity, person

MOST = 200  # names, and wishes


@dataclass(frozen=True, slots=True)
class There:
    """Somebody who checked in and lets workers see name and book; `home` is the household's code."""

    name: str
    home: str


@dataclass(frozen=True, slots=True)
class Answers:
    """How many were invited, said yes or no, and how it was for those who were there."""

    invited: int
    going: int
    not_going: int
    checked_in: int
    ratings: dict[str, int]
    wishes: tuple[str, ...]


def who_came(conn: Connection, roles: Iterable[Role], code: str) -> list[There]:
    """Those of the area who checked in and agreed, by name."""
    rows = (
        select(person.c.you, person.c.name, household.c.code)
        .select_from(course_person)
        .join(person, person.c.id == course_person.c.person)
        .join(household, household.c.id == person.c.household)
        .join(consent, consent.c.person == person.c.id)
        .where(
            course_person.c.course == code,
            course_person.c.attended_at.is_not(None),
            consent.c.purpose == "worker",
            consent.c.scope == "",
            consent.c.withdrawn_at.is_(None),
            counted_by(roles),
        )
        .order_by(course_person.c.attended_at, person.c.id)
        .limit(MOST)
    )
    return [
        There(" ".join(filter(None, (row.you, row.name))), row.code) for row in conn.execute(rows)
    ]


def answers_to(conn: Connection, code: str) -> Answers:
    """All that people said of the course, in numbers, and what they want to learn, without names."""
    mine = course_person.c.course == code
    said = select(course_person.c.answer, func.count()).where(mine).group_by(course_person.c.answer)
    by_answer = {row[0]: int(row[1]) for row in conn.execute(said)}
    rated = select(course_person.c.rating, func.count()).where(mine)
    rated = rated.where(course_person.c.rating.is_not(None)).group_by(course_person.c.rating)
    came = select(func.count()).where(mine, course_person.c.attended_at.is_not(None))
    wishes = select(course_person.c.wish).where(mine, course_person.c.wish.is_not(None))
    invited = select(func.count()).where(
        course_news.c.course == code, course_news.c.kind == "invite"
    )
    return Answers(
        invited=int(conn.execute(invited).scalar_one()),
        going=by_answer.get("going", 0),
        not_going=by_answer.get("not_going", 0),
        checked_in=int(conn.execute(came).scalar_one()),
        ratings={row[0]: int(row[1]) for row in conn.execute(rated)},
        wishes=tuple(conn.scalars(wishes.order_by(course_person.c.person).limit(MOST))),
    )


def is_known(conn: Connection, channel: str, address: str) -> bool:
    """Whether a person who agreed to their book writes from this address."""
    mine = identity.c.channel == channel, identity.c.address == address
    return conn.execute(select(identity.c.person).where(*mine)).first() is not None
