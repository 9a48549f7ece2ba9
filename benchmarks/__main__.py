"""`make bench`: a durable sale turn through our webhook beside a stock echo that stores nothing."""

from __future__ import annotations

import argparse
import asyncio
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import uvloop

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from loopback.bot_api import BotApi, text_update

from benchmarks import language
from benchmarks.household_load import Load
from benchmarks.processes import (
    HERE,
    cpu_seconds,
    free_port,
    lensan,
    memory_mib,
    migrated,
    started,
)

IN_FLIGHT = 16
AT_MOST = 0.5  # of the echo's CPU
REST_MIB = 150
GROWTH = 1.2


@dataclass
class Measured:
    """What the rounds gave, a number each."""

    ours: list[float] = field(default_factory=list)  # µs of CPU an update
    echo: list[float] = field(default_factory=list)  # by people who write again when answered
    backlog: list[float] = field(default_factory=list)  # fed all its updates at once
    rate: list[float] = field(default_factory=list)  # updates a second, 16 in flight
    seconds: list[float] = field(default_factory=list)
    rest: float = 0.0
    grown: float = 0.0
    turns: int = 0

    @property
    def ratio(self) -> float:
        """Both see the same traffic: 16 people, each of whom writes again once they were answered."""
        return statistics.median(self.ours) / statistics.median(self.echo)

    @property
    def ratio_to_backlog(self) -> float:
        """The echo at its cheapest: a hundred updates a poll, which no traffic gives it."""
        return statistics.median(self.ours) / statistics.median(self.backlog)

    def rows(self) -> list[tuple[str, str]]:
        cuts = statistics.quantiles(self.seconds, n=100)
        return [
            ("CPU an update, sale turn, stored", f"{statistics.median(self.ours):,.0f} µs"),
            ("CPU an update, stock echo, not stored", f"{statistics.median(self.echo):,.0f} µs"),
            ("ratio (at most 0.5)", f"{self.ratio:.2f}"),
            ("the echo fed a backlog, all at once", f"{statistics.median(self.backlog):,.0f} µs"),
            ("ratio to that", f"{self.ratio_to_backlog:.2f}"),
            (f"turns a second, {IN_FLIGHT} in flight", f"{statistics.median(self.rate):,.0f}"),
            ("answer, p50", f"{cuts[49] * 1000:.1f} ms"),
            ("answer, p99", f"{cuts[98] * 1000:.1f} ms"),
            ("memory at rest (under 150 MiB)", f"{self.rest:.0f} MiB"),
            (f"memory after {self.turns:,} turns (under +20 %)", f"{self.grown:.0f} MiB"),
        ]

    @property
    def good(self) -> bool:
        """Whether the promises hold."""
        return self.ratio <= AT_MOST and self.rest < REST_MIB and self.grown < self.rest * GROWTH


async def measure(rounds: int, updates: int, turns: int) -> Measured:
    """Both programs run all the time; the rounds alternate."""
    found = Measured()
    with tempfile.TemporaryDirectory() as folder:
        async with BotApi() as ours, BotApi("77:echo") as stock:
            port = free_port()
            settings = migrated(lensan(Path(folder), ours.url, ours.token, port))
            echo = [str(HERE / "stock_echo.py"), stock.url, stock.token]
            with started(["-m", "bot", "run"], **settings) as server, started(echo) as other:
                load = Load(port, IN_FLIGHT)
                await _ready(ours, load)
                found.rest = memory_mib(server)
                await _echo_round(found, stock, other, 200, keep=False)
                await _our_round(found, load, server, 200, keep=False)
                for _ in range(rounds):
                    await _our_round(found, load, server, updates)
                    await _echo_round(found, stock, other, updates)
                    await _backlog_round(found, stock, other, updates)
                await _grow(found, load, ours, turns, server)
    return found


async def _ready(api: BotApi, load: Load) -> None:
    async with asyncio.timeout(60):
        while api.webhook is None:  # noqa: ASYNC110 - another process comes up
            await asyncio.sleep(0.1)
    for _ in range(100):
        try:
            await load.lines[0].post({"update_id": 1})
            break
        except OSError:
            await asyncio.sleep(0.1)
    await load.register(api)


async def _our_round(
    found: Measured, load: Load, server: psutil.Process, updates: int, *, keep: bool = True
) -> None:
    load.seconds.clear()
    cpu, began = cpu_seconds(server), time.perf_counter()
    await load.sell(updates // 2)
    took, done = time.perf_counter() - began, len(load.seconds)
    if keep:
        found.ours.append((cpu_seconds(server) - cpu) / done * 1e6)
        found.rate.append(done / took)
        found.seconds += load.seconds


async def _echo_round(
    found: Measured, api: BotApi, other: psutil.Process, updates: int, *, keep: bool = True
) -> None:
    """As many people as at ours, each of whom writes again once they were answered."""
    api.delivered.clear()
    api.calls.clear()
    first = int(time.time() * 1000) % 2**30
    numbers = iter(range(first, first + updates))
    writing = set[asyncio.Task[None]]()

    def write(chat: int) -> None:
        number = next(numbers, None)
        if number is not None:
            update = text_update(number, chat, f"bán {number - first} kg cam")
            task = asyncio.create_task(api.give(update))
            writing.add(task)
            task.add_done_callback(writing.discard)

    api.on_delivery = lambda told: write(told.chat)
    cpu = cpu_seconds(other)
    for chat in range(IN_FLIGHT):
        write(chat + 1)
    await api.until(updates, seconds=300)
    if keep:
        found.echo.append((cpu_seconds(other) - cpu) / updates * 1e6)


async def _backlog_round(found: Measured, api: BotApi, other: psutil.Process, updates: int) -> None:
    api.delivered.clear()
    api.calls.clear()
    api.on_delivery = None
    first = int(time.time() * 1000) % 2**30
    cpu = cpu_seconds(other)
    await api.give(*(text_update(first + n, 5, f"bán {n} kg cam") for n in range(updates)))
    await api.until(updates, seconds=300)
    found.backlog.append((cpu_seconds(other) - cpu) / updates * 1e6)


async def _grow(
    found: Measured, load: Load, api: BotApi, turns: int, server: psutil.Process
) -> None:
    """Memory after many turns; what the loopback remembers is thrown away in between."""
    while found.turns < turns:
        load.seconds.clear()
        await load.sell(min(2_000, turns - found.turns) // 2)
        found.turns += len(load.seconds)
        api.calls.clear()
    found.grown = memory_mib(server)


def main() -> int:
    parser = argparse.ArgumentParser("benchmarks", description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--updates", type=int, default=2_000, help="in a round")
    parser.add_argument("--turns", type=int, default=100_000, help="before memory is looked at")
    given = parser.parse_args()
    found = uvloop.run(measure(given.rounds, given.updates, given.turns))
    understood = language.measure()
    for name, value in (*found.rows(), *understood.rows()):
        print(f"{name:<48} {value:>12}")
    return 0 if found.good and understood.good else 1


if __name__ == "__main__":
    sys.exit(main())
