"""A person's copy of everything that is stored about them, behind an address that is open for a day."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    LargeBinary,
    Table,
    bindparam,
    insert,
    select,
    tuple_,
)

from storage.schema import (
    attendee,
    bank_account,
    broadcast,
    buyer,
    certificate,
    consent,
    copy_token,
    course_person,
    decision,
    digital_address,
    entry,
    event,
    help_message,
    help_thread,
    household,
    identity,
    inbox,
    link_code,
    month_total,
    orders,
    outbox,
    person,
    potential,
    product,
    review,
    role,
    session,
    shop,
    summary_choice,
    support,
    voice_kept,
)
from storage.tokens import hashed, new_secret

OPEN_FOR = dt.timedelta(hours=24)

NEW = insert(copy_token)
VALID = select(copy_token).where(
    copy_token.c.hash == bindparam("hash_is"), copy_token.c.expires_at > bindparam("now")
)
OURS: dict[Table, ColumnElement[Any]] = {
    household: household.c.id,
    product: product.c.household,
    buyer: buyer.c.household,
    entry: entry.c.household,
    month_total: month_total.c.household,
    orders: orders.c.household,
    shop: shop.c.household,
    bank_account: bank_account.c.household,
    help_thread: help_thread.c.household,
    help_message: help_message.c.household,
    digital_address: digital_address.c.household,
    certificate: certificate.c.household,
    decision: decision.c.household,
    potential: potential.c.household,
    support: support.c.household,
    event: event.c.household,
}
MINE: dict[Table, ColumnElement[Any]] = {
    person: person.c.id,
    identity: identity.c.person,
    consent: consent.c.person,
    review: review.c.person,
    voice_kept: voice_kept.c.person,
    role: role.c.person,
    link_code: link_code.c.person,
    course_person: course_person.c.person,
    attendee: attendee.c.person,
    broadcast: broadcast.c.person,
    summary_choice: summary_choice.c.person,
}
TALK: dict[Table, ColumnElement[Any]] = {
    session: tuple_(session.c.channel, session.c.address),
    inbox: tuple_(inbox.c.channel, inbox.c.sender),
    outbox: tuple_(outbox.c.channel, outbox.c.recipient),
}

Copy = dict[str, list[dict[str, Any]]]


def open_copy(tx: Connection, who: UUID, home: UUID | None, now: dt.datetime) -> str:
    """A new word that opens the copy for a day."""
    secret = new_secret()
    values = {
        "hash": hashed(secret),
        "person": who,
        "household": home,
        "expires_at": now + OPEN_FOR,
    }
    tx.execute(NEW, values)
    return secret


def copy_behind(conn: Connection, secret: str, now: dt.datetime) -> Copy | None:
    """All rows about the person and the household, by table; None when the word opens nothing (any more)."""
    token = conn.execute(VALID, {"hash_is": hashed(secret), "now": now}).one_or_none()
    if token is None:
        return None
    addresses = select(identity.c.channel, identity.c.address)
    addresses = addresses.where(identity.c.person == token.person)
    return (
        {t.name: _rows(conn, t, key == token.person) for t, key in MINE.items()}
        | {t.name: _rows(conn, t, key == token.household) for t, key in OURS.items()}
        | {t.name: _rows(conn, t, key.in_(addresses)) for t, key in TALK.items()}
    )


def _rows(conn: Connection, table: Table, mine: ColumnElement[bool]) -> list[dict[str, Any]]:
    words = [column for column in table.c if not isinstance(column.type, LargeBinary)]
    return [dict(row) for row in conn.execute(select(*words).where(mine)).mappings()]
