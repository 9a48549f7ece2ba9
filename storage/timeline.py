"""What happened to a household, the newest first: its events, and who of the workers did them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, bindparam, func, select

from domain.events import EVENT, Event
from storage.schema import event, person

HAPPENINGS = 30  # on one page

_told = (
    event.c.household == bindparam("whose"),
    event.c.type.in_(bindparam("types", expanding=True)),
)
NEWEST = (
    select(event.c.body, person.c.household.label("member_of"), person.c.name)
    .outerjoin(person, person.c.id == event.c.person)
    .where(*_told)
    .order_by(event.c.position.desc())
    .limit(HAPPENINGS)
    .offset(bindparam("passed"))
)
COUNT = select(func.count()).select_from(event).where(*_told)


@dataclass(frozen=True, slots=True)
class Happened:
    """One event; `by_worker`: somebody else than the household did it, `name` is theirs if it is known."""

    event: Event
    by_worker: bool
    name: str | None


def happened(
    conn: Connection, whose: UUID, types: Sequence[str], page: int = 1
) -> tuple[list[Happened], int]:
    """One page of the events of these types, and how many there are in all."""
    of = {"whose": whose, "types": list(types)}
    rows = conn.execute(NEWEST, of | {"passed": (page - 1) * HAPPENINGS})
    found = [_happened(EVENT.validate_python(row.body), row.member_of, row.name) for row in rows]
    return found, int(conn.scalar(COUNT, of) or 0)


def _happened(fact: Event, member_of: UUID | None, name: str | None) -> Happened:
    other = fact.type in BY_WORKERS or (name is not None and member_of != fact.household)
    return Happened(fact, other, name if other else None)


BY_WORKERS = frozenset(
    {
        "sale_confirmed",
        "sale_disputed",
        "certificate_confirmed",
        "certificate_disputed",
        "place_confirmed",
        "place_disputed",
        "support_begun",
        "support_ended",
    }
)
"""What only workers do, whether or not they have a household of their own."""
