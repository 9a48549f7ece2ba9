"""Summaries that are made by themselves: once, whoever comes first; then letters go out, and chats are told.

Chats are told by `bot.summary_news`, as other news are.
"""

from __future__ import annotations

import asyncio
import datetime as dt
from functools import partial

import structlog

from bot.config import Settings
from bot.locales.spoken import speaking
from bot.scheduled_figures import made, question_of
from bot.scheduled_letters import send_letters, targets
from bot.summarise import summarise
from domain.courses import decent
from domain.schedule import KINDS, Due, latest
from storage import scheduled
from storage.database import Database
from storage.scheduled import Kept

POLL = 15.0  # seconds between two looks at the clock and at letters that wait
PAUSE = 60.0  # seconds after a fault

log = structlog.get_logger()


async def keep_scheduled(db: Database, settings: Settings) -> None:
    """Make what is due, send what waits; ends only when cancelled."""
    while True:
        try:
            now = dt.datetime.now(dt.UTC)
            await make_due(db, settings, now)
            await send_letters(db, settings, now)
        except Exception:
            log.exception("summaries not made or sent")
            await asyncio.sleep(PAUSE)
        await asyncio.sleep(POLL)


async def make_due(db: Database, settings: Settings, now: dt.datetime) -> None:
    """The latest of each kind that is not there yet; what was missed before it is let go."""
    for kind in KINDS:
        due = latest(kind, now)
        if await db.read(partial(scheduled.stands, due=due)):
            continue
        if await db.read(partial(scheduled.is_first, kind=kind)):
            let_go = Kept()  # it was due before we were
            await db.write(partial(scheduled.make, due=due, now=now, kept=let_go))
        else:
            await _make(db, settings, due, now)


async def _make(db: Database, settings: Settings, due: Due, now: dt.datetime) -> None:
    """Counted beside everything else; of several processes that have counted, one keeps it."""
    letters = targets(settings)
    figures = (await db.read(partial(made, due=due))).model_dump(mode="json")
    body = None
    if letters:
        whole = partial(summarise, question=question_of(due), min_cell=settings.min_cell)
        with speaking(settings.language):
            body = (await db.read(whole)).model_dump_json(by_alias=True)
    kept = Kept(figures, body, letters, chats_at=decent(now))
    if await db.write(partial(scheduled.make, due=due, now=now, kept=kept)):
        log.info("summary made", kind=due.kind, period=due.period)
