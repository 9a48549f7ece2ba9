"""One turn's reads and writes: load what is known, record what came of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Text, bindparam, cast, insert, select, update

from bot.dialogue.message import BuyerNamed, Erasure, Message
from bot.dialogue.session import Session
from bot.dialogue.turn import SPACE, Turn
from domain.codes import derived_id
from domain.events import ConsentGiven, Event, RoleGiven
from domain.household import Household, Person
from domain.indicators import month_of
from storage import links, outbox, personal
from storage.answers import Inline, answer
from storage.carried import carried
from storage.claims import Reply
from storage.ledger import NOWHERE, Origin
from storage.picture import LOCKED_HOUSEHOLD, Pictures
from storage.projections import project
from storage.roles import roles_of
from storage.schema import consent, event, household, identity, inbox, person, session
from storage.standings import parts_of
from storage.touched import touch, touch_all
from storage.upsert import insert_new


@dataclass(frozen=True, slots=True)
class Loaded:
    """What is known before a turn. `session` is its JSON text; `known`: somebody who consented writes.

    `waiting`: earlier messages to the sender are not sent yet; None: not looked at.
    `version`: the household's.
    """

    session: str
    person: Person
    household: Household | None
    known: bool
    waiting: bool | None = None
    version: int | None = None


# Load

SESSION = (
    select(session.c.contact, cast(session.c.body, Text).label("body"))
    .where(session.c.channel == bindparam("of_channel"), session.c.address == bindparam("whose"))
    .with_for_update()
)
NEW_SESSION = insert_new(session)
WHO = (
    select(
        identity.c.person,
        person.c.household,
        person.c.name,
        person.c.you,
        person.c.me,
        person.c.southern,
        person.c.language,
    )
    .select_from(identity.join(person, person.c.id == identity.c.person))
    .where(identity.c.channel == bindparam("of_channel"), identity.c.address == bindparam("whose"))
)

CONSENTS = select(consent.c.purpose).where(
    consent.c.person == bindparam("who"),
    consent.c.scope == "",
    consent.c.withdrawn_at.is_(None),
)
STANDING = (
    select(household.c.version, outbox.WAITS.label("waiting"))
    .where(household.c.id == bindparam("which"), household.c.erased_at.is_(None))
    .with_for_update(of=household)
)
"""In one look, after the session is locked: only then is everything there that was said to the sender."""

VERSION = select(household.c.version).where(
    household.c.id == bindparam("which"), household.c.erased_at.is_(None)
)


def load(tx: Connection, message: Message, pictures: Pictures) -> Loaded:
    """Session, person and household; the session's and the household's row are locked, in this order."""
    whose = {"of_channel": message.channel, "whose": message.sender}
    kept = tx.execute(SESSION, whose).one_or_none()
    if kept is None:
        tx.execute(NEW_SESSION, _first_session(message))
        kept = tx.execute(SESSION, whose).one()
    met = _met_before(tx, message, kept.body, pictures)
    if met is not None:
        return met
    row = tx.execute(WHO, whose).one_or_none()
    if row is None:
        return Loaded(kept.body, Person(kept.contact), None, known=False)
    who = Person(
        id=row.person,
        household=row.household,
        name=row.name,
        you=row.you,
        me=row.me,
        southern=row.southern,
        language=row.language,
        consents=frozenset(r.purpose for r in tx.execute(CONSENTS, {"who": row.person})),
        roles=roles_of(tx, row.person),
    )
    home = _locked(tx, row.household)
    if home is None:
        return Loaded(kept.body, who, None, known=True)
    pictures.meet((message.channel, message.sender), home.version, who)
    return Loaded(kept.body, who, pictures.of(tx, home), known=True, version=home.version)


def _met_before(tx: Connection, message: Message, kept: str, pictures: Pictures) -> Loaded | None:
    """The sender as last met, while nothing about their household has changed since."""
    met = pictures.met((message.channel, message.sender))
    if met is None:
        return None
    version, who, home = met
    asked = {"which": home.id, "of_channel": message.channel, "whom": message.sender}
    now = tx.execute(STANDING, asked).one_or_none()
    if now is None or now.version != version:
        return None
    return Loaded(kept, who, home, known=True, waiting=bool(now.waiting), version=version)


def is_current(tx: Connection, loaded: Loaded) -> bool:
    """Whether nobody has changed the household since it was loaded in this transaction."""
    if loaded.household is None:
        return True
    return tx.execute(VERSION, {"which": loaded.household.id}).scalar() == loaded.version


def _first_session(message: Message) -> dict[str, Any]:
    """Before consent a person is a random id: derived from the message, never from the address."""
    return {
        "channel": message.channel,
        "address": message.sender,
        "contact": derived_id(SPACE, f"{message.id}/contact"),
        "body": {},
        "last_at": message.sent_at,
    }


def _locked(tx: Connection, which: UUID | None) -> Any:
    """The household's row, locked; None when there is none or it was erased."""
    if which is None:
        return None
    row = tx.execute(LOCKED_HOUSEHOLD, {"household": which}).one_or_none()
    return None if row is None or row.erased_at else row


