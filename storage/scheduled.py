"""Summaries that are made by themselves: each made once, and each of its parts sent to its target.

A part's target is `person/area` of an officer's chat, `mail/` with the hash of an address, or `webhook`.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, bindparam, exists, func, or_, select, update

from domain.roles import COUNTRY, is_commune
from domain.schedule import Due, SummaryKind
from storage.schema import role, scheduled, scheduled_part, summary_choice
from storage.upsert import insert_new

WEBHOOK = "webhook"
MAIL = "mail/"
LEASE = dt.timedelta(minutes=5)  # a letter with its files, over a slow line
CHATS_A_ROUND, LETTERS_A_ROUND = 10, 5
LATE = dt.timedelta(hours=1)  # a part that waits longer is a trouble

Figures = Mapping[str, Any]

_THIS = (scheduled.c.kind == bindparam("what"), scheduled.c.period == bindparam("when"))
STANDS = select(scheduled.c.kind).where(*_THIS)
MADE = select(scheduled.c.figures, scheduled.c.body, scheduled.c.made_at).where(*_THIS)
BEFORE = (
    select(scheduled.c.period, scheduled.c.figures)
    .where(scheduled.c.kind == bindparam("what"), scheduled.c.period < bindparam("when"))
    .order_by(scheduled.c.period.desc())
    .limit(1)
)
ANY = select(scheduled.c.kind).where(scheduled.c.kind == bindparam("what")).limit(1)
NEW = insert_new(scheduled)
NEW_PART = insert_new(scheduled_part)
_REFUSED = exists().where(
    summary_choice.c.person == role.c.person, summary_choice.c.wanted.is_(False)
)
OFFICERS = (
    select(role.c.person, role.c.area)
    .where(role.c.kind == "officer", role.c.withdrawn_at.is_(None), ~_REFUSED)
    .order_by(role.c.person, role.c.area)
)
_WAITING = (scheduled_part.c.done_at.is_(None), scheduled_part.c.due_at <= bindparam("now"))
CHATS = (
    select(scheduled_part)
    .where(*_WAITING, scheduled_part.c.person.is_not(None))
    .order_by(scheduled_part.c.due_at, scheduled_part.c.target)
    .limit(CHATS_A_ROUND)
)
LETTERS = (
    select(scheduled_part)
    .where(*_WAITING, scheduled_part.c.person.is_(None))
    .order_by(scheduled_part.c.due_at, scheduled_part.c.target)
    .limit(LETTERS_A_ROUND)
    .with_for_update(skip_locked=True)
)
_PART = (
    scheduled_part.c.kind == bindparam("what"),
    scheduled_part.c.period == bindparam("when"),
    scheduled_part.c.target == bindparam("whose"),
)
LEASED = update(scheduled_part).where(*_PART).values(due_at=bindparam("until"))
DONE = (
    update(scheduled_part)
    .where(*_PART)
    .values(state=bindparam("how"), done_at=bindparam("now"), reason=bindparam("why"))
)
AGAIN = (
    update(scheduled_part)
    .where(*_PART)
    .values(due_at=bindparam("at"), tries=scheduled_part.c.tries + 1, reason=bindparam("why"))
)
_UNSENT_LETTER = exists().where(
    scheduled_part.c.kind == scheduled.c.kind,
    scheduled_part.c.period == scheduled.c.period,
    scheduled_part.c.person.is_(None),
    scheduled_part.c.done_at.is_(None),
)
READ = update(scheduled).where(*_THIS, ~_UNSENT_LETTER).values(body=None)
LATE_PARTS = (
    select(func.count())
    .select_from(scheduled_part)
    .where(scheduled_part.c.done_at.is_(None), scheduled_part.c.due_at < bindparam("before"))
)
TRIED = select(scheduled_part.c.target, scheduled_part.c.reason).where(
    scheduled_part.c.person.is_(None),
    or_(scheduled_part.c.done_at.is_(None), scheduled_part.c.state == "failed"),
    scheduled_part.c.tries > 0,
    scheduled_part.c.due_at > bindparam("since"),
)


@dataclass(frozen=True, slots=True)
class Kept:
    """What is made: the figures (None: let go), what letters carry and where to, when chats are told."""

    figures: Figures | None = None
    body: str | None = None
    targets: tuple[str, ...] = ()
    chats_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """One thing to send; `tries` counts the failed attempts so far."""

    kind: SummaryKind
    period: str
    target: str
    person: UUID | None
    area: str | None
    tries: int


@dataclass(frozen=True, slots=True)
class Letter:
    """A part that goes out of the house, with what it carries."""

    part: Part
    body: str
    made_at: dt.datetime


def mail_target(address: str) -> str:
    """An address as a target: its hash, for addresses stand in the settings only."""
    return MAIL + hashlib.sha256(address.lower().encode()).hexdigest()[:32]


def stands(conn: Connection, due: Due) -> bool:
    """Whether it was made, or let go, already."""
    return conn.execute(STANDS, _which(due.kind, due.period)).first() is not None


def is_first(conn: Connection, kind: SummaryKind) -> bool:
    """Whether there has never been one of this kind: what was due before is nobody's loss."""
    return conn.execute(ANY, {"what": kind}).first() is None


