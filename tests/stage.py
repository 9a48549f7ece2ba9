"""Plays a transcript through the real runner on a database of its own."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from functools import partial
from uuid import UUID

from given import Past
from sqlalchemy import Connection, insert, select

from bot.channels.console import CHANNEL, Talk
from bot.config import PREFIX, load_settings
from bot.dialogue.message import BuyerNamed, Message, Personal, PersonNamed
from bot.event_lines import event_line
from bot.handlers import HANDLERS
from bot.runner import Handled, Runner
from bot.transcripts import Given, Step, codes, given, moment, replay
from domain.codes import receipt_code
from domain.events import EVENT, Event
from storage import personal, store
from storage.database import Database
from storage.schema import event, identity

PACE = dt.timedelta(seconds=10)  # between two messages
COPY = re.compile(r"/copies/[\w-]+")
SENDER = "player"
RULES = {"controller", "public_url", "order_hours", "retention_months"}


class Stage:
    """`play` is one step; what the `@` lines give is stored before the first message after them."""

    def __init__(self, db: Database, steps: Sequence[Step]) -> None:
        self.db = db
        self.past = Past()
        self.rules: dict[str, str] = {}
        self.pace = PACE
        self.copy: str | None = None
        self.now = dt.datetime.now(dt.UTC)
        self.stored = 0
        self.known = False
        self.counted = (0, 0)  # codes and buyers that the household knows of
        self.seen = 0
        self._steps = steps
        self._talk: Talk | None = None

    async def play(self, said: Step) -> list[Step]:
        """What comes of one step."""
        match said.mark:
            case "=":
                self.now = moment(said.text)
            case "@":
                await self.give(given(said.text))
            case ">":
                return await self.say(said.text)
        return []

    async def give(self, line: Given) -> None:
        """Something was there before, or happens beside the conversation."""
        match line.kind:
            case "rules":
                unknown = line.values.keys() - RULES
                assert not unknown, f"@ rules: {unknown}"
                self.rules |= line.values
            case "pace":
                self.pace = dt.timedelta(seconds=int(line.values["seconds"]))
            case "copy":
                self.copy = line.values["address"]
            case "restart":
                await self.restart()
            case _:
                self.past.add(line, self.now)

    async def restart(self) -> None:
        """The process ends and another begins; only the database stays."""
        url = self.db.url
        await self.db.close()
        self.db = await Database.open(url.render_as_string(hide_password=False))
        if self._talk is not None:
            self._talk.handle = self._handle()

    async def say(self, text: str) -> list[Step]:
        """One message: the events that it made, then the replies."""
        await self._store_past()
        if self._talk is None:
            self._talk = Talk(self._handle(), SENDER)
        replies = await self._talk.say(text, self.now)
        self.now += self.pace
        events = [Step("!", event_line(fact)) for fact in await self._facts()]
        return events + [Step("<", self._without_secrets(reply.text)) for reply in replies]

    def _without_secrets(self, text: str) -> str:
        return COPY.sub(self.copy, text) if self.copy else text

    def _handle(self) -> Callable[[Message], Awaitable[Handled]]:
        rules = {f"{PREFIX}{name.upper()}": value for name, value in self.rules.items()}
        runner = Runner(self.db, load_settings(rules, None), HANDLERS, code_of=self._code)
        return partial(runner.handle, inline="all")

    def _code(self, household: UUID, number: int) -> str:
        """The codes that the transcript shows, after those of the past."""
        told = {getattr(e, "code", None) for e in self.past.events}
        new = [code for code in codes(self._steps) if code not in told]
        with suppress(IndexError):
            if number >= self.past.codes:
                return new[number - self.past.codes]
        return receipt_code(household, number)

    async def _store_past(self) -> None:
        events = self.past.events[self.stored :]
        if events or (self.past.own and not self.known):
            await self.db.write(lambda tx: self._keep(tx, events))
            self.stored += len(events)
            await self._facts()

    def _keep(self, tx: Connection, events: list[Event]) -> None:
        past = self.past
        store.append(tx, events)
        own: list[Personal] = [PersonNamed(**past.own)]
        own += [BuyerNamed(ref, name) for name, ref in past.buyers.items()]
        personal.keep(tx, past.person, past.home, own)
        if not self.known:
            who = {"channel": CHANNEL, "address": SENDER, "person": past.person, "since": self.now}
            tx.execute(insert(identity), who)
            self.known = True
        if past.home is not None:
            codes, buyers = self.counted
            self.counted = past.codes, len(past.buyers)
            store.touch(tx, past.home, past.codes - codes, len(past.buyers) - buyers)

    async def _facts(self) -> list[Event]:
        """The facts stored since this was asked last."""
        fresh = select(event.c.position, event.c.body).where(event.c.position > self.seen)
        rows = await self.db.read(lambda tx: tx.execute(fresh.order_by(event.c.position)).all())
        self.seen = rows[-1].position if rows else self.seen
        return [EVENT.validate_python(row.body) for row in rows]


async def played(db: Database, steps: Sequence[Step]) -> list[Step]:
    """The transcript as it goes today, on an empty database."""
    stage = Stage(db, steps)
    try:
        return await replay(steps, stage.play)
    finally:
        await stage.db.close()
