"""A mail server and a webhook on this machine, that keep what comes and answer as a test wants."""

from __future__ import annotations

import asyncio
import email.policy
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from typing import TypeVar


@dataclass
class MailServer:
    """`answers`: codes for the next letters, 250 when there is none; `said`: every line of clients."""

    port: int = 0
    answers: list[int] = field(default_factory=list)
    letters: list[tuple[str, EmailMessage]] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 here\r\n")
        to = ""
        while line := (await reader.readline()).decode():
            self.said.append(line.strip())
            word = line.split(" ")[0].strip().upper()
            if word == "RCPT":
                to = line.partition("<")[2].partition(">")[0]
            if word == "DATA":
                writer.write(b"354 go on\r\n")
                writer.write(self._take(to, await reader.readuntil(b"\r\n.\r\n")))
            else:
                writer.write(b"221 bye\r\n" if word == "QUIT" else b"250 ok\r\n")
            if word == "QUIT":
                break
        writer.close()

    def _take(self, to: str, body: bytes) -> bytes:
        code = self.answers.pop(0) if self.answers else 250
        letter = message_from_bytes(body.removesuffix(b".\r\n"), policy=email.policy.default)
        self.letters.append((to, letter))
        return f"{code} so\r\n".encode()


@dataclass
class Webhook:
    """`answers`: the next statuses, 200 when there is none; `posts`: headers and body of each request."""

    port: int = 0
    answers: list[int] = field(default_factory=list)
    posts: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/in"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().splitlines()[1:]
        headers = {k.lower(): v for k, _, v in (line.partition(": ") for line in head if line)}
        body = await reader.readexactly(int(headers["content-length"]))
        self.posts.append((headers, body))
        status = self.answers.pop(0) if self.answers else 200
        answer = f"HTTP/1.1 {status} so\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        writer.write(answer.encode())
        await writer.drain()
        writer.close()


Box = TypeVar("Box", MailServer, Webhook)


@asynccontextmanager
async def listening(box: Box) -> AsyncIterator[Box]:
    """Serving on a free port."""
    server = await asyncio.start_server(box.serve, "127.0.0.1", 0, limit=2**24)
    box.port = server.sockets[0].getsockname()[1]
    async with server:
        yield box
