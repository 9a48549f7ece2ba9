"""Codes that join another machine to a person, and what becomes of addresses when machines come and go.

A code is kept as its hash and is good once: for a quarter of an hour, on paper for a month.
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Sequence
from typing import Any, Protocol
from uuid import UUID, uuid5

from sqlalchemy import Connection, bindparam, delete, exists, insert, select, tuple_, update

from bot.dialogue.link_queries import (
    LinkBehind,
    LinkOffer,
    LinkState,
    NewLinkCode,
    OwnChannel,
    OwnChannels,
)
from bot.dialogue.message import Message
from bot.dialogue.turn import SPACE
from domain.events import Event
from domain.link_codes import GROUP, GROUPS, PAPER_GROUPS, signs_of
from domain.link_events import ChannelChosen, ChannelJoined, ChannelLeft
from storage import recipients
from storage.personal import erase_talk
from storage.recipients import Address
from storage.schema import (
    consent,
    household,
    identity,
    link_code,
    outbox,
    person,
    role,
    session,
    sign_in_link,
    signed_in,
)
from storage.tokens import hashed
from storage.upsert import upsert

GOOD_FOR = dt.timedelta(minutes=15)
PAPER_GOOD_FOR = dt.timedelta(days=30)

NEW = insert(link_code)
CLOSED = delete(link_code).where(
    link_code.c.person == bindparam("whose"),
    link_code.c.paper == bindparam("on_paper"),
    link_code.c.used_at.is_(None),
)
BEHIND = (
    select(
        link_code.c.hash,
        link_code.c.paper,
        link_code.c.expires_at,
        link_code.c.used_at,
        person.c.id.label("person"),
        person.c.name,
        person.c.you,
        person.c.me,
        person.c.southern,
        person.c.language,
        household.c.id.label("household"),
        household.c.code,
        household.c.province,
        household.c.commune,
    )
    .join_from(link_code, person, person.c.id == link_code.c.person)
    .outerjoin(household, household.c.id == person.c.household)
    .where(link_code.c.hash == bindparam("hash_is"))
    .with_for_update(of=link_code)
)
USED = (
    update(link_code)
    .where(link_code.c.hash == bindparam("hash_is"), link_code.c.used_at.is_(None))
    .values(used_at=bindparam("now"))
)
OWN = (
    select(identity.c.channel, identity.c.address, identity.c.since, session.c.last_at)
    .outerjoin(
        session,
        (session.c.channel == identity.c.channel) & (session.c.address == identity.c.address),
    )
    .where(identity.c.person == bindparam("whose"))
)
JOINED = upsert(identity, ("person", "since", "chosen_at"))
LEFT = delete(identity).where(
    identity.c.channel == bindparam("of_channel"), identity.c.address == bindparam("whose")
)
CHOSEN = (
    update(identity)
    .where(identity.c.channel == bindparam("of_channel"), identity.c.address == bindparam("whose"))
    .values(chosen_at=bindparam("now"))
)


class Asker(Protocol):
    """Who asks, and from which machine."""

    @property
    def person(self) -> UUID: ...
    @property
    def at(self) -> dt.datetime: ...
    @property
    def address(self) -> Address: ...


# Asked by conversations


def new_code(tx: Connection, query: NewLinkCode, asker: Asker) -> str:
    """A code's signs, seen this once; an earlier one of the same kind opens nothing any more."""
    count = GROUP * (PAPER_GROUPS if query.paper else GROUPS)
    code = "".join(secrets.choice(signs_of(place)) for place in range(count))
    tx.execute(CLOSED, {"whose": query.person, "on_paper": query.paper})
    row = {
        "hash": hashed(code),
        "person": query.person,
        "paper": query.paper,
        "made_by": asker.person,
        "made_at": asker.at,
        "expires_at": asker.at + (PAPER_GOOD_FOR if query.paper else GOOD_FOR),
    }
    tx.execute(NEW, row)
    return code


