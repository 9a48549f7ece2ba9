"""One person on three channels, writing, tapping and speaking: one household, one ledger, each event once."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from itertools import count
from uuid import uuid4

import httpx
import pytest
from blank import empty_database
from ears import pretender, until
from loopback import zalo_api
from loopback.bot_api import TOKEN, BotApi, tap_update, text_update
from sqlalchemy import select

from bot.commands.channels import telegram
from bot.commands.zalo_channel import zalo
from bot.config import Settings
from bot.handlers import HANDLERS
from bot.runner import Runner
from bot.services import Services
from storage.schema import event
from web.app import create_app

ANNA, ANNAS_ZALO = 101, "a1b2c3"
HEARD = "bán năm ký quýt hồng giá ba chục ngàn một ký"
CODE = re.compile(r"\b[A-Z0-9]{4}-[A-Z0-9]{4}\b")


@dataclass
class Phone:
    """All machines of one person. `told` gives what a channel says from now on, once it says this."""

    bot: BotApi
    zalo: zalo_api.ZaloServer
    web: httpx.AsyncClient
    numbers: count[int]
    client: str = ""

    async def on_telegram(self, said: str, until_told: str) -> str:
        before = len(self.bot.delivered)
        await self.bot.give(text_update(next(self.numbers), ANNA, said, int(time.time())))
        return await self._told(self.bot, before, until_told)

    async def tap_on_telegram(self, label: str, until_told: str) -> str:
        before = len(self.bot.delivered)
        shown = next(d for d in reversed(self.bot.delivered) if label in str(d.buttons))
        await self.bot.give(tap_update(next(self.numbers), ANNA, shown.button(label)))
        return await self._told(self.bot, before, until_told)

    async def link_code(self) -> str:
        """A code for another machine."""
        code = CODE.search(await self.on_telegram("nối máy", "Mã nối máy"))
        assert code is not None
        return code[0]

    async def on_zalo(self, until_told: str, kind: str = "text", **content: str) -> str:
        before = len(self.zalo.delivered)
        at = int(time.time() * 1000)
        update = zalo_api.update(next(self.numbers), ANNAS_ZALO, kind, at, **content)
        await self.zalo.give(update)
        return await self._told(self.zalo, before, until_told)

    async def on_the_web(self, said: str) -> str:
        body = {"client_id": self.client, "message_id": str(uuid4()), "text": said}
        answer = await self.web.post("/chat/messages", json=body)
        return "\n".join(reply["text"] for reply in answer.json()["replies"])

    async def _told(self, server, before: int, awaited: str) -> str:
        async def said() -> bool:
            return any(awaited in one.text for one in server.delivered[before:])

        try:
            await until(said)
        except TimeoutError:
            raise AssertionError([one.text for one in server.delivered]) from None
        return "\n".join(one.text for one in server.delivered[before:])


@pytest.fixture
async def db(tmp_path):
    database = await empty_database(tmp_path)
    yield database
    await database.close()


@pytest.fixture
async def phone(db) -> AsyncIterator[Phone]:
    """Every channel put together as `lensan run` does it; only the engine pretends to hear."""
    async with AsyncExitStack() as stack:
        bot = await stack.enter_async_context(BotApi())
        other = await stack.enter_async_context(zalo_api.ZaloServer())
        settings = Settings(
            telegram_token=TOKEN,
            telegram_api=bot.url,
            zalo_token=zalo_api.TOKEN,
            zalo_api=other.url,
        )
        services = Services(settings, db, Runner(db, settings, HANDLERS), b"s" * 32)
        services.ears.recogniser = pretender()
        channels = [
            await stack.enter_async_context(channel(services, polling=True))
            for channel in (telegram, zalo)
        ]
        work = [services.ears.listen(), *(task for one in channels for task in one.tasks)]
        running = [asyncio.create_task(each) for each in work]
        carrier = httpx.ASGITransport(create_app(services))
        web = httpx.AsyncClient(transport=carrier, base_url="http://farm.test")
        async with web:
            yield Phone(bot, other, web, count(1), str(uuid4()))
        for each in running:
            each.cancel()
        await asyncio.gather(*running, return_exceptions=True)


async def test_a_sale_spoken_on_zalo_is_seen_on_the_web_and_undone_on_telegram(phone, db):
    await phone.on_telegram("alo", "đồng ý không")
    await phone.tap_on_telegram("Đồng ý", "Em gọi bà con là gì")
    await phone.on_telegram("cô Ba", "xã nào")
    await phone.on_telegram("Lai Vung, Đồng Tháp", "Lai Vung")
    phone.zalo.files["note.m4a"] = json.dumps({"text": HEARD}).encode()

    await phone.on_zalo("Đúng là sổ", text=await phone.link_code())
    await phone.on_zalo("Đã nối", text="1")
    await phone.on_the_web(await phone.link_code())
    assert "Đã nối" in await phone.on_the_web("đúng rồi")

    card = await phone.on_zalo("150.000", "voice", voice_url=f"{phone.zalo.url}/files/note.m4a")
    assert f"“{HEARD}”" in card
    assert (await kinds(db))["sale_logged"] == 0  # nothing heard is stored without a tap
    await phone.on_zalo("Đã lưu 150.000", text="1")

    assert "5 kg quýt hồng: 150.000" in await phone.on_the_web("sổ tháng này")
    await phone.on_telegram("gạch bỏ", "Đã gạch bỏ 150.000")
    assert "150.000" not in await phone.on_the_web("sổ tháng này")

    assert await kinds(db) == {
        "contact_started": 1,
        "consent_given": 1,
        "address_chosen": 1,
        "household_registered": 1,
        "link_code_given": 2,
        "channel_joined": 2,
        "sale_logged": 1,
        "sale_withdrawn": 1,
    }
    homes = await db.read(lambda conn: conn.scalars(select(event.c.household).distinct()).all())
    assert len({home for home in homes if home}) == 1


async def kinds(db) -> Counter[str]:
    """How many events of each kind are stored."""
    return Counter(await db.read(lambda conn: conn.scalars(select(event.c.type)).all()))
