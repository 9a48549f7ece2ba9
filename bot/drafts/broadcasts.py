"""A message to an area as it is read: its words, who sent it, and the way to get no more of them."""

from __future__ import annotations

from dataclasses import replace

from bot.dialogue.reply import Addressed, Button, Line, Lines, Reply, Value, Voice
from bot.drafts.areas import own_name
from domain.roles import COUNTRY


def as_reply(text: str, name: str | None, area: str, voice: Voice) -> Reply:
    """In the words of this voice; `name` is that of whoever sent it, if it is known."""
    footer = Line("broadcast.footer", {"sender": sender(name, area)})
    stop = Button("broadcast.stop", "button.broadcast_stop")
    return Reply((Line("broadcast.body", {"text": Addressed(text)}), footer), (stop,), voice=voice)


def as_read(text: str, name: str | None, area: str) -> Reply:
    """The words alone, as somebody reads them of whom we know nothing."""
    return replace(as_reply(text, name, area, Voice()), buttons=())


def sender(name: str | None, area: str) -> Value:
    """`cán bộ Ngọc, xã Lai Vung`."""
    if area == COUNTRY:
        line = Line("broadcast.sender_country")
    else:
        key = "broadcast.sender" if name else "broadcast.sender_unnamed"
        line = Line(key, {"name": name or "", "area": own_name(area)})
    return Lines((line,))
