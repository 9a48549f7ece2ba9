"""A database with every table and no row."""

from __future__ import annotations

from pathlib import Path

from storage.database import Database
from storage.migrate import migrate


async def empty_database(folder: Path) -> Database:
    """A new SQLite database of the newest version."""
    db = await Database.open(f"sqlite+aiosqlite:///{folder}/lensan.db")
    await db.write(migrate)
    return db
