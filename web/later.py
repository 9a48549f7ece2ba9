"""What comes later than the answer to a post: wakes the open pages of those who have something unseen."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import structlog
from sqlalchemy import Connection, bindparam, select

from bot.channels.web_chat import CHANNEL
from storage.database import Database
from storage.schema import outbox

LOOK = 2.0  # seconds between two looks; commits of this process hurry it
BREATH = 0.3  # seconds between two looks at least
MOST = 2_000  # open pages of one process

UNSEEN = (
    select(outbox.c.recipient)
    .where(
        outbox.c.channel == CHANNEL,
        outbox.c.done_at.is_(None),
        outbox.c.recipient.in_(bindparam("open_now", expanding=True)),
    )
    .distinct()
)

log = structlog.get_logger()


class Later:
    """One look at the database for all open pages of this process."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._open: defaultdict[str, set[asyncio.Event]] = defaultdict(set)
        self._hint = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self.ended = False

    def start(self) -> None:
        self._db.commits.append(self._hint.set)
        self._task = asyncio.create_task(self._watch())

    async def stop(self) -> None:
        self._db.commits.remove(self._hint.set)
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    def end(self) -> None:
        """Whoever waits need not wait any more."""
        self.ended = True
        for woken in [each for pages in self._open.values() for each in pages]:
            woken.set()

    @property
    def full(self) -> bool:
        return sum(map(len, self._open.values())) >= MOST

    @contextmanager
    def opened(self, client: str) -> Iterator[asyncio.Event]:
        """While a page of this client is open; the event is set when something is unseen."""
        woken = asyncio.Event()
        self._open[client].add(woken)
        try:
            yield woken
        finally:
            self._open[client].discard(woken)
            if not self._open[client]:
                del self._open[client]

    async def _watch(self) -> None:
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK):  # wait_for may swallow the cancelling
                    await self._hint.wait()
            self._hint.clear()
            try:
                await self._wake()
            except Exception:
                log.exception("looking for unseen messages failed")
            await asyncio.sleep(BREATH)

    async def _wake(self) -> None:
        if not self._open:
            return
        clients = list(self._open)

        def unseen(conn: Connection) -> list[str]:
            return list(conn.execute(UNSEEN, {"open_now": clients}).scalars())

        for client in await self._db.read(unseen):
            for woken in self._open.get(client, ()):
                woken.set()
