"""A household by the name, code or phone of which a worker thinks; only those that let workers see them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, exists, or_, select

from bot.dialogue.help_queries import Correspondent
from bot.dialogue.worker_queries import Seen
from domain.fold import fold
from domain.phones import phone_of
from storage.areas import CONSENTED, seen_by
from storage.roles import roles_of
from storage.schema import household, person

FEW = 9  # more are not shown
LONGEST = 60  # characters


def called(conn: Connection, worker: UUID, said: str) -> tuple[Seen, ...]:
    """By code, by phone, or by a whole word of the name; without marks on either side."""
    fits = _fits(said[:LONGEST])
    if fits is None:
        return ()
    agreed = (
        select(person.c.id, person.c.household, person.c.you, person.c.name)
        .join(household, household.c.id == person.c.household)
        .where(fits, exists().where(*CONSENTED).correlate(person))
        .cte("agreed")
        .prefix_with("MATERIALIZED")
    )
    asked = (
        select(household, agreed.c.id.label("member"), agreed.c.you, agreed.c.name)
        .join(agreed, agreed.c.household == household.c.id)
        .where(seen_by(roles_of(conn, worker)))
        .order_by(household.c.code, agreed.c.id)
        .limit(FEW * 2)
    )
    found = {row.code: row for row in reversed(conn.execute(asked).all())}
    return tuple(_seen(found[code]) for code in sorted(found)[:FEW])


def _fits(said: str) -> ColumnElement[bool] | None:
    words = " ".join(fold(said).split())
    phone, name = phone_of(said), person.c.name_key
    if phone is not None:
        return person.c.phone == phone
    if any(sign.isdigit() for sign in words):
        return household.c.code == words.upper()
    whole = (
        name == words,
        name.startswith(f"{words} ", autoescape=True),
        name.endswith(f" {words}", autoescape=True),
        name.contains(f" {words} ", autoescape=True),
    )
    return or_(*whole) if words else None


def _seen(row: Any) -> Seen:
    who = Correspondent(row.id, row.member, row.code, row.province, row.commune, row.you, row.name)
    return Seen(who, row.last_sold_on, row.listings, row.unanswered)
