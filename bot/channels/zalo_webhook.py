"""Zalo's updates over HTTP, as a plain ASGI application: 200 only after the commit, 503 asks for it again."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass, field

import structlog

from bot.channels.posted import Receive, Scope, Send, body_of, header_of, send_answer
from bot.channels.zalo import NotAnUpdate, parse_bytes
from bot.channels.zalo_client import ZaloApi
from bot.channels.zalo_hearing import Hearing, now

PATH = "/webhooks/zalo"
HEADER = b"x-bot-api-secret-token"
LARGEST = 1_000_000  # bytes of an update

log = structlog.get_logger()


async def register(api: ZaloApi, address: str, secret: str) -> None:
    """Tell Zalo where our webhook is; a NotSent when that fails."""
    await api.call("setWebhook", {"url": f"{address}{PATH}", "secret_token": secret})


@dataclass(frozen=True, slots=True)
class Webhook:
    """The ASGI application behind `PATH`; `nudge` starts delivery of the replies."""

    hearing: Hearing
    nudge: Callable[[], None]
    secret: str = field(repr=False)

    async def receive(self, body: bytes, given: bytes | None) -> int:
        """The status for one request's body and secret."""
        if not self._knows(given):
            return 401
        if len(body) > LARGEST:
            return 413
        try:
            heard = parse_bytes(body, self.hearing.api.bot, now())
        except NotAnUpdate:
            return 400
        if heard is None:
            return 200
        try:
            await self.hearing.hear(heard)
        except Exception:
            log.exception("update not committed")
            return 503
        self.nudge()
        return 200

    def _knows(self, given: bytes | None) -> bool:
        return hmac.compare_digest(given or b"", self.secret.encode())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        given = header_of(scope["headers"], HEADER)
        body = await body_of(receive, LARGEST) if self._knows(given) else b""
        await send_answer(send, await self.receive(body, given))
