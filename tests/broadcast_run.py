"""One message to many through a Bot API server that fails on purpose, with a kill in the middle: what was seen."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import time
from bisect import bisect_left
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from commands import Begun, begin
from crowd import appoint, crowd, draft, start
from loopback.bot_api import TOKEN, BotApi, Fault, text_update
from server import ROOT, free_port
from sqlalchemy import func, select

from storage.database import Database
from storage.schema import broadcast, broadcast_part, outbox
from web.chat import now

PATIENCE = 60.0  # seconds for a process to begin or to end
ASKING = 9_000_000  # chats that write meanwhile


@dataclass(frozen=True, slots=True)
class Run:
    """What is sent: to so many people, so many of them blocked, with so many faults, at so many a second."""

    people: int
    blocked: int
    too_fast: int
    timeouts: int
    most: int
    questions: int


@dataclass(frozen=True, slots=True)
class Seen:
    """`kept`: rows of each person; `states`; `arrived`: of each person at the server; waits in seconds,
    and how many others `passed` each question.

    `worst`: the most calls in any second at the server; `memory`: KiB by which the second process grew
    after its first sendings, with most of the other half still queued.
    """

    kept: Counter[str]
    states: Counter[str]
    arrived: Counter[int]
    worst: int
    waits: list[float]
    passed: list[int]
    memory: int
    seconds: float


def worst_second(moments: list[float]) -> int:
    ordered = sorted(moments)
    return max(bisect_left(ordered, at + 1) - place for place, at in enumerate(ordered))


def environment(url: str, api: BotApi) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LENSAN_")}
    tests = Path(__file__).parent
    return kept | {
        "PYTHONPATH": f"{ROOT}:{tests}",
        "LENSAN_DATABASE_URL": url,
        "LENSAN_PORT": str(free_port()),
        "LENSAN_SECRET": "s" * 32,
        "LENSAN_TELEGRAM_TOKEN": TOKEN,
        "LENSAN_TELEGRAM_API": api.url,
    }


@asynccontextmanager
async def process(env: dict[str, str], most: int) -> AsyncIterator[Begun]:
    """The real program; whatever becomes of it, it is gone afterwards."""
    program = Path(__file__).with_name("broadcasting_server.py").read_text()
    with TemporaryDirectory() as folder:
        said = Path(folder) / "said"
        words = (str(most),), Path(folder), env, said, said
        started = await asyncio.to_thread(partial(begin, *words, code=program))
        try:
            await until(lambda: started.poll() is not None or said.read_text(), seconds=PATIENCE)
            assert said.read_text() == "up\n", said.read_text()
            yield started
        finally:
            started.send_signal(signal.SIGTERM)
            await asyncio.to_thread(started.wait)


def resident(pid: int, what: str) -> int:
    """KiB: VmRSS now, VmHWM at most."""
    status = Path(f"/proc/{pid}/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith(what))


async def broadcast_through(url: str, run: Run) -> Seen:
    """Send it: a fifth with 429s and timeouts, then questions while it goes on, a kill, and the rest."""
    async with BotApi() as api:
        await prepared(url, run)
        arrived: set[int] = set()
        api.on_delivery = lambda told: arrived.add(told.chat)
        chance = random.Random(20261122)
        api.blocked = set(chance.sample(range(1, run.people + 1), run.blocked))
        env, begun = environment(url, api), time.monotonic()
        async with process(env, run.most) as first:
            await until(lambda: len(api.sent_at) >= run.people // 20)
            await faults(api, run, chance)
            waits = [await asked(api, number) for number in range(run.questions)]
            await until(lambda: len(api.sent_at) >= run.people // 2)
            first.send_signal(signal.SIGKILL)
            await asyncio.to_thread(first.wait)
        async with process(env, run.most) as second:
            warm = len(api.sent_at) + run.people // 20
            await until(lambda: len(api.sent_at) >= warm)
            before = resident(second.pid, "VmRSS")
            await finished(api, set(range(1, run.people + 1)) - api.blocked - arrived, arrived)
            memory = resident(second.pid, "VmHWM") - before
        return await seen(url, api, waits, memory, time.monotonic() - begun)


async def prepared(url: str, run: Run) -> None:
    """The people, the officer, the message on its way."""
    db = await Database.open(url)
    for first in range(1, run.people + 1, 1_000):
        chats = range(first, min(first + 1_000, run.people + 1))
        await db.write(lambda tx, chats=chats: crowd(tx, chats))
    await db.write(lambda tx: appoint(tx, "officer", "82"))
    which = await db.write(lambda tx: draft(tx, now(), area="82"))
    await db.write(lambda tx: start(tx, which, now()))
    await db.close()


async def faults(api: BotApi, run: Run, chance: random.Random) -> None:
    """429s and answers that never come, a few at a time, until all of them have been met."""
    left = [Fault(429, retry_after=1)] * run.too_fast + [Fault(late=True)] * run.timeouts
    chance.shuffle(left)
    while left:
        api.fail("sendMessage", *left[:5])
        del left[:5]
        await until(lambda: not api.faults["sendMessage"])
        await asyncio.sleep(chance.uniform(0, 0.2))
    await asyncio.sleep(1.2)  # until nobody is told to wait any more


async def asked(api: BotApi, number: int) -> tuple[float, int]:
    """Seconds from a person's message until the answer is there, and how many others were sent meanwhile."""
    chat = ASKING + number
    begun, before = time.monotonic(), len(api.delivered)
    await api.give(text_update(1_000 + number, chat, "alo"))
    await until(lambda: any(told.chat == chat for told in reversed(api.delivered)))
    place = next(n for n, told in enumerate(api.delivered) if told.chat == chat)
    answer = api.delivered[place].at
    await asyncio.sleep(0.1)
    return answer - begun, place - before


async def until(
    holds: Callable[[], object], *, pause: float = 0.005, seconds: float = 1_800.0
) -> None:
    async with asyncio.timeout(seconds):
        while not holds():  # noqa: ASYNC110 what others do is not ours to signal
            await asyncio.sleep(pause)


async def finished(api: BotApi, missing: set[int], arrived: set[int]) -> None:
    """Until everybody has it who lets us, and nothing new arrived for some seconds."""
    await until(lambda: missing <= arrived, pause=0.2)
    before = -1
    while before != len(api.sent_at):
        before = len(api.sent_at)
        await asyncio.sleep(6)


async def seen(
    url: str, api: BotApi, waits: list[tuple[float, int]], memory: int, seconds: float
) -> Seen:
    """What the outbox and the server have on record."""
    db = await Database.open(url)
    of_it = select(outbox.c.recipient, outbox.c.state, outbox.c.reason)
    rows = await db.read(lambda c: c.execute(of_it.where(outbox.c.broadcast.is_not(None))).all())
    state = await db.read(lambda c: c.scalar(select(broadcast.c.state)))
    left = await db.read(lambda c: c.scalar(select(func.count()).select_from(broadcast_part)))
    await db.close()
    assert (state, left) == ("finished", 0)
    return Seen(
        kept=Counter(row.recipient for row in rows),
        states=Counter(row.reason or row.state for row in rows),
        arrived=Counter(told.chat for told in api.delivered if told.chat < ASKING),
        worst=worst_second(api.sent_at),
        waits=[seconds for seconds, _ in waits],
        passed=[others for _, others in waits],
        memory=memory,
        seconds=seconds,
    )
