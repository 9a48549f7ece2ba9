"""How fast one may write: a bucket of posts each, filled up slowly. Held in memory, and bounded."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from time import monotonic

BURST = 30  # posts at once
A_SECOND = 2.0  # posts, in the long run
CLIENTS = 20_000  # buckets held; the one unused longest goes first


class Rate:
    """`takes` says whether one more post of a client is let in."""

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

    def takes(self, client: Hashable) -> bool:
        now = self._clock()
        left, since = self._buckets.pop(client, (float(self._burst), now))
        left = min(self._burst, left + (now - since) * self._a_second)
        let_in = left >= 1
        self._buckets[client] = (left - 1 if let_in else left, now)
        if len(self._buckets) > CLIENTS:
            self._buckets.popitem(last=False)
        return let_in
