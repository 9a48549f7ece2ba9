"""Where a person hears from us: the machine that they chose, or the one on which they wrote last."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, Select, and_, bindparam, select

from storage.schema import consent, identity, person, session

Address = tuple[str, str]  # channel, address

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


def of_household(conn: Connection, whose: UUID) -> list[Address]:
    """One machine of everybody of the household who lets us keep its book."""
    return first_of_each(conn.execute(OF_HOUSEHOLD, {"whose": whose}).all())


def of_person(conn: Connection, who: UUID) -> list[Address]:
    """Every machine of a person, the one that is told first before the others."""
    return [(r.channel, r.address) for r in conn.execute(OF_PERSON, {"whose": who})]


def first_of_each(rows: Sequence[Row[Any]]) -> list[Address]:
    """Of rows as `newest_first` gives them, the first of each person."""
    firsts: dict[UUID, Address] = {}
    for row in rows:
        firsts.setdefault(row.person, (row.channel, row.address))
    return list(firsts.values())
