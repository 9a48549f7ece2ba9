"""For those who run it: is it alive, is it ready, how much waits."""

from __future__ import annotations

import asyncio
import datetime as dt
from dataclasses import dataclass

import structlog
from fastapi import APIRouter
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest
from sqlalchemy import Connection, bindparam, func, select, tuple_
from starlette.responses import JSONResponse, Response

from bot.channels.web_chat import CHANNEL
from storage import voice_notes
from storage.database import Database
from storage.migrate import newest, version
from storage.schema import event, outbox, rollup_position
from web.chat import Ours

PATIENCE = 3.0  # seconds for a write when asked whether we are ready
BEHIND = 60.0  # seconds that the roll-ups may be late

WAITING = (
    select(outbox.c.channel, func.count(), func.min(outbox.c.due_at))
    .where(outbox.c.done_at.is_(None), outbox.c.channel != CHANNEL)
    .group_by(outbox.c.channel)
)
REACHED = select(rollup_position)
NEXT = (
    select(event.c.at)
    .where(
        tuple_(event.c.xact, event.c.position)
        > tuple_(bindparam("xact_was"), bindparam("position_was"))
    )
    .order_by(event.c.xact, event.c.position)
    .limit(1)
)

log = structlog.get_logger()
router = APIRouter(include_in_schema=False)


@router.get("/healthz")
async def alive() -> Response:
    """The process answers."""
    return JSONResponse({"status": "alive"})


@router.get("/readyz")
async def ready(ours: Ours) -> Response:
    """Whether messages can be taken and figures are up to date; 503 says what is wrong."""
    wrong = await troubles(ours.db)
    status = {"status": "not ready", "problems": wrong} if wrong else {"status": "ready"}
    return JSONResponse(status, 503 if wrong else 200)


@router.get("/metrics")
async def metrics(ours: Ours) -> Response:
    """In the format of Prometheus."""
    standing = await ours.db.read(_standing)
    text = generate_latest() + generate_latest(_gauges(standing))
    return Response(text, media_type=CONTENT_TYPE_LATEST)


async def troubles(db: Database) -> list[str]:
    """What keeps this process from its work, in words for an operator."""
    try:
        async with asyncio.timeout(PATIENCE):
            found = await db.write(version)
            behind = await db.read(lag)
    except Exception:
        log.exception("not ready")
        return ["the database can't be written"]
    wrong = [] if found == newest() else ["the database is not at this program's version"]
    return wrong + ([f"figures are {behind:.0f} s behind"] if behind > BEHIND else [])


def lag(conn: Connection) -> float:
    """Seconds since which an event waits to be counted, at most; 0 when none does."""
    reached = conn.execute(REACHED).one()
    was = {"xact_was": reached.xact, "position_was": reached.position}
    said: dt.datetime | None = conn.execute(NEXT, was).scalar_one_or_none()
    if said is None:
        return 0.0
    since: dt.datetime = max(said, reached.advanced_at or said)  # an event may tell of long ago
    return max(0.0, (dt.datetime.now(dt.UTC) - since).total_seconds())


@dataclass(frozen=True, slots=True)
class Standing:
    """(channel, messages, oldest due) of what waits to be sent, the roll-ups' lag in seconds, voice notes."""

    waiting: tuple[tuple[str, int, dt.datetime], ...]
    lag: float
    unheard: int


def _standing(conn: Connection) -> Standing:
    rows = conn.execute(WAITING).all()
    waiting = tuple((r[0], r[1], r[2]) for r in rows)
    return Standing(waiting, lag(conn), voice_notes.waiting(conn))


def _gauges(standing: Standing) -> CollectorRegistry:
    registry = CollectorRegistry()
    waiting = Gauge("lensan_outbox_waiting", "Messages to send.", ["channel"], registry=registry)
    oldest = Gauge(
        "lensan_outbox_oldest_seconds",
        "Since when the oldest of them could have gone.",
        ["channel"],
        registry=registry,
    )
    behind = Gauge("lensan_rollup_lag_seconds", "How late the figures are.", registry=registry)
    now = dt.datetime.now(dt.UTC)
    for channel, count, due in standing.waiting:
        waiting.labels(channel).set(count)
        oldest.labels(channel).set(max(0.0, (now - due).total_seconds()))
    behind.set(standing.lag)
    Gauge("lensan_voice_waiting", "Voice notes not answered yet.", registry=registry).set(
        standing.unheard
    )
    return registry
