"""Which cells of a summary are withheld outside their locality: few households could be recognised by them.

What is withheld is worked out from everything that there is, never from the question alone, so that one
answer does not tell what another keeps back.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from types import MappingProxyType
from uuid import UUID
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine

from bot.figures import RATIO, CellKey, own_code
from bot.summary import PLATFORMS, Question
from domain.province_keys import province_within
from domain.suppression import Households, Level, Levels, Part, levels
from storage.rollups import reached
from storage.small_cells import Amount, Few, Kind, amounts, few

MIN_CELL = 5  # households; LENSAN_MIN_CELL
INDICATORS: Mapping[Kind, tuple[str, ...]] = MappingProxyType(
    {
        "sold": ("transactions", "value", RATIO),
        "products": ("products",),
        "accounts": ("accounts",),
    }
)
STOCKS = ("products", "accounts")


@dataclass(frozen=True, slots=True)
class Closed:
    """The months in which anything was counted, and how much of each place is closed at their ends."""

    stock: bool
    months: Sequence[str]
    levels: Levels

    def ends(self, first: str, last: str) -> Sequence[int]:
        """Between which of them a period lies, both its months included; none if nothing was counted."""
        before, at = bisect_left(self.months, first) - 1, bisect_right(self.months, last) - 1
        if self.stock:
            return (at,) if at >= 0 else ()
        return [end for end in (before, at) if end >= 0] if before < at else ()


_LATEST: WeakKeyDictionary[Engine, tuple[object, Mapping[Kind, Closed]]] = WeakKeyDictionary()


def closed(conn: Connection, min_cell: int) -> Mapping[Kind, Closed]:
    """What must not be told of which place, for each kind of which a cell is small.

    Worked out once for each state of the roll-ups: it takes far longer than the summary itself.
    """
    state = reached(conn), min_cell
    known = _LATEST.get(conn.engine)
    if known is None or known[0] != state:
        known = state, _worked_out(conn, min_cell)
        _LATEST[conn.engine] = known
    return known[1]


def _worked_out(conn: Connection, min_cell: int) -> Mapping[Kind, Closed]:
    rows = list(few(conn, min_cell))
    if not rows:
        return {}
    counted = list(amounts(conn))
    return {
        kind: _closed(
            kind,
            [one for one in rows if one.kind == kind],
            [one for one in counted if one.kind == kind],
            min_cell,
        )
        for kind in sorted({one.kind for one in rows})
    }


def withheld(conn: Connection, question: Question, min_cell: int) -> frozenset[CellKey]:
    """The cells of provinces that are not shown; some of them hold nothing, which is not told either."""
    if question.own or not (question.province or "province" in question.by):
        return frozenset()
    months = [None, *(question.months if "month" in question.by else ())]
    return frozenset(
        CellKey(indicator, month, code, platform)
        for kind, one in closed(conn, min_cell).items()
        for month in months
        for code, level in _asked(one, month, question)
        for platform in _apart(code, month, level, question)
        for indicator in INDICATORS[kind]
    )


def _asked(one: Closed, month: str | None, question: Question) -> Iterator[tuple[str, Level]]:
    """Each place that is asked for and of which something is not told, and how much."""
    only, asked = own_code(question), str(question.provinces)
    ends = one.ends(month or question.start, month or question.end)
    for (of, code), shut in one.levels.items():
        if of == asked and only in {None, code}:
            level = max((shut[end] for end in ends), default=Level.OPEN)
            if level:
                yield code, level


def _apart(code: str, month: str | None, level: Level, question: Question) -> Iterator[str | None]:
    """The platforms that the answer tells apart and that are not told, None for the whole."""
    whole = month is None and code == own_code(question)
    if question.platform:
        yield question.platform
    elif whole or "platform" in question.by:
        yield from PLATFORMS
    if level is Level.ALL and not question.platform:
        yield None


Where = tuple[str, str, str]
"""Codes of the 34 and of the 63, empty where it can't be told, and the platform."""


def _closed(kind: Kind, rows: Sequence[Few], counted: Sequence[Amount], min_cell: int) -> Closed:
    stock = kind in STOCKS
    months = sorted({one.month for one in rows} | {one.month for one in counted})
    parts = _parts(months, rows, counted, stock=stock)
    found = levels(parts, min_cell, stock=stock)
    return Closed(stock, months, {place: ends for place, ends in found.items() if any(ends)})


def _parts(
    months: Sequence[str], rows: Iterable[Few], counted: Iterable[Amount], *, stock: bool
) -> Iterator[Part]:
    """Each place and platform by month: so many were counted, and the households where they are few."""
    sums = defaultdict[Where, list[int]](lambda: [0] * len(months))
    for one in counted:
        sums[_where(one)][bisect_left(months, one.month)] += one.amount
    there = defaultdict[Where, list[set[UUID]]](lambda: [set() for _ in months])
    for row in rows:
        for month in _stay(months, row, stock=stock):
            there[_where(row)][month].add(row.household)
    for where in sums.keys() | there.keys():
        standing = list(accumulate(sums[where])) if stock else sums[where]
        yield Part(*where, [*map(_households, there[where], standing)], standing)


def _stay(months: Sequence[str], row: Few, *, stock: bool) -> range:
    """The months of it: who sold is counted in that month alone."""
    first = bisect_left(months, row.month)
    if not stock:
        return range(first, first + 1)
    return range(first, bisect_left(months, row.ends) if row.ends else len(months))


def _where(one: Few | Amount) -> Where:
    of_34 = province_within(one.province, "", 34) if one.province else None
    return of_34 or "", one.old_province, one.platform


def _households(some: set[UUID], amount: int) -> Households:
    """None where something was counted and nobody is named: there are enough of them."""
    return frozenset(some) if some or not amount else None
