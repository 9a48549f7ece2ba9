"""Workers and digital addresses: whom they may visit, what they decide. Role and area are looked at here."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Literal, Protocol
from uuid import UUID

from sqlalchemy import Connection, Row, bindparam, exists, select

from bot.dialogue.address_queries import HouseholdToVisit, Visited, WaitingAddresses
from domain.digital_address_events import DigitalAddressConfirmed, DigitalAddressDisputed
from domain.roles import acting
from storage.areas import others_of, seen_by
from storage.digital_addresses import current, waiting
from storage.picture import LOCKED_HOUSEHOLD
from storage.recipients import of_household
from storage.roles import roles_of
from storage.schema import address_news, consent, digital_address, household, person
from storage.store import append

Verdict = Literal["confirmed", "disputed"]
ASKED_FOR = dt.timedelta(days=30)  # how long a household is not asked once more

FACTS = {"confirmed": DigitalAddressConfirmed, "disputed": DigitalAddressDisputed}

_decider = person.alias("decider")
THIS = select(digital_address.c.household).where(digital_address.c.id == bindparam("which"))
SAID_YES = exists().where(
    person.c.household == household.c.id,
    consent.c.person == person.c.id,
    consent.c.purpose == "address",
    consent.c.scope == "",
)
AGREES = SAID_YES.where(consent.c.withdrawn_at.is_(None))
ASKED = exists().where(
    address_news.c.household == household.c.id,
    address_news.c.kind == "asked",
    address_news.c.due_at > bindparam("since"),
)


@dataclass(frozen=True, slots=True)
class Decision:
    """How an address stands now: `verdict` of `by` at `at`, `mine` when this decision made it so.

    `verdict` None: the household has given another address, or none, since.
    """

    household: str
    verdict: Verdict | None
    mine: bool
    at: dt.datetime | None = None
    by: str | None = None


class Asker(Protocol):
    """Who asks, and when."""

    @property
    def person(self) -> UUID: ...
    @property
    def at(self) -> dt.datetime: ...


def to_visit(tx: Connection, query: HouseholdToVisit, asker: Asker) -> Visited | None:
    """A household of the asker's area that lets workers see it, locked; None for any other code."""
    found = _locked(tx, asker.person, household.c.code == query.code)
    if found is None:
        return None
    asked = select(AGREES.label("agreed"), SAID_YES.label("ever"), ASKED.label("asked"))
    asked = asked.where(household.c.id == found.id)
    state = tx.execute(asked, {"since": asker.at - ASKED_FOR}).one()
    return Visited(
        household=found.id,
        code=found.code,
        province=found.province,
        commune=found.commune,
        agreed=bool(state.agreed),
        withdrew=bool(state.ever) and not state.agreed,
        asked=bool(state.asked),
        reached=bool(of_household(tx, found.id)),
        address=current(tx, found.id),
    )


def how_many_wait(tx: Connection, _: WaitingAddresses, asker: Asker) -> int:
    """Of the areas in which the asker may act."""
    return waiting(tx, asker.person, acting(roles_of(tx, asker.person)))


def decide(
    tx: Connection, who: UUID, address: UUID, verdict: Verdict, now: dt.datetime, event: UUID
) -> Decision | None:
    """Confirm or dispute an address once: whoever comes second sees what the first decided.

    None: no address of a household that this person may visit.
    """
    home = _locked(tx, who, household.c.id == THIS.scalar_subquery(), which=address)
    if home is None:
        return None
    row = _standing(tx, address)
    if row is None or row.until is not None:
        return Decision(home.code, None, mine=False)
    if row.confirmed_at or row.disputed_at:
        return _decided(home.code, row, who)
    fact = FACTS[verdict](
        id=event,
        at=now,
        household=home.id,
        person=who,
        channel="web",
        province=home.province,
        commune=home.commune,
        sample=home.sample,
        address=address,
    )
    append(tx, [fact])
    return Decision(home.code, verdict, mine=True, at=now)


def _locked(tx: Connection, who: UUID, which_one: Any, **values: Any) -> Row[Any] | None:
    """The household's row, as this person may visit it now: none, and not their own, otherwise."""
    mine = select(household.c.id).where(
        which_one, seen_by(acting(roles_of(tx, who))), others_of(who)
    )
    found = tx.execute(mine, values).scalar_one_or_none()
    if found is None:
        return None
    return tx.execute(LOCKED_HOUSEHOLD, {"household": found}).one_or_none()


def _standing(tx: Connection, address: UUID) -> Row[Any] | None:
    found = (
        select(digital_address, _decider.c.name.label("decider"))
        .join_from(
            digital_address, _decider, _decider.c.id == digital_address.c.decided_by, isouter=True
        )
        .where(digital_address.c.id == address)
    )
    return tx.execute(found).one_or_none()


def _decided(home: str, row: Row[Any], who: UUID) -> Decision:
    verdict: Verdict = "confirmed" if row.confirmed_at else "disputed"
    at = row.confirmed_at or row.disputed_at
    return Decision(home, verdict, mine=row.decided_by == who, at=at, by=row.decider)
