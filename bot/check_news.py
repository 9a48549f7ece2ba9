"""Households are asked about what a worker disputes, in decent hours; each question is made once."""

from __future__ import annotations

import datetime as dt
from functools import partial
from uuid import uuid5

from bot.dialogue.check_queries import CheckNews
from bot.dialogue.message import Message
from bot.dialogue.turn import SPACE
from bot.runner import Runner
from storage import check_news
from storage.check_news import Question
from storage.database import Database
from storage.recipients import Address


async def tell_due(db: Database, runner: Runner, now: dt.datetime) -> bool:
    """One round; True when there may be more."""
    found = await db.read(partial(check_news.due, now=now))
    for one in found:
        for address in one.to:
            await runner.handle(_message(one, address, now))
        await db.write(partial(check_news.asked, one=one, now=now))
    return len(found) >= check_news.BATCH


def _message(one: Question, address: Address, now: dt.datetime) -> Message:
    """The same question for the same address has the same id; an address itself is in none."""
    whom = uuid5(SPACE, ":".join(address))
    news = CheckNews(one.subject, one.ref)
    return Message(f"news:check:{one.event}:{whom}", *address, now, news)
