"""How fast one may ask or write: a bucket each, filled up slowly. Held in memory, and bounded."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from math import ceil
from time import monotonic

from fastapi import HTTPException

BURST = 30  # posts at once
A_SECOND = 2.0  # posts, in the long run
ROUNDING = 1e-6  # of a post: who waited as long as told is let in
CLIENTS = 20_000  # buckets held; the one unused longest goes first


@dataclass(frozen=True, slots=True)
class Measured:
    """Whether one more was let in, how many more would be now, and the seconds until all are again."""

    let_in: bool
    left: int
    full_in: int
    next_in: int  # seconds until one more is let in; 0 when one is now


class Rate:
    """`takes` says whether one more post of a client is let in; `measure` also how it stands."""

    def __init__(
        self,
        clock: Callable[[], float] = monotonic,
        *,
        burst: int = BURST,
        a_second: float = A_SECOND,
    ) -> None:
        self._clock = clock
        self._burst = burst
        self._a_second = a_second
        self._buckets: OrderedDict[Hashable, tuple[float, float]] = OrderedDict()

    @property
    def policy(self) -> tuple[int, int]:
        """So many in so many seconds."""
        return self._burst, ceil(self._burst / self._a_second)

    def takes(self, client: Hashable) -> bool:
        return self.measure(client).let_in

    def admit(self, client: Hashable) -> None:
        """429 for one post too many, with the seconds to wait."""
        refuse_over(self.measure(client))

    def measure(self, client: Hashable) -> Measured:
        now = self._clock()
        left, since = self._buckets.pop(client, (float(self._burst), now))
        left = min(self._burst, left + (now - since) * self._a_second)
        let_in = left >= 1 - ROUNDING
        left = max(0.0, left - let_in)
        self._buckets[client] = (left, now)
        if len(self._buckets) > CLIENTS:
            self._buckets.popitem(last=False)
        missing, until_one = self._burst - left, max(0.0, 1 - left)
        seconds = (ceil(n / self._a_second) for n in (missing, until_one))
        return Measured(let_in, int(left), *seconds)


def refuse_over(stands: Measured) -> None:
    """429 with the seconds to wait, unless it was let in."""
    if not stands.let_in:
        wait = {"Retry-After": str(stands.next_in)}
        raise HTTPException(429, "too often; Retry-After says when to go on", wait)
