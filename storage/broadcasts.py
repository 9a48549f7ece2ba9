"""Messages to areas as they stand: written, sent, held up and ended by their events; what became of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    and_,
    bindparam,
    case,
    delete,
    false,
    func,
    or_,
    select,
    true,
    update,
)

from domain.broadcast_events import (
    BroadcastFinished,
    BroadcastMade,
    BroadcastPaused,
    BroadcastResumed,
    BroadcastStarted,
    BroadcastStopped,
)
from domain.broadcasts import Audience, BroadcastState
from domain.facts import Fact
from domain.geography import communes
from domain.roles import COUNTRY, Role, RoleKind, is_commune
from storage.ledger import Origin
from storage.recipients import PUSHED
from storage.schema import broadcast, broadcast_part, outbox, person
from storage.upsert import insert_new

SHOWN = 50  # of somebody's messages, the newest


@dataclass(frozen=True, slots=True)
class Broadcast:
    """One message to an area; `name` is that of whoever wrote it. `recipients`: None until they are fixed."""

    id: UUID
    person: UUID
    name: str | None
    role: RoleKind
    audience: Audience
    text: str
    state: BroadcastState
    made_at: dt.datetime
    started_at: dt.datetime | None
    ended_at: dt.datetime | None
    recipients: int | None
    handed_on: int
    left_out: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of it, in people. `read`: where the channel says so; `waiting`: on the way, or not yet.

    `unsure`: sent twice without an answer; `left_out`: wanted none any more, moved away, or had enough.
    """

    delivered: int = 0
    read: int = 0
    blocked: int = 0
    failed: int = 0
    unsure: int = 0
    left_out: int = 0
    waiting: int = 0


COLUMNS = select(broadcast, person.c.name).join_from(
    broadcast, person, person.c.id == broadcast.c.person, isouter=True
)
ONE = COLUMNS.where(broadcast.c.id == bindparam("which"))
LOCKED = ONE.with_for_update(of=broadcast)


def of_row(row: Row[Any]) -> Broadcast:
    """As it stands."""
    return Broadcast(
        id=row.id,
        person=row.person,
        name=row.name,
        role=row.role,
        audience=Audience(row.area, row.platform, row.quiet, row.step),
        text=row.text,
        state=row.state,
        made_at=row.made_at,
        started_at=row.started_at,
        ended_at=row.ended_at,
        recipients=row.recipients,
        handed_on=row.handed_on,
        left_out=row.left_out,
    )


def _seen_by(who: UUID, roles: Iterable[Role]) -> ColumnElement[bool]:
    """One's own, and for an officer those to anywhere in their area; none of either without a role there."""
    roles = tuple(roles)
    officers = [role for role in roles if role.kind == "officer"]
    own = and_(broadcast.c.person == who, _within([r for r in roles if r.kind != "reader"]))
    return or_(own, _within(officers))


def _within(roles: Iterable[Role]) -> ColumnElement[bool]:
    areas = {role.area for role in roles}
    if COUNTRY in areas:
        return true()
    provinces = {area for area in areas if not is_commune(area)}
    areas |= {one.code for one in communes() if one.province_code in provinces}
    return broadcast.c.area.in_(areas) if areas else false()


def one(
    conn: Connection, who: UUID, roles: Iterable[Role], which: UUID, *, locked: bool = False
) -> Broadcast | None:
    """A message that this person may see and steer; None for any other. `locked`: until this ends."""
    row = conn.execute((LOCKED if locked else ONE).where(_seen_by(who, roles)), {"which": which})
    found = row.one_or_none()
    return of_row(found) if found is not None else None


def newest(conn: Connection, who: UUID, roles: Iterable[Role]) -> list[Broadcast]:
    """Those that this person may see, the newest first."""
    mine = COLUMNS.where(_seen_by(who, roles)).order_by(broadcast.c.made_at.desc()).limit(SHOWN)
    return [of_row(row) for row in conn.execute(mine)]


# What became of it

