"""Addresses at which somebody with a role reads a summary for a day, and who wants none by themselves."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, replace
from uuid import UUID

from sqlalchemy import Connection, bindparam, insert, select

from bot.dialogue.summary_queries import Asked
from domain.roles import Role
from domain.summary_events import SummariesChosen
from storage.roles import roles_of
from storage.schema import person, summary_choice, summary_link
from storage.tokens import hashed, new_secret
from storage.upsert import upsert

OPEN_FOR = dt.timedelta(hours=24)

NEW = insert(summary_link)
VALID = select(summary_link).where(
    summary_link.c.hash == bindparam("hash_is"), summary_link.c.expires_at > bindparam("now")
)
LANGUAGE = (
    select(person.c.language)
    .select_from(summary_link.join(person, person.c.id == summary_link.c.person))
    .where(summary_link.c.hash == bindparam("hash_is"))
)
CHOSEN = upsert(summary_choice, ("wanted", "at"))


def new_link(tx: Connection, who: UUID, question: Asked, now: dt.datetime) -> str:
    """The path of a new address, open for a day."""
    secret = new_secret()
    asked = {key: value for key, value in asdict(question).items() if key != "own"}
    row = {"hash": hashed(secret), "person": who, "question": asked, "expires_at": now + OPEN_FOR}
    tx.execute(NEW, row)
    return f"/summaries/{secret}"


def question_behind(
    conn: Connection, secret: str, now: dt.datetime
) -> tuple[Asked, tuple[Role, ...]] | None:
    """What was asked, and the roles that whoever asked has now; None: closed, or no role is left."""
    row = conn.execute(VALID, {"hash_is": hashed(secret), "now": now}).one_or_none()
    roles = roles_of(conn, row.person) if row is not None else ()
    if row is None or not roles:
        return None
    return replace(Asked("", "", 34), **row.question), roles


def language_behind(conn: Connection, secret: str) -> str | None:
    """What whoever asked chose to be spoken to in."""
    found: str | None = conn.execute(LANGUAGE, {"hash_is": hashed(secret)}).scalar()
    return found


def chosen(tx: Connection, event: SummariesChosen) -> None:
    """From now on they are sent to this person, or not."""
    tx.execute(CHOSEN, {"person": event.person, "wanted": event.wanted, "at": event.at})
