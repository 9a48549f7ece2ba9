"""One door to both databases: `write` runs a function of the connection as one transaction, `read` a look.

The same functions run on SQLite (one writer thread, see `storage.writer`) and on PostgreSQL (many at once).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import aiosqlite
from pydantic_core import from_json, to_json
from sqlalchemy import URL, AsyncAdaptedQueuePool, Connection, event, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from storage.killpoints import passing
from storage.lock import FileLock
from storage.writer import Writer

T = TypeVar("T")
Work = Callable[[Connection], T]

TURNS_AT_ONCE = 8  # PostgreSQL connections of one process
READERS = 4  # SQLite's read-only connections
TRIES = 5  # of a transaction that lost against another one
NO_COMPILING = {"server_settings": {"jit": "off"}}  # it took 150 ms of a page now and then
LOST = frozenset({"40001", "40P01"})  # serialization failure, deadlock


def write_json(value: object) -> str:
    """JSON of models, dataclasses and plain values; what is None in a model is left out."""
    return to_json(value, exclude_none=True).decode()


JSON_OF_OURS: dict[str, Any] = {"json_serializer": write_json, "json_deserializer": from_json}


class Database(ABC):
    """An open database. `commits` are called after each commit of this process, on the event loop."""

    def __init__(self, url: URL, readers: AsyncEngine) -> None:
        self.url = url
        self.readers = readers
        self.commits: list[Callable[[], None]] = []

    @staticmethod
    async def open(url: str, *, wait: float = 0) -> Database:
        """Open it, making SQLite's file if there is none. AlreadyRunning when another process has it.

        `wait`: seconds to wait for that process to end.
        """
        parts = make_url(url)
        if parts.get_backend_name() == "sqlite":
            return await _Sqlite.start(parts, wait)
        return _Postgres(parts)

    @abstractmethod
    async def write(self, work: Work[T]) -> T:
        """Run it as one transaction; the result comes after the commit, an exception undoes it."""

    async def read(self, work: Work[T]) -> T:
        """Run it on a connection that cannot write, at one moment of the database."""
        async with self.readers.connect() as conn:
            return await conn.run_sync(work)

    async def close(self) -> None:
        """Finish what was begun and let go."""
        await self.readers.dispose()

    def _committed(self) -> None:
        for call in self.commits:
            call()


def _own(file: Path) -> None:
    """A new file is its owner's alone: it holds what people say."""
    file.touch(mode=0o600)


class _Sqlite(Database):
    """SQLite: the writer thread has the one connection that writes; a lock keeps other processes out."""

    def __init__(self, url: URL, lock: FileLock) -> None:
        file = Path(str(url.database)).absolute()
        file.touch(mode=0o600)  # a new file is its owner's alone
        super().__init__(url, _sqlite_readers(file))
        self._lock = lock
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

    async def close(self) -> None:
        await super().close()
        await self._writer.stop()
        self._lock.release()


def lock_of(url: URL) -> Path:
    """The lock file beside SQLite's file; its folder is made if there is none."""
    file = Path(str(url.database)).absolute()
    file.parent.mkdir(parents=True, exist_ok=True)
    return file.with_name(file.name + ".lock")


def _sqlite_readers(file: Path) -> AsyncEngine:
    address = f"{file.as_uri()}?mode=ro"
    engine = create_async_engine(
        "sqlite+aiosqlite://",
        async_creator=lambda: aiosqlite.connect(address, uri=True, isolation_level=None),
        poolclass=AsyncAdaptedQueuePool,
        pool_size=READERS,
        max_overflow=0,
        **JSON_OF_OURS,
    )

    @event.listens_for(engine.sync_engine, "connect")
    def _read_only(connection: Any, _record: object) -> None:
        connection.execute("PRAGMA query_only = ON")

    @event.listens_for(engine.sync_engine, "begin")
    def _one_moment(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN")

    return engine


class _Postgres(Database):
    """PostgreSQL: a transaction each, several at once; one that lost against another is run again."""

    def __init__(self, url: URL) -> None:
        self._engine = create_async_engine(
            url,
            pool_size=TURNS_AT_ONCE,
            max_overflow=0,
            pool_pre_ping=True,
            connect_args=NO_COMPILING,
            **JSON_OF_OURS,
        )
        readers = self._engine.execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )
        super().__init__(url, readers)

    async def write(self, work: Work[T]) -> T:
        for _ in range(TRIES - 1):
            try:
                return await self._once(work)
            except DBAPIError as fault:
                if getattr(fault.orig, "sqlstate", None) not in LOST:
                    raise
        return await self._once(work)

    async def _once(self, work: Work[T]) -> T:
        async with self._engine.begin() as conn:
            result = await conn.run_sync(work)
            passing("before_commit")
        passing("after_commit")
        self._committed()
        return result

    async def close(self) -> None:
        await self._engine.dispose()
