"""Voice notes that wait to be recognised: claimed like any message, gone once their words were answered.

A note is recognised at least once and answered once: what was heard is a message of its own, named after it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import (
    Connection,
    and_,
    bindparam,
    delete,
    exists,
    func,
    insert,
    null,
    select,
    update,
)

from bot.dialogue.message import Message, Voice
from bot.dialogue.turn import SPACE
from domain.codes import derived_id
from storage import claims
from storage.schema import consent, identity, inbox, voice_kept, voice_note
from storage.upsert import insert_new

MOST_WAITING = 200  # notes of everybody
MOST_OF_ONE = 10  # notes of one sender
LEASE = dt.timedelta(seconds=90)  # of a note that somebody listens to, unless held on to
PATIENCE = dt.timedelta(seconds=5)  # after which the place in the queue is told

Taken = Literal["new", "known", "many"]


@dataclass(frozen=True, slots=True)
class WaitingNote:
    """A note to recognise; its sound, or where the channel has it. `tries`: this one counted."""

    id: str
    channel: str
    sender: str
    sent_at: dt.datetime
    seconds: int
    language: str | None
    source: str | None
    audio: bytes | None
    tries: int


@dataclass(frozen=True, slots=True)
class Sound:
    """What is to be heard: its bytes, or by what name the channel has it."""

    audio: bytes | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Recording:
    """A note that was heard, for those who improve the hearing."""

    audio: bytes
    text: str
    engine: str


_before = voice_note.alias("before")
_first = ~exists().where(
    _before.c.channel == voice_note.c.channel,
    _before.c.sender == voice_note.c.sender,
    _before.c.position < voice_note.c.position,
)
"""One sender's notes are heard in the order in which they were spoken."""

_OF_SENDER = and_(
    voice_note.c.channel == bindparam("of_channel"), voice_note.c.sender == bindparam("whose")
)
_THIS = voice_note.c.id == bindparam("which")
COUNTS = select(func.count(), func.count().filter(_OF_SENDER)).select_from(voice_note)
NEW = insert(voice_note).inline()
DUE = (
    select(voice_note)
    .where(voice_note.c.due_at <= bindparam("now"), _first)
    .order_by(voice_note.c.position)
    .limit(bindparam("most"))
    .with_for_update(of=voice_note, skip_locked=True)
)
LEASED = (
    update(voice_note).where(_THIS).values(due_at=bindparam("until"), tries=voice_note.c.tries + 1)
)
HELD = update(voice_note).where(_THIS).values(due_at=bindparam("until"))
AGAIN = update(voice_note).where(_THIS).values(due_at=bindparam("at"), tries=bindparam("times"))
RECLAIMED = update(voice_note).values(due_at=bindparam("now"))
GONE = delete(voice_note).where(_THIS)
FORGET = update(inbox).where(inbox.c.id == bindparam("which")).values(said=null())
CAME = select(inbox.c.id).where(inbox.c.id == bindparam("which"))
WHO = select(identity.c.person).where(
    identity.c.channel == bindparam("of_channel"), identity.c.address == bindparam("whose")
)
AGREED = (
    select(identity.c.person)
    .join_from(identity, consent, consent.c.person == identity.c.person)
    .where(identity.c.channel == bindparam("of_channel"), identity.c.address == bindparam("whose"))
    .where(consent.c.purpose == "voice", consent.c.scope == "", consent.c.withdrawn_at.is_(None))
)
KEEP = insert_new(voice_kept)
ANY = select(exists().where(voice_note.c.due_at <= bindparam("now")))
_ahead = (
    select(func.count())
    .where(_before.c.position < voice_note.c.position)
    .correlate(voice_note)
    .scalar_subquery()
)
UNTOLD = select(
    *(column for column in voice_note.c if column.name not in ("audio", "source")),
    _ahead.label("ahead"),
).where(
    voice_note.c.told.is_(False),
    voice_note.c.tries == 0,
    voice_note.c.taken_at <= bindparam("before"),
)
TOLD = update(voice_note).where(_THIS).values(told=True)
WAITING = select(func.count()).select_from(voice_note)


