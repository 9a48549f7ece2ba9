"""The channels that a process serves, put together from the settings."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import Connection
from starlette.types import ASGIApp

from bot.channels.telegram import CHANNEL
from bot.channels.telegram_client import Draw, TelegramApi
from bot.channels.telegram_hearing import Hearing
from bot.channels.telegram_polling import Polling
from bot.channels.telegram_webhook import PATH, Webhook, register
from bot.charts import bars_png
from bot.delivery import Delivery, NotSent, Refused
from bot.qr_pictures import qr_png
from bot.receipt_pictures import receipt_png
from bot.services import Services
from storage import talk
from storage.broadcast_lease import give_up_turn
from storage.database import Database
from storage.outbox import reclaim

PAUSE = 5.0  # seconds between two tries to register a webhook

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Channel:
    """What a process does for a channel: in the background, and behind a path of the web."""

    tasks: tuple[Coroutine[Any, Any, None], ...]
    webhooks: Mapping[str, ASGIApp]


@asynccontextmanager
async def telegram(services: Services, *, polling: bool) -> AsyncIterator[Channel | None]:
    """The bot, when there is a token; without a webhook's secret by polling. Delivery ends in peace."""
    settings = services.settings
    if settings.telegram_token is None:
        yield None
        return
    token = settings.telegram_token.get_secret_value()
    if settings.sqlite_file is not None:
        await services.db.write(let_go_of(CHANNEL))
    async with TelegramApi(settings.telegram_api, token, draw_from(services.db)) as api:
        delivery = Delivery(services.db, api)
        hearing = Hearing(api, services.runner.handle, services.ears)
        services.ears.fetch[CHANNEL] = api.voice
        services.ears.answered.append(delivery.nudge)
        secret = settings.telegram_webhook_secret
        tasks: list[Coroutine[Any, Any, None]] = []
        webhooks: dict[str, ASGIApp] = {}
        if secret is not None:
            known = secret.get_secret_value()
            webhooks[PATH] = Webhook(hearing, delivery.nudge, known, delivery.pace.beside)
            if polling:
                tasks.append(until_registered(lambda: register(api, settings.address, known)))
        elif polling:
            tasks.append(Polling(api, hearing, delivery.nudge).run())
        delivering = asyncio.create_task(delivery.run()) if polling else None
        try:
            yield Channel(tuple(tasks), webhooks)
        finally:
            delivery.stop()
            if delivering is not None:
                await delivering


def let_go_of(channel: str) -> Callable[[Connection], None]:
    """This is the only process: whatever another one held is free."""

    def free(tx: Connection) -> None:
        reclaim(tx, channel, dt.datetime.now(dt.UTC))
        give_up_turn(tx, channel)

    return free


async def until_registered(tell: Callable[[], Awaitable[None]]) -> None:
    """Tell a service where its webhook is until it has heard it."""
    told = False
    while True:
        try:
            await tell()
        except NotSent as fault:
            if not told:
                log.warning("webhook not registered", why=type(fault).__name__, said=str(fault))
            told = True
            await asyncio.sleep(PAUSE)
        else:
            return


def draw_from(db: Database) -> Draw:
    """What draws a reply's picture when it is sent."""

    async def draw(picture: Mapping[str, Any]) -> bytes:
        if picture["kind"] == "bars":
            return await asyncio.to_thread(bars_png, picture)
        if picture["kind"] == "receipt":
            return await asyncio.to_thread(receipt_png, picture)
        if picture["kind"] == "qr":
            return await asyncio.to_thread(qr_png, picture["text"])
        which = UUID(picture["id"])
        kept = await db.read(lambda conn: talk.jpeg(conn, which))
        if kept is None:
            raise Refused("the photo is gone")
        return kept

    return draw
