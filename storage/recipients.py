"""Where a person hears from us: the machine that they chose, or the one on which they wrote last."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, Select, and_, bindparam, or_, select

from storage.schema import consent, identity, person, session

Address = tuple[str, str]  # channel, address
PUSHED = ("telegram", "zalo")  # channels whose messages we send; elsewhere people come and look

_WITHDRAWN = (
    select(consent.c.person)
    .where(consent.c.purpose == "ledger", consent.c.withdrawn_at.is_not(None))
    .scalar_subquery()
)


def newest_first(*where: Any) -> Select[Any]:
    """(person, channel, address), for each person the machine that is told first."""
    return (
        select(identity.c.person, identity.c.channel, identity.c.address)
        .join_from(identity, person, person.c.id == identity.c.person)
        .outerjoin(
            session,
            and_(session.c.channel == identity.c.channel, session.c.address == identity.c.address),
        )
        .where(*where)
        .order_by(
            identity.c.person,
            identity.c.chosen_at.desc().nulls_last(),
            session.c.last_at.desc().nulls_last(),
            identity.c.channel,
            identity.c.address,
        )
    )


OF_HOUSEHOLD = newest_first(
    person.c.household == bindparam("whose"), person.c.id.not_in(_WITHDRAWN)
)
OF_PERSON = newest_first(identity.c.person == bindparam("whose"))
_OWNER = (
    select(identity.c.person)
    .where(identity.c.channel == bindparam("of_channel"), identity.c.address == bindparam("whose"))
    .scalar_subquery()
)
ELSEWHERE = newest_first(
    identity.c.person == _OWNER,
    identity.c.channel.in_(bindparam("pushed", expanding=True)),
    or_(identity.c.blocked_at.is_(None), session.c.last_at > identity.c.blocked_at),
).limit(1)


def of_household(conn: Connection, whose: UUID) -> list[Address]:
    """One machine of everybody of the household who lets us keep its book."""
    return first_of_each(conn.execute(OF_HOUSEHOLD, {"whose": whose}).all())


def of_person(conn: Connection, who: UUID) -> list[Address]:
    """Every machine of a person, the one that is told first before the others."""
    return [(r.channel, r.address) for r in conn.execute(OF_PERSON, {"whose": who})]


def elsewhere(conn: Connection, here: Address, quiet: Collection[str]) -> Address | None:
    """Another machine of the same person on which we may write unasked: not in a `quiet` channel."""
    pushed = [channel for channel in PUSHED if channel not in quiet]
    asked = {"of_channel": here[0], "whose": here[1], "pushed": pushed}
    row = conn.execute(ELSEWHERE, asked).one_or_none()
    return (row.channel, row.address) if row else None


def first_of_each(rows: Sequence[Row[Any]]) -> list[Address]:
    """Of rows as `newest_first` gives them, the first of each person."""
    firsts: dict[UUID, Address] = {}
    for row in rows:
        firsts.setdefault(row.person, (row.channel, row.address))
    return list(firsts.values())
