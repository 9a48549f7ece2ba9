"""The country's summary by province and platform over one and ten million events of three years.

`python -m benchmarks.figures` (some minutes, 3 GB of disk; `make bench` leaves it out): from the roll-ups, by
a full scan of plain rows in the same SQLite file, by DuckDB over Parquet. Beside it how many events a second
the roll-ups take in, and a workbook of 10,000 rows in a process of its own. Exit code 1: a promise is broken.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import duckdb
from sqlalchemy import Engine, create_engine, text

from benchmarks.many_events import END, START, fill
from benchmarks.rollup_speed import events_a_second
from bot.summarise import summarise
from bot.summary import Summary, ask
from storage.database import JSON_OF_OURS, Database
from storage.figures import FigureRow, figure_rows
from storage.migrate import migrate

AT_MOST_MS = 10
GROWTH = 1.2
EVENTS_A_SECOND = 5_000
BEHIND = 2.0  # seconds
XLSX_SECONDS, XLSX_MIB = 2.0, 150
PROMISED = ("sums from the roll-ups", "summary by the 63", "summary by the 34")
FEW, MANY = 1_000_000, 10_000_000
SCAN = """SELECT old_province, platform, COUNT(*), SUM(total_vnd) FROM {}
WHERE indicator = 'transactions' AND month BETWEEN '2022-08' AND '2025-07'
GROUP BY old_province, platform"""


class Times(NamedTuple):
    """Milliseconds: on the clock, and of this process's processor, in which SQLite and DuckDB run."""

    clock: float
    cpu: float


def median_ms(work: Callable[[], object], rounds: int) -> Times:
    """Of so many calls after a first one that does not count."""
    work()
    took = []
    for _ in range(rounds):
        start, busy = time.perf_counter(), time.process_time()
        work()
        took.append((time.perf_counter() - start, time.process_time() - busy))
    return Times(*(statistics.median(one) * 1000 for one in zip(*took, strict=True)))


def by_place(engine: Engine, provinces: int) -> Summary:
    question = ask(START, END, by=["province", "platform"], provinces=provinces)
    with engine.connect() as conn:
        return summarise(conn, question)


def sums(engine: Engine) -> list[FigureRow]:
    """Of every province, platform and figure, without words and without what is withheld."""
    with engine.connect() as conn:
        return figure_rows(conn, START, END, months=False, provinces=True)


def first_after_an_event(engine: Engine) -> Summary:
    """What is withheld has to be worked out anew when something was counted since."""
    with engine.begin() as conn:
        conn.execute(text("UPDATE rollup_position SET position = position + 1"))
    return by_place(engine, 63)


def measure(folder: Path, events: int, rounds: int) -> dict[str, Times]:
    """What each way costs to the same figures; AssertionError when they are not the same."""
    database, parquet = folder / f"{events}.db", folder / f"{events}.parquet"
    if not database.exists():
        asyncio.run(_migrated(database))
        fill(database, parquet, events)
    engine = create_engine(f"sqlite:///{database}", **JSON_OF_OURS)
    plain, duck = sqlite3.connect(database), duckdb.connect()
    gc.freeze()  # as the server does before it serves
    scanned = plain.execute(SCAN.format("plain")).fetchall()
    asked = duck.execute(SCAN.format(f"'{parquet}'")).fetchall()
    shown = {
        (f.province.code, f.platform): f.value
        for f in by_place(engine, 63).figures
        if f.indicator == "value" and f.province and f.platform and f.value is not None
    }
    assert shown == {row[:2]: row[3] for row in scanned if row[:2] in shown}, "roll-ups"
    assert {row[:2]: row[2:] for row in scanned} == {row[:2]: row[2:] for row in asked}, "parquet"
    return {
        "sums from the roll-ups": median_ms(lambda: sums(engine), rounds),
        "summary by the 63": median_ms(lambda: by_place(engine, 63), rounds),
        "summary by the 34": median_ms(lambda: by_place(engine, 34), rounds),
        "the first after an event": median_ms(lambda: first_after_an_event(engine), 5),
        "full scan in SQLite": median_ms(lambda: plain.execute(SCAN.format("plain")).fetchall(), 1),
        "DuckDB over Parquet": median_ms(
            lambda: duck.execute(SCAN.format(f"'{parquet}'")).fetchall(), 5
        ),
    }


async def _migrated(database: Path) -> None:
    db = await Database.open(f"sqlite+aiosqlite:///{database}")
    await db.write(migrate)
    await db.close()


def workbook() -> tuple[float, float]:
    """Seconds and MiB of a fresh process that writes a workbook of 10,000 rows."""
    ran = subprocess.run(
        [sys.executable, "-m", "benchmarks.workbook"], capture_output=True, text=True, check=True
    )
    seconds, mib = map(float, ran.stdout.split())
    return seconds, mib


def main() -> int:
    parser = argparse.ArgumentParser("benchmarks.figures", description=__doc__)
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--events", type=int, nargs=2, default=(FEW, MANY))
    parser.add_argument("--folder", type=Path, help="where the filled databases stay")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as passing:
        folder = given.folder or Path(passing)
        few, many = (measure(folder, events, given.rounds) for events in given.events)
        speed, behind = events_a_second(Path(passing))
    seconds, mib = workbook()
    for name, one in few.items():
        other = many[name]
        print(
            f"{name:<28}{one.clock:>10,.1f}{one.cpu:>10,.1f}{other.clock:>12,.1f}{other.cpu:>12,.1f}"
            f"{other.cpu / one.cpu:>8.2f}"
        )
    print(f"{'roll-ups, events a CPU second':<32}{speed:>12,.0f}")
    print(f"{'behind at 5,000 a second, at most':<32}{behind:>12,.2f} s")
    print(f"{'10,000 rows as a workbook':<32}{seconds:>12,.2f} s{mib:>12,.0f} MiB")
    broken = any(
        many[name].cpu > AT_MOST_MS or many[name].cpu > few[name].cpu * GROWTH for name in PROMISED
    )
    broken |= speed < EVENTS_A_SECOND or behind > BEHIND
    return int(broken or seconds > XLSX_SECONDS or mib > XLSX_MIB)


if __name__ == "__main__":
    sys.exit(main())
