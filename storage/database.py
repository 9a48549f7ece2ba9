"""One door to both databases: `write` runs a function of the connection as one transaction, `read` a look.

The same functions run on SQLite (one writer thread, see `storage.writer`, and a few that read) and on
PostgreSQL (many at once, see `storage.postgres`).
"""

from __future__ import annotations

import asyncio
import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from pathlib import Path
from typing import Any, TypeVar

from pydantic_core import from_json, to_json
from sqlalchemy import URL, Connection, Engine, QueuePool, create_engine, event, make_url

from storage.lock import FileLock
from storage.writer import Writer

T = TypeVar("T")
Work = Callable[[Connection], T]

READERS = 4  # SQLite's read-only connections, a thread each


def write_json(value: object) -> str:
    """JSON of models, dataclasses and plain values; what is None in a model is left out."""
    return to_json(value, exclude_none=True).decode()


JSON_OF_OURS: dict[str, Any] = {"json_serializer": write_json, "json_deserializer": from_json}


class Database(ABC):
    """An open database. `commits` are called after each commit of this process, on the event loop."""

    def __init__(self, url: URL) -> None:
        self.url = url
        self.commits: list[Callable[[], None]] = []

    @staticmethod
    async def open(url: str, *, wait: float = 0) -> Database:
        """Open it, making SQLite's file if there is none. AlreadyRunning when another process has it.

        `wait`: seconds to wait for that process to end.
        """
        parts = make_url(url)
        if parts.get_backend_name() == "sqlite":
            return await _Sqlite.start(parts, wait)
        from storage.postgres import Postgres  # noqa: PLC0415 8 MiB that SQLite does not need

        return Postgres(parts)

    @abstractmethod
    async def write(self, work: Work[T]) -> T:
        """Run it as one transaction; the result comes after the commit, an exception undoes it."""

    @abstractmethod
    async def read(self, work: Work[T]) -> T:
        """Run it on a connection that cannot write, at one moment of the database.

        Like `write` it may run on another thread, with the context variables of whoever asks.
        """

    @abstractmethod
    async def close(self) -> None:
        """Finish what was begun and let go."""

    def _committed(self) -> None:
        for call in self.commits:
            call()


def _own(file: Path) -> None:
    """A new file is its owner's alone: it holds what people say."""
    file.touch(mode=0o600)


class _Sqlite(Database):
    """SQLite: the writer thread has the one connection that writes; a lock keeps other processes out.

    A look is a function on a thread of its own: a statement awaited at a time hops threads at each.
    """

    def __init__(self, url: URL, lock: FileLock) -> None:
        file = Path(str(url.database)).absolute()
        file.touch(mode=0o600)  # a new file is its owner's alone
        super().__init__(url)
        self._lock = lock
        self._readers = _sqlite_readers(file)
        self._threads = ThreadPoolExecutor(READERS, "reader")
        self._writer = Writer(file, self._committed, JSON_OF_OURS)

    @classmethod
    async def start(cls, url: URL, wait: float) -> Database:
        lock = await FileLock.take(lock_of(url), wait)
        _own(Path(str(url.database)))
        try:
            database = cls(url, lock)
            await database._writer.start()
        except BaseException:
            lock.release()
            raise
        return database

    async def write(self, work: Work[T]) -> T:
        return await self._writer.write(work)

    async def read(self, work: Work[T]) -> T:
        run = copy_context().run
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, run, self._look, work)

    def _look(self, work: Work[T]) -> T:
        with self._readers.connect() as conn:
            try:
                return work(conn)
            except StopIteration:  # no future takes one: they would wait for ever
                raise RuntimeError("the work ended in StopIteration") from None

    async def close(self) -> None:
        await asyncio.to_thread(self._threads.shutdown)
        self._readers.dispose()
        await self._writer.stop()
        self._lock.release()


def lock_of(url: URL) -> Path:
    """The lock file beside SQLite's file; its folder is made if there is none."""
    file = Path(str(url.database)).absolute()
    file.parent.mkdir(parents=True, exist_ok=True)
    return file.with_name(file.name + ".lock")


def _sqlite_readers(file: Path) -> Engine:
    address = f"{file.as_uri()}?mode=ro"
    engine = create_engine(
        "sqlite+pysqlite://",
        creator=lambda: sqlite3.connect(
            address, uri=True, isolation_level=None, check_same_thread=False
        ),
        poolclass=QueuePool,
        pool_size=READERS,
        max_overflow=0,
        **JSON_OF_OURS,
    )

    @event.listens_for(engine, "connect")
    def _read_only(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute("PRAGMA query_only = ON")

    @event.listens_for(engine, "begin")
    def _one_moment(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN")

    return engine
