"""The terminal as a channel: a conversation typed line by line, or a transcript played."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from pydantic import TypeAdapter
from sqlalchemy import Connection, select

from bot.channels.console import Talk
from bot.commands.output import Given, Mistake, Output, Run
from bot.dialogue import message as kinds
from bot.dialogue.message import Content, Message
from bot.event_lines import event_line
from bot.locales.render import Worded
from bot.transcripts import Step, moment, read, replay, write
from domain.events import EVENT
from domain.household import ZONE
from storage.schema import event, identity, session

if TYPE_CHECKING:
    from bot.services import Services

CONTENTS: dict[str, TypeAdapter[Content]] = {
    kind.__name__: TypeAdapter(kind)
    for kind in (
        kinds.Text,
        kinds.Tap,
        kinds.Voice,
        kinds.Picture,
        kinds.Contact,
        kinds.Location,
        kinds.Other,
    )
}


# Where the database is


async def message(services: Services, given: Given, out: Output) -> int:
    """Handle one message; its events and replies as one line of JSON."""
    heard = _unpacked(given)
    before = await services.db.read(lambda conn: _standing(conn, heard))
    handled = await services.runner.handle(heard, inline="all")
    after = await services.db.read(lambda conn: _standing(conn, heard))
    people = before.people | after.people
    events = await services.db.read(lambda conn: list(_events(conn, before.position, people)))
    replies = [kept.worded.to_json() for kept in handled.replies]
    out.say(json.dumps({"events": events, "replies": replies}))
    return 0


@dataclass(frozen=True, slots=True)
class _Standing:
    """The newest event, and who the sender is at this moment."""

    position: int
    people: frozenset[UUID]


def _standing(conn: Connection, heard: Message) -> _Standing:
    newest = select(event.c.position).order_by(event.c.position.desc()).limit(1)
    known = select(identity.c.person).where(
        identity.c.channel == heard.channel, identity.c.address == heard.sender
    )
    unknown = select(session.c.contact).where(
        session.c.channel == heard.channel, session.c.address == heard.sender
    )
    people = frozenset(conn.scalars(known)) | frozenset(conn.scalars(unknown))
    return _Standing(conn.scalar(newest) or 0, people)


def _events(conn: Connection, after: int, people: frozenset[UUID]) -> Iterator[str]:
    fresh = select(event.c.body).where(event.c.position > after, event.c.person.in_(people))
    for body in conn.scalars(fresh.order_by(event.c.position)):
        yield event_line(EVENT.validate_python(body))


# Where the person is


@dataclass(frozen=True, slots=True)
class _Kept:
    worded: Worded


@dataclass(slots=True)
class _Handled:
    replies: list[_Kept] = field(default_factory=list)


@dataclass(slots=True)
class _Line:
    """The last line of JSON that came; problems go on to the person."""

    out: Output
    line: str = ""

    def say(self, line: str) -> None:
        self.line = line

    def problem(self, line: str) -> None:
        self.out.problem(line)

    def progress(self, line: str) -> None:
        self.out.progress(line)

    def file(self, content: bytes, path: str | None) -> None:
        self.out.file(content, path)


class Conversation:
    """Says lines to a bot, which may run in another process, and notes down all that happens."""

    def __init__(self, run: Run, sender: str, out: Output) -> None:
        self._run = run
        self._out = out
        self._talk = Talk(self._handle, sender, start=f"{uuid4().hex[:12]}:")
        self._events: list[str] = []
        self.steps: list[Step] = []
        self.at: dt.datetime | None = None

    async def play(self, step: Step) -> list[Step]:
        """What comes of a step of a transcript; ValueError for one that cannot be played."""
        if step.mark == "=":
            self.at = moment(step.text)
        elif step.mark == ">":
            return await self.say(step.text)
        elif step.mark == "@":
            raise ValueError("@ lines are for tests; a conversation begins with what is stored")
        return []

    async def say(self, text: str) -> list[Step]:
        """One message: the events it made, then the replies."""
        self._events = []
        replies = await self._talk.say(text, self.at or dt.datetime.now(ZONE))
        came = [Step("!", line) for line in self._events] + replies
        self.steps += [Step(">", text), *came]
        return came

    async def _handle(self, heard: Message) -> _Handled:
        told = _Line(self._out)
        if await self._run("message", _packed(heard), told):
            raise Mistake("the message was not handled")
        answer = json.loads(told.line)
        self._events = answer["events"]
        return _Handled([_Kept(Worded.from_json(reply)) for reply in answer["replies"]])


def _packed(heard: Message) -> Given:
    kind = type(heard.content).__name__
    content = CONTENTS[kind].dump_python(heard.content)
    return {
        "id": heard.id,
        "channel": heard.channel,
        "sender": heard.sender,
        "sent_at": heard.sent_at.isoformat(),
        "edits": heard.edits,
        "kind": kind,
        **{f"content.{name}": value for name, value in content.items()},
    }


def _unpacked(given: Given) -> Message:
    content = {k.partition(".")[2]: v for k, v in given.items() if k.startswith("content.")}
    return Message(
        given["id"],
        given["channel"],
        given["sender"],
        dt.datetime.fromisoformat(given["sent_at"]),
        CONTENTS[given["kind"]].validate_python(content),
        given["edits"],
    )


async def chat(run: Run, given: Given, out: Output) -> int:
    """Talk until the input ends, or play a transcript; the conversation is saved when a file is named."""
    conversation = Conversation(run, given["as"], out)
    try:
        if given["script"]:
            await _play(conversation, given["script"], out)
        else:
            await _converse(conversation, out)
    except ValueError as wrong:
        raise Mistake(str(wrong)) from None
    finally:
        if given["save"]:
            out.file(write(conversation.steps).encode(), given["save"])
    return 0


async def _play(conversation: Conversation, path: str, out: Output) -> None:
    """The transcript with what comes out now."""
    try:
        steps = read(await asyncio.to_thread(Path(path).read_text, "utf-8"))
    except (OSError, UnicodeDecodeError) as fault:
        raise Mistake(f"{path}: cannot be read: {fault}") from None
    conversation.steps = await replay(steps, conversation.play)
    out.say(write(conversation.steps).rstrip("\n"))


async def _converse(conversation: Conversation, out: Output) -> None:
    prompt = "> " if sys.stdin.isatty() else ""
    while True:
        try:
            text = input(prompt).strip()  # noqa: ASYNC250 nobody else runs in this process
        except (EOFError, KeyboardInterrupt):
            return
        if not text:
            continue
        try:
            came = await conversation.say(text)
        except ValueError as wrong:
            out.problem(str(wrong))
            continue
        out.say(write(came).rstrip("\n"))
