"""A Zalo Bot API server of our own on 127.0.0.1: gives updates, takes replies, fails on purpose.

It refuses what Zalo refuses: empty or long texts, a wrong token, polling beside a webhook. It repeats and
reorders what it gives, for there is no offset; a picture it fetches at once from the address that it is given.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

import aiohttp
from aiohttp import web

TOKEN = "9191:loopback"
BOT = "9191"
LIMIT = 2000  # UTF-16 units
SENDING = ("sendMessage", "sendPhoto")
Update = dict[str, Any]


@dataclass(frozen=True)
class Delivered:
    """What reached a person's phone; `photo` is what was fetched from the address that we gave."""

    chat: str
    text: str
    photo: bytes | None
    at: float


@dataclass(frozen=True)
class Fault:
    """How the next call of a method fails: an error of the API, `late` (done, but no answer), or `raw` bytes.

    `inside`: the HTTP status is 200 and the error stands in the body alone.
    """

    code: int = 500
    said: str = "on purpose"
    retry_after: int | None = None
    inside: bool = False
    late: bool = False
    raw: bytes | None = None
    kind: str = "text/html"


class Refusal(Exception):
    """A call that Zalo would not do."""

    def __init__(self, code: int, said: str) -> None:
        super().__init__(said)
        self.fault = Fault(code, said)

    @classmethod
    def of(cls, fault: Fault) -> Self:
        refusal = cls(fault.code, fault.said)
        refusal.fault = fault
        return refusal


