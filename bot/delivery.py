"""What waits in the outbox goes out: a bounded pool of senders for one channel of one bot.

At least once: a message whose sending timed out may have arrived and is sent again all the same. Replies go
before notices, one recipient's messages in their order; both are the outbox's matter (`storage.outbox`).
Messages to areas have hands of their own, wait for nobody's place and leave room for replies (`bot.pace`).
"""

from __future__ import annotations

import asyncio
import datetime as dt
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from time import monotonic
from typing import Protocol
from uuid import UUID, uuid4

import structlog
from sqlalchemy import Connection

from bot.locales.render import Worded
from bot.pace import Pace
from domain.broadcasts import at_daytime
from storage import broadcast_lease, outbox
from storage.database import Database
from storage.killpoints import passing
from storage.outbox import BROADCAST, NOTICE, REPLY, OutboxRow

WORKERS = 16  # hands for what people wait for
BROADCASTERS = 12  # hands for messages to areas
AFTER_START = 2.0  # seconds: what a process before us sent still counts
TOGETHER = 0.2  # seconds in which places for messages to areas gather
CHAT_GAP = 1.0  # seconds between two messages nobody asked for, to one recipient
RECENT = 4096  # recipients whose last message is remembered for CHAT_GAP
IDLE = 1.0  # seconds until the outbox is looked into again without a nudge
LONGEST_WAIT = 300.0  # seconds between two tries
GIVE_UP = dt.timedelta(hours=24)

Outcome = Callable[[Connection], None]

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
    """It did not arrive this time."""


class Unsure(Unavailable):
    """No answer: perhaps it arrived, perhaps not."""


class Revoked(NotSent):
    """The bot's token is not, or no longer, valid."""


class Sender(Protocol):
    """A channel's way out. `send` gives what the channel calls the message, or raises a NotSent.

    `reply` is its id in the outbox: the same one when it is tried again.
    """

    channel: str

    async def send(self, recipient: str, worded: Worded, reply: UUID) -> str | None: ...


