"""A summary made by itself on its way out of the house: by mail and to a webhook, until it is there.

At least once: a process may die after sending. The letter's id stays the same, so that it is known again.
"""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable
from functools import partial
from uuid import UUID, uuid5

import structlog

from bot import mail, webhooks_out
from bot.config import Settings
from bot.dialogue.turn import SPACE
from bot.letters import Gone, Letter, NotTaken
from bot.locales.spoken import speaking
from bot.summary import Summary
from domain.schedule import SummaryKind
from storage import scheduled
from storage.database import Database
from storage.killpoints import passing
from storage.scheduled import MAIL, WEBHOOK, mail_target

FIRST_WAIT = dt.timedelta(minutes=1)
LONGEST_WAIT = dt.timedelta(hours=2)
GIVE_UP = dt.timedelta(hours=24)

FilesMade = dict[tuple[SummaryKind, str], mail.Files]

log = structlog.get_logger()


def targets(settings: Settings) -> tuple[str, ...]:
    """Where letters go, as the settings have it now."""
    addresses = settings.mail_to if settings.smtp_url else ()
    hook = (WEBHOOK,) if settings.webhook_url else ()
    return (*map(mail_target, addresses), *hook)


async def send_letters(db: Database, settings: Settings, now: dt.datetime) -> None:
    """All that are to go out now, one after the other."""
    files: FilesMade = {}
    while found := await db.write(partial(scheduled.lease_letters, now=now)):
        for one in found:
            await _send(db, partial(_carry, settings, one, files), one, now)


async def _send(
    db: Database, carry: Callable[[], Awaitable[None]], one: scheduled.Letter, now: dt.datetime
) -> None:
    part = one.part
    try:
        await carry()
        passing("after_send")
    except Gone as fault:
        log.warning("summary not taken", way=_way(part), why=str(fault))
        await db.write(partial(scheduled.done, part=part, now=now, how="failed", why=str(fault)))
    except NotTaken as fault:
        await _later(db, one, now, str(fault))
    else:
        await db.write(partial(scheduled.done, part=part, now=now))


async def _carry(settings: Settings, one: scheduled.Letter, files: FilesMade) -> None:
    """To its target; Gone when the settings name it no longer."""
    if not one.body:
        raise Gone("nothing to send")
    summary = Summary.model_validate_json(one.body)
    letter = Letter(id_of(one), one.part.kind, one.part.period, one.made_at, summary)
    if one.part.target.startswith(MAIL):
        with speaking(settings.language):
            await _mail(settings, one, letter, files)
    elif settings.webhook_url is None or settings.webhook_secret is None:
        raise Gone("the webhook is no longer set")
    else:
        key = settings.webhook_secret.get_secret_value()
        await webhooks_out.post(settings.webhook_url, key, letter, dt.datetime.now(dt.UTC))


async def _mail(
    settings: Settings, one: scheduled.Letter, letter: Letter, files: FilesMade
) -> None:
    """With the files of its summary, which are made once for all addresses."""
    to = next((a for a in settings.mail_to if mail_target(a) == one.part.target), None)
    if to is None or settings.smtp_url is None:
        raise Gone("the address is no longer set")
    which = one.part.kind, one.part.period
    if which not in files:
        files[which] = await asyncio.to_thread(mail.files_of, letter.summary)
    message = mail.written(letter, files[which], settings.mail_from or "", to)
    await asyncio.to_thread(mail.send, settings.smtp_url.get_secret_value(), message)


def id_of(one: scheduled.Letter) -> UUID:
    """The same at every attempt."""
    return uuid5(SPACE, f"scheduled/{one.part.kind}/{one.part.period}/{one.part.target}")


async def _later(db: Database, one: scheduled.Letter, now: dt.datetime, why: str) -> None:
    """Once more, each time after longer; for a day."""
    part = one.part
    wait = min(FIRST_WAIT * 2 ** min(part.tries, 10), LONGEST_WAIT)
    if now + wait > one.made_at + GIVE_UP:
        log.warning("summary given up", way=_way(part), why=why)
        await db.write(partial(scheduled.done, part=part, now=now, how="failed", why=why))
        return
    log.warning("summary not sent yet", way=_way(part), why=why, tries=part.tries + 1)
    await db.write(partial(scheduled.again, part=part, at=now + wait, why=why))


def _way(part: scheduled.Part) -> str:
    return part.target.partition("/")[0]
