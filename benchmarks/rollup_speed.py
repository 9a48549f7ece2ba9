"""How fast the roll-ups follow: a backlog of 100,000 events, and 5,000 a second as they come."""

from __future__ import annotations

import asyncio
import datetime as dt
import random
import time
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

from domain.events import SaleItem, SaleLogged
from domain.geography import Commune, communes
from storage import rollups
from storage.database import Database
from storage.follower import follow
from storage.migrate import migrate
from storage.store import NEW_EVENT, _row

BACKLOG = 100_000
A_SECOND = 5_000
SECONDS = 10
HOUSEHOLDS = 50_000
TODAY = dt.date(2026, 11, 20)
CHANCE = random.Random(4)


def events_a_second(folder: Path) -> tuple[float, float]:
    """Of a backlog, a second of processor; how many seconds events wait at most while 5,000 come a second."""
    return asyncio.run(_measure(f"sqlite+aiosqlite:///{folder}/speed.db"))


async def _measure(url: str) -> tuple[float, float]:
    db = await Database.open(url)
    await db.write(migrate)
    homes = [CHANCE.choice(communes()) for _ in range(HOUSEHOLDS)]
    for _ in range(BACKLOG // A_SECOND):
        await _append(db, _rows(homes))
    busy, counted = time.process_time(), 0
    while more := await db.write(rollups.advance):
        counted += more
    speed = counted / (time.process_time() - busy)
    behind = await _behind(db, [_rows(homes) for _ in range(SECONDS)])
    await db.close()
    return speed, behind


async def _behind(db: Database, seconds: list[list[dict[str, Any]]]) -> float:
    """From the commit of a second's events until the roll-ups know all of them; the worst second."""
    following, waited = asyncio.create_task(follow(db)), []
    for rows in seconds:
        start = time.perf_counter()
        await _append(db, rows)
        written = time.perf_counter()
        while await db.read(rollups.behind):  # noqa: ASYNC110 the database tells nobody
            await asyncio.sleep(0.02)
        waited.append(time.perf_counter() - written)
        await asyncio.sleep(max(0.0, 1 - (time.perf_counter() - start)))
    following.cancel()
    await asyncio.gather(following, return_exceptions=True)
    return max(waited)


async def _append(db: Database, rows: list[dict[str, Any]]) -> None:
    await db.write(lambda tx: tx.execute(NEW_EVENT, rows))


def _rows(homes: list[Commune]) -> list[dict[str, Any]]:
    """The events of a second."""
    return [_row(_sale(CHANCE.randrange(HOUSEHOLDS), homes)) for _ in range(A_SECOND)]


def _sale(number: int, homes: list[Commune]) -> SaleLogged:
    """Of this month or the one before, as sales are told."""
    item = SaleItem(
        product="cam",
        quantity=Decimal(20),
        unit="kg",
        unit_price_vnd=25_000,
        price_unit="kg",
        total_vnd=500_000,
    )
    return SaleLogged(
        id=UUID(int=CHANCE.getrandbits(128)),
        at=dt.datetime.combine(TODAY, dt.time(5), dt.UTC),
        household=UUID(int=number),
        person=UUID(int=number),
        channel="telegram",
        province=homes[number].province_code,
        commune=homes[number].code,
        code="KX42",
        items=(item,),
        total_vnd=500_000,
        date=TODAY - dt.timedelta(days=CHANCE.randrange(40)),
        platform=CHANCE.choice(("voso", "postmart")),
        evidence=CHANCE.choice(("said", "confirmed", "paid")),
    )
