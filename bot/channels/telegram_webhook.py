"""Telegram's updates over HTTP, as a plain ASGI application: 200 only after the commit.

A single reply goes back in the answer itself, as a method in its body: that saves the request that costs
a bot most. A repeated update gets the stored reply again; 5xx asks Telegram to send the update again.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass, field

import structlog
from pydantic_core import to_json

from bot.channels.posted import Receive, Scope, Send, body_of, header_of, send_answer
from bot.channels.telegram import Heard, NotAnUpdate, parse_bytes, payload
from bot.channels.telegram_client import TelegramApi
from bot.channels.telegram_hearing import ALLOWED, Hearing, now
from bot.delivery import Blocked, Refused
from bot.one_turn import Kept

PATH = "/webhooks/telegram"
HEADER = b"x-telegram-bot-api-secret-token"
LARGEST = 1_000_000  # bytes of an update
CONNECTIONS = 40

Answer = tuple[int, bytes]

log = structlog.get_logger()


async def register(api: TelegramApi, address: str, secret: str) -> None:
    """Tell Telegram where our webhook is; a NotSent when that fails."""
    body = {
        "url": f"{address}{PATH}",
        "secret_token": secret,
        "allowed_updates": ALLOWED,
        "max_connections": CONNECTIONS,
    }
    await api.call("setWebhook", body)


@dataclass(frozen=True, slots=True)
class Webhook:
    """The ASGI application behind `PATH`; `nudge` starts delivery of what doesn't fit in the answer."""

    hearing: Hearing
    nudge: Callable[[], None]
    secret: str = field(repr=False)
    beside: Callable[[], None] = lambda: None  # told of each reply in an answer of ours

    async def receive(self, body: bytes, given: bytes | None) -> Answer:
        """Status and JSON for one request's body and secret."""
        if not self._knows(given):
            return 401, b""
        if len(body) > LARGEST:
            return 413, b""
        try:
            heard = parse_bytes(body, self.hearing.api.bot, now())
        except NotAnUpdate:
            return 400, b""
        return (200, b"") if heard is None else await self._answer(heard)

    def _knows(self, given: bytes | None) -> bool:
        return hmac.compare_digest(given or b"", self.secret.encode())

    async def _answer(self, heard: Heard) -> Answer:
        try:
            handled = await self.hearing.hear(heard, inline=True)
            if handled.inline is not None:
                self.beside()
                return 200, await self._reply(handled.inline, heard.message.sender)
        except Exception:
            log.exception("update not committed, or its picture not sent")
            return 503, b""
        if handled.replies:
            self.nudge()
        return 200, b""

    async def _reply(self, kept: Kept, recipient: str) -> bytes:
        """The reply as a call. A picture can't go this way: it is sent before we answer."""
        if kept.worded.picture is None:
            method, body = payload(kept.worded, recipient)
            return to_json({"method": method, **body})
        try:
            await self.hearing.api.send(recipient, kept.worded, kept.id)
        except (Blocked, Refused) as fault:
            log.warning("not delivered", why=type(fault).__name__, said=str(fault))
        return b""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        given = header_of(scope["headers"], HEADER)
        body = await body_of(receive, LARGEST) if self._knows(given) else b""
        status, answer = await self.receive(body, given)
        await send_answer(send, status, answer)
