"""News where we write to nobody unasked: it goes to another machine of theirs, or with their next message.

What waits is no text but what happened: it is put into words when it is told, and only if it is still news.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Connection, Row

from bot.dialogue.check_queries import CheckNews
from bot.dialogue.message import (
    AddressNews,
    CourseNews,
    HelpNews,
    Message,
    News,
    OrderNews,
    SummaryNews,
)
from bot.dialogue.report_queries import ReportNews
from bot.dialogue.told import ChannelNews, DisputeNews, EntryNews
from storage import held_news
from storage.claims import claim
from storage.recipients import elsewhere

KINDS: dict[str, TypeAdapter[Any]] = {
    kind.__name__: TypeAdapter(kind)
    for kind in (
        AddressNews,
        ChannelNews,
        CheckNews,
        CourseNews,
        DisputeNews,
        EntryNews,
        HelpNews,
        OrderNews,
        ReportNews,
        SummaryNews,
    )
}


def moved(tx: Connection, message: Message, quiet: Collection[str]) -> Message | None:
    """The same news for another machine of the person; None when there is none.

    What every machine is told, each by itself, stays with this one.
    """
    if isinstance(message.content, ChannelNews):
        return None
    other = elsewhere(tx, (message.channel, message.sender), quiet)
    return replace(message, channel=other[0], sender=other[1]) if other else None


def put_aside(tx: Connection, message: Message) -> None:
    """Claimed like any other message, so that it is told once."""
    if not claim(tx, message):
        return
    kind = type(message.content).__name__
    news = {
        "id": message.id,
        "channel": message.channel,
        "address": message.sender,
        "kind": kind,
        "body": KINDS[kind].dump_python(message.content, mode="json"),
        "at": message.sent_at,
    }
    held_news.keep(tx, news)


def due_with(tx: Connection, message: Message) -> list[tuple[str, Message]]:
    """What waited for this message: (id of what waits, the message to be told now, with an id of its own)."""
    now = message.sent_at
    rows = held_news.waiting(tx, message.channel, message.sender, now)
    return [
        (row.id, Message(f"{row.id}:later", row.channel, row.address, now, _content(row)))
        for row in rows
    ]


def _content(row: Row[Any]) -> News:
    content: News = KINDS[row.kind].validate_python(row.body)
    return content
