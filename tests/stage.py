"""Plays a transcript through the real runner on a database of its own."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from uuid import UUID, uuid5

from given import SPACE, Past, platform_order
from held import hold
from in_memory import Memory
from sqlalchemy import Connection, bindparam, insert, select
from ways import Console, Talking, Way

from bot.broadcasts import feed_round
from bot.config import PREFIX, Settings, load_settings
from bot.dialogue.message import BuyerNamed, Message, Personal, PersonNamed
from bot.event_lines import event_line
from bot.handlers import HANDLERS
from bot.locales.render import Worded
from bot.one_turn import Handled
from bot.order_intake import take_in
from bot.runner import Runner
from bot.scheduled import make_due
from bot.telling import TELLERS
from bot.transcripts import Given, Step, codes, given, moment, replay
from domain.codes import receipt_code
from domain.events import EVENT, Event
from storage import personal, store
from storage.database import Database
from storage.potential import reckon_potential
from storage.roles import INVITED_FOR
from storage.rollups import BATCH, advance
from storage.schema import event, identity, invitation, outbox
from storage.tokens import hashed

PACE = dt.timedelta(seconds=10)  # between two messages
COPY = re.compile(r"/copies/[\w-]+")
SECRET = re.compile(r"(/invitations|/worker/in|/summaries)/[\w-]{43}")
LINK = re.compile(r"[A-HJ-NP-Z][2-9]\w\w(?:-[A-HJ-NP-Z][2-9]\w\w){1,2}")
LINKS = {9: "K7XM-P3QA", 14: "K7XM-P3QA-T4NC"}  # a code of this length as transcripts have it
RECEIPT = re.compile(r"/receipt/[\w-]{22}")
HELP = re.compile(r"\b(help|scope)=([0-9a-f]{12})\b")
SIGN = re.compile(r"\bhelp=(h\d+)\b")
SENDER = "player"
RULES = {"controller", "language", "order_hours", "public_url", "retention_months"}


NEWS = (
    select(outbox.c.position, outbox.c.id, outbox.c.body)
    .where(
        outbox.c.position > bindparam("after"),
        outbox.c.message.like("news:%") | outbox.c.broadcast.is_not(None),
        outbox.c.recipient == bindparam("whose"),
    )
    .order_by(outbox.c.position)
)


@dataclass(slots=True)
class Speaker:
    """One person of a transcript: what was there of them before, their talk, what they have been shown."""

    sender: str
    past: Past
    talk: Talking | None = None
    stored: int = 0
    known: bool = False
    counted: tuple[int, int] = (0, 0)  # codes and buyers that the household knows of
    told: int = 0


def speaker(name: str, address: str) -> Speaker:
    """Somebody else than the one who speaks first, with ids of their own."""
    space = uuid5(SPACE, name)
    return Speaker(address, Past(person=space, space=space))


class Stage:
    """`play` is one step; what the `@` lines give is stored before the first message after them."""

    def __init__(self, db: Database, steps: Sequence[Step], way: Way | None = None) -> None:
        self.db = db
        self.way = way or Console()
        self.people = {SENDER: Speaker(self.way.address(SENDER), Past())}
        self.speaker = self.people[SENDER]
        self.rules: dict[str, str] = {}
        self.pace = PACE
        self.copy: str | None = None
        self.now = dt.datetime.now(dt.UTC)
        self.seen = 0
        self.signs: dict[str, str] = {}
        self.links: dict[str, str] = {}  # the last code of each length, as it really is
        self._steps = steps

    @property
    def past(self) -> Past:
        """What was there before of whoever speaks now."""
        return self.speaker.past

    async def play(self, said: Step) -> list[Step]:
        """What comes of one step."""
        match said.mark:
            case "=":
                self.now = moment(said.text)
                return await self.tell()
            case "@":
                return await self.give(given(said.text))
            case ">":
                return await self.say(said.text)
        return []

    async def give(self, line: Given) -> list[Step]:
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
            case "offered" | "course" | "scored" | "counted":
                await BESIDE[line.kind](self, line)
            case "platform":
                return await self.platform(line)
            case "as":
                return await self.turn_to(line)
            case _:
                self.past.add(line, self.now)
        return []

    async def turn_to(self, line: Given) -> list[Step]:
        """`as worker name=Ngọc you=chị role=worker area=30226`: who speaks from here; their news so far.

        `as` alone is the first one again. The values are those of `person`, `role` and `household`.
        """
        await self._store_past()
        name = line.words[0] if line.words else SENDER
        self.speaker = self.people.setdefault(name, speaker(name, self.way.address(name)))
        values = line.values
        if "role" in values:
            self.past.add(Given("role", (values["role"],), values), self.now)
        if values:
            self.past.add(Given("person", (), values), self.now)
        if "commune" in values:
            self.past.add(Given("household", (), values), self.now)
        await self._store_past()
        return await self.tell()

    async def offer(self, line: Given) -> None:
        """`offered word=LOI-MOI-CUA-LAI-VUNG role=worker area=30226`: an invitation of the command line."""
        values = line.values
        row = {
            "hash": hashed(values["word"]),
            "role": values["role"],
            "area": values["area"],
            "made_at": self.now,
            "expires_at": self.now + INVITED_FOR,
        }
        await self.db.write(lambda tx: tx.execute(insert(invitation), row))

    async def course(self, line: Given) -> None:
        """A course of a worker (see `held.hold`), or what its worker does to it."""
        await self._store_past()
        await self.db.write(partial(hold, line=line, now=self.now))
        await self._facts()

    async def scored(self, _: Given) -> None:
        """`scored`: the potential of all households was just reckoned."""
        await self._store_past()
        await reckon_potential(self.db, self.now)

    async def counted(self, _: Given) -> None:
        """`counted`: the figures know of everything, and the summaries that are due were made."""
        await self._store_past()
        while await self.db.write(advance) == BATCH:
            pass
        await make_due(self.db, Settings(), self.now)
        await self._facts()

    async def platform(self, line: Given) -> list[Step]:
        """A platform tells of an order: its events, then the news of it unless it is still `untold`."""
        await self._store_past()
        told = platform_order(line, self.past.home_code)
        now = self.now
        await self.db.write(lambda tx: take_in(tx, [told], now=now, channel="api"))
        events = [Step("!", self._line(fact)) for fact in await self._facts()]
        return events if "untold" in line.words else events + await self.tell()

    async def tell(self) -> list[Step]:
        """What the clock brings about: events, and news that goes out now."""
        if any(one.known for one in self.people.values()):
            for tell_due in TELLERS:
                while await tell_due(self.db, self._runner(), self.now):
                    pass
            for _ in range(2):  # who gets a message is fixed, then it goes out
                await feed_round(self.db, self.now)
        events = [Step("!", self._line(fact)) for fact in await self._facts()]
        return events + await self._news()

    async def _news(self) -> list[Step]:
        values = {"after": self.speaker.told, "whose": self.speaker.sender}
        rows = await self.db.read(lambda tx: tx.execute(NEWS, values).all())
        self.speaker.told = rows[-1].position if rows else self.speaker.told
        talk = self._talking()
        return [talk.told(row.id, Worded.from_json(row.body)) for row in rows]

    async def restart(self) -> None:
        """The process ends and another begins; only the database stays."""
        self.db = await reopened(self.db)
        for one in self.people.values():
            if one.talk is not None:
                one.talk.handle = self._handle()

    async def say(self, text: str) -> list[Step]:
        """One message: the events that it made, then the replies."""
        await self._store_past()
        replies = await self._talking().say(self._with_links(text), self.now)
        self.now += self.pace
        events = [Step("!", self._line(fact)) for fact in await self._facts()]
        return events + [Step("<", self._without_secrets(reply.text)) for reply in replies]

    def _talking(self) -> Talking:
        if self.speaker.talk is None:
            self.speaker.talk = self.way.talk(self._handle(), self.speaker.sender)
        return self.speaker.talk

    def _with_links(self, text: str) -> str:
        for shown, real in self.links.items():
            text = text.replace(shown, real).replace(_spoken(shown), _spoken(real))
        return text

    def _link(self, found: re.Match[str]) -> str:
        shown = LINKS[len(found[0])]
        self.links[shown] = found[0]
        return shown

    def _line(self, fact: Event) -> str:
        """Questions to workers are h1, h2… or as the transcript calls them."""
        return HELP.sub(lambda found: f"{found[1]}={self._sign(found[2])}", event_line(fact))

    def _sign(self, help_: str) -> str:
        told = [sign for step in self._steps for sign in SIGN.findall(step.text)]
        names = list(dict.fromkeys(told))[len(self.signs) :]
        return self.signs.setdefault(help_, next(iter(names), f"h{len(self.signs) + 1}"))

    def _without_secrets(self, text: str) -> str:
        text = LINK.sub(self._link, text)
        text = RECEIPT.sub("/receipt/7QKD", SECRET.sub(r"\1/7QKD", text))
        return COPY.sub(self.copy, text) if self.copy else text

    def _handle(self) -> Callable[[Message], Awaitable[Handled]]:
        return partial(self._runner().handle, inline="all")

    def _runner(self) -> Runner:
        rules = {f"{PREFIX}{name.upper()}": value for name, value in self.rules.items()}
        # What is told unasked is part of a transcript, on every channel.
        settings = load_settings({f"{PREFIX}ZALO_UNASKED": "1", **rules}, None)
        return Runner(self.db, settings, HANDLERS, code_of=self._code)

    def _code(self, household: UUID, number: int) -> str:
        """The codes that the transcript shows, after those of the past."""
        told = {getattr(e, "code", None) for e in self.past.events}
        new = [code for code in codes(self._steps) if code not in told]
        with suppress(IndexError):
            if number >= self.past.codes:
                return new[number - self.past.codes]
        return receipt_code(household, number)

    async def _store_past(self) -> None:
        one = self.speaker
        events = one.past.events[one.stored :]
        if events or (one.past.own and not one.known):
            await self.db.write(lambda tx: self._keep(tx, events))
            one.stored += len(events)
            await self._facts()

    def _keep(self, tx: Connection, events: list[Event]) -> None:
        one, past = self.speaker, self.past
        store.append(tx, events)
        own: list[Personal] = [PersonNamed(**past.own)]
        own += [BuyerNamed(ref, name) for name, ref in past.buyers.items()]
        personal.keep(tx, past.person, past.home, own)
        if not one.known:
            who = {
                "channel": self.way.channel,
                "address": one.sender,
                "person": past.person,
                "since": self.now,
            }
            tx.execute(insert(identity), who)
            one.known = True
        if past.home is not None:
            codes, buyers = one.counted
            one.counted = past.codes, len(past.buyers)
            store.touch(tx, past.home, past.codes - codes, len(past.buyers) - buyers)

    async def _facts(self) -> list[Event]:
        """The facts stored since this was asked last."""
        fresh = select(event.c.position, event.c.body).where(event.c.position > self.seen)
        rows = await self.db.read(lambda tx: tx.execute(fresh.order_by(event.c.position)).all())
        self.seen = rows[-1].position if rows else self.seen
        return [EVENT.validate_python(row.body) for row in rows]


BESIDE = {
    "offered": Stage.offer,
    "course": Stage.course,
    "scored": Stage.scored,
    "counted": Stage.counted,
}


def _spoken(code: str) -> str:
    """As somebody types it who holds no shift key."""
    return code.replace("-", " ").lower()


async def reopened(db: Database) -> Database:
    """The same one, as a new process finds it."""
    if isinstance(db, Memory):
        return db
    url = db.url
    await db.close()
    return await Database.open(url.render_as_string(hide_password=False))


async def played(db: Database, steps: Sequence[Step], way: Way | None = None) -> list[Step]:
    """The transcript as it goes today, on an empty database."""
    stage = Stage(db, steps, way)
    try:
        return await replay(steps, stage.play)
    finally:
        await stage.db.close()
