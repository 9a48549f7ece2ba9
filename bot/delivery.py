"""What waits in the outbox goes out: a bounded pool of senders for one channel of one bot.

At least once: a message whose sending timed out may have arrived and is sent again all the same. Replies go
before notices, one recipient's messages in their order; both are the outbox's matter (`storage.outbox`).
"""

from __future__ import annotations

import asyncio
import datetime as dt
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic
from typing import Protocol

import structlog
from sqlalchemy import Connection

from bot.locales.render import Worded
from storage import outbox
from storage.database import Database
from storage.killpoints import passing
from storage.outbox import REPLY, OutboxRow

WORKERS = 16
RATE = (
    25.0  # messages a second over all; with BURST never over 28, where Telegram's limit is about 30
)
BURST = 3.0
CHAT_GAP = 1.0  # seconds between two messages nobody asked for, to one recipient
RECENT = 4096  # recipients whose last message is remembered for CHAT_GAP
IDLE = 1.0  # seconds until the outbox is looked into again without a nudge
LONGEST_WAIT = 300.0  # seconds between two tries
GIVE_UP = dt.timedelta(hours=24)

log = structlog.get_logger()


class NotSent(Exception):
    """A message did not arrive, or nobody knows. Its sentence is logged: nothing personal is in it."""


class TooFast(NotSent):
    """The service wants nothing from this bot for some seconds."""

    def __init__(self, seconds: float) -> None:
        super().__init__("too fast")
        self.seconds = seconds


class Blocked(NotSent):
    """The person does not want to hear from us (any more)."""


class Refused(NotSent):
    """The service will never take this message."""


class Unavailable(NotSent):
    """No answer, or a fault over there: perhaps it arrived, perhaps not."""


class Revoked(NotSent):
    """The bot's token is not, or no longer, valid."""


class Sender(Protocol):
    """A channel's way out. `send` gives what the channel calls the message, or raises a NotSent."""

    channel: str

    async def send(self, recipient: str, worded: Worded) -> str | None: ...


@dataclass(slots=True)
class Pace:
    """A token bucket: at most BURST at once, RATE a second after that."""

    rate: float = RATE
    burst: float = BURST
    clock: Callable[[], float] = monotonic
    _tokens: float = BURST
    _at: float = float("-inf")

    def wait(self) -> float:
        """Take one token; the seconds to wait until it is there."""
        now = self.clock()
        self._tokens = min(self.burst, self._tokens + (now - self._at) * self.rate)
        self._at = now
        self._tokens -= 1
        return max(0.0, -self._tokens / self.rate)


@dataclass(slots=True)
class Delivery:
    """Sends one channel's outbox until `stop`; `nudge` it when something was put there."""

    db: Database
    sender: Sender
    pace: Pace = field(default_factory=Pace)
    _wake: asyncio.Event = field(default_factory=asyncio.Event)
    _busy: set[asyncio.Task[None]] = field(default_factory=set)
    _last: OrderedDict[str, float] = field(default_factory=OrderedDict)
    _quiet_until: float = 0.0
    _stopping: bool = False

    def nudge(self) -> None:
        """Look into the outbox now."""
        self._wake.set()

    def stop(self) -> None:
        """Begin nothing new; `run` ends when what is under way has ended."""
        self._stopping = True
        self._wake.set()

    async def run(self) -> None:
        """Send what waits, until stopped; a fault of the database is logged and waited out."""
        while not self._stopping:
            self._wake.clear()
            try:
                await self._begin()
            except Exception:
                log.exception("outbox not read", channel=self.sender.channel)
            await self._pause()
        if self._busy:
            await asyncio.wait(self._busy)

    async def _begin(self) -> None:
        """Lease as much as there are free hands, and start sending it."""
        free = WORKERS - len(self._busy)
        if free <= 0 or self._quiet_for() > 0:
            return
        now, channel = _now(), self.sender.channel
        rows = await self.db.write(lambda tx: outbox.lease(tx, channel, now, free))
        for row in rows:
            task = asyncio.create_task(self._deliver(row))
            self._busy.add(task)
            task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        """A free hand takes the next message at once."""
        self._busy.discard(task)
        self._wake.set()
        if not task.cancelled() and task.exception() is not None:
            log.error("outcome not kept", channel=self.sender.channel, exc_info=task.exception())

    async def _pause(self) -> None:
        seconds = max(IDLE, self._quiet_for())
        try:
            async with asyncio.timeout(seconds):
                await self._wake.wait()
        except TimeoutError:
            pass

    def _quiet_for(self) -> float:
        return self._quiet_until - monotonic()

    async def _deliver(self, row: OutboxRow) -> None:
        """One message, to its end in the outbox."""
        await asyncio.sleep(self._wait(row))
        if self._quiet_for() > 0 or self._stopping:
            await self.db.write(lambda tx: outbox.release(tx, [row.id], _now()))
            return
        passing("before_send")
        try:
            ref = await self.sender.send(row.recipient, Worded.from_json(row.body))
            passing("after_send")
        except Exception as fault:  # noqa: BLE001 - whatever it is, the message must not be lost
            await self.db.write(self._failure(row, fault))
        else:
            await self.db.write(lambda tx: outbox.sent(tx, row.id, ref))

    def _wait(self, row: OutboxRow) -> float:
        """Seconds until this one may go: the bot's pace, and the chat's when nobody asked."""
        wait = self.pace.wait()
        now = monotonic()
        if row.message is None or row.urgency != REPLY:
            wait = max(wait, self._last.get(row.recipient, 0.0) + CHAT_GAP - now)
        self._last[row.recipient] = now + wait
        self._last.move_to_end(row.recipient)
        if len(self._last) > RECENT:
            self._last.popitem(last=False)
        return wait

    def _failure(self, row: OutboxRow, fault: Exception) -> Callable[[Connection], None]:
        """What the outbox is told: again at a time, or never."""
        retry_at = self._retry_at(row, fault)
        reason = type(fault).__name__.lower()
        if isinstance(fault, TooFast):
            self._quiet_until = max(self._quiet_until, monotonic() + fault.seconds)
        if isinstance(fault, Revoked):
            log.error("token refused: nothing is sent", channel=self.sender.channel)
            self.stop()
        elif retry_at is None or not isinstance(fault, NotSent):
            self._log(row, fault, reason)
        return lambda tx: outbox.failed(tx, row.id, retry_at, reason)

    def _log(self, row: OutboxRow, fault: Exception, reason: str) -> None:
        said = str(fault) if isinstance(fault, NotSent) else None
        cause = None if isinstance(fault, NotSent) else fault
        log.warning("not delivered", outbox=str(row.id), why=reason, said=said, exc_info=cause)

    def _retry_at(self, row: OutboxRow, fault: Exception) -> dt.datetime | None:
        now = _now()
        if isinstance(fault, Blocked | Refused) or now - row.made_at > GIVE_UP:
            return None
        if isinstance(fault, TooFast):
            return now + dt.timedelta(seconds=fault.seconds)
        return now + dt.timedelta(seconds=min(2.0 ** min(row.tries, 10), LONGEST_WAIT))


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
