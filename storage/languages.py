"""The language that a person chose, for pages: in a conversation it stands with the person."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Connection, bindparam, select

from bot.dialogue.message import PersonNamed
from storage import personal
from storage.schema import identity, person
from storage.touched import touch

CHOSEN = select(person.c.language).where(person.c.id == bindparam("who"))
HOME = select(person.c.household).where(person.c.id == bindparam("who"))
AT = (
    select(person.c.language)
    .select_from(identity.join(person, person.c.id == identity.c.person))
    .where(identity.c.channel == bindparam("of_channel"), identity.c.address == bindparam("whose"))
)


def chosen(conn: Connection, who: UUID) -> str | None:
    """None: nothing was chosen."""
    found: str | None = conn.execute(CHOSEN, {"who": who}).scalar()
    return found


def chosen_at(conn: Connection, channel: str, address: str) -> str | None:
    """The same of whoever writes from this address."""
    found: str | None = conn.execute(AT, {"of_channel": channel, "whose": address}).scalar()
    return found


def choose(tx: Connection, who: UUID, language: str) -> None:
    """From now on so, in conversations too."""
    personal.keep(tx, who, None, [PersonNamed(language=language)])
    home = tx.execute(HOME, {"who": who}).scalar()
    if home is not None:
        touch(tx, home)
