"""Disputes of which the household was not asked yet: found by their time, asked once."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, bindparam, literal_column, select, update

from domain.check_events import Subject
from storage.recipients import Address, of_household
from storage.schema import decision

BATCH = 50  # disputes a round

DUE = (
    select(
        decision.c.household,
        decision.c.subject,
        decision.c.ref,
        decision.c.event,
        (decision.c.state == literal_column("'disputed'")).label("open"),
    )
    .where(
        decision.c.told_at.is_(None),
        decision.c.due_at.is_not(None),
        decision.c.due_at <= bindparam("now"),
    )
    .order_by(decision.c.due_at)
    .limit(BATCH)
)
ASKED = (
    update(decision)
    .where(
        decision.c.household == bindparam("whose"),
        decision.c.subject == bindparam("what"),
        decision.c.ref == bindparam("which"),
        decision.c.event == bindparam("made_by"),
    )
    .values(told_at=bindparam("when"))
)


@dataclass(frozen=True, slots=True)
class Question:
    """A dispute, and everybody who is asked; nobody when it was answered before its time came."""

    household: UUID
    subject: Subject
    ref: str
    event: UUID
    to: tuple[Address, ...]


def due(conn: Connection, now: dt.datetime) -> list[Question]:
    """The next ones, the longest due first."""
    return [
        Question(
            row.household,
            row.subject,
            row.ref,
            row.event,
            tuple(of_household(conn, row.household)) if row.open else (),
        )
        for row in conn.execute(DUE, {"now": now}).all()
    ]


def asked(tx: Connection, one: Question, now: dt.datetime) -> None:
    """It is not asked again."""
    which = {"whose": one.household, "what": one.subject, "which": one.ref}
    tx.execute(ASKED, which | {"made_by": one.event, "when": now})
