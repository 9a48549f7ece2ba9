"""Messages to areas go out while the program runs: recipients are fixed, then a few at a time get theirs."""

from __future__ import annotations

import asyncio
import datetime as dt
from dataclasses import replace
from functools import partial
from typing import Any

import structlog

from bot.dialogue.reply import FIRST, Voice
from bot.drafts.broadcasts import as_reply
from bot.locales.render import word
from domain.broadcasts import at_daytime
from storage import broadcast_feed
from storage.broadcast_people import Addressee
from storage.broadcasts import Broadcast
from storage.database import Database

FEED = 0.5  # seconds between two rounds while something goes out
POLL = 1.0  # seconds after which it looks whether something is to go out
PAUSE = 5.0  # seconds after a fault

log = structlog.get_logger()


async def keep_broadcasting(db: Database, language: str, quiet: frozenset[str]) -> None:
    """Feed the outbox as it empties; ends only when cancelled. `language`: of who chose none.

    In `quiet` channels nobody is written to unasked.
    """
    while True:
        try:
            busy = await feed_round(db, dt.datetime.now(dt.UTC), language, quiet)
        except Exception:
            log.exception("messages to areas not fed")
            await asyncio.sleep(PAUSE)
        else:
            await asyncio.sleep(FEED if busy else POLL)


async def feed_round(
    db: Database,
    now: dt.datetime,
    language: str = FIRST,
    quiet: frozenset[str] = frozenset(),
) -> bool:
    """One round; True when something is still to go out at this hour."""
    if not at_daytime(now) or not await db.read(broadcast_feed.any_sending):
        return False
    for one in await db.read(broadcast_feed.unfixed):
        people = await db.read(partial(broadcast_feed.recipients, of=one, now=now))
        await db.write(partial(broadcast_feed.fix, which=one.id, people=people))
    in_words = partial(worded, language=language)
    await db.write(partial(broadcast_feed.feed, now=now, quiet=quiet, worded=in_words))
    return True


def worded(one: Broadcast, whom: Addressee, language: str) -> dict[str, Any]:
    """The message in the words of address of this person, as the outbox keeps it."""
    spoken = whom.language or language
    voice = Voice(whom.you, whom.me, whom.name, bool(whom.southern), spoken)
    said = word(as_reply(one.text, one.name, one.audience.area, voice))
    # A number means the question that was asked last.
    return replace(said, numbered=False).to_json()
