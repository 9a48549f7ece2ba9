"""Zalo without a public address: our own loop on getUpdates.

There is no offset: what was taken comes again, at every poll if Zalo likes, and the inbox knows it. An update
that could not be committed may not come again, so it is tried here until it is.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import structlog

from bot.channels.patience import grown, seconds_after
from bot.channels.zalo import Heard, parse
from bot.channels.zalo_client import Nothing, ZaloApi
from bot.channels.zalo_hearing import Hearing, now
from bot.delivery import NotSent, Revoked

HELD = 30  # seconds that Zalo keeps an empty answer back
SLACK = 10.0  # seconds more until we stop waiting for it
AT_ONCE = 16  # people heard side by side
KNOWN = 10_000  # ids of messages committed last: those that come again cost nothing
IDLE = 1.0  # seconds after an answer in which nothing was new
OFTEN = 3  # such answers in a row before we wait longer each time

REFUSED = "LENSAN_ZALO_TOKEN is refused by Zalo: its messages are not read"

log = structlog.get_logger()


@dataclass(slots=True)
class Polling:
    """Takes the bot's updates until cancelled or until its token is refused; `nudge` starts delivery."""

    api: ZaloApi
    hearing: Hearing
    nudge: Callable[[], None]
    wait: float = 1.0  # seconds after a first fault
    held: int = HELD
    idle: float = IDLE
    _known: OrderedDict[str, None] = field(default_factory=OrderedDict)
    _stale: int = 0  # answers in a row in which nothing was new

    async def run(self) -> None:
        """Ends by itself only when Zalo knows no such bot."""
        faults, without_webhook = 0, False
        while True:
            try:
                if not without_webhook:
                    await self.api.call("deleteWebhook")
                    without_webhook = True
                await self._round()
                faults = 0
            except Revoked:
                log.error(REFUSED)  # noqa: TRY400 - one clear line
                return
            except Exception as fault:  # noqa: BLE001 - the next round may go well
                self._tell(fault, first=faults == 0)
                faults += 1
                await asyncio.sleep(seconds_after(fault, self.wait, faults))

    async def _round(self) -> None:
        """One getUpdates and all that came, to its commit."""
        fresh = self._fresh(await self._updates())
        if not fresh:
            return
        queues: dict[str, list[Heard]] = defaultdict(list)
        for heard in fresh:
            queues[heard.message.sender].append(heard)
        at_once = asyncio.Semaphore(AT_ONCE)
        await asyncio.gather(*(self._hear_each(queue, at_once) for queue in queues.values()))

    async def _updates(self) -> list[object]:
        """One object or a list; 408 is none."""
        try:
            came = await self.api.call("getUpdates", {"timeout": str(self.held)}, self.held + SLACK)
        except Nothing:
            self._stale = 0  # it was held back over there
            return []
        return came if isinstance(came, list) else [came]

    def _fresh(self, updates: Iterable[object]) -> list[Heard]:
        """Those not heard yet, each once, one person's in the order of their time."""
        found: dict[str, Heard] = {}
        for update in updates:
            heard = parse(update, self.api.bot, now())
            if heard is not None and heard.message.id not in self._known:
                found.setdefault(heard.message.id, heard)
        return sorted(found.values(), key=lambda heard: heard.message.sent_at)

    async def _hear_each(self, queue: list[Heard], at_once: asyncio.Semaphore) -> None:
        async with at_once:
            for heard in queue:
                await self._hear(heard)
                self.nudge()

    async def _hear(self, heard: Heard) -> None:
        """Until it is committed: Zalo may not give it a second time."""
        for faults in range(1, 1_000_000):
            try:
                await self.hearing.hear(heard)
            except Exception:
                if faults == 1:
                    log.exception("update not committed; it is tried again")
                await asyncio.sleep(grown(self.wait, faults))
            else:
                self._remember(heard.message.id)
                return

    def _remember(self, id_: str) -> None:
        self._known[id_] = None
        if len(self._known) > KNOWN:
            self._known.popitem(last=False)

    def _tell(self, fault: Exception, *, first: bool) -> None:
        """Each trouble once, not each try."""
        if not first:
            return
        if isinstance(fault, NotSent):
            log.warning("Zalo is not reached", why=type(fault).__name__, said=str(fault))
        else:
            log.error("updates not read", exc_info=fault)
