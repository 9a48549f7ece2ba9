"""A conversation as it is kept: what one address wrote, what it was told, and what it has not seen yet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, bindparam, select

from storage import outbox as sending
from storage.schema import inbox, outbox, photo

NEWEST = 100  # messages of each side that a history shows


@dataclass(frozen=True, slots=True)
class Heard:
    """What a person sent: `said` as `storage.store` keeps it."""

    id: str
    at: dt.datetime
    said: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Told:
    """A message of ours; `message` is the one that it answers, `seen`: nobody waits for it any more."""

    id: UUID
    position: int
    at: dt.datetime
    body: Mapping[str, Any]
    message: str | None
    seen: bool


HEARD = (
    select(inbox.c.id, inbox.c.received_at, inbox.c.said)
    .where(inbox.c.channel == bindparam("of_channel"), inbox.c.sender == bindparam("whose"))
    .order_by(inbox.c.received_at.desc())
    .limit(NEWEST)
)
_TOLD = select(outbox).where(
    outbox.c.channel == bindparam("of_channel"), outbox.c.recipient == bindparam("whose")
)
NEWEST_TOLD = _TOLD.order_by(outbox.c.position.desc()).limit(NEWEST)
TOLD_AFTER = (
    _TOLD.where(outbox.c.position > bindparam("after")).order_by(outbox.c.position).limit(NEWEST)
)
BODY = select(outbox.c.body).where(
    outbox.c.id == bindparam("which"), outbox.c.channel == bindparam("of_channel")
)
JPEG = select(photo.c.jpeg).where(photo.c.id == bindparam("which"))


def heard(conn: Connection, channel: str, address: str) -> list[Heard]:
    """The newest messages of this address whose words are kept, oldest first."""
    rows = conn.execute(HEARD, {"of_channel": channel, "whose": address}).all()
    return [Heard(r.id, r.received_at, r.said) for r in reversed(rows) if r.said is not None]


def told(conn: Connection, channel: str, address: str, after: int | None = None) -> list[Told]:
    """The newest messages to this address, or those after a position; oldest first."""
    whom = {"of_channel": channel, "whose": address}
    if after is not None:
        return _told(conn.execute(TOLD_AFTER, {**whom, "after": after}).all())
    return _told(conn.execute(NEWEST_TOLD, whom).all()[::-1])


def saw(tx: Connection, ids: Sequence[UUID]) -> None:
    """These have been shown."""
    for each in ids:
        sending.sent(tx, each, None)


def told_body(conn: Connection, channel: str, which: UUID) -> Mapping[str, Any] | None:
    """One message of ours; None when there is none, or no longer."""
    body: Mapping[str, Any] | None = conn.execute(
        BODY, {"which": which, "of_channel": channel}
    ).scalar_one_or_none()
    return body


def jpeg(conn: Connection, which: UUID) -> bytes | None:
    """A kept photo."""
    kept: bytes | None = conn.execute(JPEG, {"which": which}).scalar_one_or_none()
    return kept


def _told(rows: Sequence[Row[Any]]) -> list[Told]:
    return [
        Told(r.id, r.position, r.made_at, r.body, r.message, r.done_at is not None)
        for r in rows
        if r.body is not None
    ]
