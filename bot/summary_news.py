"""Officers hear of the summary that was made by itself: each once, by day, that of their own area."""

from __future__ import annotations

import datetime as dt
from functools import partial
from uuid import uuid5

from bot.dialogue.message import Message, SummaryNews
from bot.dialogue.turn import SPACE
from bot.runner import Runner
from domain.courses import is_decent
from storage import scheduled
from storage.broadcast_people import own_address
from storage.database import Database
from storage.scheduled import Part


async def tell_due(db: Database, runner: Runner, now: dt.datetime) -> bool:
    """One round; True when there may be more. Told twice it is told once: the message has its id."""
    found = await db.read(partial(scheduled.chats, now=now)) if is_decent(now) else []
    for part in found:
        await _tell(db, runner, part, now)
    return len(found) == scheduled.CHATS_A_ROUND


async def _tell(db: Database, runner: Runner, part: Part, now: dt.datetime) -> None:
    assert part.person is not None
    assert part.area is not None
    to = await db.read(partial(own_address, who=part.person))
    if to is None:
        await db.write(partial(scheduled.done, part=part, now=now, how="failed", why="nowhere"))
        return
    whose = uuid5(SPACE, f"{part.person}/{part.area}")
    id_ = f"news:summary:{part.kind}:{part.period}:{whose}"
    told = SummaryNews(part.kind, part.period, part.area)
    await runner.handle(Message(id_, to.channel, to.address, now, told))
    await db.write(partial(scheduled.done, part=part, now=now))
