"""Voice notes listened to by a process that only pretends to."""

from __future__ import annotations

import asyncio
import datetime as dt
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from bot.config import Settings
from bot.handlers import HANDLERS
from bot.runner import Runner
from bot.speech.recogniser import Recogniser
from bot.voice_notes import VoiceNotes
from storage import voice_notes

PRETENDER = Path(__file__).parent / "voice" / "pretender.py"
PATIENCE = 100  # seconds, on the slowest machine


def pretender() -> Recogniser:
    """A note is JSON that says what it is to hear: see voice/pretender.py."""
    return Recogniser("viet-asr", command=(sys.executable, str(PRETENDER)), at_once=1)


def ears(db, fetch=None) -> VoiceNotes:
    runner = Runner(db, Settings(), HANDLERS)
    return VoiceNotes(db, runner, pretender(), pause=dt.timedelta(0), fetch=fetch or {})


@asynccontextmanager
async def listening(notes: VoiceNotes) -> AsyncIterator[None]:
    task = asyncio.create_task(notes.listen())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def until(true: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not await true():  # noqa: ASYNC110 nothing tells when it is
            await asyncio.sleep(0.02)


async def nothing_waits(db) -> None:
    """All notes were answered."""

    async def empty() -> bool:
        return await db.read(voice_notes.waiting) == 0

    await until(empty)