# Record

FAILED = update(inbox).where(inbox.c.id == bindparam("which")).values(state="failed")
FORGET = update(inbox).where(inbox.c.id == bindparam("which")).values(said=None)

SAVED = (
    update(session)
    .where(session.c.channel == bindparam("of_channel"), session.c.address == bindparam("whose"))
    .values(body=bindparam("now_is"), last_at=bindparam("at"))
)
NEW_IDENTITY = insert_new(identity)
NEW_EVENT = insert(event).inline()


def append(tx: Connection, events: Sequence[Event], origin: Origin = NOWHERE) -> None:
    """Add facts and bring the current state up to them; an event that is there already is an error."""
    if not events:
        return
    tx.execute(NEW_EVENT, [_row(e) for e in events])
    project(tx, events, origin)
    touch_all(tx, events)


def _row(fact: Event) -> dict[str, Any]:
    day: dt.date | None = getattr(fact, "date", None) or getattr(fact, "period_to", None)
    return {
        "id": fact.id,
        "type": fact.type,
        "at": fact.at,
        "household": fact.household,
        "person": fact.person,
        "province": fact.province,
        "commune": fact.commune,
        "month": month_of(day or fact.at),
        "body": fact,
    }


def record(  # noqa: PLR0913, PLR0917 what a turn leaves behind, and where
    tx: Connection,
    turn: Turn,
    loaded: Loaded,
    origin: Origin,
    bodies: Sequence[Mapping[str, Any]],
    inline: Inline,
    pictures: Pictures,
) -> tuple[Reply, ...]:
    """Write down all that came of the turn; the replies as they stand in the outbox."""
    if turn.events:
        tx.execute(NEW_EVENT, [_row(e) for e in turn.events])
        project(tx, turn.events, origin)
    _know(tx, turn, loaded)
    home = turn.household.id if turn.household else None
    touch_all(tx, turn.events, but=home)
    personal.keep(tx, turn.person.id, home, turn.personal)
    if home is not None and (turn.events or turn.personal or turn.codes):
        buyers = sum(isinstance(item, BuyerNamed) for item in turn.personal)
        version = touch(tx, home, turn.codes, buyers, parts_of(turn.events))
        before = loaded.household if turn.helped is None else None
        after = carried(before, turn, origin) if before else None
        if after is not None:
            pictures.keep(version, after)
            pictures.meet((turn.message.channel, turn.message.sender), version, turn.person)
    replies = answer(tx, turn.message, bodies, inline, waiting=loaded.waiting)
    if any(isinstance(item, Erasure) for item in turn.personal):
        address = turn.message.channel, turn.message.sender
        personal.erase(tx, turn.person.id, home, address, turn.at)
        return replies
    _save(tx, turn.message, turn.session)
    links.settle(tx, turn.events, turn.message)
    return replies


def _know(tx: Connection, turn: Turn, loaded: Loaded) -> None:
    """A consent or a role makes a person of the contact; without one the words are not kept."""
    if loaded.known:
        return
    message = turn.message
    if any(map(_makes_known, turn.events)):
        known = {
            "channel": message.channel,
            "address": message.sender,
            "person": turn.person.id,
            "since": turn.at,
        }
        tx.execute(NEW_IDENTITY, known)
    else:
        tx.execute(FORGET, {"which": message.id})


def _makes_known(event: Event) -> bool:
    if isinstance(event, ConsentGiven):
        return event.purpose == "ledger"
    return isinstance(event, RoleGiven)


def _save(tx: Connection, message: Message, kept: Session) -> None:
    values = {
        "of_channel": message.channel,
        "whose": message.sender,
        "now_is": kept,
        "at": kept.last_at or message.sent_at,
    }
    tx.execute(SAVED, values)


def fail(tx: Connection, message: Message) -> None:
    """The message stays for us to look at, its words only with consent; it is not tried again."""
    tx.execute(FAILED, {"which": message.id})
    whose = {"of_channel": message.channel, "whose": message.sender}
    if tx.execute(WHO, whose).one_or_none() is None:
        tx.execute(FORGET, {"which": message.id})
