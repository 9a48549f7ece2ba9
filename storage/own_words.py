"""A sentence of somebody's own talk, while it is kept, with what was known of them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, and_, bindparam, select

from domain.household import Household, Person
from storage.picture import HOUSEHOLD, picture
from storage.schema import identity, inbox, person

HEARD = (
    select(inbox.c.said, inbox.c.received_at, person.c.household, person.c.southern)
    .join(
        identity,
        and_(identity.c.channel == inbox.c.channel, identity.c.address == inbox.c.sender),
    )
    .join(person, person.c.id == identity.c.person)
    .where(inbox.c.id == bindparam("message_is"), identity.c.person == bindparam("whose"))
)


@dataclass(frozen=True, slots=True)
class OwnWords:
    """The sentence, when it was said, by whom; `person` is None for one that was only tried out."""

    text: str
    at: dt.datetime
    person: Person | None = None
    household: Household | None = None


def own_words(conn: Connection, who: UUID, message: str) -> OwnWords | None:
    """None for a message of somebody else, one without words, and one that is forgotten."""
    row = conn.execute(HEARD, {"message_is": message, "whose": who}).one_or_none()
    text = (row.said or {}).get("text") if row else None
    if row is None or not text:
        return None
    home = conn.execute(HOUSEHOLD, {"household": row.household}).one_or_none()
    return OwnWords(
        text,
        row.received_at,
        Person(who, row.household, southern=row.southern),
        picture(conn, home) if home is not None and home.erased_at is None else None,
    )
