"""A household by the name, code or phone of which a worker thinks; only those that let workers see them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Connection, exists, or_, select

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
    words = " ".join(fold(said[:LONGEST]).split())
    if not words:
        return ()
    name = person.c.name_key
    fits = [
        household.c.code == words.upper(),
        name == words,
        name.startswith(f"{words} ", autoescape=True),
        name.endswith(f" {words}", autoescape=True),
        name.contains(f" {words} ", autoescape=True),
    ]
    phone = phone_of(said)
    if phone is not None:
        fits.append(person.c.phone == phone)
    asked = (
        select(household, person.c.id.label("member"), person.c.you, person.c.name)
        .select_from(household.join(person, person.c.household == household.c.id))
        .where(seen_by(roles_of(conn, worker)), exists().where(*CONSENTED), or_(*fits))
        .order_by(household.c.code, person.c.id)
        .limit(FEW * 2)
    )
    found = {row.code: row for row in reversed(conn.execute(asked).all())}
    return tuple(_seen(found[code]) for code in sorted(found)[:FEW])


def _seen(row: Any) -> Seen:
    who = Correspondent(row.id, row.member, row.code, row.province, row.commune, row.you, row.name)
    return Seen(who, row.last_sold_on, row.listings, row.unanswered)
