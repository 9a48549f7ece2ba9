"""The way to the database for one command: through the process that has it open, or by opening it."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from bot.commands import beside
from bot.commands.output import Given, Mistake, Output, Run
from bot.config import Settings
from bot.locales.spoken import speaking
from storage.lock import AlreadyRunning

if TYPE_CHECKING:
    from bot.services import Services

WORK = {
    "message": "bot.commands.talk:message",
    "import reports": "bot.commands.figures:import_reports",
    "import orders": "bot.commands.orders:import_orders",
    "summary": "bot.commands.figures:summary",
    "publish": "bot.commands.publishing:publish",
    "rebuild": "bot.commands.figures:rebuild",
    "review": "bot.commands.review:review",
    "invite": "bot.commands.people:invite",
    "key": "bot.commands.keys:key",
    "keys": "bot.commands.keys:keys",
    "backup": "bot.commands.upkeep:backup",
    "doctor": "bot.commands.upkeep:doctor",
}
"""Commands that need the open database, by name."""

TRIES = 50  # while another process has the file but does not listen yet, or is about to end
PAUSE = 0.1  # seconds between two of them

Work = Callable[["Services", Given, Output], Awaitable[int]]


async def work(services: Services, command: str, given: Given, out: Output) -> int:
    """Do it here; a user's mistake is told, and is a code other than 0."""
    module, _, name = WORK[command].partition(":")
    do: Work = getattr(importlib.import_module(module), name)
    try:
        with speaking(services.settings.language):
            return await do(services, given, out)
    except Mistake as mistake:
        out.problem(str(mistake))
        return 1


@asynccontextmanager
async def door(settings: Settings) -> AsyncIterator[Run]:
    """What runs commands, beside a running `lensan run` or alone."""
    file = settings.sqlite_file
    for _ in range(TRIES):
        if file is not None and beside.listens(file):
            yield _beside(settings)
            return
        try:
            async with _alone(settings) as run:
                yield run
                return
        except AlreadyRunning:
            await asyncio.sleep(PAUSE)
    raise Mistake(f"{file} is open in another process, which does not answer")


@asynccontextmanager
async def _alone(settings: Settings) -> AsyncIterator[Run]:
    """Imported here: beside a running process a command needs none of this."""
    from bot.services import BehindSchema, opened

    try:
        async with opened(settings) as services:
            yield lambda command, given, out: work(services, command, given, out)
    except BehindSchema as behind:
        raise Mistake(str(behind)) from None


def _beside(settings: Settings) -> Run:
    file = settings.sqlite_file
    assert file is not None

    async def run(command: str, given: Given, out: Output) -> int:
        code = await asyncio.to_thread(beside.ask, file, command, given, out)
        if code is None:
            raise Mistake(beside.GONE)
        return code

    return run
