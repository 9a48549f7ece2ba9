"""PostgreSQL: a transaction each, several at once; one that lost against another is run again."""

from __future__ import annotations

from typing import TypeVar

from sqlalchemy import URL
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine

from storage.database import JSON_OF_OURS, Database, Work
from storage.killpoints import passing

T = TypeVar("T")

TURNS_AT_ONCE = 8  # connections of one process
TRIES = 5  # of a transaction that lost against another one
NO_COMPILING = {"server_settings": {"jit": "off"}}  # it took 150 ms of a page now and then
LOST = frozenset({"40001", "40P01"})  # serialization failure, deadlock


class Postgres(Database):
    """Any number of processes may have it open."""

    def __init__(self, url: URL) -> None:
        super().__init__(url)
        self._engine = create_async_engine(
            url,
            pool_size=TURNS_AT_ONCE,
            max_overflow=0,
            pool_pre_ping=True,
            connect_args=NO_COMPILING,
            **JSON_OF_OURS,
        )
        self._readers = self._engine.execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )

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

    async def read(self, work: Work[T]) -> T:
        async with self._readers.connect() as conn:
            return await conn.run_sync(work)

    async def close(self) -> None:
        await self._engine.dispose()
