"""How fast one bot may send: never more than MOST in any second, as the service at the other end counts.

A message counts from the moment it is begun until a second after it was answered, or ON_THE_WAY and a second
without an answer. It arrived in between, so whatever the network does, no second over there sees more than
MOST; a bucket of tokens can't promise that.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from time import monotonic

MOST = 25  # messages in any second; Telegram's limit is about 30
FOR_REPLIES = 3  # of these, which messages to areas leave free
ON_THE_WAY = 5.0  # seconds after which a message without an answer has arrived, or never will
LOOK = 0.02  # seconds between two looks while all that counts is on its way
LEAST = 0.002  # seconds slept at all


@dataclass(slots=True)
class Pace:
    """At most `most` in any second; a message to an area leaves `for_replies` of them free."""

    most: int = MOST
    for_replies: int = FOR_REPLIES
    clock: Callable[[], float] = monotonic
    _begun: deque[list[float]] = field(default_factory=deque)  # [begun, answered or infinite]
    _beside: deque[float] = field(default_factory=deque)  # replies that went another way
    _replies: asyncio.Lock = field(default_factory=asyncio.Lock)
    _broadcasts: asyncio.Lock = field(default_factory=asyncio.Lock)

    def free(self, *, broadcast: bool = False) -> int:
        """How many may be begun at this moment."""
        now = self.clock()
        while self._begun and now - _arrived(self._begun[0]) >= 1:
            self._begun.popleft()
        left = self.most - sum(now - _arrived(one) < 1 for one in self._begun)
        return left - self.for_replies - self._lately(now) if broadcast else left

    def beside(self) -> None:
        """A reply goes out in a webhook's own answer: it waits for nobody, messages to areas wait for it."""
        now = self.clock()
        self._lately(now)
        self._beside.append(now)

    def _lately(self, now: float) -> int:
        while self._beside and now - self._beside[0] >= 1:
            self._beside.popleft()
        return len(self._beside)

    @asynccontextmanager
    async def slot(self, *, broadcast: bool = False) -> AsyncIterator[Callable[[], None]]:
        """Waits until one may be begun; inside it is on its way. First come, first served.

        What it gives is called with the answer; without one it may still arrive for a while.
        """
        async with self._broadcasts if broadcast else self._replies:
            while self.free(broadcast=broadcast) <= 0:  # noqa: ASYNC110 time alone frees a place
                await asyncio.sleep(self._next())
            one = [self.clock(), float("inf")]
            self._begun.append(one)

        def answered() -> None:
            one[1] = self.clock()

        yield answered

    def _next(self) -> float:
        """Seconds until the next one stops counting, or until it is worth looking again."""
        now = self.clock()
        ends = (1 - (now - _arrived(one)) for one in self._begun if _arrived(one) <= now)
        return max(LEAST, min((end for end in ends if end > 0), default=LOOK))


def _arrived(one: list[float]) -> float:
    """The latest moment at which it may have arrived."""
    begun, answered = one
    return min(answered, begun + ON_THE_WAY)
