"""What waits to be sent. A message of ours is committed with the turn that says it, and sent afterwards.

At least once: a lease that runs out gives the message to the next who asks. To one recipient messages go one
at a time, in the order in which they were made; only a more urgent one may pass one that waits.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, and_, bindparam, exists, select, tuple_, update

from storage.schema import outbox
from storage.upsert import insert_new

REPLY, NOTICE, BROADCAST = 0, 1, 2  # urgency; the smaller goes first
LEASE = dt.timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """One message to send; `tries` counts the failed attempts so far."""

    id: UUID
    channel: str
    recipient: str
    body: Mapping[str, Any]
    tries: int
    made_at: dt.datetime
    message: str | None = None
    urgency: int = REPLY


_first = outbox.alias("first")
_not_yet = and_(
    _first.c.state == "waiting", _first.c.tries == 0, _first.c.due_at > bindparam("now")
)
_waits_behind = exists().where(
    _first.c.channel == outbox.c.channel,
    _first.c.recipient == outbox.c.recipient,
    _first.c.done_at.is_(None),
    tuple_(_first.c.urgency, _first.c.position) < tuple_(outbox.c.urgency, outbox.c.position),
    ~_not_yet,
)
"""Another one to the same recipient goes first; one that is meant for later holds nobody up."""

READY = (
    select(outbox)
    .where(
        outbox.c.channel == bindparam("of_channel"),
        outbox.c.done_at.is_(None),
        outbox.c.due_at <= bindparam("now"),
        outbox.c.urgency.between(bindparam("first"), bindparam("last")),
        ~_waits_behind,
    )
    .order_by(outbox.c.urgency, outbox.c.position)
    .limit(bindparam("most"))
    .with_for_update(of=outbox, skip_locked=True)
)
_THIS = outbox.c.id == bindparam("which")
STANDS = select(outbox.c.id).where(_THIS)
LEASED = update(outbox).where(_THIS).values(state="leased", due_at=bindparam("until"))
SENT = (
    update(outbox)
    .where(_THIS)
    .values(state="sent", done_at=bindparam("now"), ref=bindparam("called"), reason=None)
)
AGAIN = (
    update(outbox)
    .where(_THIS)
    .values(
        state="waiting",
        due_at=bindparam("at"),
        tries=outbox.c.tries + 1,
        reason=bindparam("why"),
    )
)
GIVEN_UP = (
    update(outbox)
    .where(_THIS)
    .values(
        state="failed",
        done_at=bindparam("now"),
        tries=outbox.c.tries + 1,
        reason=bindparam("why"),
    )
)
RELEASED = (
    update(outbox)
    .where(_THIS, outbox.c.done_at.is_(None))
    .values(state="waiting", due_at=bindparam("now"))
)
RECLAIMED = (
    update(outbox)
    .where(outbox.c.channel == bindparam("of_channel"), outbox.c.state == "leased")
    .where(outbox.c.done_at.is_(None))
    .values(state="waiting", due_at=bindparam("now"))
)
NEW = insert_new(outbox)
WAITS = exists().where(
    outbox.c.channel == bindparam("of_channel"),
    outbox.c.recipient == bindparam("whom"),
    outbox.c.done_at.is_(None),
)
DOES_ANY_WAIT = select(WAITS)
ANSWERS = (
    select(outbox.c.id, outbox.c.body, outbox.c.state)
    .where(outbox.c.message == bindparam("to_message"))
    .order_by(outbox.c.position)
)


def put(tx: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Rows as `row` makes them, in the order in which they are to be sent; one put twice is there once."""
    if rows:
        tx.execute(NEW, list(rows))


def row(  # noqa: PLR0913 one message has this many sides
    id: UUID,  # noqa: A002 the column's name
    channel: str,
    recipient: str,
    body: Mapping[str, Any],
    now: dt.datetime,
    *,
    message: str | None = None,
    urgency: int = REPLY,
    due_at: dt.datetime | None = None,
    inline: bool = False,
) -> dict[str, Any]:
    """A message to put into the outbox; `inline`: the channel gave it in its own answer."""
    return {
        "id": id,
        "channel": channel,
        "recipient": recipient,
        "message": message,
        "urgency": urgency,
        "body": body,
        "state": "inline" if inline else "waiting",
        "made_at": now,
        "due_at": due_at or now,
        "done_at": now if inline else None,
    }


def stands(tx: Connection, id: UUID) -> bool:  # noqa: A002 the column's name
    """Whether there is such a message, sent or not."""
    return tx.execute(STANDS, {"which": id}).first() is not None


def waits(tx: Connection, channel: str, recipient: str) -> bool:
    """Whether something is still to be sent to this recipient."""
    whose = {"of_channel": channel, "whom": recipient}
    return bool(tx.execute(DOES_ANY_WAIT, whose).scalar_one())


def lease(
    tx: Connection,
    channel: str,
    now: dt.datetime,
    limit: int,
    first: int = REPLY,
    last: int = BROADCAST,
) -> list[OutboxRow]:
    """The next messages of these urgencies to send, at most one to each recipient; ours for a minute."""
    asked = {"of_channel": channel, "now": now, "most": limit, "first": first, "last": last}
    found = tx.execute(READY, asked).all()
    if found:
        tx.execute(LEASED, [{"which": r.id, "until": now + LEASE} for r in found])
    return [
        OutboxRow(r.id, r.channel, r.recipient, r.body, r.tries, r.made_at, r.message, r.urgency)
        for r in found
    ]


def sent(tx: Connection, id: UUID, ref: str | None) -> None:  # noqa: A002 the column's name
    """It has arrived; `ref` is what the channel calls it."""
    tx.execute(SENT, {"which": id, "now": dt.datetime.now(dt.UTC), "called": ref})


def failed(
    tx: Connection,
    id: UUID,  # noqa: A002 the column's name
    retry_at: dt.datetime | None,
    reason: str,
) -> None:
    """It has not arrived: again at `retry_at`, or never when that is None."""
    if retry_at is None:
        tx.execute(GIVEN_UP, {"which": id, "now": dt.datetime.now(dt.UTC), "why": reason})
    else:
        tx.execute(AGAIN, {"which": id, "at": retry_at, "why": reason})


def release(tx: Connection, ids: Sequence[UUID], now: dt.datetime) -> None:
    """Give leases back unused, for whoever asks next."""
    if ids:
        tx.execute(RELEASED, [{"which": id_, "now": now} for id_ in ids])


def reclaim(tx: Connection, channel: str, now: dt.datetime) -> None:
    """At the start of the only process: nobody is left who could hold a lease."""
    tx.execute(RECLAIMED, {"of_channel": channel, "now": now})
