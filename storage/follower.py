"""Keeps the figures up with the events while the program runs, and sweeps now and then."""

from __future__ import annotations

import asyncio
import datetime as dt
from contextlib import suppress

import structlog

from storage.buyers import forget_old
from storage.database import Database
from storage.potential import reckon_potential
from storage.retention import forget_unused
from storage.rollups import BATCH, advance
from storage.support_changes import measure_supports
from storage.sweep import sweep
from storage.usual_prices import reckon

GATHER = 0.5  # seconds in which events gather after a commit, so that a busy hour costs few rounds
POLL = 1.0  # seconds after which it looks anyway: other processes commit too
PAUSE = 5.0  # seconds after a fault
SWEEP = 3600.0  # seconds between two sweeps
PRICES = 6 * 3600.0  # seconds between two looks at what things usually cost, and who has potential

log = structlog.get_logger()


async def follow(db: Database) -> None:
    """Take events into the figures as they come; ends only when cancelled."""
    nudged = asyncio.Event()
    db.commits.append(nudged.set)
    try:
        while True:
            await _catch_up(db)
            nudged.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(POLL):  # wait_for may swallow the cancelling
                    await nudged.wait()
            await asyncio.sleep(GATHER)
    finally:
        db.commits.remove(nudged.set)


async def _catch_up(db: Database) -> None:
    try:
        while await db.write(advance) == BATCH:
            pass
    except Exception:
        log.exception("figures not brought up")
        await asyncio.sleep(PAUSE)


async def keep_swept(db: Database, months: int) -> None:
    """Sweep every hour; forget buyers, and books unused for so many months. Ends only when cancelled."""
    while True:
        try:
            while await db.write(lambda tx: sweep(tx, dt.datetime.now(dt.UTC))):
                pass
            while await db.write(lambda tx: forget_unused(tx, dt.datetime.now(dt.UTC), months)):
                pass
            while await db.write(lambda tx: forget_old(tx, dt.datetime.now(dt.UTC))):
                pass
        except Exception:
            log.exception("not swept")
        await asyncio.sleep(SWEEP)


async def keep_priced(db: Database) -> None:
    """Usual prices, potential, and what support changed, several times a day. Ends only when cancelled."""
    while True:
        now = dt.datetime.now(dt.UTC)
        try:
            await reckon(db)
            await reckon_potential(db, now)
            await measure_supports(db, now)
        except Exception:
            log.exception("usual prices and potential not reckoned")
        await asyncio.sleep(PRICES)
