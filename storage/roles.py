"""Roles and the one-time words that give them: a word is kept as its hash and is good once, for 48 hours."""

from __future__ import annotations

import datetime as dt
import hmac
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, bindparam, insert, select, update

from bot.dialogue.queries import Invitation, InvitationState
from domain.events import RoleGiven, RoleWithdrawn
from domain.roles import Role
from storage.schema import household, identity, invitation, person, role
from storage.tokens import hashed, new_secret
from storage.upsert import insert_new, upsert

INVITED_FOR = dt.timedelta(hours=48)

OF_PERSON = select(role.c.kind, role.c.area).where(
    role.c.person == bindparam("who"), role.c.withdrawn_at.is_(None)
)
AT = select(role.c.person).where(
    role.c.person == identity.c.person,
    identity.c.channel == bindparam("of_channel"),
    identity.c.address == bindparam("whose"),
    role.c.withdrawn_at.is_(None),
)
NEW_INVITATION = insert(invitation)
INVITATION = select(invitation).where(invitation.c.hash == bindparam("hash_is"))
LOCKED_INVITATION = INVITATION.with_for_update()
NEW_PERSON = insert_new(person)
GIVEN = upsert(role, ("given_at", "given_by", "withdrawn_at"))
TAKEN = (
    update(invitation)
    .where(invitation.c.hash == bindparam("hash_is"), invitation.c.used_at.is_(None))
    .values(used_at=bindparam("at"), used_by=bindparam("who"))
)
WITHDRAWN = (
    update(role)
    .where(
        role.c.person == bindparam("who"),
        role.c.kind == bindparam("kind_is"),
        role.c.area == bindparam("area_is"),
        role.c.withdrawn_at.is_(None),
    )
    .values(withdrawn_at=bindparam("at"))
)
STANDING = select(role).where(role.c.withdrawn_at.is_(None)).order_by(role.c.given_at)
OPEN = (
    select(invitation)
    .where(
        invitation.c.used_at.is_(None),
        invitation.c.withdrawn_at.is_(None),
        invitation.c.expires_at > bindparam("now"),
    )
    .order_by(invitation.c.made_at)
)
CLOSED = (
    update(invitation)
    .where(invitation.c.hash == bindparam("hash_is"))
    .values(withdrawn_at=bindparam("at"))
)
HOME_OF = (
    select(household.c.id)
    .join(person, person.c.household == household.c.id)
    .where(person.c.id == bindparam("who"))
)


@dataclass(frozen=True, slots=True)
class Given:
    """A role as it stands, and whose it is."""

    person: UUID
    role: Role
    since: dt.datetime
    by: UUID | None


@dataclass(frozen=True, slots=True)
class Offered:
    """An invitation that nobody has taken yet; `hash` is what is kept of its word."""

    hash: str
    role: Role
    until: dt.datetime


def roles_of(conn: Connection, who: UUID) -> tuple[Role, ...]:
    """The roles of a person now."""
    return tuple(Role(row.kind, row.area) for row in conn.execute(OF_PERSON, {"who": who}))


def has_role(conn: Connection, channel: str, address: str) -> bool:
    """Whether whoever writes from this address has any role now."""
    return conn.execute(AT, {"of_channel": channel, "whose": address}).first() is not None


def invite(tx: Connection, offered: Role, by: UUID | None, now: dt.datetime) -> str:
    """A word that gives one person this role, once, within INVITED_FOR; this is the only time it is seen."""
    secret = new_secret()
    row = {
        "hash": hashed(secret),
        "role": offered.kind,
        "area": offered.area,
        "made_at": now,
        "expires_at": now + INVITED_FOR,
        "made_by": by,
    }
    tx.execute(NEW_INVITATION, row)
    return secret


def invitation_behind(
    conn: Connection, secret: str, now: dt.datetime, *, locked: bool = False
) -> Invitation | None:
    """What a word offers and how it stands; None for a word that we never gave.

    `locked`: nobody else takes it before this transaction ends.
    """
    mine = hashed(secret)
    found = conn.execute(LOCKED_INVITATION if locked else INVITATION, {"hash_is": mine})
    row = found.one_or_none()
    if row is None or not hmac.compare_digest(row.hash, mine):
        return None
    offered = Role(row.role, row.area)
    return Invitation(mine, offered, _state(row, now), row.made_by, row.used_by)


def _state(row: Any, now: dt.datetime) -> InvitationState:
    if row.used_at is not None:
        return "used"
    if row.withdrawn_at is not None:
        return "withdrawn"
    return "open" if row.expires_at > now else "expired"


def given(tx: Connection, event: RoleGiven) -> None:
    """The role stands from now on, and its word is used up."""
    if event.person is None:
        return
    tx.execute(NEW_PERSON, {"id": event.person})
    row = {
        "person": event.person,
        "kind": event.role,
        "area": event.area,
        "given_at": event.at,
        "given_by": event.by,
        "withdrawn_at": None,
    }
    tx.execute(GIVEN, row)
    tx.execute(TAKEN, {"hash_is": event.invitation, "at": event.at, "who": event.person})


def withdrawn(tx: Connection, event: RoleWithdrawn) -> None:
    """The role stands no longer."""
    values = {"who": event.person, "kind_is": event.role, "area_is": event.area, "at": event.at}
    tx.execute(WITHDRAWN, values)


def standing(conn: Connection) -> list[Given]:
    """Every role that stands, the oldest first."""
    return [
        Given(row.person, Role(row.kind, row.area), row.given_at, row.given_by)
        for row in conn.execute(STANDING)
    ]


def offers(conn: Connection, now: dt.datetime) -> list[Offered]:
    """Every invitation that can still be taken, the oldest first."""
    return [
        Offered(row.hash, Role(row.role, row.area), row.expires_at)
        for row in conn.execute(OPEN, {"now": now})
    ]


def close_offer(tx: Connection, hash_: str, now: dt.datetime) -> None:
    """Nobody can take this invitation any more."""
    tx.execute(CLOSED, {"hash_is": hash_, "at": now})


def home_of(conn: Connection, who: UUID) -> UUID | None:
    """The household of a person: what is known of them is loaded anew when it changes."""
    found: UUID | None = conn.execute(HOME_OF, {"who": who}).scalar_one_or_none()
    return found
