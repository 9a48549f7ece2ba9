"""Messages to areas on their way into the outbox: a few at a time, each person once.

Who gets one is fixed as it starts (`broadcast_part`, 16 bytes a person); how many had their turn is counted
up in the transaction that puts theirs into the outbox. A process may die at any moment, several may feed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, and_, bindparam, exists, func, insert, or_, select, update

from bot.dialogue.turn import SPACE
from domain.broadcast_events import BroadcastFinished, BroadcastStopped
from domain.broadcasts import place_of, sends_as
from domain.codes import derived_id
from storage import outbox as sending
from storage.broadcast_people import Addressee, addressees, people_of
from storage.broadcasts import COLUMNS, LOCKED, Broadcast, of_row, outcome
from storage.held_news import NEVER
from storage.outbox import BROADCAST
from storage.recipients import PUSHED
from storage.roles import roles_of
from storage.schema import broadcast, broadcast_part, outbox
from storage.store import append

PART = 500  # people in a row of `broadcast_part`
BACKLOG = 50  # messages to areas that stand in the outbox unsent, at most

Worded = Callable[[Broadcast, Addressee], Mapping[str, Any]]

_SENDING = broadcast.c.state == "sending"
_UNFIXED = (broadcast.c.state.in_(["sending", "paused"]), broadcast.c.recipients.is_(None))
UNFIXED = COLUMNS.where(*_UNFIXED)
NEXT = (
    COLUMNS.where(_SENDING, broadcast.c.recipients.is_not(None))
    .order_by(broadcast.c.fed_at.asc().nulls_first())
    .limit(1)
    .with_for_update(of=broadcast, skip_locked=True)
)
NEW_PART = insert(broadcast_part)
PART_OF = select(broadcast_part.c.people).where(
    broadcast_part.c.broadcast == bindparam("which"), broadcast_part.c.number == bindparam("part")
)
FIXED = (
    update(broadcast)
    .where(broadcast.c.id == bindparam("which"))
    .values(recipients=bindparam("people"))
)
FED = (
    update(broadcast)
    .where(broadcast.c.id == bindparam("which"))
    .values(
        handed_on=broadcast.c.handed_on + bindparam("turns"),
        left_out=broadcast.c.left_out + bindparam("without"),
        fed_at=bindparam("now"),
    )
)
_UNSENT = (
    outbox.c.channel.in_(bindparam("pushed", expanding=True)),
    outbox.c.urgency == BROADCAST,
    outbox.c.done_at.is_(None),
)
WAITING = (
    select(func.count())
    .select_from(outbox)
    .where(*_UNSENT, outbox.c.reason.is_distinct_from("paused"))
)
ON_THE_WAY = select(exists().where(*_UNSENT, outbox.c.broadcast == bindparam("which")))


def unfixed(conn: Connection) -> list[Broadcast]:
    """Those that have just been started, or whose process died then."""
    return [of_row(row) for row in conn.execute(UNFIXED)]


def recipients(conn: Connection, of: Broadcast, now: dt.datetime) -> list[UUID]:
    """Everybody who is to get it, of the areas that its sender has at this moment."""
    return people_of(conn, roles_of(conn, of.person), of.audience, now)


def fix(tx: Connection, which: UUID, people: Sequence[UUID]) -> None:
    """These get it and nobody else; done once, whoever comes first."""
    row = tx.execute(LOCKED, {"which": which}).one_or_none()
    if row is None or row.ended_at is not None or row.recipients is not None:
        return
    parts = enumerate(_parts(people))
    rows = [{"broadcast": which, "number": n, "people": part} for n, part in parts]
    if rows:
        tx.execute(NEW_PART, rows)
    tx.execute(FIXED, {"which": which, "people": len(people)})


def _parts(people: Sequence[UUID]) -> list[bytes]:
    return [
        b"".join(who.bytes for who in people[start : start + PART])
        for start in range(0, len(people), PART)
    ]


def any_sending(conn: Connection) -> bool:
    """Whether there is anything to feed."""
    open_ = select(broadcast.c.id).where(or_(_SENDING, and_(*_UNFIXED))).limit(1)
    return conn.execute(open_).first() is not None


def feed(tx: Connection, now: dt.datetime, quiet: Collection[str], worded: Worded) -> int:
    """Put the next few of one message into the outbox; how many people had their turn.

    No more than BACKLOG wait in the channels in which somebody sends what waits. In a `quiet` one it goes
    out with the answer to the person's next message.
    """
    pushed = [channel for channel in PUSHED if channel not in quiet]
    row = tx.execute(NEXT).one_or_none()
    if row is None:
        return 0
    one = of_row(row)
    if one.handed_on >= (one.recipients or 0):
        if tx.scalar(ON_THE_WAY, {"which": one.id, "pushed": pushed}):
            tx.execute(FED, {"which": one.id, "turns": 0, "without": 0, "now": now})
        else:
            _finish(tx, one, now)
        return 0
    if sends_as(roles_of(tx, one.person), one.audience.area) is None:
        _stop(tx, one, now)
        return 0
    room = BACKLOG - int(tx.execute(WAITING, {"pushed": pushed}).scalar_one())
    people = _next_people(tx, one, max(room, 0))
    return _put(tx, one, people, now, quiet, worded)


def _next_people(tx: Connection, one: Broadcast, most: int) -> list[UUID]:
    """Whose turn it is, of one part at most."""
    number, place = divmod(one.handed_on, PART)
    part = tx.execute(PART_OF, {"which": one.id, "part": number}).scalar_one()
    own = part[16 * place : 16 * (place + most)]
    return [UUID(bytes=own[start : start + 16]) for start in range(0, len(own), 16)]


def _put(
    tx: Connection,
    one: Broadcast,
    people: Sequence[UUID],
    now: dt.datetime,
    quiet: Collection[str],
    worded: Worded,
) -> int:
    roles = roles_of(tx, one.person)
    found = addressees(tx, roles, one.audience.area, people, now, quiet)
    rows = [
        sending.row(
            derived_id(SPACE, f"broadcast/{one.id}/{who.person}"),
            who.channel,
            who.address,
            worded(one, who),
            now,
            urgency=BROADCAST,
            due_at=NEVER if who.channel in quiet else None,
        )
        | {"broadcast": one.id}
        for who in found
    ]
    sending.put(tx, rows)
    without = len(people) - len(rows)
    tx.execute(FED, {"which": one.id, "turns": len(people), "without": without, "now": now})
    return len(people)


def _finish(tx: Connection, one: Broadcast, now: dt.datetime) -> None:
    found = outcome(tx, one)
    event = BroadcastFinished(
        id=derived_id(SPACE, f"broadcast/{one.id}/finished"),
        at=now,
        broadcast=one.id,
        channel="clock",
        delivered=found.delivered + found.read,
        blocked=found.blocked,
        failed=found.failed,
        unsure=found.unsure,
        left_out=found.left_out,
        **place_of(one.audience.area),
    )
    append(tx, [event])


def _stop(tx: Connection, one: Broadcast, now: dt.datetime) -> None:
    """Whoever sent it has no role there any more."""
    event = BroadcastStopped(
        id=derived_id(SPACE, f"broadcast/{one.id}/stopped by clock"),
        at=now,
        broadcast=one.id,
        channel="clock",
        handed_on=one.handed_on,
        **place_of(one.audience.area),
    )
    append(tx, [event])