@dataclass
class ZaloServer:
    """The server, as an async context; `url` is the base address."""

    token: str = TOKEN
    repeats: int = 0  # how many earlier updates come again at each poll
    chance: random.Random = field(default_factory=lambda: random.Random(20261122))
    delivered: list[Delivered] = field(default_factory=list)
    told: defaultdict[str, list[Delivered]] = field(default_factory=lambda: defaultdict(list))
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    faults: dict[str, deque[Fault]] = field(default_factory=lambda: defaultdict(deque))
    always: dict[str, Fault] = field(default_factory=dict)  # every call of a method fails so
    webhook: dict[str, Any] | None = None
    on_delivery: Callable[[Delivered], None] | None = None
    keep_calls: bool = True
    polls: int = 0
    url: str = ""

    async def __aenter__(self) -> Self:
        self._waiting: deque[Update] = deque()
        self._given: list[Update] = []
        self._came = asyncio.Condition()
        self._numbers = iter(range(1, 2**31))
        self._http = aiohttp.ClientSession()
        app = web.Application()
        app.router.add_post("/bot{token}/{method}", self._call)
        app.router.add_get("/files/{name}", self._file)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.close()
        await self._runner.cleanup()

    # What a test does

    def fail(self, method: str, *faults: Fault) -> None:
        """Let the next calls of this method fail."""
        self.faults[method].extend(faults)

    async def give(self, *updates: Update) -> None:
        """Updates for whoever polls, one at a time as Zalo gives them."""
        async with self._came:
            self._waiting += updates
            self._came.notify_all()

    async def push(self, update: Update, tries: int = 5) -> int:
        """Send an update to the webhook, again on anything but 2xx; the last status, 0 without any."""
        status = 0
        for number in range(tries):
            status = await self._post(update)
            if 200 <= status < 300:
                break
            await asyncio.sleep(0.01 * 2**number)
        return status

    async def _post(self, update: Update) -> int:
        assert self.webhook is not None, "no webhook is set"
        headers = {"X-Bot-Api-Secret-Token": self.webhook["secret_token"]}
        wrapped = {"ok": True, "result": update}
        body = self.chance.choice((wrapped, update))  # both are seen
        try:
            async with self._http.post(self.webhook["url"], json=body, headers=headers) as answer:
                return answer.status
        except aiohttp.ClientError:
            return 0

    async def until(self, count: int, seconds: float = 60) -> list[Delivered]:
        """All that was delivered, once it is so much."""
        async with asyncio.timeout(seconds):
            while len(self.delivered) < count:  # noqa: ASYNC110 - one look is enough for a test
                await asyncio.sleep(0.01)
        return self.delivered

    def texts(self, chat: str | None = None) -> list[str]:
        """The words that reached a person, or anybody."""
        return [d.text for d in self.delivered if chat in {None, d.chat}]

    # What a bot calls

    async def _call(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        body = await request.json()
        if self.keep_calls:
            self.calls.append((method, body))
        faults = self.faults[method]
        fault = faults.popleft() if faults else self.always.get(method)
        try:
            result = await self._answer(request.match_info["token"], method, body, fault)
        except Refusal as refusal:
            return _failed(refusal.fault)
        if fault is not None:
            await asyncio.sleep(3600)
        return web.json_response({"ok": True, "result": result})

    async def _answer(
        self, token: str, method: str, body: Mapping[str, Any], fault: Fault | None
    ) -> Any:
        if token != self.token:
            raise Refusal(401, "Unauthorized")
        if fault is not None and not fault.late:
            raise Refusal.of(fault)
        if method in SENDING:
            return await self._send(method, body)
        if method not in METHODS:
            raise Refusal(404, "Not found")
        return await METHODS[method](self, body)

    async def _send(self, method: str, body: Mapping[str, Any]) -> dict[str, Any]:
        chat, text = body.get("chat_id"), body.get("text", body.get("caption", ""))
        if not isinstance(chat, str) or not chat:
            raise Refusal(400, "chat_id is missing")
        if method == "sendMessage" and not text:
            raise Refusal(400, "text is empty")
        if len(text.encode("utf-16-le")) // 2 > LIMIT:
            raise Refusal(400, "text is too long")
        photo = await self._fetched(body["photo"]) if method == "sendPhoto" else None
        one = Delivered(chat, text, photo, time.monotonic())
        self.delivered.append(one)
        self.told[chat].append(one)
        if self.on_delivery is not None:
            self.on_delivery(one)
        return {"message_id": f"{next(self._numbers):020x}", "date": int(time.time() * 1000)}

    async def _fetched(self, address: str) -> bytes:
        try:
            async with self._http.get(address) as answer:
                if answer.status != 200:
                    raise Refusal(400, "photo can not be fetched")
                return await answer.read()
        except aiohttp.ClientError:
            raise Refusal(400, "photo can not be fetched") from None

    async def _get_me(self, _: Mapping[str, Any]) -> Any:
        return {"id": BOT, "account_name": "bot.lensan", "account_type": "BASIC"}

    async def _set_webhook(self, body: Mapping[str, Any]) -> Any:
        if not 8 <= len(body.get("secret_token", "")) <= 256:
            raise Refusal(400, "secret_token must have 8 to 256 characters")
        self.webhook = dict(body)
        return {"url": body["url"], "updated_at": 1}

    async def _delete_webhook(self, _: Mapping[str, Any]) -> Any:
        self.webhook = None
        return {"url": "", "updated_at": 1}

    async def _get_updates(self, body: Mapping[str, Any]) -> Any:
        """One at a time; what was given may come again. 408 when nothing came."""
        self.polls += 1
        if self.webhook is not None:
            raise Refusal(400, "a webhook is set")
        if (
            self._given
            and self.repeats
            and self.chance.random() < self.repeats / (1 + self.repeats)
        ):
            return self.chance.choice(self._given)
        async with self._came:
            try:
                async with asyncio.timeout(float(body.get("timeout", 30))):
                    await self._came.wait_for(lambda: bool(self._waiting))
            except TimeoutError:
                raise Refusal(408, "Request timeout") from None
            self._given.append(self._waiting.popleft())
            return self._given[-1]

    async def _file(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        if name.startswith("away-"):
            raise web.HTTPFound(f"/files/{name.removeprefix('away-')}")
        if name not in self.files:
            raise web.HTTPNotFound
        return web.Response(body=self.files[name])


METHODS = {
    "getMe": ZaloServer._get_me,
    "setWebhook": ZaloServer._set_webhook,
    "deleteWebhook": ZaloServer._delete_webhook,
    "getUpdates": ZaloServer._get_updates,
}


def _failed(fault: Fault) -> web.Response:
    if fault.raw is not None:
        return web.Response(status=fault.code, body=fault.raw, content_type=fault.kind)
    answer = {"ok": False, "error_code": fault.code, "description": fault.said}
    headers = {"Retry-After": str(fault.retry_after)} if fault.retry_after else {}
    return web.json_response(answer, status=200 if fault.inside else fault.code, headers=headers)


def update(number: int, chat: str, kind: str, at: int | None = None, **content: Any) -> Update:
    """An update as Zalo writes it; `at` in milliseconds."""
    who = {"id": chat, "is_bot": False, "display_name": "A"}
    message = {
        "from": who,
        "chat": {"id": chat, "chat_type": "PRIVATE"},
        "message_id": f"{number:020x}",
        "date": at if at is not None else 1_795_000_000_000 + number,
        **content,
    }
    return {"event_name": f"message.{kind}.received", "message": message}


def text_update(number: int, chat: str, text: str, at: int | None = None) -> Update:
    """An update with a text."""
    return update(number, chat, "text", at, text=text)
