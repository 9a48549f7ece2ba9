"""People hear within a second of what others did: what is due is told as it comes."""

from __future__ import annotations

import asyncio
import datetime as dt
from contextlib import suppress

import structlog

from bot import (
    address_news,
    check_news,
    course_news,
    help_news,
    order_news,
    report_news,
    summary_news,
)
from bot.runner import Runner
from storage.database import Database

GATHER = 0.4  # seconds between two looks at least, however much is committed
POLL = 0.9  # seconds after which it looks anyway: other processes commit too
PAUSE = 5.0  # seconds after a fault
TELLERS = (
    order_news.tell_due,
    help_news.tell_due,
    course_news.tell_due,
    address_news.tell_due,
    check_news.tell_due,
    report_news.tell_due,
    summary_news.tell_due,
)

log = structlog.get_logger()


async def keep_told(db: Database, runner: Runner) -> None:
    """Tell what is due as it comes; ends only when cancelled."""
    nudged = asyncio.Event()
    db.commits.append(nudged.set)
    try:
        while True:
            nudged.clear()
            await _catch_up(db, runner)
            await asyncio.sleep(GATHER)
            with suppress(TimeoutError):
                async with asyncio.timeout(POLL - GATHER):  # wait_for may swallow the cancelling
                    await nudged.wait()
    finally:
        db.commits.remove(nudged.set)


async def _catch_up(db: Database, runner: Runner) -> None:
    """A fault in one kind of news does not hold up the others for long."""
    for tell_due in TELLERS:
        try:
            while await tell_due(db, runner, dt.datetime.now(dt.UTC)):
                pass
        except Exception:
            log.exception("people not told", news=tell_due.__module__)
            await asyncio.sleep(PAUSE)
