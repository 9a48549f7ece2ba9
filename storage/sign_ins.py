"""Signing in to the pages behind the chat: a link once, within ten minutes; a browser for 12 hours.

Of both words only the hashes are kept, so that whoever reads the database can't use them.
"""

from __future__ import annotations

import datetime as dt
import hmac
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from domain.roles import Role
from storage.languages import chosen
from storage.roles import roles_of
from storage.schema import sign_in_link, signed_in
from storage.tokens import hashed, new_secret

LINK_GOOD_FOR = dt.timedelta(minutes=10)
SIGNED_IN_FOR = dt.timedelta(hours=12)

LinkState = Literal["open", "over"]

NEW_LINK = insert(sign_in_link)
LINK = select(sign_in_link).where(sign_in_link.c.hash == bindparam("hash_is"))
USED = (
    update(sign_in_link)
    .where(
        sign_in_link.c.hash == bindparam("hash_is"),
        sign_in_link.c.used_at.is_(None),
        sign_in_link.c.expires_at > bindparam("now"),
    )
    .values(used_at=bindparam("now"))
)
SIGNED_IN = insert(signed_in)
WHO = select(signed_in).where(signed_in.c.hash == bindparam("hash_is"))
SIGNED_OUT = delete(signed_in).where(signed_in.c.hash == bindparam("hash_is"))


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who looks at a page: the person with the roles that they have at this moment."""

    person: UUID
    roles: tuple[Role, ...]
    hash: str
    language: str | None = None  # as chosen


def new_link(tx: Connection, who: UUID, now: dt.datetime) -> str:
    """A word that signs this person in, once, within LINK_GOOD_FOR."""
    secret = new_secret()
    row = {"hash": hashed(secret), "person": who, "expires_at": now + LINK_GOOD_FOR}
    tx.execute(NEW_LINK, row)
    return secret


def link_state(conn: Connection, secret: str, now: dt.datetime) -> LinkState | None:
    """Whether the word still signs somebody in; None for one that we never gave. Looking uses nothing up."""
    mine = hashed(secret)
    row = conn.execute(LINK, {"hash_is": mine}).one_or_none()
    if row is None or not hmac.compare_digest(row.hash, mine):
        return None
    return "open" if row.used_at is None and row.expires_at > now else "over"


def sign_in(tx: Connection, secret: str, now: dt.datetime) -> str | None:
    """Use the link up: a word for the browser's cookie; None when it is used, over, or for nobody's role."""
    mine = {"hash_is": hashed(secret), "now": now}
    if tx.execute(USED, mine).rowcount != 1:
        return None
    who = tx.execute(LINK, {"hash_is": mine["hash_is"]}).one().person
    if not roles_of(tx, who):
        return None
    kept = new_secret()
    row = {
        "hash": hashed(kept),
        "person": who,
        "since": now,
        "expires_at": now + SIGNED_IN_FOR,
    }
    tx.execute(SIGNED_IN, row)
    return kept


def who_is(conn: Connection, kept: str, now: dt.datetime) -> SignedIn | None:
    """Whose browser this is; None when the time is over, or no role is left."""
    mine = hashed(kept)
    row = conn.execute(WHO, {"hash_is": mine}).one_or_none()
    if row is None or not hmac.compare_digest(row.hash, mine) or row.expires_at <= now:
        return None
    roles = roles_of(conn, row.person)
    return SignedIn(row.person, roles, mine, chosen(conn, row.person)) if roles else None


def sign_out(tx: Connection, hash_: str) -> None:
    """This browser is nobody's any more."""
    tx.execute(SIGNED_OUT, {"hash_is": hash_})
