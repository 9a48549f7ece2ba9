"""Whom a message to an area reaches: members who agreed to such messages, and where each is written to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, case, exists, func, or_, select

from domain.broadcasts import A_WEEK, WEEK, Audience
from domain.household import ZONE
from domain.roles import Role
from storage.areas import counted_by
from storage.outbox import BROADCAST
from storage.recipients import PUSHED
from storage.schema import consent, entry, household, identity, listing, outbox, person, session


@dataclass(frozen=True, slots=True)
class Reach:
    """How many people would get it; `full` have had this week's messages already and are left out."""

    people: int
    full: int


@dataclass(frozen=True, slots=True)
class Addressee:
    """One person who gets it: where, and in which words they are spoken to."""

    person: UUID
    channel: str
    address: str
    you: str | None
    me: str | None
    name: str | None
    southern: bool | None
    language: str | None


INVITED = "news:course:%:invite:%"  # the messages that answers to this are: see bot.course_news
AGREED = exists().where(
    consent.c.person == person.c.id,
    consent.c.purpose == "broadcast",
    consent.c.scope == "",
    consent.c.withdrawn_at.is_(None),
)
_TALK = and_(session.c.channel == identity.c.channel, session.c.address == identity.c.address)
_HEARS = or_(identity.c.blocked_at.is_(None), session.c.last_at > identity.c.blocked_at)
REACHABLE = (
    select(identity.c.address)
    .join_from(identity, session, _TALK, isouter=True)
    .where(identity.c.person == person.c.id, _HEARS)
    .correlate(person)
    .exists()
)


_ADDRESSES = (
    select(
        person.c.id,
        person.c.you,
        person.c.me,
        person.c.name,
        person.c.southern,
        person.c.language,
        identity.c.channel,
        identity.c.address,
        identity.c.chosen_at,
        session.c.last_at,
        _HEARS.label("hears"),
    )
    .join_from(person, identity, identity.c.person == person.c.id)
    .join(session, _TALK, isouter=True)
)


def _lately(now: dt.datetime) -> ColumnElement[int]:
    """How many messages to its area this address got within a week; an invitation to a course is one."""
    return (
        select(func.count())
        .select_from(outbox)
        .where(
            outbox.c.channel == identity.c.channel,
            outbox.c.recipient == identity.c.address,
            or_(outbox.c.urgency == BROADCAST, outbox.c.message.like(INVITED)),
            outbox.c.made_at > now - WEEK,
            outbox.c.state != "failed",
        )
        .scalar_subquery()
    )


def _audience(roles: Iterable[Role], wanted: Audience, now: dt.datetime) -> ColumnElement[bool]:
    """Of the area wanted, what lies in the areas of these roles."""
    which = [counted_by(roles), counted_by([Role("worker", wanted.area)]), AGREED, REACHABLE]
    sold = (entry.c.household == household.c.id, entry.c.struck_at.is_(None))
    offered = (listing.c.household == household.c.id, listing.c.withdrawn_at.is_(None))
    if wanted.platform is not None:
        which.append(exists().where(*offered, listing.c.platform == wanted.platform))
    if wanted.step is not None:
        done = offered if wanted.step == "listing" else sold
        which.append(~exists().where(*done))
    if wanted.quiet is not None:
        first = now.astimezone(ZONE).date() - dt.timedelta(days=wanted.quiet)
        which.append(household.c.registered_at < dt.datetime.combine(first, dt.time(), ZONE))
        which.append(~exists().where(*sold, entry.c.date >= first))
    return and_(*which)


def reach(conn: Connection, roles: Iterable[Role], wanted: Audience, now: dt.datetime) -> Reach:
    """How many it would reach at this moment."""
    lately = (
        select(func.sum(_lately(now)))
        .select_from(identity)
        .where(identity.c.person == person.c.id)
        .correlate(person)
        .scalar_subquery()
    )
    who = _of(select(person.c.id, lately.label("lately")), roles, wanted, now).subquery()
    full = func.sum(case((who.c.lately >= A_WEEK, 1), else_=0))
    counted = select(func.count().label("people"), func.coalesce(full, 0).label("full"))
    row = conn.execute(counted.select_from(who)).one()
    return Reach(int(row.people) - int(row.full), int(row.full))


def people_of(
    conn: Connection, roles: Iterable[Role], wanted: Audience, now: dt.datetime
) -> list[UUID]:
    """Everybody of the audience at this moment, each once, in an order that never changes."""
    return list(conn.scalars(_of(select(person.c.id), roles, wanted, now).order_by(person.c.id)))


def _of(
    what: Select[Any], roles: Iterable[Role], wanted: Audience, now: dt.datetime
) -> Select[Any]:
    homes = person.join(household, household.c.id == person.c.household)
    return what.select_from(homes).where(_audience(roles, wanted, now))


def addressees(
    conn: Connection,
    roles: Iterable[Role],
    area: str,
    people: Sequence[UUID],
    now: dt.datetime,
    quiet: Collection[str] = (),
) -> list[Addressee]:
    """Of these people those who still live in the area, still agree and have a message left this week.

    In a `quiet` channel only who has no other one that we send to.
    """
    found = (
        _ADDRESSES.add_columns(_lately(now).label("lately"))
        .join(household, household.c.id == person.c.household)
        .where(person.c.id.in_(people), AGREED)
        .where(counted_by(roles), counted_by([Role("worker", area)]))
    )
    at: dict[UUID, list[Row[Any]]] = {}
    for row in conn.execute(found):
        at.setdefault(row.id, []).append(row)
    return [one for rows in at.values() if (one := _addressee(rows, quiet)) is not None]


def own_address(conn: Connection, who: UUID) -> Addressee | None:
    """Where this person wants to be written to; None when nothing goes through."""
    mine = _ADDRESSES.where(person.c.id == who)
    rows: list[Any] = [row for row in conn.execute(mine) if row.hears]
    return _chosen(rows) if rows else None


LONG_AGO = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)


def _addressee(rows: Sequence[Row[Any]], quiet: Collection[str]) -> Addressee | None:
    """A person once: where they want news, or wrote last; nowhere when the week is full."""
    open_ = [row for row in rows if row.hears]
    if not open_ or sum(row.lately for row in rows) >= A_WEEK:
        return None
    return _chosen(open_, quiet)


def _chosen(rows: Sequence[Row[Any]], quiet: Collection[str] = ()) -> Addressee:
    row = _newest(rows)
    if row.channel in quiet:
        sent_to = [r for r in rows if r.channel in PUSHED and r.channel not in quiet]
        row = _newest(sent_to) if sent_to else row
    spoken = row.you, row.me, row.name, row.southern, row.language
    return Addressee(row.id, row.channel, row.address, *spoken)


def _newest(rows: Sequence[Row[Any]]) -> Row[Any]:
    return max(rows, key=lambda r: (r.chosen_at or LONG_AGO, r.last_at or LONG_AGO, r.channel))