KIND = case(
    (outbox.c.state.in_(["waiting", "leased"]), "waiting"),
    (and_(outbox.c.state == "sent", outbox.c.channel.in_(PUSHED)), "delivered"),
    (outbox.c.state == "sent", "read"),
    (outbox.c.reason.in_(["unwanted", "stopped"]), "left_out"),
    (outbox.c.reason.in_(["blocked", "unsure"]), outbox.c.reason),
    else_="failed",
).label("kind")
COUNTED = (
    select(KIND, func.count().label("people"))
    .where(outbox.c.broadcast == bindparam("which"))
    .group_by(KIND)
)


def outcome(conn: Connection, of: Broadcast) -> Outcome:
    """What became of it so far, by the outbox's record."""
    counted = {row.kind: row.people for row in conn.execute(COUNTED, {"which": of.id})}
    left_out = counted.pop("left_out", 0) + of.left_out
    waiting = counted.pop("waiting", 0)
    if of.state in ("sending", "paused"):
        waiting += (of.recipients or 0) - of.handed_on
    return Outcome(**counted, left_out=left_out, waiting=waiting)


# As the events leave it

NEW = insert_new(broadcast)
_THIS = broadcast.c.id == bindparam("which")
WRITTEN = update(broadcast).where(_THIS).values(text=bindparam("words"))
STARTED = update(broadcast).where(_THIS).values(state="sending", started_at=bindparam("at"))
CHANGED = update(broadcast).where(_THIS).values(state=bindparam("now_is"))
ENDED = update(broadcast).where(_THIS).values(state=bindparam("now_is"), ended_at=bindparam("at"))
NO_PARTS = delete(broadcast_part).where(broadcast_part.c.broadcast == bindparam("which"))
AT_ONCE = (
    update(outbox)
    .where(outbox.c.broadcast == bindparam("which"), outbox.c.reason == "paused")
    .where(outbox.c.done_at.is_(None))
    .values(due_at=bindparam("at"))
)


def made(tx: Connection, event: BroadcastMade) -> None:
    """It stands there without words, which no event holds: see `write`."""
    row = {
        "id": event.broadcast,
        "person": event.person,
        "role": event.role,
        "area": event.area,
        "platform": event.platform,
        "quiet": event.quiet,
        "step": event.step,
        "text": "",
        "state": "draft",
        "made_at": event.at,
    }
    tx.execute(NEW, row)


def write(tx: Connection, which: UUID, text: str) -> None:
    """These are its words."""
    tx.execute(WRITTEN, {"which": which, "words": text})


def started(tx: Connection, event: BroadcastStarted) -> None:
    """It goes out."""
    tx.execute(STARTED, {"which": event.broadcast, "at": event.at})


def changed(tx: Connection, event: BroadcastPaused | BroadcastResumed) -> None:
    """It is held up, or goes on."""
    goes_on = isinstance(event, BroadcastResumed)
    state = "sending" if goes_on else "paused"
    tx.execute(CHANGED, {"which": event.broadcast, "now_is": state})
    if goes_on:
        tx.execute(AT_ONCE, {"which": event.broadcast, "at": event.at})


def ended(tx: Connection, event: BroadcastStopped | BroadcastFinished) -> None:
    """Nobody gets it any more; who was to get it is forgotten."""
    state = "stopped" if isinstance(event, BroadcastStopped) else "finished"
    tx.execute(ENDED, {"which": event.broadcast, "now_is": state, "at": event.at})
    tx.execute(NO_PARTS, {"which": event.broadcast})


OF_BROADCASTS: Mapping[type[Fact], Callable[[Connection, Any, Origin], None]] = MappingProxyType(
    {
        BroadcastMade: lambda conn, e, _: made(conn, e),
        BroadcastStarted: lambda conn, e, _: started(conn, e),
        BroadcastPaused: lambda conn, e, _: changed(conn, e),
        BroadcastResumed: lambda conn, e, _: changed(conn, e),
        BroadcastStopped: lambda conn, e, _: ended(conn, e),
        BroadcastFinished: lambda conn, e, _: ended(conn, e),
    }
)
