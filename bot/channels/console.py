"""The terminal as a channel: a person's lines in, worded replies out; also what plays a transcript."""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import Protocol

from bot.dialogue.message import Message, Text
from bot.locales.render import Worded
from bot.transcripts import Button, Step, content, edits_the_last, reply

CHANNEL = "console"


class KeptReply(Protocol):
    """What the runner kept of a reply."""

    @property
    def worded(self) -> Worded: ...


class Heard(Protocol):
    """What the runner made of a message."""

    @property
    def replies(self) -> Iterable[KeptReply]: ...


@dataclass(slots=True)
class Talk:
    """One person's conversation: says lines as they stand in a transcript, gives its `<` steps.

    `handle` is the runner's, all replies inline; `start` makes the ids of two talks of one person differ.
    """

    handle: Callable[[Message], Awaitable[Heard]]
    sender: str
    start: str = ""
    shown: list[tuple[Button, ...]] = field(default_factory=list)
    said: int = 0
    typed: str | None = None

    async def say(self, said: str, at: dt.datetime) -> list[Step]:
        """The replies to one line at this time; ValueError for an unknown button or direction."""
        handled = await self.handle(self.message(said, at))
        replies = [kept.worded for kept in handled.replies]
        self.shown += [worded.buttons for worded in replies]
        return [step(worded) for worded in replies]

    def message(self, said: str, at: dt.datetime) -> Message:
        """The next message of this talk."""
        heard = content(said, self.shown)
        edits = self.typed if edits_the_last(said) else None
        self.said += 1
        id_ = f"{CHANNEL}:{self.sender}:{self.start}{self.said}"
        if isinstance(heard, Text) and edits is None:
            self.typed = id_
        return Message(id_, CHANNEL, self.sender, at, heard, edits)


def step(worded: Worded) -> Step:
    """A reply as a `<` step."""
    kind = worded.picture["kind"] if worded.picture else None
    return reply(worded.text, worded.buttons, kind)
