"""People who write to the real conversations, from one machine each: what a test of several people needs."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field

from bot.config import Settings
from bot.dialogue.message import Content, Message, Picture, Tap, Text
from bot.handlers import HANDLERS
from bot.locales.render import Worded
from bot.runner import Runner
from bot.transcripts import PHOTO
from storage.database import Database

AT = dt.datetime(2026, 11, 21, 2, 0, tzinfo=dt.UTC)
LINK = re.compile(r"[A-Z][2-9]\w\w(?:-[A-Z][2-9]\w\w){1,2}")


@dataclass(slots=True)
class Chats:
    """One runner for all; `say` and `tap` give the replies, `shown` are the newest buttons of each machine."""

    db: Database
    runner: Runner = field(init=False)
    count: int = 0
    shown: dict[str, dict[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.runner = Runner(self.db, Settings(), HANDLERS)

    def message(self, machine: str, content: Content) -> Message:
        self.count += 1
        at = AT + dt.timedelta(seconds=self.count)
        return Message(f"web:{machine}:{self.count}", "web", machine, at, content)

    async def send(self, message: Message) -> list[Worded]:
        handled = await self.runner.handle(message, inline="all")
        replies = [kept.worded for kept in handled.replies]
        for reply in replies:
            self.shown.setdefault(message.sender, {}).update({k: b for b, k in reply.buttons})
        return replies

    async def say(self, machine: str, *texts: str) -> str:
        """The words of the answer to the last of these."""
        replies: list[Worded] = []
        for text in texts:
            replies = await self.send(self.message(machine, Text(text)))
        return "\n".join(reply.text for reply in replies)

    async def tap(self, machine: str, label: str) -> str:
        return await self.press(machine, self.shown[machine][label])

    async def press(self, machine: str, button: str) -> str:
        """A button by its id, whether it was shown here or not."""
        return "\n".join(r.text for r in await self.send(self.message(machine, Tap(button))))

    async def photo(self, machine: str) -> str:
        sent = self.message(machine, Picture(image=PHOTO))
        return "\n".join(reply.text for reply in await self.send(sent))

    async def code(self, machine: str) -> str:
        """A code for another machine."""
        found = LINK.search(await self.say(machine, "nối máy"))
        assert found is not None
        return found[0]
