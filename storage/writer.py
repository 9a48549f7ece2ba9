"""SQLite's one writer: a thread with one connection. Turns that wait together are committed together.

One that fails takes no other with it: each work has a savepoint of its own, and turns alone are tried without
them first, for a savepoint copies every page that is written. Results are handed out after the commit, which
has reached the disk (`synchronous=FULL`). Works that are `Staged` and follow one another do what they can
ahead, side by side: the same code run for eight messages at once costs a third less.
"""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from queue import Empty, SimpleQueue
from time import sleep
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, StaticPool, create_engine, event

from storage.constants import straight
from storage.killpoints import passing
from storage.staged import Staged

T = TypeVar("T")

TOGETHER = 64  # turns in one commit
DONE = object()
GATHER = 0.003  # seconds that a commit waits for company while turns come together anyway
PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA busy_timeout = 5000",
    "PRAGMA cache_size = -8000",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA wal_autocheckpoint = 4000",  # pages: 16 MB
)


@dataclass(slots=True)
class _Job:
    work: Callable[[Connection], Any]
    future: asyncio.Future[Any]
    result: Any = None
    fault: BaseException | None = field(default=None)

    def settle(self) -> None:
        if self.future.done():  # nobody waits any more; the commit stands
            return
        if isinstance(self.fault, StopIteration):  # no future takes one: they would wait for ever
            self.future.set_exception(RuntimeError("the work ended in StopIteration"))
        elif self.fault is not None:
            self.future.set_exception(self.fault)
        else:
            self.future.set_result(self.result)


class Writer:
    """Takes functions of the connection and runs them in the order in which they came."""

    def __init__(self, file: Path, committed: Callable[[], None], options: dict[str, Any]) -> None:
        self._engine = _engine(file, options)
        self._committed = committed
        self._queue: SimpleQueue[_Job | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
        self._loop: asyncio.AbstractEventLoop | None = None

    async def start(self) -> None:
        """Open the file; the database's own error when that cannot be done."""
        self._loop = asyncio.get_running_loop()
        self._thread.start()
        await self.write(lambda _: None)

    async def write(self, work: Callable[[Connection], T]) -> T:
        """The work's result, after its commit."""
        if self._loop is None or not self._thread.is_alive():
            raise RuntimeError("the database is closed")
        future: asyncio.Future[T] = self._loop.create_future()
        self._queue.put(_Job(work, future))
        return await future

    async def stop(self) -> None:
        """Commit what waits, then close the file."""
        self._queue.put(None)
        await asyncio.to_thread(self._thread.join)

    def _run(self) -> None:
        together = False
        while (job := self._queue.get()) is not None:
            if together:
                sleep(GATHER)
            batch, last = self._waiting(job)
            together = len(batch) > 1
            self._commit(batch)
            self._hand_out(batch)
            if last:
                break
        self._engine.dispose()

    def _waiting(self, first: _Job) -> tuple[list[_Job], bool]:
        """All that waits at this moment, and whether the end was asked for."""
        batch = [first]
        while len(batch) < TOGETHER:
            try:
                job = self._queue.get_nowait()
            except Empty:
                break
            if job is None:
                return batch, True
            batch.append(job)
        return batch, False

    def _commit(self, batch: list[_Job]) -> None:
        try:
            with self._engine.begin() as conn:
                plain = _plain(conn)
                plain.execute("BEGIN IMMEDIATE")
                if not _all_went_well(conn, plain, batch):
                    _run_apart(conn, plain, batch)
                passing("before_commit")
            passing("after_commit")
        except BaseException as fault:  # noqa: BLE001 every turn of it is told, the thread lives on
            for job in batch:
                job.fault = fault

    def _hand_out(self, batch: list[_Job]) -> None:
        def settle() -> None:
            for job in batch:
                job.settle()
            self._committed()

        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(settle)


def _plain(conn: Connection) -> sqlite3.Connection:
    """Without SQLAlchemy: its savepoints and its hooks at `begin` cost as much as a short turn."""
    plain = conn.connection.driver_connection
    assert isinstance(plain, sqlite3.Connection)
    return plain


def _all_went_well(conn: Connection, plain: sqlite3.Connection, batch: Sequence[_Job]) -> bool:
    """Turns without savepoints; if one fails, none of them has been, and the transaction is a new one."""
    if not all(isinstance(job.work, Staged) for job in batch):
        return False
    tx = straight(conn)  # found once for all of them
    try:
        _think_ahead(tx, batch)
        for job in batch:
            job.result = job.work(tx)
    except Exception:  # noqa: BLE001 it comes again where it is told
        plain.rollback()
        plain.execute("BEGIN IMMEDIATE")
        return False
    return True


def _run_apart(conn: Connection, plain: sqlite3.Connection, batch: Sequence[_Job]) -> None:
    for run in _runs(batch):
        _think_ahead(conn, run)
        for job in run:
            _run_in_savepoint(conn, plain, job)


def _runs(batch: Sequence[_Job]) -> Iterator[list[_Job]]:
    """The batch in its order, staged works that follow one another as one run."""
    for staged, jobs in groupby(batch, lambda job: isinstance(job.work, Staged)):
        if staged:
            yield list(jobs)
        else:
            yield from ([job] for job in jobs)


def _think_ahead(conn: Connection, run: Sequence[_Job]) -> None:
    """Step by step for all; of two messages of one sender the later waits for what the first changes."""
    if len(run) == 1:
        return
    first = {job.work.whose: job.work for job in reversed(run) if isinstance(job.work, Staged)}
    thinking = [work.ahead(conn) for work in first.values()]
    while thinking:
        thinking = [one for one in thinking if next(one, DONE) is not DONE]


def _run_in_savepoint(conn: Connection, plain: sqlite3.Connection, job: _Job) -> None:
    plain.execute("SAVEPOINT turn")
    try:
        job.result = job.work(conn)
    except Exception as fault:  # noqa: BLE001 handed to whoever asked for the work
        job.fault = fault
        plain.execute("ROLLBACK TO turn")
    plain.execute("RELEASE turn")


def _engine(file: Path, options: dict[str, Any]) -> Engine:
    engine = create_engine(
        "sqlite+pysqlite://",
        creator=lambda: sqlite3.connect(
            file, isolation_level=None, check_same_thread=False, cached_statements=256
        ),
        poolclass=StaticPool,
        **options,
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, _record: object) -> None:
        for pragma in PRAGMAS:
            connection.execute(pragma)

    return engine
