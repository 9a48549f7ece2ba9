"""How a transcript is played: which channel's payloads carry what is said, and what a reply becomes there.

A way has a `channel`, gives everybody of a transcript an address, and a talk that says lines of a transcript
(`say`), and makes `<` steps of replies (`told`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable
from typing import Protocol
from uuid import UUID

from bot.channels import console
from bot.dialogue.message import Message
from bot.locales.render import Worded
from bot.one_turn import Handled
from bot.transcripts import Step

Handle = Callable[[Message], Awaitable[Handled]]


class Talking(Protocol):
    """One person's conversation."""

    handle: Handle

    async def say(self, said: str, at: dt.datetime) -> list[Step]: ...

    def told(self, reply: UUID, worded: Worded) -> Step: ...


class Way(Protocol):
    """A channel as transcripts are played on it."""

    channel: str

    def address(self, name: str) -> str: ...

    def talk(self, handle: Handle, sender: str) -> Talking: ...


class ConsoleTalk(console.Talk):
    """The terminal's own."""

    def told(self, _: UUID, worded: Worded) -> Step:
        self.shown.append(worded.buttons)
        return console.step(worded)


class Console:
    """The terminal: what a transcript says is what goes in and comes out."""

    channel = console.CHANNEL

    def address(self, name: str) -> str:
        return name

    def talk(self, handle: Handle, sender: str) -> Talking:
        return ConsoleTalk(handle, sender)
