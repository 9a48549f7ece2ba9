"""A database in memory, on the thread of whoever asks: for tests of which the database is not the matter.

One engine for all of them, so that statements are compiled once.
"""

from __future__ import annotations

import sqlite3
import tempfile
from functools import cache
from pathlib import Path
from typing import TypeVar

from blank import empty_file
from sqlalchemy import Engine, StaticPool, create_engine, make_url

from storage.database import JSON_OF_OURS, Database, Work

T = TypeVar("T")


class Memory(Database):
    """Every table and no row; the next one takes its place."""

    def __init__(self) -> None:
        self.url = make_url("sqlite+aiosqlite:///in-memory.db")
        self.commits = []
        _engine().raw_connection().driver_connection.deserialize(_blank())

    async def write(self, work: Work[T]) -> T:
        with _engine().begin() as connection:
            connection.exec_driver_sql("BEGIN")
            result = work(connection)
        self._committed()
        return result

    async def read(self, work: Work[T]) -> T:
        with _engine().connect() as connection:
            return work(connection)

    async def close(self) -> None:
        """There is nothing to let go."""


@cache
def _engine() -> Engine:
    return create_engine(
        "sqlite://",
        creator=lambda: sqlite3.connect(":memory:", isolation_level=None),
        poolclass=StaticPool,
        **JSON_OF_OURS,
    )


@cache
def _blank() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "lensan.db"
        empty_file(file)
        connection = sqlite3.connect(file)
        try:
            connection.execute("PRAGMA journal_mode = DELETE")  # memory knows no other
            return bytes(connection.serialize())
        finally:
            connection.close()
