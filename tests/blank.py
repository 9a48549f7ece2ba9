"""A database with every table and no row."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from storage.database import Database
from storage.migrate import migrate

EMPTY = "empty.db"
_MADE: list[
    tempfile.TemporaryDirectory[str]
] = []  # this process's one; to migrate takes twenty times as long as to copy


async def empty_database(folder: Path) -> Database:
    """A new SQLite database of the newest version."""
    file = folder / "lensan.db"
    empty_file(file)
    return await Database.open(f"sqlite+aiosqlite:///{file}")


def empty_file(file: Path) -> None:
    """The same, not opened."""
    if not _MADE:
        with ThreadPoolExecutor(1) as beside:  # a loop may run in the caller's thread
            _MADE.append(beside.submit(asyncio.run, _migrated()).result())
    file.parent.mkdir(exist_ok=True)
    shutil.copyfile(Path(_MADE[0].name) / EMPTY, file)


async def _migrated() -> tempfile.TemporaryDirectory[str]:
    folder = tempfile.TemporaryDirectory()
    db = await Database.open(f"sqlite+aiosqlite:///{folder.name}/{EMPTY}")
    await db.write(migrate)
    await db.close()
    return folder
