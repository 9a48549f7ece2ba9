"""Both sides of a question hear of what the other says; each piece of news is told once."""

from __future__ import annotations

import datetime as dt
from functools import partial
from uuid import UUID

from bot.dialogue.message import HelpNews, Message
from bot.runner import Runner
from storage import help_news
from storage.database import Database
from storage.recipients import Address


async def tell_due(db: Database, runner: Runner, now: dt.datetime) -> bool:
    """One round; True when there may be more."""
    found = await db.read(partial(help_news.due, now=now))
    for news, address in found:
        await _tell(db, runner, news, address, now)
    return len(found) >= help_news.BATCH


async def _tell(
    db: Database, runner: Runner, news: UUID, address: Address | None, now: dt.datetime
) -> None:
    """The message has the news' own id: told again after a fall it is known."""
    if address is not None:
        await runner.handle(Message(f"news:help:{news}", *address, now, HelpNews(news)))
    await db.write(partial(help_news.told, news=news, now=now))
