"""Households hear of what workers did about their digital address; each piece of news is told once."""

from __future__ import annotations

import datetime as dt
from functools import partial
from uuid import UUID, uuid5

from bot.dialogue.message import AddressNews, Message
from bot.dialogue.turn import SPACE
from bot.runner import Runner
from storage import address_news
from storage.database import Database
from storage.recipients import Address


async def tell_due(db: Database, runner: Runner, now: dt.datetime) -> bool:
    """One round; True when there may be more."""
    found = await db.read(partial(address_news.due, now=now))
    for news, addresses in found:
        for address in addresses:
            await runner.handle(_message(news, address, now))
        await db.write(partial(address_news.told, news=news, now=now))
    return len(found) >= address_news.BATCH


def _message(news: UUID, address: Address, now: dt.datetime) -> Message:
    """The same news for the same address has the same id; an address itself is in none."""
    whom = uuid5(SPACE, ":".join(address))
    return Message(f"news:address:{news}:{whom}", *address, now, AddressNews(news))
