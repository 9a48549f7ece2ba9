"""The Bot API's client: one aiohttp session, the few methods used, its errors as ours.

Not python-telegram-bot's: a message through its `ExtBot` over httpx costs some 1.4 ms of CPU, through this
one a fifth of that, and nothing else of it would be used here.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self
from uuid import UUID

import aiohttp
import structlog
from pydantic_core import to_json

from bot.channels.signals import Signals
from bot.channels.telegram import CHANNEL, FileSent, payload
from bot.delivery import Blocked, NotSent, Refused, Revoked, TooFast, Unavailable, Unsure
from bot.dialogue.message import Picture
from bot.locales.render import Worded
from bot.photos import LARGEST, checked_photo

CONNECTIONS = 32
PATIENCE = 20.0  # seconds for an answer
CONNECT = 10.0  # seconds of these until the other end is there at all
NEVER_THERE = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)
JSON = {"Content-Type": "application/json"}

Draw = Callable[[Mapping[str, Any]], Awaitable[bytes]]

log = structlog.get_logger()


class Conflict(NotSent):
    """Somebody else takes this bot's updates."""


@dataclass(slots=True)
class TelegramApi:
    """Calls the Bot API at `base` as the bot of this token; `draw` gives a reply's picture as bytes."""

    base: str
    token: str = field(repr=False)
    draw: Draw | None = None
    channel: str = CHANNEL
    _session: aiohttp.ClientSession | None = None
    _signals: Signals | None = None

    @property
    def bot(self) -> str:
        """The bot's id: the token's part before the colon."""
        return self.token.partition(":")[0]

    async def __aenter__(self) -> Self:
        connector = aiohttp.TCPConnector(limit=CONNECTIONS)
        self._session = aiohttp.ClientSession(connector=connector)
        self._signals = Signals(self.base)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._signals is not None:
            await self._signals.close()
        if self._session is not None:
            await self._session.close()

    async def call(
        self, method: str, body: Mapping[str, Any] | None = None, patience: float = PATIENCE
    ) -> Any:
        """The result of a method; a NotSent says why there is none."""
        return await self._post(method, patience, data=to_json(body or {}), headers=JSON)

    async def send(
        self,
        recipient: str,
        worded: Worded,
        reply: UUID,  # noqa: ARG002 pictures are sent along, whatever they belong to
    ) -> str | None:
        """Send one reply; the id that Telegram gives the message."""
        try:
            method, body = payload(worded, recipient)
        except ValueError as fault:
            raise Refused(str(fault)) from None
        if worded.picture is None:
            result = await self.call(method, body)
        else:
            result = await self._send_photo(method, body, worded.picture)
        return str(result.get("message_id")) if isinstance(result, dict) else None

    async def _send_photo(
        self, method: str, body: Mapping[str, Any], picture: Mapping[str, Any]
    ) -> Any:
        if self.draw is None:
            raise Refused("there is nobody who draws pictures")
        form = aiohttp.FormData()
        for name, value in body.items():
            form.add_field(name, value if isinstance(value, str) else json.dumps(value))
        form.add_field("photo", await self.draw(picture), filename="photo")
        return await self._post(method, PATIENCE, data=form)

    def tap_heard(self, tap: str) -> None:
        """The button stops waiting; nobody waits for this call, and it may be left out."""
        assert self._signals is not None, "use it as a context"
        body = to_json({"callback_query_id": tap})
        self._signals.send(f"/bot{self.token}/answerCallbackQuery", body)

    async def photo(self, sent: FileSent, caption: str) -> Picture:
        """A photo that a person sent: fetched, checked and made small, or why there is none."""
        if sent.file_size > LARGEST:
            return Picture(problem="too_big", caption=caption)
        try:
            file = await self.call("getFile", {"file_id": sent.file_id})
            image = await self._fetch(str(file["file_path"]))
        except TooBig:
            return Picture(problem="too_big", caption=caption)
        except (NotSent, KeyError, TypeError):
            return Picture(problem="unavailable", caption=caption)
        return await checked_photo(image, caption)

    async def voice(self, file_id: str) -> bytes:
        """A voice note that a person sent; a NotSent when it cannot be fetched."""
        file = await self.call("getFile", {"file_id": file_id})
        path = file.get("file_path") if isinstance(file, dict) else None
        if not isinstance(path, str):
            raise Refused("a file without a path")
        return await self._fetch(path)

    async def _fetch(self, path: str) -> bytes:
        """A file's bytes, never more than LARGEST and one."""
        url = f"{self.base}/file/bot{self.token}/{path}"
        try:
            async with self._open.get(url, timeout=_within(PATIENCE)) as response:
                if response.status != 200:
                    raise Unavailable(f"file: {response.status}")
                return await _bounded(response.content)
        except (aiohttp.ClientError, TimeoutError) as fault:
            raise Unavailable(type(fault).__name__) from None

    @property
    def _open(self) -> aiohttp.ClientSession:
        assert self._session is not None, "use it as a context"
        return self._session

    async def _post(self, method: str, patience: float, **request: Any) -> Any:
        url = f"{self.base}/bot{self.token}/{method}"
        try:
            async with self._open.post(url, timeout=_within(patience), **request) as response:
                return _result(response.status, await response.read())
        except (aiohttp.ClientError, TimeoutError) as fault:
            # The sentences of these hold the address, and that holds the token.
            kind = Unavailable if isinstance(fault, NEVER_THERE) else Unsure
            raise kind(type(fault).__name__) from None


class TooBig(NotSent):
    """A file larger than we take."""


def _within(seconds: float) -> aiohttp.ClientTimeout:
    return aiohttp.ClientTimeout(total=seconds, sock_connect=CONNECT)


async def _bounded(content: aiohttp.StreamReader) -> bytes:
    whole = bytearray()
    async for part in content.iter_chunked(65536):
        whole += part
        if len(whole) > LARGEST:
            raise TooBig("file")
    return bytes(whole)


def _result(status: int, body: bytes) -> Any:
    """What the method gave, or the error that the answer tells of."""
    try:
        answer = json.loads(body)
        if status == 200 and answer["ok"] is True:
            return answer["result"]
        said, more = str(answer.get("description", "")), answer.get("parameters") or {}
    except (ValueError, KeyError, TypeError, AttributeError):
        raise Unavailable(f"{status} without an answer") from None
    raise _error(status, said, more)


def _error(status: int, said: str, more: Mapping[str, Any]) -> NotSent:
    match status:
        case 429:
            return TooFast(_seconds(more.get("retry_after")))
        case 401 | 404:  # 404 is what a token of the wrong form gets
            return Revoked(said)
        case 403:
            return Blocked(said)
        case 409:
            return Conflict(said)
        case _ if 400 <= status < 500:
            return Refused(said)
        case _:
            return Unavailable(f"{status}: {said}")


def _seconds(told: object) -> float:
    return float(told) if isinstance(told, int | float) and 0 < told < 86400 else 1.0