def behind(tx: Connection, query: LinkBehind, asker: Asker) -> LinkOffer | None:
    """What a code joins to; its row is locked. None for one that we never gave, or gave anew since."""
    mine = query.hash or hashed(query.code or "")
    row = tx.execute(BEHIND, {"hash_is": mine}).one_or_none()
    if row is None:
        return None
    return LinkOffer(
        hash=row.hash,
        state=_state(row, asker.at),
        paper=row.paper,
        person=row.person,
        household=row.household,
        code=row.code,
        province=row.province,
        commune=row.commune,
        name=row.name,
        you=row.you,
        me=row.me,
        southern=row.southern,
        language=row.language,
    )


def _state(row: Any, now: dt.datetime) -> LinkState:
    if row.used_at is not None:
        return "used"
    return "open" if row.expires_at > now else "expired"


def own_channels(tx: Connection, _: OwnChannels, asker: Asker) -> tuple[OwnChannel, ...]:
    """The machines of whoever asks, the one in hand first, then the one used last."""
    found = [
        OwnChannel(
            reference(row.channel, row.address),
            row.channel,
            (row.channel, row.address) == asker.address,
            row.last_at or row.since,
        )
        for row in tx.execute(OWN, {"whose": asker.person})
    ]
    return tuple(sorted(found, key=lambda c: (not c.here, -c.last_at.timestamp())))


def reference(channel: str, address: str) -> str:
    """What stands for an address in buttons and events."""
    return uuid5(SPACE, f"{channel}:{address}").hex[:12]


# Done by events


def settle(tx: Connection, events: Sequence[Event], said: Message) -> None:
    """Bring the addresses up to what this message made happen."""
    here = said.channel, said.sender
    for event in events:
        match event:
            case ChannelJoined():
                _join(tx, event, here)
            case ChannelLeft():
                _leave(tx, event, said.id)
            case ChannelChosen():
                values = {"of_channel": here[0], "whose": here[1], "now": event.at}
                tx.execute(CHOSEN, values)


def _join(tx: Connection, event: ChannelJoined, here: Address) -> None:
    if tx.execute(USED, {"hash_is": event.link, "now": event.at}).rowcount != 1:
        raise LookupError("a code is good once")  # it was locked when it was looked at
    channel, address = here
    row = {"channel": channel, "address": address, "person": event.person, "since": event.at}
    tx.execute(JOINED, {**row, "chosen_at": None})
    if event.before is not None:
        _forget_contact(tx, event.before)


def _forget_contact(tx: Connection, who: UUID) -> None:
    """Whoever began, had neither book nor role, and is somebody else now."""
    nobody = (
        person.c.id == who,
        person.c.household.is_(None),
        ~exists().where(identity.c.person == person.c.id),
        ~exists().where(role.c.person == person.c.id),
    )
    if tx.execute(delete(person).where(*nobody)).rowcount:
        tx.execute(delete(consent).where(consent.c.person == who))


def _leave(tx: Connection, event: ChannelLeft, message: str) -> None:
    """The machine is a stranger's from now on: what was said on it is seen there no more."""
    assert event.person is not None
    gone = [
        each for each in recipients.of_person(tx, event.person) if reference(*each) == event.ref
    ]
    for channel, address in gone:
        tx.execute(LEFT, {"of_channel": channel, "whose": address})
    if gone:
        _take_back(tx, gone, message, event.at)
        erase_talk(tx, set(gone), event.at)
    if event.lost:
        for table in (signed_in, sign_in_link, link_code):
            tx.execute(delete(table).where(table.c.person == event.person))


def _take_back(tx: Connection, gone: Sequence[Address], message: str, now: dt.datetime) -> None:
    """What has not gone out yet is for somebody else's eyes now; but for the answer to this very message."""
    unsent = (
        update(outbox)
        .where(tuple_(outbox.c.channel, outbox.c.recipient).in_(gone), outbox.c.done_at.is_(None))
        .where(outbox.c.message.is_distinct_from(message))
        .values(state="failed", done_at=now, body=None, reason="the machine has left")
    )
    tx.execute(unsent)
