"""Killed a hundred times, at random and at each named point of a turn: nothing is lost, nothing is doubled."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import sys
import time
from bisect import bisect
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Self

import pytest
from loopback.bot_api import TOKEN, BotApi, Delivered, tap_update, text_update
from server import ROOT, free_port
from sqlalchemy import func, select

from domain.events import EVENT
from storage import rollups
from storage.database import Database
from storage.killpoints import POINTS
from storage.schema import event, outbox, rollup

KILLS = 100
PEOPLE = 50
SALES = 16  # of each person, each a sentence and a tap
ASIDES = 4  # questions in the middle of a card: two replies, through the outbox
UPDATES = PEOPLE * (4 + 2 * SALES + ASIDES)
PART = UPDATES // KILLS  # updates begun in each life
PATIENCE = 150  # seconds for one answer, on a slow machine

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


class Lives:
    """The server's lives, one after the other."""

    def __init__(self, env: dict[str, str], chance: random.Random) -> None:
        self.env = env
        self.chance = chance
        self.ends: list[float] = []
        self.died_at: Counter[str] = Counter()

    async def __aenter__(self) -> Self:
        self.nursery = await asyncio.create_subprocess_exec(
            *(sys.executable, str(Path(__file__).with_name("killed_server.py"))),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            env=self.env,
            start_new_session=True,
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.nursery.pid, signal.SIGKILL)
        await self.nursery.wait()
        self.nursery._transport.close()

    async def begin(self, point: str = "") -> int | None:
        """A new life; its process id once it answers, None when it died before."""
        self.nursery.stdin.write(f"{point}\n".encode())
        word, rest = await self._told()
        return int(rest) if word == "up" else None

    async def _told(self) -> tuple[str, str]:
        line = (await asyncio.wait_for(self.nursery.stdout.readline(), PATIENCE)).decode()
        word, _, rest = line.strip().partition(" ")
        assert word in {"up", "ended"}, line
        return word, rest

    async def live_and_die(self, point: str) -> None:
        """At the point; or, without one or when it is not passed, at a moment nobody knows."""
        known = self.died_at[point] or not point  # until it has, a point is waited for
        times = 1 if point == "mid_rollup" else self.chance.randint(1, 6)  # rounds of it are rare
        process = await self.begin(f"{point}:{times}" if point else "")
        if process is not None:
            ended = asyncio.ensure_future(self._told())
            seconds = (1.5 if known else 20) if point else self.chance.uniform(0, 0.4)
            done, _ = await asyncio.wait({ended}, timeout=seconds)
            self.died_at[point] += bool(done)
            if not done:
                with suppress(ProcessLookupError):  # it may just have died at its point
                    os.kill(process, signal.SIGKILL)
            await ended
        self.ends.append(time.monotonic())


class Phone:
    """One person: writes, reads, taps, and sends again what got no answer, as the service does."""

    def __init__(self, api: BotApi, chat: int, begin: asyncio.Semaphore) -> None:
        self.api = api
        self.chat = chat
        self.begin = begin
        self.number = chat * 1_000

    async def send(self, what: Callable[..., dict], said: str) -> None:
        self.number += 1
        await self.begin.acquire()
        update = what(self.number, self.chat, said)
        while await self.api.push(update, tries=1) != 200:  # noqa: ASYNC110 as the service
            await asyncio.sleep(0.02)

    async def read(self, words: str) -> Delivered:
        """The newest message to this person with these words."""
        async with asyncio.timeout(PATIENCE):
            while True:
                for told in reversed(self.api.told[self.chat]):
                    if words in told.text:
                        return told
                await asyncio.sleep(0.02)

    async def live(self) -> None:
        await self.send(text_update, "alo")
        consent = await self.read("đồng ý không ạ?")
        await self.send(tap_update, consent.button("Đồng ý"))
        await self.read("gọi bà con là gì")
        await self.send(text_update, "cô Ba")
        await self.read("ở xã nào")
        await self.send(text_update, "Lai Vung, Đồng Tháp")
        await self.read("bán được gì thì nhắn em")
        for number in range(SALES):
            await self.sell(price(number), aside=number % 4 == 1)

    async def sell(self, each: int, *, aside: bool) -> None:
        await self.send(text_update, f"bán 20 kg cam sành giá {each} đồng trên Postmart")
        card = await self.read(f"20 kg cam sành × {dotted(each)} đ/kg")
        if aside:
            await self.send(text_update, "có đơn nào mới không")
            await self.read("Chưa có đơn nào")
        await self.send(tap_update, card.button("Lưu"))
        await self.read(f"✅ Đã lưu {dotted(20 * each)} đ")


