"""A class checks in at once, from three sides, a third of it twice: everybody counts once."""

from __future__ import annotations

import asyncio
import datetime as dt
import random
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID, uuid4

import httpx
from held import opened, worker
from loopback.bot_api import text_update
from pydantic_core import to_json
from sqlalchemy import Connection, func, insert, select
from villages import of, settle

from bot.channels.telegram_client import TelegramApi
from bot.channels.telegram_hearing import Hearing
from bot.channels.telegram_webhook import HEADER, PATH, Webhook
from bot.config import Settings
from bot.course_book import hold
from bot.dialogue.message import PersonNamed
from bot.handlers import HANDLERS
from bot.runner import Runner
from bot.services import Services
from storage import courses, personal
from storage.rollups import advance, rebuild_check
from storage.schema import event, identity, rollup
from web.app import create_app

WEB, TELEGRAM, LINK = 80, 70, 50  # people of each side
AGAIN = {"web": 30, "other side": 20, "by phone": 20, "phone again": 20, "update again": 10}
EVERYBODY, SENT = 200, 300
TOGETHER = 40  # requests under way
HERE = ("56", "22870")
SECRET = "s3cret-of-the-webhook"


def phone(number: int) -> str:
    return f"+849120{number:05d}"


def client(number: int) -> UUID:
    return of("client", number)


def fill(tx: Connection) -> None:
    """150 people with a book: 80 who write on the web, 70 on Telegram, 20 of the first on both."""
    now = dt.datetime.now(dt.UTC)
    for number in range(WEB + TELEGRAM):
        code = f"KH-{number:04d}"
        settle(tx, code, f"Nho {number}", HERE, agreed=False)
        who = of(code, "person")
        personal.keep(tx, who, of(code), [PersonNamed(phone=phone(number))])
        places = [("web", str(client(number)))] if number < WEB else []
        if number >= WEB or number < AGAIN["other side"]:
            places.append(("telegram", str(5_000 + number)))
        for channel, address in places:
            row = {"channel": channel, "address": address, "person": who, "since": now}
            tx.execute(insert(identity), row)
    hour = dt.timedelta(hours=1)
    opened(
        tx, worker(tx, "Hà", HERE[1]), "c7", now - hour, now + hour, platform="voso", sign="4187"
    )


class Sides:
    """The three ways to check in, as the services behind them send it."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self.http = http
        self.update = iter(range(1, 10_000))

    async def web(self, number: int) -> httpx.Response:
        said = {"text": "điểm danh 4187", "client_id": str(client(number))}
        return await self.http.post("/chat/messages", json=said | {"message_id": str(uuid4())})

    async def telegram(self, number: int, update: int | None = None) -> httpx.Response:
        at = int(dt.datetime.now(dt.UTC).timestamp())
        body = text_update(update or next(self.update), 5_000 + number, "diem danh 4187", at)
        headers = {HEADER.decode(): SECRET}
        return await self.http.post(PATH, content=to_json(body), headers=headers)

    async def link(self, number: int, *, spaced: bool = False) -> httpx.Response:
        said = phone(number)
        typed = f"0{said[3:6]} {said[6:]}" if spaced else said
        return await self.http.post(f"/training/c7-{'w' * 16}", data={"phone": typed})


def everything(sides: Sides) -> list[Any]:
    """300 requests not yet sent, as a list of what sends each."""
    first_link = WEB + TELEGRAM
    jobs = [lambda n=n: sides.web(n) for n in range(WEB)]
    jobs += [lambda n=n: sides.telegram(n, 20_000 + n) for n in range(WEB, WEB + TELEGRAM)]
    jobs += [lambda n=n: sides.link(n) for n in range(first_link, first_link + LINK)]
    jobs += [lambda n=n: sides.web(n) for n in range(AGAIN["web"])]
    jobs += [lambda n=n: sides.telegram(n) for n in range(AGAIN["other side"])]
    jobs += [lambda n=n: sides.link(n, spaced=True) for n in range(WEB, WEB + AGAIN["by phone"])]
    jobs += [
        lambda n=n: sides.link(n, spaced=True)
        for n in range(first_link, first_link + AGAIN["phone again"])
    ]
    jobs += [
        lambda n=n: sides.telegram(n, 20_000 + n) for n in range(WEB, WEB + AGAIN["update again"])
    ]
    random.Random(7).shuffle(jobs)
    return jobs


async def test_300_check_ins_from_three_sides_a_third_of_them_repeated(db, url):
    await db.write(fill)
    chosen = Settings(database_url=url)
    runner = Runner(db, chosen, HANDLERS)
    hearing = Hearing(cast("TelegramApi", SimpleNamespace(bot="4242")), runner.handle)
    site = create_app(
        Services(chosen, db, runner, b"s" * 32),
        {PATH: Webhook(hearing, lambda: None, SECRET)},
    )
    at_once = asyncio.Semaphore(TOGETHER)

    async def sent(job) -> int:
        async with at_once:
            return (await job()).status_code

    carrier = httpx.ASGITransport(site)
    page = {"Accept": "text/html"}
    async with httpx.AsyncClient(
        transport=carrier, base_url="http://farm.test", headers=page
    ) as http:
        jobs = everything(Sides(http))
        assert len(jobs) == SENT
        answers = await asyncio.gather(*(sent(job) for job in jobs))
    assert set(answers) == {200}
    found = await db.read(lambda conn: courses.one(conn, "c7"))
    assert found.came == EVERYBODY
    await db.write(lambda tx: hold(tx, "c7", dt.datetime.now(dt.UTC) + dt.timedelta(hours=2)))
    while await db.write(advance):
        pass
    assert await db.read(figures) == {"attendances": EVERYBODY, "courses": 1}
    assert await db.read(rebuild_check) == []
    attended = select(func.count(), func.count(event.c.person.distinct())).where(
        event.c.type == "training_attended"
    )
    counted = await db.read(lambda conn: conn.execute(attended).one())
    assert tuple(counted) == (WEB + TELEGRAM, WEB + TELEGRAM), "each person checked in once"


def figures(conn: Connection) -> dict[str, int]:
    sums = (
        select(rollup.c.indicator, func.sum(rollup.c.amount))
        .where(rollup.c.indicator.in_(("courses", "attendances")), rollup.c.platform == "voso")
        .group_by(rollup.c.indicator)
    )
    return {row[0]: int(row[1]) for row in conn.execute(sums)}