@dataclass(slots=True)
class Delivery:
    """Sends one channel's outbox until `stop`; `nudge` it when something was put there."""

    db: Database
    sender: Sender
    pace: Pace = field(default_factory=Pace)
    clock: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC)
    _wake: asyncio.Event = field(default_factory=asyncio.Event)
    _busy: set[asyncio.Task[None]] = field(default_factory=set)
    _broadcasting: set[asyncio.Task[None]] = field(default_factory=set)
    _broadcasts_at: float = 0.0  # when they are looked for again
    _process: UUID = field(default_factory=uuid4)
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
        self._broadcasts_at = monotonic() + AFTER_START
        while not self._stopping:
            self._wake.clear()
            try:
                await self._begin()
            except Exception:
                log.exception("outbox not read", channel=self.sender.channel)
            await self._pause()
        if under_way := self._busy | self._broadcasting:
            await asyncio.wait(under_way)

    async def _begin(self) -> None:
        """Lease as much as there are free hands, and start sending it."""
        if self._quiet_for() > 0:
            return
        now, channel = self.clock(), self.sender.channel
        if (free := WORKERS - len(self._busy)) > 0:
            rows = await self.db.write(
                lambda tx: outbox.lease(tx, channel, now, free, REPLY, NOTICE)
            )
            self._start(rows, self._busy)
        if monotonic() >= self._broadcasts_at and at_daytime(now):
            await self._begin_broadcasts(now)

    async def _begin_broadcasts(self, now: dt.datetime) -> None:
        """As many as may go at this moment, so that none holds a place that a reply could have."""
        hands = BROADCASTERS - len(self._broadcasting)
        free = min(hands, self.pace.free(broadcast=True))
        rows: list[OutboxRow] = []
        if free > 0:
            rows = await self.db.write(
                partial(
                    broadcast_lease.lease,
                    channel=self.sender.channel,
                    holder=self._process,
                    now=now,
                    limit=free,
                )
            )
            self._start(rows, self._broadcasting)
        under_way = rows or free <= 0
        self._broadcasts_at = monotonic() + (TOGETHER if under_way else IDLE)

    def _start(self, rows: list[OutboxRow], hands: set[asyncio.Task[None]]) -> None:
        for row in rows:
            task = asyncio.create_task(self._deliver(row))
            hands.add(task)
            task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        """A free hand takes the next message at once."""
        if task in self._busy:
            self._wake.set()
        self._busy.discard(task)
        self._broadcasting.discard(task)
        if not task.cancelled() and task.exception() is not None:
            log.error("outcome not kept", channel=self.sender.channel, exc_info=task.exception())

    async def _pause(self) -> None:
        """Until something was put there, or it is time to look anyway."""
        soon = self._broadcasts_at - monotonic()
        seconds = max(min(IDLE, soon) if soon > 0 else IDLE, self._quiet_for())
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
        async with self.pace.slot(broadcast=row.urgency == BROADCAST) as answered:
            outcome = await self._sent(row, answered)
        await self.db.write(outcome)

    async def _sent(self, row: OutboxRow, answered: Callable[[], None]) -> Outcome:
        """Send it, and say what the outbox is to be told."""
        if self._quiet_for() > 0 or self._stopping:
            answered()
            return _unsent(row, lambda tx: outbox.release(tx, [row.id], self.clock()))
        passing("before_send")
        try:
            ref = await self.sender.send(row.recipient, Worded.from_json(row.body), row.id)
            passing("after_send")
        except Exception as fault:  # noqa: BLE001 - whatever it is, the message must not be lost
            if not isinstance(fault, Unsure):
                answered()
            return self._failure(row, fault)
        answered()
        told = outbox.sent if row.urgency != BROADCAST else broadcast_lease.arrived
        return lambda tx: told(tx, row.id, ref)

    def _wait(self, row: OutboxRow) -> float:
        """Seconds until the chat may have another one that nobody asked for."""
        now = monotonic()
        wait = 0.0
        if row.message is None or row.urgency != REPLY:
            wait = max(wait, self._last.get(row.recipient, 0.0) + CHAT_GAP - now)
        self._last[row.recipient] = now + wait
        self._last.move_to_end(row.recipient)
        if len(self._last) > RECENT:
            self._last.popitem(last=False)
        return wait

    def _failure(self, row: OutboxRow, fault: Exception) -> Outcome:
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
        blocked = isinstance(fault, Blocked)

        def told(tx: Connection) -> None:
            outbox.failed(tx, row.id, retry_at, reason)
            if blocked:
                broadcast_lease.blocked(tx, row.channel, row.recipient, self.clock())

        unsure = isinstance(fault, Unsure) or not isinstance(fault, NotSent)
        return told if unsure else _unsent(row, told)

    def _log(self, row: OutboxRow, fault: Exception, reason: str) -> None:
        if isinstance(fault, Blocked) and row.urgency == BROADCAST:
            return  # one of thousands: it is counted in the report
        said = str(fault) if isinstance(fault, NotSent) else None
        cause = None if isinstance(fault, NotSent) else fault
        log.warning("not delivered", outbox=str(row.id), why=reason, said=said, exc_info=cause)

    def _retry_at(self, row: OutboxRow, fault: Exception) -> dt.datetime | None:
        now = self.clock()
        if isinstance(fault, Blocked | Refused) or now - row.made_at > GIVE_UP:
            return None
        if isinstance(fault, TooFast):
            return now + dt.timedelta(seconds=fault.seconds)
        return now + dt.timedelta(seconds=min(2.0 ** min(row.tries, 10), LONGEST_WAIT))


def _unsent(row: OutboxRow, told: Outcome) -> Outcome:
    """The same; and of a message to an area, that this time it has certainly not arrived."""
    if row.urgency != BROADCAST:
        return told

    def both(tx: Connection) -> None:
        told(tx)
        broadcast_lease.certain(tx, row.id)

    return both