def price(number: int) -> int:
    return 25_000 + 100 * number


def dotted(number: int) -> str:
    return f"{number:,}".replace(",", ".")


def environment(url: str, api: BotApi, port: int) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LENSAN_")}
    return kept | {
        "PYTHONPATH": str(ROOT),
        "LENSAN_DATABASE_URL": url,
        "LENSAN_PORT": str(port),
        "LENSAN_SECRET": "s" * 32,
        "LENSAN_TELEGRAM_TOKEN": TOKEN,
        "LENSAN_TELEGRAM_API": api.url,
        "LENSAN_TELEGRAM_WEBHOOK_SECRET": "knock-knock",
        "LENSAN_PUBLIC_URL": f"http://127.0.0.1:{port}",
    }


async def test_after_a_hundred_kills_every_event_is_there_once_and_every_reply_arrived(url):
    chance = random.Random(20261121)
    begin = asyncio.Semaphore(0)
    port = free_port()
    async with BotApi() as api, Lives(environment(url, api, port), chance) as lives:
        address = f"http://127.0.0.1:{port}/webhooks/telegram"
        api.webhook = {"url": address, "secret_token": "knock-knock"}
        phones = [Phone(api, chat, begin) for chat in range(1, PEOPLE + 1)]
        people = [asyncio.create_task(phone.live()) for phone in phones]
        for number in range(KILLS):
            for _ in range(PART):
                begin.release()
            await lives.live_and_die(POINTS[number // 2 % len(POINTS)] if number % 2 else "")
        process = await lives.begin()
        await asyncio.gather(*people)
        await all_sent(api)
        os.kill(process, signal.SIGTERM)
        assert await lives._told() == ("ended", "0")
    assert all(lives.died_at[point] for point in POINTS), lives.died_at
    db = await Database.open(url)
    try:
        await check_events(db)
        await check_figures(db)
        await check_replies(db, api.delivered, lives.ends)
    finally:
        await db.close()


async def all_sent(api: BotApi) -> None:
    """Until nothing new has arrived for some seconds: leases of the dead run out."""
    before = -1
    while before != len(api.delivered):
        before = len(api.delivered)
        await asyncio.sleep(6)


async def check_events(db: Database) -> None:
    bodies = await db.read(lambda c: list(c.scalars(select(event.c.body))))
    events = [EVENT.validate_python(body) for body in bodies]
    kinds = Counter(e.type for e in events)
    assert kinds == {
        "contact_started": PEOPLE,
        "consent_given": PEOPLE,
        "address_chosen": PEOPLE,
        "household_registered": PEOPLE,
        "sale_logged": PEOPLE * SALES,
    }
    sold = Counter((e.household, e.total_vnd) for e in events if e.type == "sale_logged")
    assert set(sold.values()) == {1}
    assert {total for _, total in sold} == {20 * price(n) for n in range(SALES)}
    codes = Counter((e.household, e.code) for e in events if e.type == "sale_logged")
    assert set(codes.values()) == {1}


async def check_figures(db: Database) -> None:
    while await db.write(rollups.advance):
        pass
    assert await db.read(rollups.rebuild_check) == []
    sums = select(rollup.c.indicator, func.sum(rollup.c.amount)).group_by(rollup.c.indicator)
    figures = dict(await db.read(lambda c: [tuple(row) for row in c.execute(sums)]))
    assert figures == {
        "transactions": PEOPLE * SALES,
        "value": PEOPLE * sum(20 * price(n) for n in range(SALES)),
    }


async def check_replies(db: Database, delivered: list[Delivered], ends: list[float]) -> None:
    """Each at least once; one that is told apart from all others at most once in each life."""
    rows = await db.read(lambda c: c.execute(select(outbox)).all())
    ours = Counter((row.recipient, row.body["text"]) for row in rows)
    assert {row.state for row in rows} == {"sent", "inline"}
    arrived = Counter((str(told.chat), told.text) for told in delivered)
    assert arrived.keys() == ours.keys()
    short = {what: (arrived[what], many) for what, many in ours.items() if arrived[what] < many}
    assert short == {}
    in_one_life = Counter(
        (str(told.chat), told.text, bisect(ends, told.at))
        for told in delivered
        if ours[str(told.chat), told.text] == 1
    )
    assert {what: many for what, many in in_one_life.items() if many > 1} == {}
