"""Signals: they arrive over few connections, and whatever the other side does hurts nobody."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bot.channels.signals import CONNECTIONS, Signals

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
CLOSING = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"
REFUSED = b"HTTP/1.1 429 Too Many Requests\r\nContent-Length: 2\r\n\r\n{}"
NONSENSE = b"\x16\x03\x01 no HTTP at all\r\n\r\n"


class Server:
    """Answers every request with the same bytes; remembers bodies and counts connections."""

    def __init__(self, answer: bytes) -> None:
        self.answer = answer
        self.bodies: list[bytes] = []
        self.connections = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
                self.bodies.append(await reader.readexactly(length))
                writer.write(self.answer)
                if b"Connection: close" in self.answer:
                    break
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def until(self, bodies: int) -> None:
        async with asyncio.timeout(60):
            while len(self.bodies) < bodies:  # noqa: ASYNC110 a server of bytes has no events
                await asyncio.sleep(0.001)


@asynccontextmanager
async def talking(answer: bytes) -> AsyncIterator[tuple[Server, Signals]]:
    server = Server(answer)
    listening = await asyncio.start_server(server.serve, "127.0.0.1", 0)
    signals = Signals(f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}/api")
    try:
        yield server, signals
    finally:
        await signals.close()
        listening.close()


async def one_after_another(server: Server, signals: Signals, count: int) -> None:
    for number in range(count):
        signals.send("/tap", b"%d" % number)
        await server.until(number + 1)
        await asyncio.sleep(0.01)


async def test_one_connection_carries_signals_that_come_one_after_another():
    async with talking(OK) as (server, signals):
        await one_after_another(server, signals, 5)
        assert server.bodies == [b"0", b"1", b"2", b"3", b"4"]
        assert server.connections == 1


@pytest.mark.parametrize("answer", [CLOSING, REFUSED, NONSENSE])
async def test_whatever_is_answered_the_next_signal_arrives(answer):
    async with talking(answer) as (server, signals):
        await one_after_another(server, signals, 3)
        assert server.bodies == [b"0", b"1", b"2"]


async def test_many_at_once_open_few_connections():
    async with talking(OK) as (server, signals):
        for number in range(100):
            signals.send("/tap", b"%d" % number)
        await signals.close()
        assert 0 < server.connections <= CONNECTIONS
        assert len(set(server.bodies)) == len(server.bodies)


async def test_what_was_begun_arrives_before_the_end():
    async with talking(OK) as (server, signals):
        signals.send("/tap", b"last")
        await signals.close()
        assert server.bodies == [b"last"]


async def test_nobody_there_is_nobodys_fault():
    signals = Signals("http://127.0.0.1:9")
    signals.send("/tap", b"{}")
    await signals.close()
