"""What the doctor looks at of letters: is the mail server there, the webhook, did the last ones arrive."""

from __future__ import annotations

import asyncio
import datetime as dt
import ssl
from collections.abc import Iterator
from functools import partial
from urllib.parse import urlsplit

from bot import mail
from bot.config import Settings
from bot.letters import NotTaken
from storage import scheduled
from storage.database import Database

PATIENCE = 10.0  # seconds
LATELY = dt.timedelta(days=7)
PORTS = {"http": 80, "https": 443}


def configured(settings: Settings) -> Iterator[str]:
    """A line each: whether there is one, and for mail to how many."""
    to = len(settings.mail_to)
    yield f"mail        {f'to {to} addresses' if settings.smtp_url else 'off'}"
    yield f"webhook     {'on' if settings.webhook_url else 'off'}"


async def troubles(db: Database, settings: Settings) -> list[str]:
    """What is not reached or behind, each as a sentence without addresses."""
    now = dt.datetime.now(dt.UTC)
    late = await db.read(partial(scheduled.late, now=now))
    found = [f"{late} summaries wait to be sent for more than an hour"] if late else []
    for way, why in await db.read(partial(scheduled.troubled, since=now - LATELY)):
        found.append(f"a summary by {way} did not arrive: {why}")
    return found + [one for one in (await _mail(settings), await _webhook(settings)) if one]


async def _mail(settings: Settings) -> str | None:
    if settings.smtp_url is None:
        return None
    try:
        await asyncio.to_thread(mail.reach, settings.smtp_url.get_secret_value())
    except NotTaken as fault:
        return str(fault)
    return None


async def _webhook(settings: Settings) -> str | None:
    """Only whether it can be connected to: a request would be a summary."""
    if settings.webhook_url is None:
        return None
    parts = urlsplit(settings.webhook_url)
    tls = ssl.create_default_context() if parts.scheme == "https" else None
    try:
        async with asyncio.timeout(PATIENCE):
            port = parts.port or PORTS[parts.scheme]
            _, writer = await asyncio.open_connection(parts.hostname, port, ssl=tls)
            writer.close()
    except (OSError, TimeoutError) as fault:
        return f"the webhook was not reached ({type(fault).__name__})"
    return None
