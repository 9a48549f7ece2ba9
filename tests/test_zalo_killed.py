"""Ten thousand updates of Zalo's, two in five of them repeats, and a kill every five hundred: each message once."""

from __future__ import annotations

import asyncio
import os
import random
import signal
from collections import Counter
from pathlib import Path

import pytest
from blank import empty_file
from crowd import crowd
from loopback.zalo_api import TOKEN, Update, ZaloServer, text_update, update
from server import ROOT, free_port
from sqlalchemy import func, select
from test_killed import PATIENCE, Lives

from domain.events import EVENT
from storage import rollups
from storage.database import Database
from storage.schema import event, inbox, outbox

PEOPLE = 50
STICKERS = 112  # of each person, before, between and after the sales
SALES = 4  # of each person, each a sentence and the number of [Lưu]
EACH = STICKERS + 2 * SALES
NEW = PEOPLE * EACH
REPEATS = NEW * 2 // 3
UPDATES = NEW + REPEATS
PART = 500  # updates in each life
SECRET = "knock-knock"

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1200)]


class Service:
    """Gives updates to the webhook, each again until it is taken; two in five are given once more later."""

    def __init__(self, api: ZaloServer, chance: random.Random) -> None:
        self.api = api
        self.chance = chance
        self.given: list[Update] = []
        self.taken = 0
        self.repeated = 0

    async def give(self, one: Update) -> None:
        await self._until_taken(one)
        self.given.append(one)
        while self.repeated * NEW < REPEATS * len(self.given):
            self.repeated += 1
            await self._until_taken(self.chance.choice(self.given))

    async def _until_taken(self, one: Update) -> None:
        async with asyncio.timeout(PATIENCE):
            while await self.api.push(one, tries=1) != 200:  # noqa: ASYNC110 as the service
                await asyncio.sleep(0.05)
        self.taken += 1


async def live(service: Service, chat: int) -> None:
    """One person: sends stickers, sells, and saves by the number on the card."""
    said = [""] * EACH
    for sale in range(SALES):
        place = (sale + 1) * EACH // (SALES + 1)
        said[place : place + 2] = [f"bán 20 kg cam sành giá {price(sale)} đồng", "1"]
    for number, words in enumerate(said):
        which = chat * 1_000 + number, str(chat)
        await service.give(
            text_update(*which, words) if words else update(*which, "sticker", sticker="s")
        )


def price(sale: int) -> int:
    return 25_000 + 100 * sale


def environment(folder: Path, api: ZaloServer, port: int) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LENSAN_")}
    return kept | {
        "PYTHONPATH": str(ROOT),
        "LENSAN_DATABASE_URL": f"sqlite+aiosqlite:///{folder}/lensan.db",
        "LENSAN_PORT": str(port),
        "LENSAN_SECRET": "s" * 32,
        "LENSAN_ZALO_TOKEN": TOKEN,
        "LENSAN_ZALO_API": api.url,
        "LENSAN_ZALO_WEBHOOK_SECRET": SECRET,
        "LENSAN_PUBLIC_URL": f"http://127.0.0.1:{port}",
    }


async def test_killed_every_five_hundred_updates_each_message_counts_once(tmp_path):
    chance, port = random.Random(20261122), free_port()
    empty_file(tmp_path / "lensan.db")
    url = f"sqlite+aiosqlite:///{tmp_path}/lensan.db"
    await filled(url)
    async with (
        ZaloServer(keep_calls=False) as api,
        Lives(environment(tmp_path, api, port), chance) as lives,
    ):
        api.webhook = {"url": f"http://127.0.0.1:{port}/webhooks/zalo", "secret_token": SECRET}
        service = Service(api, chance)
        people = asyncio.gather(*(live(service, chat) for chat in range(1, PEOPLE + 1)))
        kills = 0
        while not people.done():
            process = await lives.begin()
            await until_taken(service, (kills + 1) * PART, people)
            os.kill(process, signal.SIGKILL)
            await lives._told()
            kills += 1
        await people
        process = await lives.begin()
        await all_sent(api)
        os.kill(process, signal.SIGTERM)
        assert await lives._told() == ("ended", "0")
    assert (service.taken, service.repeated) == (UPDATES, REPEATS)
    assert kills >= UPDATES // PART
    await check(url, [(d.chat, d.text) for d in api.delivered], kills)


async def filled(url: str) -> None:
    db = await Database.open(url)
    await db.write(lambda tx: crowd(tx, range(1, PEOPLE + 1), channel="zalo"))
    await db.close()


async def until_taken(service: Service, count: int, people: asyncio.Future) -> None:
    """So many updates were taken, or all of them."""
    while service.taken < count and not people.done():  # noqa: ASYNC110 - many hands take them
        await asyncio.sleep(0.02)


async def all_sent(api: ZaloServer) -> None:
    """Until nothing new has arrived for some seconds: leases of the dead run out."""
    before = -1
    while before != len(api.delivered):
        before = len(api.delivered)
        await asyncio.sleep(6)


async def check(url: str, delivered: list[tuple[str, str]], kills: int) -> None:
    """One inbox row and one answer each, every sale once, every answer arrived."""
    db = await Database.open(url)
    try:
        heard = await db.read(lambda c: c.scalar(select(func.count()).select_from(inbox)))
        rows = await db.read(lambda c: c.execute(select(outbox)).all())
        bodies = await db.read(lambda c: list(c.scalars(select(event.c.body))))
        while await db.write(rollups.advance):
            pass
        assert await db.read(rollups.rebuild_check) == []
    finally:
        await db.close()
    sold = Counter(
        (e.household, e.total_vnd)
        for e in map(EVENT.validate_python, bodies)
        if e.type == "sale_logged"
    )
    arrived, ours = Counter(delivered), Counter((r.recipient, r.body["text"]) for r in rows)
    print(  # noqa: T201 what this run was
        f"{UPDATES} updates, {REPEATS} of them repeats, {kills} kills: {heard} messages, "
        f"{len(rows)} answers, {sum(sold.values())} sales, {len(delivered)} deliveries"
    )
    assert heard == NEW
    assert len({row.message for row in rows}) == NEW
    assert set(sold.values()) == {1}
    assert len(sold) == PEOPLE * SALES
    assert {row.state for row in rows} == {"sent"}
    assert arrived.total() - len(rows) <= 16 * kills  # what was on its way when it died
    shown = {(who, said) for who, said in arrived}
    assert all(any(who == w and t.startswith(said) for w, t in shown) for who, said in ours)
