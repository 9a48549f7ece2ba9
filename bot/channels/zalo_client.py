"""Zalo's Bot API over httpx: the few methods used, its errors as ours.

The table of errors has six numbers and no waiting times; what each is taken for stands in ADR 22.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self
from uuid import UUID

import httpx
import structlog
from pydantic_core import from_json, to_json

from bot.channels.zalo import CHANNEL, Call, calls
from bot.channels.zalo_files import Files
from bot.channels.zalo_pictures import PictureLinks
from bot.delivery import Blocked, NotSent, Refused, Revoked, TooFast, Unavailable, Unsure
from bot.locales.render import Worded

CONNECTIONS = 32
PATIENCE = 20.0  # seconds for an answer
CONNECT = 10.0  # seconds of these until the other end is there at all
LARGEST_ANSWER = 1_000_000  # bytes; one of ours has a few hundred
HEADERS = {"Accept-Encoding": "identity"}  # what is packed has no bound until it is unpacked
JSON = {"Content-Type": "application/json"}
UNTOLD = 5.0  # seconds to wait when the quota is used up and nobody says for how long
LONGEST = 300.0  # seconds that this grows to
HALF_SENT = 1_024  # replies of several messages whose first ones are remembered

log = structlog.get_logger()


class Nothing(NotSent):
    """408: nothing came, or nothing was done, in the time that Zalo allows."""


@dataclass(slots=True)
class ZaloApi:
    """Calls the Bot API at `base` as the bot of this token.

    `links` makes the addresses from which Zalo fetches pictures; without it they are told of in words.
    """

    base: str
    token: str = field(repr=False)
    links: PictureLinks | None = None
    channel: str = CHANNEL
    _client: httpx.AsyncClient | None = None
    _too_fast: int = 0  # answers in a row that said so
    _sent: OrderedDict[UUID, int] = field(default_factory=OrderedDict)

    @property
    def bot(self) -> str:
        """The bot's id: the token's part before the colon."""
        return self.token.partition(":")[0]

    @property
    def files(self) -> Files:
        """What people sent, behind addresses of Zalo's."""
        return Files(self._open, self.base)

    async def voice(self, link: str) -> bytes:
        """A voice note that a person sent; a NotSent when it cannot be fetched."""
        return await self.files.fetch(link)

    async def __aenter__(self) -> Self:
        limits = httpx.Limits(max_connections=CONNECTIONS, max_keepalive_connections=CONNECTIONS)
        self._client = httpx.AsyncClient(limits=limits, headers=HEADERS, trust_env=False)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._client is not None:
            await self._client.aclose()

    async def call(
        self, method: str, body: Mapping[str, Any] | None = None, patience: float = PATIENCE
    ) -> Any:
        """The result of a method; a NotSent says why there is none."""
        try:
            async with asyncio.timeout(patience):
                status, headers, answer = await self._post(method, to_json(body or {}), patience)
        except (httpx.ConnectError, httpx.ConnectTimeout) as fault:
            raise Unavailable(type(fault).__name__) from None
        except (httpx.HTTPError, TimeoutError) as fault:
            # The sentences of these may hold the address, and that holds the token.
            raise Unsure(type(fault).__name__) from None
        return self._result(status, headers, answer)

    async def _post(
        self, method: str, body: bytes, patience: float
    ) -> tuple[int, httpx.Headers, bytes]:
        url = f"{self.base}/bot{self.token}/{method}"
        wait = httpx.Timeout(patience, connect=min(CONNECT, patience))
        asked = self._open.stream("POST", url, content=body, headers=JSON, timeout=wait)
        async with asked as response:
            whole = bytearray()
            async for part in response.aiter_raw():
                whole += part
                if len(whole) > LARGEST_ANSWER:
                    raise Unavailable("an endless answer")
            return response.status_code, response.headers, bytes(whole)

    async def send(self, recipient: str, worded: Worded, reply: UUID) -> str | None:
        """Send one reply, in several messages if it is long; the id that Zalo gives the last one.

        After a fault in the middle the same reply goes on where it ended.
        """
        address = None
        if worded.picture is not None and self.links is not None:
            address = self.links.of(reply, worded.picture)
        ours = calls(worded, recipient, address)
        try:
            return await self._send_all(reply, ours)
        except Refused:
            if ours[0][0] != "sendPhoto" or self._sent.get(reply, 0) > 0:
                raise
            log.warning("a picture was refused; its words go alone", outbox=str(reply))
        return await self._send_all(reply, calls(worded, recipient))

    async def _send_all(self, reply: UUID, ours: list[Call]) -> str | None:
        ref = None
        for place in range(self._sent.get(reply, 0), len(ours)):
            result = await self.call(*ours[place])
            ref = result.get("message_id") if isinstance(result, dict) else None
            self._remember(reply, place + 1, len(ours))
        return str(ref) if ref is not None else None

    def _remember(self, reply: UUID, done: int, of: int) -> None:
        if done >= of:
            self._sent.pop(reply, None)
            return
        self._sent[reply] = done
        if len(self._sent) > HALF_SENT:
            self._sent.popitem(last=False)

    @property
    def _open(self) -> httpx.AsyncClient:
        assert self._client is not None, "use it as a context"
        return self._client

    def _result(self, status: int, headers: httpx.Headers, body: bytes) -> Any:
        """What the method gave, or the error that the answer tells of."""
        try:
            answer = from_json(body)
            if status == 200 and answer["ok"] is True:
                self._too_fast = 0
                return answer.get("result")
            code, said = answer.get("error_code"), str(answer.get("description", ""))
        except (ValueError, KeyError, TypeError, AttributeError):
            code, said, answer = None, "no answer of the API's", {}
        code = code if isinstance(code, int) and code >= 400 else status
        if code == 429:
            raise TooFast(self._wait(headers, answer))
        raise _error(code, said[:200])

    def _wait(self, headers: httpx.Headers, answer: Mapping[str, Any]) -> float:
        """Seconds as told, else longer each time."""
        self._too_fast += 1
        parameters = answer.get("parameters")
        told = parameters.get("retry_after") if isinstance(parameters, dict) else None
        for given in (told, headers.get("retry-after")):
            seconds = _seconds(given)
            if seconds is not None:
                return seconds
        return min(UNTOLD * 2.0 ** min(self._too_fast - 1, 10), LONGEST)


def _seconds(told: object) -> float | None:
    try:
        seconds = float(str(told))
    except ValueError:
        return None
    return seconds if 0 < seconds < 86400 else None


def _error(code: int, said: str) -> NotSent:
    match code:
        case 401:
            return Revoked(said)
        case 408:
            return Nothing(said)
        case 403 if "block" in said.lower():
            return Blocked(said)
        case 400 | 404 | 413:
            return Refused(said)
        case _:  # 403 is an error of the server's own by Zalo's table
            return Unavailable(f"{code}: {said}")
