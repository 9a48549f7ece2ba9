"""Which households somebody may see: the one place where a role becomes part of a query.

Whatever reads households for a worker, an officer or a reader begins with `seen_by`.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, and_, bindparam, false, or_, select, true

from domain.roles import COUNTRY, Role, is_commune
from storage.schema import consent, household, person, role

CONSENTED = (
    consent.c.person == person.c.id,
    consent.c.purpose == "worker",
    consent.c.scope == "",
    consent.c.withdrawn_at.is_(None),
)
AGREED = (person.c.household == household.c.id, *CONSENTED)
"""A member of the household who lets workers see name and book; all others are only counted."""

HELPED = select(role.c.person).where(
    role.c.kind == "worker",
    role.c.area.in_([bindparam("of_commune"), bindparam("of_province")]),
    role.c.withdrawn_at.is_(None),
)


def counted_by(roles: Iterable[Role]) -> ColumnElement[bool]:
    """The households of the areas of these roles, with or without a name; none without a role."""
    areas = {held.area for held in roles}
    if COUNTRY in areas:
        return and_(household.c.erased_at.is_(None), true())
    within = [_column(area) == area for area in sorted(areas)]
    return and_(household.c.erased_at.is_(None), or_(false(), *within))


def seen_by(roles: Iterable[Role]) -> ColumnElement[bool]:
    """Of those, the households that may be shown by name, with their book: `AGREED`, kept on the row."""
    return and_(counted_by(roles), household.c.seen)


def others_of(who: UUID) -> ColumnElement[bool]:
    """All but this person's own household: no worker confirms, answers or writes for themselves."""
    own = select(person.c.household).where(person.c.id == who).scalar_subquery()
    return household.c.id.is_distinct_from(own)


def has_worker(conn: Connection, province: str, commune: str) -> bool:
    """Whether a worker looks after the households of this commune."""
    of = {"of_province": province, "of_commune": commune}
    return conn.execute(HELPED, of).first() is not None


def _column(area: str) -> ColumnElement[str]:
    return household.c.commune if is_commune(area) else household.c.province