def officers(conn: Connection) -> list[tuple[UUID, str]]:
    """Who gets them in the chat, and of which area: the country, or each of their provinces."""
    areas: dict[UUID, list[str]] = {}
    for person, area in conn.execute(OFFICERS):
        if not is_commune(area):
            areas.setdefault(person, []).append(area)
    return [
        (person, area)
        for person, mine in areas.items()
        for area in ([COUNTRY] if COUNTRY in mine else mine)
    ]


def make(tx: Connection, due: Due, now: dt.datetime, kept: Kept) -> bool:
    """It is made now, with a part for each officer and target; False: somebody else has made it."""
    row = {**_keys(due), "made_at": now, "figures": kept.figures, "body": kept.body}
    if tx.execute(NEW, row).rowcount != 1:
        return False
    parts = [_part(due, target, now) for target in kept.targets]
    if kept.figures is not None:
        for person, area in officers(tx):
            at = kept.chats_at or now
            parts.append(_part(due, f"{person.hex}/{area}", at, person=person, area=area))
    if parts:
        tx.execute(NEW_PART, parts)
    return True


def _part(due: Due, target: str, at: dt.datetime, **whose: Any) -> dict[str, Any]:
    more = {"person": None, "area": None, "due_at": at, "state": "waiting", **whose}
    return {**_keys(due), "target": target, **more}


def _keys(due: Due) -> dict[str, Any]:
    return {"kind": due.kind, "period": due.period}


def figures_of(conn: Connection, kind: SummaryKind, period: str) -> Figures | None:
    """What was made then; None when nothing was."""
    found: Figures | None = conn.execute(MADE, _which(kind, period)).scalar_one_or_none()
    return found


def before(conn: Connection, due: Due) -> tuple[str, Figures] | None:
    """The last one of this kind before it, if it was made: its period and figures."""
    row = conn.execute(BEFORE, _which(due.kind, due.period)).one_or_none()
    return (row.period, row.figures) if row is not None and row.figures is not None else None


def chats(conn: Connection, now: dt.datetime) -> list[Part]:
    """The next officers to tell."""
    return [_of_row(row) for row in conn.execute(CHATS, {"now": now})]


def lease_letters(tx: Connection, now: dt.datetime) -> list[Letter]:
    """The next letters to send, ours for LEASE: a process that dies leaves them to the others."""
    found = []
    for part in [_of_row(row) for row in tx.execute(LETTERS, {"now": now}).all()]:
        tx.execute(LEASED, _whose(part) | {"until": now + LEASE})
        row = tx.execute(MADE, _which(part.kind, part.period)).one()
        found.append(Letter(part, row.body or "", row.made_at))
    return found


def done(
    tx: Connection, part: Part, now: dt.datetime, how: str = "sent", why: str | None = None
) -> None:
    """Nothing is left to do for it; what letters carried goes with the last of them."""
    tx.execute(DONE, _whose(part) | {"how": how, "now": now, "why": why})
    tx.execute(READ, _which(part.kind, part.period))


def again(tx: Connection, part: Part, at: dt.datetime, why: str) -> None:
    """It has not arrived: once more at that time."""
    tx.execute(AGAIN, _whose(part) | {"at": at, "why": why})


def late(conn: Connection, now: dt.datetime) -> int:
    """How many parts should have gone out an hour ago."""
    return int(conn.execute(LATE_PARTS, {"before": now - LATE}).scalar_one())


def troubled(conn: Connection, since: dt.datetime) -> list[tuple[str, str]]:
    """Letters that did not arrive at once since then: the way (mail, webhook) and why."""
    rows = conn.execute(TRIED, {"since": since})
    return sorted({(row.target.partition("/")[0], row.reason or "") for row in rows})


def _of_row(row: Row[Any]) -> Part:
    return Part(row.kind, row.period, row.target, row.person, row.area, row.tries)


def _which(kind: str, period: str) -> dict[str, Any]:
    return {"what": kind, "when": period}


def _whose(part: Part) -> dict[str, Any]:
    return {**_which(part.kind, part.period), "whose": part.target}
