"""Telegram without a public address: our own loop on getUpdates.

An update is acknowledged (by the next offset) only after its commit. Several people's updates are handled
side by side, one person's in their order.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any

import structlog

from bot.channels.patience import seconds_after
from bot.channels.telegram import Heard, NotAnUpdate, parse
from bot.channels.telegram_client import Conflict, TelegramApi
from bot.channels.telegram_hearing import ALLOWED, Hearing, now
from bot.delivery import NotSent, Revoked

HELD = 30  # seconds that Telegram keeps an empty answer back
PATIENCE = HELD + 10.0
AT_ONCE = 16  # people heard side by side

REFUSED = "LENSAN_TELEGRAM_TOKEN is refused by Telegram: its messages are not read"

Update = dict[str, Any]

log = structlog.get_logger()


@dataclass(slots=True)
class Polling:
    """Takes the bot's updates until cancelled or until its token is refused; `nudge` starts delivery."""

    api: TelegramApi
    hearing: Hearing
    nudge: Callable[[], None]
    wait: float = 1.0  # seconds after a first fault
    held: int = HELD

    async def run(self) -> None:
        """Ends by itself only when Telegram knows no such bot."""
        offset: int | None = None
        faults = 0
        await self._until_done(lambda: self.api.call("deleteWebhook"))
        while True:
            try:
                offset = await self._round(offset)
                faults = 0
            except Revoked:
                log.error(REFUSED)  # noqa: TRY400 - one clear line
                return
            except Exception as fault:  # noqa: BLE001 - the next round may go well
                self._tell(fault, first=faults == 0)
                faults += 1
                await asyncio.sleep(seconds_after(fault, self.wait, faults))

    async def _until_done(self, call: Callable[[], Awaitable[object]]) -> None:
        """A call that must have gone through before the first round; a refused token shows there."""
        for faults in range(1, 1000):
            try:
                await call()
            except Revoked:
                return
            except NotSent as fault:
                self._tell(fault, first=faults == 1)
                await asyncio.sleep(seconds_after(fault, self.wait, faults))
            else:
                return

    async def _round(self, offset: int | None) -> int | None:
        """One getUpdates and all that came; the next offset."""
        asked = {"timeout": self.held, "allowed_updates": ALLOWED}
        if offset is not None:
            asked["offset"] = offset
        updates = await self.api.call("getUpdates", asked, PATIENCE)
        if not updates:
            return offset
        failed = await self._hear_all(updates)
        if failed is not None:
            # Acknowledge those before it; it and what follows come again.
            await self.api.call("getUpdates", {"offset": failed, "timeout": 0, "limit": 1})
            raise NotHeard
        return int(updates[-1]["update_id"]) + 1

    async def _hear_all(self, updates: list[Update]) -> int | None:
        """The first update that could not be committed, None when all are."""
        at_once = asyncio.Semaphore(AT_ONCE)
        queues = self._by_sender(updates)
        failed = await asyncio.gather(*(self._hear_each(queue, at_once) for queue in queues))
        lost = {id_ for id_ in failed if id_ is not None}
        return next((u["update_id"] for u in updates if u["update_id"] in lost), None)

    def _by_sender(self, updates: Iterable[Update]) -> list[list[tuple[int, Heard]]]:
        queues: dict[str, list[tuple[int, Heard]]] = defaultdict(list)
        for update in updates:
            with contextlib.suppress(NotAnUpdate):
                heard = parse(update, self.api.bot, now())
                if heard is not None:
                    queues[heard.message.sender].append((update["update_id"], heard))
        return list(queues.values())

    async def _hear_each(
        self, queue: list[tuple[int, Heard]], at_once: asyncio.Semaphore
    ) -> int | None:
        """One person's messages in their order; the first that failed stops the rest."""
        async with at_once:
            for update_id, heard in queue:
                try:
                    await self.hearing.hear(heard)
                except Exception:
                    log.exception("update not committed", update_id=update_id)
                    return update_id
                self.nudge()
        return None

    def _tell(self, fault: Exception, *, first: bool) -> None:
        """Each trouble once, not each try."""
        if not first or isinstance(fault, NotHeard):
            return
        if isinstance(fault, Conflict):
            log.error("another program reads this bot's messages; waiting until it ends")
        elif isinstance(fault, NotSent):
            log.warning("Telegram is not reached", why=type(fault).__name__, said=str(fault))
        else:
            log.error("updates not read", exc_info=fault)


class NotHeard(Exception):
    """An update was not committed; it stays with Telegram."""
