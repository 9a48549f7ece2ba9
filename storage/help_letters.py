"""What a worker does in a question from a page: the same facts as from the chat, in one transaction."""

from __future__ import annotations

import datetime as dt
from typing import Literal
from uuid import UUID, uuid5

from sqlalchemy import Connection, bindparam, select

from bot.dialogue.message import HelpWords
from domain.help import LONGEST, plain_words
from domain.help_events import HelpOpened
from storage import personal, store
from storage.help import to_write
from storage.schema import event

STANDS = select(event.c.id).where(event.c.id == bindparam("which"))

Sent = Literal["sent", "empty", "long", "unseen"]


def open_by_worker(  # noqa: PLR0913, PLR0917 who writes to whom, what, when, through what
    tx: Connection,
    worker: UUID,
    code: str,
    text: str,
    once: UUID,
    now: dt.datetime,
    channel: str = "web",
) -> Sent:
    """Write to a household that lets this worker see it; `once` is the form's: sent twice is sent once.

    `unseen`: no such household in the worker's area, or it did not agree, or the role is gone.
    """
    words = plain_words(text)
    if not words or len(words) > LONGEST:
        return "long" if words else "empty"
    whom = to_write(tx, worker, code)
    if whom is None:
        return "unseen"
    sign, message = once.hex[:12], uuid5(once, "words")
    if tx.execute(STANDS, {"which": once}).first() is not None:
        return "sent"
    kept = HelpWords(message, sign, whom.household, "worker", words, now)
    personal.keep(tx, worker, whom.household, [kept])
    opened = HelpOpened(
        id=once,
        at=now,
        household=whom.household,
        person=worker,
        channel=channel,
        province=whom.province,
        commune=whom.commune,
        help=sign,
        member=whom.person,
        message=message,
    )
    store.append(tx, [opened])
    return "sent"
