"""A message is claimed once; when it comes again it gets the answer that it got."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from bot.dialogue.message import Content, Message, News, Other, Picture, Tap, Text, Voice
from storage import outbox
from storage.schema import inbox
from storage.upsert import insert_new


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply as it stands in the outbox; `inline`: it goes out in the channel's own answer."""

    id: UUID
    body: Mapping[str, Any]
    inline: bool


CLAIM = insert_new(inbox)


def claim(tx: Connection, message: Message) -> bool:
    """Whether the message is new. Held until the transaction ends: one message is one turn."""
    row = {
        "id": message.id,
        "channel": message.channel,
        "sender": message.sender,
        "received_at": message.sent_at,
        "state": "done",
        "said": said(message.content),
    }
    return tx.execute(CLAIM, row).rowcount == 1


def said(content: Content) -> dict[str, Any] | None:
    """The message's words for the history; pictures, numbers and places are not among them."""
    if isinstance(content, News):
        return None  # nobody said anything
    kind = content.kind if isinstance(content, Other) else type(content).__name__.lower()
    match content:
        case Text(text) | Voice(text=text) | Picture(caption=text):
            return {"kind": kind, "text": text or ""}
        case Tap(button):
            return {"kind": kind, "button": button}
        case _:
            return {"kind": kind}


def replies_to(conn: Connection, message: Message) -> tuple[Reply, ...]:
    """What was answered to a message that comes again."""
    rows = conn.execute(outbox.ANSWERS, {"to_message": message.id})
    return tuple(Reply(r.id, r.body, r.state == "inline") for r in rows if r.body is not None)
