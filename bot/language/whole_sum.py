"""One sum for several goods: *6 hũ sa tế 45k, 4 hũ mắm ruốc 50k, tổng 470k*."""

from __future__ import annotations

from itertools import product

from bot.language.amount import Amount
from bot.language.drafts import Draft
from bot.language.pricing import Priced
from bot.language.understanding import Item

_MOST = 6  # goods; more are not tried in all their readings


def last_sum(drafts: list[Draft]) -> Amount | None:
    """The sum after the last goods' own, when there are several goods."""
    if len(drafts) < 2 or len(drafts[-1].sums) < 2:
        return None
    last = drafts[-1].sums[-1]
    return last if last.per is None else None


def agreeing(priced: list[Priced], total: int) -> list[Priced] | None:
    """The goods with their doubts decided by the sum of them all; None when it does not come out."""
    choices = [_readings(one) for one in priced]
    if len(priced) > _MOST or not all(choices):
        return None
    fitting = [items for items in product(*choices) if _sum(items) == total]
    if len(fitting) != 1:
        return None
    return [Priced(item, rule="sense: the sum of all") for item in fitting[0]]


def _readings(priced: Priced) -> list[Item]:
    if not priced.ask:
        return [priced.item]
    if priced.ask != ("unit_or_total",):
        return []
    return [value[0] for _, _, value in priced.readings if isinstance(value, tuple)]


def _sum(items: tuple[Item, ...]) -> int | None:
    totals = [item.total_vnd for item in items if item.total_vnd is not None]
    return sum(totals) if len(totals) == len(items) else None
