"""A database with every table and no row."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from storage.database import Database
from storage.migrate import migrate

EMPTY = "empty.db"
_MADE: list[
    tempfile.TemporaryDirectory[str]
] = []  # this process's one; to migrate takes twenty times as long as to copy


async def empty_database(folder: Path) -> Database:
    """A new SQLite database of the newest version."""
    if not _MADE:
        _MADE.append(await _migrated())
    file = folder / "lensan.db"
    shutil.copyfile(Path(_MADE[0].name) / EMPTY, file)
    return await Database.open(f"sqlite+aiosqlite:///{file}")


async def _migrated() -> tempfile.TemporaryDirectory[str]:
    folder = tempfile.TemporaryDirectory()
    db = await Database.open(f"sqlite+aiosqlite:///{folder.name}/{EMPTY}")
    await db.write(migrate)
    await db.close()
    return folder
