"""Messages to areas on their last step: who may have one sent is looked at again as it is leased.

`doubts` of an outbox row counts the sendings that nobody answered: perhaps they arrived. After two of them
there is no third, so that nobody gets the same message three times.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Connection, Row, bindparam, delete, exists, null, or_, select, update

from storage import outbox as sending
from storage.outbox import BROADCAST, OutboxRow
from storage.schema import broadcast, broadcast_turn, consent, identity, outbox
from storage.upsert import insert_new

TURN = dt.timedelta(seconds=10)  # for which one process alone sends them
PUT_OFF = dt.timedelta(seconds=60)  # until a paused one is looked at again
MOST_DOUBTS = 2

Verdict = Literal["send", "paused", "stopped", "unwanted", "unsure"]

_ITS_PERSON = (
    identity.c.channel == outbox.c.channel,
    identity.c.address == outbox.c.recipient,
    consent.c.person == identity.c.person,
    consent.c.purpose == "broadcast",
)
AGREED = exists().where(*_ITS_PERSON, consent.c.scope == "", consent.c.withdrawn_at.is_(None))
STOPPED = exists().where(*_ITS_PERSON, consent.c.withdrawn_at.is_not(None))

ANY = select(
    exists().where(
        outbox.c.channel == bindparam("of_channel"),
        outbox.c.urgency == BROADCAST,
        outbox.c.done_at.is_(None),
        outbox.c.due_at <= bindparam("now"),
    )
)
FIRST_TURN = insert_new(broadcast_turn)
NEXT_TURN = (
    update(broadcast_turn)
    .where(
        broadcast_turn.c.channel == bindparam("of_channel"),
        or_(
            broadcast_turn.c.holder == bindparam("mine"),
            broadcast_turn.c.until <= bindparam("now"),
        ),
    )
    .values(holder=bindparam("mine"), until=bindparam("then"))
)
TURN_OF = delete(broadcast_turn).where(broadcast_turn.c.channel == bindparam("of_channel"))
LOOK = (
    select(
        outbox.c.id,
        outbox.c.broadcast,
        outbox.c.doubts,
        broadcast.c.state,
        AGREED.label("agreed"),
        STOPPED.label("stopped"),
    )
    .join_from(outbox, broadcast, broadcast.c.id == outbox.c.broadcast, isouter=True)
    .where(outbox.c.id.in_(bindparam("ids", expanding=True)))
)
_THIS = outbox.c.id == bindparam("which")
IN_DOUBT = update(outbox).where(_THIS).values(doubts=outbox.c.doubts + 1)
CERTAIN = update(outbox).where(_THIS).values(doubts=outbox.c.doubts - 1)
WAITS = (
    update(outbox).where(_THIS).values(state="waiting", due_at=bindparam("then"), reason="paused")
)
DROPPED = (
    update(outbox)
    .where(_THIS)
    .values(state="failed", done_at=bindparam("now"), reason=bindparam("why"), body=null())
)
BLOCKED = (
    update(identity)
    .where(identity.c.channel == bindparam("of_channel"), identity.c.address == bindparam("whose"))
    .values(blocked_at=bindparam("now"))
)
KEPT_ONCE = update(outbox).where(_THIS, outbox.c.broadcast.is_not(None)).values(body=null())


def lease(
    tx: Connection, channel: str, holder: UUID, now: dt.datetime, limit: int
) -> list[OutboxRow]:
    """The next ones to send, none for any process but the one whose turn it is.

    What was stopped, or is not wanted any more, ends here; what is paused waits.
    """
    if not tx.scalar(ANY, {"of_channel": channel, "now": now}):
        return []
    if not _has_turn(tx, channel, holder, now):
        return []
    rows = sending.lease(tx, channel, now, limit, BROADCAST, BROADCAST)
    if not rows:
        return []
    found = tx.execute(LOOK, {"ids": [row.id for row in rows]})
    verdicts = {look.id: _verdict(look) for look in found}
    for which, verdict in verdicts.items():
        _settle(tx, which, verdict, now)
    return [row for row in rows if verdicts[row.id] == "send"]


def _has_turn(tx: Connection, channel: str, holder: UUID, now: dt.datetime) -> bool:
    first = {"channel": channel, "holder": holder, "until": now + TURN}
    if tx.execute(FIRST_TURN, first).rowcount == 1:
        return True
    asked = {"of_channel": channel, "mine": holder, "now": now, "then": now + TURN}
    return tx.execute(NEXT_TURN, asked).rowcount == 1


def _verdict(look: Row[Any]) -> Verdict:
    """Of a message to an area; other ones of this urgency only stop for who wants none."""
    if look.broadcast is not None and look.state in {None, "stopped"}:
        return "stopped"
    if look.stopped or (look.broadcast is not None and not look.agreed):
        return "unwanted"
    if look.doubts >= MOST_DOUBTS:
        return "unsure"
    return "paused" if look.state == "paused" else "send"


def _settle(tx: Connection, which: UUID, verdict: Verdict, now: dt.datetime) -> None:
    if verdict == "send":
        tx.execute(IN_DOUBT, {"which": which})
    elif verdict == "paused":
        tx.execute(WAITS, {"which": which, "then": now + PUT_OFF})
    else:
        tx.execute(DROPPED, {"which": which, "now": now, "why": verdict})


def arrived(tx: Connection, which: UUID, ref: str | None) -> None:
    """It was sent; its words stand once in `broadcast` and need not be kept with each recipient."""
    sending.sent(tx, which, ref)
    tx.execute(KEPT_ONCE, {"which": which})


def certain(tx: Connection, which: UUID) -> None:
    """The sending that was begun has not arrived, and we know it."""
    tx.execute(CERTAIN, {"which": which})


def blocked(tx: Connection, channel: str, address: str, now: dt.datetime) -> None:
    """This person lets nothing of ours through there, until they write again."""
    tx.execute(BLOCKED, {"of_channel": channel, "whose": address, "now": now})


def give_up_turn(tx: Connection, channel: str) -> None:
    """At the start of the only process: nobody is left whose turn it could be."""
    tx.execute(TURN_OF, {"of_channel": channel})
