"""Households that sell through the webhook: a sentence, a tap on the card's first button, and so on."""

from __future__ import annotations

import asyncio
import itertools
import json
import random
import time
from dataclasses import dataclass, field
from typing import Any

from loopback.bot_api import BotApi, tap_update, text_update

from benchmarks.processes import SECRET

PATH = "/webhooks/telegram"
FIRST_CONTACT = (("alo", 2), ("đồng ý", 2), ("cô Ba", 2), ("lai vung dong thap", 1))
FIRST_RECEIPT = 2  # replies: the receipt, and that it goes like this from now on
SAVED = "✅ Đã lưu"
MOST_TAPS = 3  # for one sale
GOODS = (("cam sành", 25), ("quýt hồng", 30), ("bưởi da xanh", 40), ("xoài cát", 35))


@dataclass
class Line:
    """One connection that is kept open, as Telegram keeps them."""

    port: int
    reader: asyncio.StreamReader | None = None
    writer: asyncio.StreamWriter | None = None

    async def post(self, update: dict[str, Any]) -> dict[str, Any] | None:
        """The method in the answer, None for an empty one; anything but 200 ends the benchmark."""
        if self.writer is None:
            self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)
        body = json.dumps(update).encode()
        head = (
            f"POST {PATH} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
            f"X-Telegram-Bot-Api-Secret-Token: {SECRET}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        self.writer.write(head.encode() + body)
        answer = await self.reader.readuntil(b"\r\n\r\n")
        if not answer.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(answer.decode())
        length = int(answer.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
        return json.loads(await self.reader.readexactly(length)) if length else None


@dataclass
class Load:
    """People at one server; `seconds` are the answers' times of all updates so far."""

    port: int
    people: int
    seed: int = 2026
    seconds: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)
        self.numbers = itertools.count(1)
        self.chats = list(range(700_000, 700_000 + self.people))
        self.lines = [Line(self.port) for _ in self.chats]

    async def register(self, api: BotApi) -> None:
        """First contact and first sale of everybody; ends when all that was said has arrived."""
        by_outbox = 0
        for text, replies in FIRST_CONTACT:
            for place in range(self.people):
                answer = await self.say(place, text)
                by_outbox += 0 if answer else replies
            await api.until(by_outbox, seconds=120)
        for place in range(self.people):
            card = await self.say(place, "bán 20 kg cam sành giá 25 ngàn")
            await self._tap(place, card)
        await api.until(by_outbox + FIRST_RECEIPT * self.people, seconds=120)
        await asyncio.sleep(1)
        self.seconds.clear()

    async def say(self, place: int, text: str) -> dict[str, Any] | None:
        chat = self.chats[place]
        return await self._post(
            place, text_update(next(self.numbers), chat, text, int(time.time()))
        )

    async def _post(self, place: int, update: dict[str, Any]) -> dict[str, Any] | None:
        began = time.perf_counter()
        answer = await self.lines[place].post(update)
        self.seconds.append(time.perf_counter() - began)
        return answer

    async def sell(self, sales: int) -> None:
        """So many sales, everybody's share side by side: two updates each."""
        shares = [len(range(place, sales, self.people)) for place in range(self.people)]
        await asyncio.gather(*(self._sell(place, share) for place, share in enumerate(shares)))

    async def _sell(self, place: int, sales: int) -> None:
        for _ in range(sales):
            goods, price = self.random.choice(GOODS)
            weight = self.random.randint(5, 95) + self.random.randint(1, 9) / 10
            said = f"bán {weight:.1f} kg {goods} giá {price} ngàn".replace(".", ",")
            answer = await self.say(place, said)
            for _ in range(MOST_TAPS):
                answer = await self._tap(place, answer)
                if answer and answer["text"].startswith(SAVED):
                    break
            else:
                raise RuntimeError(f"not saved: {said}: {answer}")

    async def _tap(self, place: int, answer: dict[str, Any] | None) -> dict[str, Any] | None:
        """A tap on the first button of the answer."""
        if not answer or "reply_markup" not in answer:
            raise RuntimeError(f"no button to tap: {answer}")
        button = answer["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
        return await self._post(place, tap_update(next(self.numbers), self.chats[place], button))
