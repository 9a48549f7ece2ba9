"""What is answered to a message, put into the outbox in the transaction of its turn."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from sqlalchemy import Connection

from bot.dialogue.message import Message, News
from bot.dialogue.turn import SPACE
from domain.codes import derived_id
from storage import outbox
from storage.claims import Reply

Inline = bool | Literal["all"]  # what a channel can give in its own answer: nothing, one reply, all


def answer(
    tx: Connection,
    message: Message,
    bodies: Sequence[Mapping[str, Any]],
    inline: Inline,
    *,
    waiting: bool | None = None,
) -> tuple[Reply, ...]:
    """The replies into the outbox. `inline`: the channel can give one (True) or "all" in its own answer.

    One alone does not pass earlier ones that still wait for this recipient (None: not known whether any do).
    """
    at_once = inline == "all"
    if inline is True and len(bodies) == 1:
        at_once = not (
            outbox.waits(tx, message.channel, message.sender) if waiting is None else waiting
        )
    ids = [derived_id(SPACE, f"{message.id}/reply/{n}") for n in range(len(bodies))]
    now = min(message.sent_at, dt.datetime.now(dt.UTC))  # a sender's clock may be ahead
    urgency = _urgency(message)
    rows = [
        outbox.row(
            id_,
            message.channel,
            message.sender,
            body,
            now,
            message=message.id,
            urgency=urgency,
            inline=at_once,
        )
        for id_, body in zip(ids, bodies, strict=True)
    ]
    outbox.put(tx, rows)
    return tuple(Reply(id_, body, at_once) for id_, body in zip(ids, bodies, strict=True))


def _urgency(message: Message) -> int:
    content = message.content
    if not isinstance(content, News):
        return outbox.REPLY
    return outbox.BROADCAST if content.is_broadcast else outbox.NOTICE
