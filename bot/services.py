"""What an open program holds: channels, pages and commands are handed this."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from bot.config import Settings, secret_key
from bot.handlers import HANDLERS
from bot.runner import Runner
from bot.voice_notes import VoiceNotes, voice_notes
from storage.database import Database
from storage.migrate import migrate, newest, version


class BehindSchema(Exception):
    """The database is older, or newer, than this program."""


@dataclass(frozen=True, slots=True)
class Services:
    """Settings, the open database, the runner of messages, and the key that signs links and cookies.

    `ears` take voice notes.
    """

    settings: Settings
    db: Database
    runner: Runner
    secret: bytes
    ears: VoiceNotes = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "ears", voice_notes(self.db, self.runner, self.settings))


@asynccontextmanager
async def opened(settings: Settings, *, wait: float = 0) -> AsyncIterator[Services]:
    """Open all of it; a SQLite file is brought to the newest schema, PostgreSQL waits for `lensan migrate`.

    AlreadyRunning when another process has the SQLite file, after `wait` seconds.
    """
    db = await Database.open(settings.database_url, wait=wait)
    try:
        await _at_newest_schema(settings, db)
        yield Services(settings, db, Runner(db, settings, HANDLERS), secret_key(settings))
    finally:
        await db.close()


async def _at_newest_schema(settings: Settings, db: Database) -> None:
    found = await db.write(version)
    if found == newest():
        return
    if settings.sqlite_file is None:
        raise BehindSchema(
            f"the database is at version {found or 'none'}, this program needs {newest()}: "
            "run lensan migrate"
        )
    await db.write(migrate)
