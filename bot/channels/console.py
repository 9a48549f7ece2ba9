"""The terminal as a channel: a person's lines in, worded replies out; also what plays a transcript."""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from sqlalchemy import bindparam, select

from bot.dialogue.message import Message, Text
from bot.event_lines import event_line
from bot.locales.render import Worded
from bot.transcripts import Button, Step, content, edits_the_last, moment, replay, reply
from domain.events import EVENT, Event
from storage.database import Database
from storage.schema import event

CHANNEL = "console"
BETWEEN = dt.timedelta(seconds=10)  # two messages of a transcript

FRESH = (
    select(event.c.position, event.c.body)
    .where(event.c.position > bindparam("seen"))
    .order_by(event.c.position)
)

Ask = Callable[[], Awaitable[str | None]]
Show = Callable[[str], None]
Facts = Callable[[], Awaitable[Iterable[Event]]]


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
    """One person's conversation: says lines as they stand in a transcript.

    `handle` is the runner's, all replies inline; `start` makes the ids of two talks of one person differ.
    `facts` gives the events stored since it was asked last.
    """

    handle: Callable[[Message], Awaitable[Heard]]
    sender: str
    start: str = ""
    facts: Facts | None = None
    shown: list[tuple[Button, ...]] = field(default_factory=list)
    said: int = 0
    typed: str | None = None

    async def say(self, said: str, at: dt.datetime) -> list[Worded]:
        """The replies to one line at this time; ValueError for an unknown button or direction."""
        handled = await self.handle(self.message(said, at))
        replies = [kept.worded for kept in handled.replies]
        self.shown += [worded.buttons for worded in replies]
        return replies

    def message(self, said: str, at: dt.datetime) -> Message:
        """The next message of this talk."""
        heard = content(said, self.shown)
        edits = self.typed if edits_the_last(said) else None
        self.said += 1
        id_ = f"{CHANNEL}:{self.sender}:{self.start}{self.said}"
        if isinstance(heard, Text) and edits is None:
            self.typed = id_
        return Message(id_, CHANNEL, self.sender, at, heard, edits)

    async def events(self) -> list[Step]:
        """What was stored since this was asked last, as `!` steps."""
        facts = await self.facts() if self.facts is not None else ()
        return [Step("!", event_line(fact)) for fact in facts]


@dataclass(slots=True)
class StoredFacts:
    """The events of a database, each once."""

    db: Database
    seen: int = 0

    async def __call__(self) -> list[Event]:
        """Those stored since this was called last."""
        rows = await self.db.read(lambda tx: tx.execute(FRESH, {"seen": self.seen}).all())
        self.seen = rows[-1].position if rows else self.seen
        return [EVENT.validate_python(row.body) for row in rows]


def step(worded: Worded) -> Step:
    """A reply as a `<` step."""
    kind = worded.picture["kind"] if worded.picture else None
    return reply(worded.text, worded.buttons, kind)


def numbered(worded: Worded) -> str:
    """A reply for a terminal: the words, and the buttons with the numbers that stand for them."""
    choices = (f"{number}. {label}" for number, (_, label) in enumerate(worded.buttons, 1))
    return "\n".join(filter(None, (worded.text, " · ".join(choices))))


async def converse(talk: Talk, ask: Ask, show: Show, now: Callable[[], dt.datetime]) -> list[Step]:
    """Talk until `ask` gives None; the conversation as a transcript."""
    steps = [Step("=", f"{now():%Y-%m-%d %H:%M}")]
    while (line := await ask()) is not None:
        if not line.strip():
            continue
        try:
            replies = await talk.say(line.strip(), now())
        except ValueError as wrong:
            show(f"({wrong})")
            continue
        for worded in replies:
            show(numbered(worded))
        steps += [Step(">", line.strip()), *await talk.events(), *map(step, replies)]
    return steps


async def play(talk: Talk, steps: Sequence[Step], now: dt.datetime) -> list[Step]:
    """A transcript as it goes today. Its `@` lines set up tests only and are passed over."""
    clock = now

    async def next_step(said: Step) -> list[Step]:
        nonlocal clock
        if said.mark == "=":
            clock = moment(said.text)
        if said.mark != ">":
            return []
        replies = await talk.say(said.text, clock)
        clock += BETWEEN
        return [*await talk.events(), *map(step, replies)]

    return await replay(steps, next_step)
