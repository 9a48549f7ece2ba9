"""Small POSTs whose answer nobody waits for, over a few connections that stay open.

A tap is acknowledged by one, beside its reply: through aiohttp that cost a sixth of a whole turn. One that
fails, or finds no free connection, is left out: the person has the reply, only the button waits a little.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import cast
from urllib.parse import urlsplit

import httptools
import structlog

CONNECTIONS = 32
PATIENCE = 20.0  # seconds for an answer

log = structlog.get_logger()


@dataclass(slots=True)
class Signals:
    """Signals to one host, `http` or `https`; use it on one event loop, and close it at the end."""

    base: str
    _free: list[_Line] = field(default_factory=list)
    _open: set[_Line] = field(default_factory=set)
    _opening: set[asyncio.Task[None]] = field(default_factory=set)

    def send(self, path: str, body: bytes) -> None:
        """Send it now, or leave it out when too many are under way."""
        request = self._request(path, body)
        if self._free:
            self._free.pop().send(request)
        elif len(self._open) + len(self._opening) < CONNECTIONS:
            task = asyncio.create_task(self._connect(request))
            self._opening.add(task)
            task.add_done_callback(self._opening.discard)

    async def close(self) -> None:
        """Let what was begun reach the other side, then close."""
        if self._opening:
            await asyncio.wait(self._opening, timeout=PATIENCE)
        answers = [line.answered for line in self._open if line.answered is not None]
        if answers:
            await asyncio.wait(answers, timeout=PATIENCE)
        for line in tuple(self._open):
            line.close()

    def free(self, line: _Line) -> None:
        """It can take the next one."""
        self._free.append(line)

    def lost(self, line: _Line) -> None:
        """It is closed."""
        self._open.discard(line)
        if line in self._free:
            self._free.remove(line)

    def _request(self, path: str, body: bytes) -> bytes:
        parts = urlsplit(self.base)
        head = (
            f"POST {parts.path}{path} HTTP/1.1\r\nHost: {parts.netloc}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body

    async def _connect(self, request: bytes) -> None:
        parts = urlsplit(self.base)
        secure = parts.scheme == "https"
        port = parts.port or (443 if secure else 80)
        try:
            async with asyncio.timeout(PATIENCE):
                _, line = await asyncio.get_running_loop().create_connection(
                    lambda: _Line(self), parts.hostname or "", port, ssl=secure or None
                )
        except (OSError, TimeoutError) as fault:
            log.debug("signal left out", why=type(fault).__name__)
            return
        self._open.add(line)
        line.send(request)


class _Line(asyncio.Protocol):
    """One connection: a request, its whole answer, the next request."""

    def __init__(self, signals: Signals) -> None:
        self._signals = signals
        self._transport: asyncio.Transport | None = None
        self._parser: httptools.HttpResponseParser | None = None
        self._end: asyncio.TimerHandle | None = None
        self.answered: asyncio.Future[None] | None = None

    def send(self, request: bytes) -> None:
        """Only when it is free."""
        assert self._transport is not None
        loop = asyncio.get_running_loop()
        self._parser = httptools.HttpResponseParser(self)
        self.answered = loop.create_future()
        self._end = loop.call_later(PATIENCE, self._transport.abort)
        self._transport.write(request)

    def close(self) -> None:
        """No more requests."""
        if self._transport is not None:
            self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        if self._parser is None:  # nothing was asked
            self.close()
            return
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError:
            self.close()

    def on_message_complete(self) -> None:
        """The parser calls this at an answer's end."""
        parser, self._parser = self._parser, None
        assert parser is not None
        if parser.get_status_code() != 200:
            log.debug("signal refused", status=parser.get_status_code())
        self._done()
        if parser.should_keep_alive():
            self._signals.free(self)
        else:
            self.close()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 asyncio's signature
        self._done()
        self._signals.lost(self)

    def _done(self) -> None:
        if self._end is not None:
            self._end.cancel()
        if self.answered is not None and not self.answered.done():
            self.answered.set_result(None)
        self.answered = None
