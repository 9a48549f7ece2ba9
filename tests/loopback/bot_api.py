"""A Bot API server of our own on 127.0.0.1: takes what a bot sends, gives it updates, fails on purpose.

It refuses what Telegram refuses: empty or long texts, buttons of over 64 bytes, a wrong token, chats that
blocked the bot, two takers of updates.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

import aiohttp
from aiohttp import web

TOKEN = "4242:loopback"
LIMITS = {"sendMessage": ("text", 4096), "sendPhoto": ("caption", 1024)}
WORDS = {"text", "caption", "file_id", "callback_query_id", "url", "secret_token"}
Update = dict[str, Any]


@dataclass(frozen=True)
class Delivered:
    """What reached a person's phone; `way` is `call`, or `answer` when it came in a webhook's answer."""

    chat: int
    text: str
    buttons: tuple[tuple[tuple[str, str], ...], ...]  # rows of (id, label)
    photo: bytes | None
    way: str
    at: float

    def button(self, label: str) -> str:
        """The id behind a label."""
        return next(id_ for row in self.buttons for id_, other in row if other == label)


@dataclass(frozen=True)
class Fault:
    """How the next call of a method fails: a status, or `late`: done, but the answer never comes."""

    status: int = 500
    retry_after: int | None = None
    late: bool = False


class Refusal(Exception):
    """A call that Telegram would not do."""

    def __init__(self, status: int, said: str, **parameters: Any) -> None:
        super().__init__(said)
        self.status, self.said, self.parameters = status, said, parameters


@dataclass
class BotApi:
    """The server, as an async context; `url` is the base address."""

    token: str = TOKEN
    delivered: list[Delivered] = field(default_factory=list)
    told: defaultdict[int, list[Delivered]] = field(
        default_factory=lambda: defaultdict(list)
    )  # by chat
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    sent_at: list[float] = field(default_factory=list)  # of each call that sends something
    blocked: set[int] = field(default_factory=set)
    files: dict[str, bytes] = field(default_factory=dict)
    faults: dict[str, deque[Fault]] = field(default_factory=lambda: defaultdict(deque))
    webhook: dict[str, Any] | None = None
    other_taker: bool = False
    on_delivery: Callable[[Delivered], None] | None = None  # told of each at once
    url: str = ""
    answers: dict[int, list[tuple[int, bytes]]] = field(default_factory=lambda: defaultdict(list))

    async def __aenter__(self) -> Self:
        self._waiting: list[Update] = []
        self._came = asyncio.Condition()
        self._numbers = iter(range(1, 2**31))
        self._http = aiohttp.ClientSession()
        app = web.Application(client_max_size=50_000_000)
        app.router.add_route("*", "/bot{token}/{method}", self._call)
        app.router.add_get("/file/bot{token}/{path:.*}", self._file)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        port = self._runner.addresses[0][1]
        self.url = f"http://127.0.0.1:{port}"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.close()
        await self._runner.cleanup()

    # What a test does

    def fail(self, method: str, *faults: Fault) -> None:
        """Let the next calls of this method fail."""
        self.faults[method].extend(faults)

    async def give(self, *updates: Update) -> None:
        """Updates for whoever polls."""
        async with self._came:
            self._waiting += updates
            self._came.notify_all()

    @property
    def unconfirmed(self) -> list[int]:
        """Numbers of the updates that nobody has acknowledged."""
        return [update["update_id"] for update in self._waiting]

    async def push(self, update: Update, tries: int = 5) -> int:
        """Send an update to the webhook as Telegram does, again on anything but 2xx; the last status."""
        assert self.webhook is not None, "no webhook is set"
        status = 0
        for number in range(tries):
            status, answer = await self._post(update)
            self.answers[update["update_id"]].append((status, answer))
            if 200 <= status < 300:
                self._take_answer(answer)
                break
            await asyncio.sleep(0.01 * 2**number)
        return status

    async def _post(self, update: Update) -> tuple[int, bytes]:
        assert self.webhook is not None
        headers = {"X-Telegram-Bot-Api-Secret-Token": self.webhook.get("secret_token", "")}
        try:
            async with self._http.post(self.webhook["url"], json=update, headers=headers) as answer:
                return answer.status, await answer.read()
        except aiohttp.ClientError:
            return 0, b""

    def _take_answer(self, answer: bytes) -> None:
        if answer:
            body = json.loads(answer)
            self._send(body.pop("method"), body, None, "answer")

    async def until(self, count: int, seconds: float = 60) -> list[Delivered]:
        """All that was delivered, once it is so much."""
        async with asyncio.timeout(seconds):
            while len(self.delivered) < count:  # noqa: ASYNC110 - one look is enough for a test
                await asyncio.sleep(0.01)
        return self.delivered

    def texts(self, chat: int | None = None) -> list[str]:
        """The words that reached a person, or anybody."""
        return [d.text for d in self.delivered if chat in {None, d.chat}]

    # What a bot calls

    async def _call(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        body, photo = await _body(request)
        self.calls.append((method, body))
        if method in LIMITS:
            self.sent_at.append(time.monotonic())
        fault = self.faults[method].popleft() if self.faults[method] else None
        try:
            result = await self._answer(request.match_info["token"], method, body, photo, fault)
        except Refusal as refusal:
            return _refused(refusal)
        if fault is not None:
            await asyncio.sleep(3600)
        return web.json_response({"ok": True, "result": result})

    async def _answer(
        self,
        token: str,
        method: str,
        body: dict[str, Any],
        photo: bytes | None,
        fault: Fault | None,
    ) -> Any:
        if token != self.token:
            raise Refusal(401, "Unauthorized")
        if fault is not None and not fault.late:
            more = {"retry_after": fault.retry_after} if fault.retry_after else {}
            raise Refusal(fault.status, "on purpose", **more)
        if method in LIMITS:
            return self._send(method, body, photo, "call")
        if method not in METHODS:
            raise Refusal(404, "Not Found: method not found")
        return await METHODS[method](self, body)

    def _send(
        self, method: str, body: Mapping[str, Any], photo: bytes | None, way: str
    ) -> dict[str, Any]:
        chat = body.get("chat_id")
        if type(chat) is not int:
            raise Refusal(400, "Bad Request: chat not found")
        if chat in self.blocked:
            raise Refusal(403, "Forbidden: bot was blocked by the user")
        words, limit = LIMITS[method]
        text = body.get(words, "")
        if (method == "sendMessage" and not text.strip()) or len(text) > limit:
            raise Refusal(400, "Bad Request: message is empty or too long")
        if method == "sendPhoto" and not photo:
            raise Refusal(400, "Bad Request: there is no photo in the request")
        sent = Delivered(chat, text, _buttons(body), photo, way, time.monotonic())
        self.delivered.append(sent)
        self.told[sent.chat].append(sent)
        if self.on_delivery is not None:
            self.on_delivery(sent)
        return {
            "message_id": next(self._numbers),
            "date": int(time.time()),
            "chat": {"id": chat, "type": "private", "first_name": "A"},
            "from": self._me(),
            words: text,
        }

    async def _get_me(self, _: Mapping[str, Any]) -> Any:
        return self._me()

    def _me(self) -> dict[str, Any]:
        return {
            "id": int(self.token.partition(":")[0]),
            "is_bot": True,
            "first_name": "Lên Sàn",
            "username": "lensan_bot",
        }

    async def _set_webhook(self, body: Mapping[str, Any]) -> Any:
        self.webhook = dict(body)
        return True

    async def _delete_webhook(self, _: Mapping[str, Any]) -> Any:
        self.webhook = None
        return True

    async def _get_updates(self, body: Mapping[str, Any]) -> Any:
        if self.webhook is not None or self.other_taker:
            raise Refusal(409, "Conflict: terminated by other getUpdates request")
        offset = body.get("offset", 0)
        async with self._came:
            self._waiting = [u for u in self._waiting if u["update_id"] >= offset]
            try:
                async with asyncio.timeout(body.get("timeout", 0)):
                    await self._came.wait_for(lambda: bool(self._waiting))
            except TimeoutError:
                return []
            return self._waiting[: body.get("limit", 100)]

    async def _answer_tap(self, _: Mapping[str, Any]) -> Any:
        return True

    async def _get_file(self, body: Mapping[str, Any]) -> Any:
        name = body["file_id"]
        if name not in self.files:
            raise Refusal(400, "Bad Request: wrong file_id or the file is temporarily unavailable")
        return {"file_id": name, "file_path": f"photos/{name}"}

    async def _file(self, request: web.Request) -> web.Response:
        name = request.match_info["path"].removeprefix("photos/")
        return web.Response(body=self.files[name])


METHODS = {
    "getMe": BotApi._get_me,
    "setWebhook": BotApi._set_webhook,
    "deleteWebhook": BotApi._delete_webhook,
    "getUpdates": BotApi._get_updates,
    "answerCallbackQuery": BotApi._answer_tap,
    "getFile": BotApi._get_file,
}


async def _body(request: web.Request) -> tuple[dict[str, Any], bytes | None]:
    """The parameters, however they were sent, and the photo when there is one."""
    if request.content_type == "application/json":
        return await request.json(), None
    form = dict(await request.post())
    file = form.pop("photo", None)
    photo = file.file.read() if isinstance(file, web.FileField) else None
    return {name: _value(name, str(value)) for name, value in form.items()}, photo


def _value(name: str, sent: str) -> Any:
    """In a form everything but words is written as JSON."""
    return sent if name in WORDS else json.loads(sent)


def _buttons(body: Mapping[str, Any]) -> tuple[tuple[tuple[str, str], ...], ...]:
    rows = body.get("reply_markup", {}).get("inline_keyboard", [])
    for row in rows:
        for key in row:
            if not key["text"] or not 1 <= len(key["callback_data"].encode()) <= 64:
                raise Refusal(400, "Bad Request: BUTTON_DATA_INVALID")
    return tuple(tuple((key["callback_data"], key["text"]) for key in row) for row in rows)


def _refused(refusal: Refusal) -> web.Response:
    answer = {"ok": False, "error_code": refusal.status, "description": refusal.said}
    if refusal.parameters:
        answer["parameters"] = refusal.parameters
    return web.json_response(answer, status=refusal.status)


def text_update(number: int, chat: int, text: str, at: int = 1_795_000_000) -> Update:
    """An update with a text, as Telegram writes it."""
    who = {"id": chat, "is_bot": False, "first_name": "A", "language_code": "vi"}
    place = {"id": chat, "first_name": "A", "type": "private"}
    message = {"message_id": number, "from": who, "chat": place, "date": at, "text": text}
    return {"update_id": number, "message": message}


def tap_update(number: int, chat: int, button: str) -> Update:
    """An update with a tap on a button."""
    who = {"id": chat, "is_bot": False, "first_name": "A", "language_code": "vi"}
    tap = {"id": f"9{number}", "from": who, "chat_instance": "1", "data": button}
    return {"update_id": number, "callback_query": tap}
