"""Zalo, put together from the settings."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

from starlette.types import ASGIApp

from bot.channels.zalo import CHANNEL
from bot.channels.zalo_client import ZaloApi
from bot.channels.zalo_hearing import Hearing
from bot.channels.zalo_pictures import PictureLinks
from bot.channels.zalo_polling import Polling
from bot.channels.zalo_webhook import PATH, Webhook, register
from bot.commands.channels import Channel, let_go_of, until_registered
from bot.config import Settings
from bot.delivery import Delivery
from bot.pace import Pace
from bot.services import Services

MOST = 25  # messages in any second; Zalo names no limit, only that there is one


@asynccontextmanager
async def zalo(services: Services, *, polling: bool) -> AsyncIterator[Channel | None]:
    """The bot, when there is a token; without a webhook's secret by polling. Delivery ends in peace."""
    settings = services.settings
    if settings.zalo_token is None:
        yield None
        return
    if settings.sqlite_file is not None:
        await services.db.write(let_go_of(CHANNEL))
    token, links = settings.zalo_token.get_secret_value(), picture_links(services)
    async with ZaloApi(settings.zalo_api, token, links) as api:
        delivery = Delivery(services.db, api, Pace(MOST))
        services.ears.fetch[CHANNEL] = api.voice
        services.ears.answered.append(delivery.nudge)
        delivering = asyncio.create_task(delivery.run()) if polling else None
        try:
            yield _both_ways(services, settings, api, delivery, polling=polling)
        finally:
            delivery.stop()
            if delivering is not None:
                await delivering


def _both_ways(
    services: Services, settings: Settings, api: ZaloApi, delivery: Delivery, *, polling: bool
) -> Channel:
    """The webhook and its registration, or the loop."""
    hearing = Hearing(api, services.runner.handle, services.ears)
    tasks: list[Coroutine[Any, Any, None]] = []
    webhooks: dict[str, ASGIApp] = {}
    if (secret := settings.zalo_webhook_secret) is not None:
        known = secret.get_secret_value()
        webhooks[PATH] = Webhook(hearing, delivery.nudge, known)
        if polling:
            tasks.append(until_registered(lambda: register(api, settings.address, known)))
    elif polling:
        tasks.append(Polling(api, hearing, delivery.nudge).run())
    return Channel(tuple(tasks), webhooks)


def picture_links(services: Services) -> PictureLinks | None:
    """Addresses that Zalo can open; none without a public https address of ours."""
    address = services.settings.public_url
    parts = urlsplit(address or "")
    own = parts.hostname in {"127.0.0.1", "localhost", "::1"}  # a Bot API server beside us
    if address is None or not (parts.scheme == "https" or own):
        return None
    return PictureLinks(address, services.secret)
