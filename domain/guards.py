"""When a sum is so unusual that a person is asked before it counts: a zero too many costs a farmer dearly."""

from __future__ import annotations

from collections.abc import Sequence

from domain.household import Entry

UNUSUAL = 5  # times the usual price, up or down, that looks like a slipped zero
BIG = 10  # times the largest of the recent totals
ENOUGH_HISTORY = 3  # entries before totals can be called unusual
VERY_BIG = 1_000_000_000  # đồng in one sale: asked of anybody


def slipped_zero(price: int, usual: int | None) -> tuple[int, int] | None:
    """The two readings (low, high) of a price that is far from the usual one; None when it is not."""
    if not usual or not price:
        return None
    if price >= UNUSUAL * usual and price % 10 == 0:
        return price // 10, price
    if price * UNUSUAL <= usual:
        return price, price * 10
    return None


def is_big(total: int, recent: Sequence[Entry]) -> bool:
    """Whether a total stands out from those of the household's recent entries."""
    if len(recent) < ENOUGH_HISTORY:
        return total >= VERY_BIG
    return all(total >= BIG * entry.total_vnd for entry in recent)
