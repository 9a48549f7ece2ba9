"""Households in whose book a worker may write, and what they say of what was written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import Connection, bindparam, exists, select, update

from bot.dialogue.helped_queries import Book, Helped, HelpedBook, NextHelpedEntry
from domain.assisted_events import HelpedEntryAnswered
from domain.household import Entry
from domain.roles import acting
from storage.areas import AGREED, others_of, seen_by
from storage.picture import ENTRIES_WITH_BUYERS, LOCKED_HOUSEHOLD, entry_of, picture
from storage.roles import roles_of
from storage.schema import consent, entry, household, identity, person

_keeps = consent.alias("keeps")
_WITH_MACHINE = exists().where(identity.c.person == person.c.id).label("hears")
MEMBERS = (
    select(person.c.id, person.c.name, person.c.you, _WITH_MACHINE)
    .join_from(person, household, household.c.id == person.c.household)
    .join(consent, consent.c.person == person.c.id)
    .join(_keeps, _keeps.c.person == person.c.id)
    .where(
        household.c.id == bindparam("whose"),
        *AGREED,
        _keeps.c.purpose == "ledger",
        _keeps.c.scope == "",
        _keeps.c.withdrawn_at.is_(None),
    )
    .order_by(consent.c.given_at, person.c.id)
)
UNANSWERED = (
    ENTRIES_WITH_BUYERS.where(
        entry.c.household == bindparam("whose"),
        entry.c.worker.is_not(None),
        entry.c.answer.is_(None),
        entry.c.struck_at.is_(None),
    )
    .order_by(entry.c.logged_at, entry.c.code)
    .limit(1)
)
ANSWERED = (
    update(entry)
    .where(entry.c.household == bindparam("whose"), entry.c.code == bindparam("which"))
    .values(answer=bindparam("said"))
)


class Asker(Protocol):
    """Who asks, and when."""

    @property
    def person(self) -> UUID: ...
    @property
    def household(self) -> UUID | None: ...
    @property
    def at(self) -> dt.datetime: ...


def book(tx: Connection, query: HelpedBook, asker: Asker) -> Book | None:
    """The household of this code with its row locked; None outside the area, or without its yes.

    Roles are read again: one that was withdrawn a moment ago opens nothing.
    """
    roles = acting(roles_of(tx, asker.person))
    mine = select(household.c.id).where(
        household.c.code == query.code, seen_by(roles), others_of(asker.person)
    )
    found = tx.execute(mine).scalar_one_or_none() if roles else None
    row = tx.execute(LOCKED_HOUSEHOLD, {"household": found}).one_or_none() if found else None
    members = tx.execute(MEMBERS, {"whose": found}).all() if row else []
    if row is None or not members:
        return None
    return Book(picture(tx, row), _helped(row.code, members))


def _helped(code: str, members: Sequence[Any]) -> Helped:
    first = members[0]
    name = " ".join(filter(None, [first.you, first.name])) if first.name else ""
    return Helped(code, first.id, name, any(member.hears for member in members))


def next_entry(tx: Connection, _: NextHelpedEntry, asker: Asker) -> Entry | None:
    """What the household has not looked at yet, the oldest first."""
    row = tx.execute(UNANSWERED, {"whose": asker.household}).one_or_none()
    return None if row is None else entry_of(row)


def answered(tx: Connection, event: HelpedEntryAnswered) -> None:
    """What the household says of an entry."""
    values = {"whose": event.household, "which": event.code, "said": event.answer}
    tx.execute(ANSWERED, values)