def take(tx: Connection, message: Message, sound: Sound, now: dt.datetime) -> Taken:
    """Keep a note until it was recognised. `known`: it came before. `many`: more wait than may."""
    seconds = message.content.seconds if isinstance(message.content, Voice) else 0
    whose = {"of_channel": message.channel, "whose": message.sender}
    everybody, own = tx.execute(COUNTS, whose).one()
    if everybody >= MOST_WAITING or own >= MOST_OF_ONE:
        return "known" if _came_before(tx, message) else "many"
    if not claims.claim(tx, message):
        return "known"
    if tx.execute(WHO, whose).first() is None:
        tx.execute(FORGET, {"which": message.id})  # a stranger's message leaves its number only
    row = {
        "id": message.id,
        "channel": message.channel,
        "sender": message.sender,
        "sent_at": message.sent_at,
        "taken_at": now,
        "seconds": seconds,
        "language": message.language,
        "source": sound.source,
        "audio": sound.audio,
        "due_at": now,
    }
    tx.execute(NEW, row)
    return "new"


def _came_before(tx: Connection, message: Message) -> bool:
    return tx.execute(CAME, {"which": message.id}).first() is not None


def waits(conn: Connection, now: dt.datetime) -> bool:
    """Whether there is anything to recognise."""
    return bool(conn.execute(ANY, {"now": now}).scalar_one())


def waiting(conn: Connection) -> int:
    """How many notes are not answered yet."""
    return int(conn.execute(WAITING).scalar_one())


def lease(tx: Connection, now: dt.datetime, most: int) -> list[WaitingNote]:
    """The next notes to recognise, one at most of each sender; ours for a lease, and as long as we `hold`."""
    found = tx.execute(DUE, {"now": now, "most": most}).all()
    for row in found:
        tx.execute(LEASED, {"which": row.id, "until": now + LEASE})
    return [_note(row, row.tries + 1, row.source, row.audio) for row in found]


def _note(
    row: Any, tries: int, source: str | None = None, audio: bytes | None = None
) -> WaitingNote:
    where = row.id, row.channel, row.sender, row.sent_at
    return WaitingNote(*where, row.seconds, row.language, source, audio, tries)


def hold(tx: Connection, ids: Sequence[str], now: dt.datetime) -> None:
    """They are still being listened to."""
    for which in ids:
        tx.execute(HELD, {"which": which, "until": now + LEASE})


def again(tx: Connection, which: str, at: dt.datetime, tries: int) -> None:
    """It was not recognised this time."""
    tx.execute(AGAIN, {"which": which, "at": at, "times": tries})


def reclaim(tx: Connection, now: dt.datetime) -> None:
    """At the start of the only process: nobody is left who could be listening."""
    tx.execute(RECLAIMED, {"now": now})


def done(tx: Connection, note: WaitingNote, kept: Recording | None) -> None:
    """Its words were answered: the note goes; its sound stays only with the person's own consent."""
    tx.execute(GONE, {"which": note.id})
    tx.execute(FORGET, {"which": note.id})
    if kept is None:
        return
    who = tx.execute(AGREED, {"of_channel": note.channel, "whose": note.sender}).scalar()
    if who is not None:
        row = {
            "id": derived_id(SPACE, f"{note.id}/recording"),
            "person": who,
            "at": note.sent_at,
            "audio": kept.audio,
            "text": kept.text,
            "engine": kept.engine,
        }
        tx.execute(KEEP, row)


def any_untold(conn: Connection, now: dt.datetime) -> bool:
    """Whether `untold` has somebody to tell."""
    return conn.execute(UNTOLD, {"before": now - PATIENCE}).first() is not None


def untold(tx: Connection, now: dt.datetime) -> list[tuple[WaitingNote, int]]:
    """Notes that have waited long, and how many are before each; each told once."""
    rows = tx.execute(UNTOLD, {"before": now - PATIENCE}).all()
    for row in rows:
        tx.execute(TOLD, {"which": row.id})
    return [
        (
            _note(row, row.tries),
            row.ahead,
        )
        for row in rows
    ]
