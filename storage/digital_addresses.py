"""Digital addresses, personal: each version with its days, gone with the consent or an erasure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    bindparam,
    delete,
    exists,
    func,
    insert,
    select,
    update,
)

from bot.dialogue.address_queries import OwnDigitalAddress
from bot.dialogue.message import DigitalAddressKept
from domain.digital_address import DigitalAddress
from domain.digital_address_events import (
    DigitalAddressConfirmed,
    DigitalAddressDisputed,
    DigitalAddressUpheld,
)
from domain.roles import Role
from storage.areas import AGREED, others_of, seen_by
from storage.schema import consent, digital_address, household, person

PAGE = 50  # addresses on a page

NEW = insert(digital_address).inline()
IN_FORCE = digital_address.c.until.is_(None)
ENDED = (
    update(digital_address)
    .where(digital_address.c.household == bindparam("whose"), IN_FORCE)
    .values(until=bindparam("at"))
)
FORGOTTEN = delete(digital_address).where(digital_address.c.household == bindparam("whose"))
_THIS = digital_address.c.id == bindparam("which")
CONFIRMED = (
    update(digital_address)
    .where(_THIS)
    .values(confirmed_at=bindparam("at"), disputed_at=None, decided_by=bindparam("who"))
)
DISPUTED = (
    update(digital_address)
    .where(_THIS)
    .values(disputed_at=bindparam("at"), decided_by=bindparam("who"))
)
UPHELD = (
    update(digital_address)
    .where(_THIS, digital_address.c.disputed_at.is_not(None))
    .values(disputed_at=None, decided_by=None)
)

_worker = person.alias("worker")
CURRENT = (
    select(digital_address, _worker.c.name.label("decider"))
    .join_from(
        digital_address,
        _worker,
        _worker.c.id == digital_address.c.decided_by,
        isouter=True,
    )
    .where(digital_address.c.household == bindparam("whose"), IN_FORCE)
)


def _agreed(purpose: str) -> ColumnElement[bool]:
    """Whether somebody of the address's household says yes to this."""
    return exists().where(
        person.c.household == digital_address.c.household,
        consent.c.person == person.c.id,
        consent.c.purpose == purpose,
        consent.c.scope == "",
        consent.c.withdrawn_at.is_(None),
    )


SHOWN = select(digital_address.c.code).where(
    digital_address.c.household == bindparam("whose"), IN_FORCE, _agreed("address_shown")
)
UNDECIDED = (
    IN_FORCE,
    digital_address.c.confirmed_at.is_(None),
    digital_address.c.disputed_at.is_(None),
)


class Asker(Protocol):
    """Who asks."""

    @property
    def household(self) -> UUID | None: ...


def keep(tx: Connection, home: UUID | None, who: UUID, item: DigitalAddressKept) -> None:
    """This address from now on; an earlier one has ended. A worker who gives it has seen that it fits."""
    whose, visited = item.household or home, item.household is not None
    tx.execute(ENDED, {"whose": whose, "at": item.at})
    row = {
        "id": item.id,
        "household": whose,
        "code": item.code,
        "commune": item.commune,
        "person": who,
        "since": item.at,
        "confirmed_at": item.at if visited else None,
        "decided_by": who if visited else None,
    }
    tx.execute(NEW, row)


def ended(tx: Connection, whose: UUID | None, at: dt.datetime) -> None:
    """The household lives there no longer."""
    tx.execute(ENDED, {"whose": whose, "at": at})


def forgotten(tx: Connection, whose: UUID | None) -> None:
    """All of its addresses go, earlier ones too."""
    tx.execute(FORGOTTEN, {"whose": whose})


def confirmed(tx: Connection, event: DigitalAddressConfirmed) -> None:
    """A worker has seen that it fits."""
    tx.execute(CONFIRMED, {"which": event.address, "at": event.at, "who": event.person})


def disputed(tx: Connection, event: DigitalAddressDisputed) -> None:
    """A worker has seen that it doesn't; it stands as it is until the household has answered."""
    tx.execute(DISPUTED, {"which": event.address, "at": event.at, "who": event.person})


def upheld(tx: Connection, event: DigitalAddressUpheld) -> None:
    """The household says that it does: a worker is to look again."""
    tx.execute(UPHELD, {"which": event.address})


def own(tx: Connection, _: OwnDigitalAddress, asker: Asker) -> DigitalAddress | None:
    """The asker's."""
    return current(tx, asker.household)


def current(conn: Connection, whose: UUID | None) -> DigitalAddress | None:
    """The household's address in force, if it gave one."""
    row = conn.execute(CURRENT, {"whose": whose}).one_or_none()
    return None if row is None else address_of(row)


def address_of(row: Row[Any]) -> DigitalAddress:
    """A row of `CURRENT`."""
    return DigitalAddress(
        id=row.id,
        code=row.code,
        commune=row.commune,
        since=row.since,
        confirmed_at=row.confirmed_at,
        disputed_at=row.disputed_at,
        decided_by=row.decider,
    )


def shown_to_buyers(conn: Connection, whose: UUID) -> str | None:
    """The code, while somebody of the household agrees that buyers see it."""
    code: str | None = conn.execute(SHOWN, {"whose": whose}).scalar_one_or_none()
    return code


# For workers


@dataclass(frozen=True, slots=True)
class Waiting:
    """An address that no worker has decided on; `you` and `name` of a member who lets workers see them."""

    id: UUID
    code: str
    commune: str
    since: dt.datetime
    household: str
    you: str | None
    name: str | None


def waiting(conn: Connection, who: UUID, roles: Iterable[Role]) -> int:
    """How many addresses of the area wait for this worker: all but their own."""
    counted = _undecided(who, roles).with_only_columns(func.count())
    return int(conn.execute(counted).scalar_one())


def waiting_page(
    conn: Connection, who: UUID, roles: Iterable[Role], number: int = 1
) -> list[Waiting]:
    """A page of them, the oldest first."""
    rows = (
        _undecided(who, roles)
        .add_columns(_member(person.c.you).label("you"), _member(person.c.name).label("name"))
        .order_by(digital_address.c.since, digital_address.c.id)
        .limit(PAGE)
        .offset((number - 1) * PAGE)
    )
    return [Waiting(**row) for row in conn.execute(rows).mappings()]


def _undecided(who: UUID, roles: Iterable[Role]) -> Any:
    return (
        select(
            digital_address.c.id,
            digital_address.c.code,
            digital_address.c.commune,
            digital_address.c.since,
            household.c.code.label("household"),
        )
        .join_from(digital_address, household, household.c.id == digital_address.c.household)
        .where(*UNDECIDED, seen_by(roles), others_of(who))
    )


def _member(column: ColumnElement[str]) -> ColumnElement[Any]:
    """Of the first member who agreed to be seen."""
    return select(column).where(*AGREED).order_by(person.c.id).limit(1).scalar_subquery()
