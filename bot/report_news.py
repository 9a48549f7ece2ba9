"""Officers hear that a report of theirs was sent back, in decent hours; each is told once."""

from __future__ import annotations

import datetime as dt
from functools import partial
from uuid import UUID, uuid5

from bot.dialogue.message import Message
from bot.dialogue.report_queries import ReportNews
from bot.dialogue.turn import SPACE
from bot.runner import Runner
from storage import submissions
from storage.database import Database
from storage.recipients import Address


async def tell_due(db: Database, runner: Runner, now: dt.datetime) -> bool:
    """One round; True when there may be more."""
    found = await db.read(partial(submissions.due, now=now))
    for which, addresses in found:
        for address in addresses:
            await runner.handle(_message(which, address, now))
        await db.write(partial(submissions.told, which=which, now=now))
    return len(found) >= submissions.BATCH


def _message(which: UUID, address: Address, now: dt.datetime) -> Message:
    """The same news for the same address has the same id; an address itself is in none."""
    whom = uuid5(SPACE, ":".join(address))
    return Message(f"news:report:{which}:{whom}", *address, now, ReportNews(which))
