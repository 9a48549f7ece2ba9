"""From roll-up rows to the cells of a summary: totals, platforms, and what is told apart besides."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import product
from typing import NamedTuple

from bot.summary import PLATFORMS, Question
from domain.indicators import INDICATORS
from domain.province_keys import OLD, province_within
from storage.figures import FigureRow

WHOLE = ""  # instead of a month: told in the whole period alone
UNKNOWN = ""  # a province that can't be told, or a report of the whole country
RATIO = "value_per_transaction"


class CellKey(NamedTuple):
    """Which cell: None where it is the sum over all; `province` is a code of the asked set."""

    indicator: str
    month: str | None = None
    province: str | None = None
    platform: str | None = None


@dataclass(slots=True)
class Cell:
    """Sums of one cell; both parts are None until something was said of them."""

    bot: int | None = None
    reported: int | None = None
    said: int = 0
    confirmed: int = 0
    matched: int = 0
    paid: int = 0
    ratio: int | None = None  # lies between its parts and is not their sum

    @property
    def total(self) -> int | None:
        """None when nobody reported anything: that is not 0."""
        if self.ratio is not None:
            return self.ratio
        if self.bot is None:
            return self.reported
        return self.bot + (self.reported or 0)

    def add(self, row: FigureRow) -> None:
        if row.of_reports:
            self.reported = (self.reported or 0) + row.reported
        if row.of_bot:
            self.said += row.said
            self.confirmed += row.confirmed
            self.matched += row.matched
            self.paid += row.paid
            self.bot = self.said + self.confirmed + self.matched + self.paid

    def join(self, other: Cell) -> None:
        if other.reported is not None:
            self.reported = (self.reported or 0) + other.reported
        if other.bot is not None:
            self.said += other.said
            self.confirmed += other.confirmed
            self.matched += other.matched
            self.paid += other.paid
            self.bot = (self.bot or 0) + other.bot


NOTHING = Cell()

Line = tuple[str, str | None, str | None]
"""Indicator, province and platform as in `CellKey`."""
Sums = defaultdict[tuple[str, str | None, str | None, str], Cell]
"""By line and month: that of a flow, or from which on a stock stands; `WHOLE`: in no month."""


def cells(rows: Iterable[FigureRow], question: Question) -> dict[CellKey, Cell]:
    """Every cell that has something, and the empty ones that a reader looks for."""
    found = {key: Cell() for key in _looked_for(question)}
    found.update(_told(_sums(rows, question), question))
    for key in [key for key in found if key.indicator == "value"]:
        sold = found.get(CellKey("transactions", *key[1:]), NOTHING)
        found[CellKey(RATIO, *key[1:])] = _ratio(found[key], sold)
    return found


def place_of(province: str, old_province: str, question: Question) -> str:
    """The code of the province of the asked set that a row belongs to, or UNKNOWN."""
    return old_province if question.provinces == 63 else _of_34(province)


@cache
def _of_34(province: str) -> str:
    return (province_within(province, "", 34) or UNKNOWN) if province else UNKNOWN


def own_code(question: Question) -> str | None:
    """The asked province's code without its set."""
    return question.province.removeprefix(OLD) if question.province else None


def _sums(rows: Iterable[FigureRow], question: Question) -> Sums:
    """The sums of each province and platform that is told apart, and those over them."""
    own, sums = own_code(question), _parts(rows, question)
    for (indicator, place, platform, month), cell in list(sums.items()):
        if place != own:
            sums[indicator, own, platform, month].join(cell)
    for (indicator, place, platform, month), cell in list(sums.items()):
        if platform != question.platform:
            sums[indicator, place, question.platform, month].join(cell)
    return sums


def _parts(rows: Iterable[FigureRow], question: Question) -> Sums:
    """The rows of each province and platform that are told apart; no platform: of all of them."""
    own, only = own_code(question), question.platform
    apart, of_months = "province" in question.by, "month" in question.by
    parts: Sums = defaultdict(Cell)
    for row in rows:
        place = place_of(row.province, row.old_province, question)
        if (own is None or place == own) and (only is None or row.platform == only):
            month = _month(row) if of_months else WHOLE
            parts[row.indicator, place if apart else own, row.platform or only, month].add(row)
    return parts


def _month(row: FigureRow) -> str:
    """A flow belongs to its month when it has but one; a stock stands from its month on."""
    stock = INDICATORS[row.indicator].kind == "stock"
    return row.until if stock or row.month == row.until else WHOLE


def _told(sums: Sums, question: Question) -> Iterator[tuple[CellKey, Cell]]:
    """The cells; a single platform only where platforms are told apart."""
    if "month" in question.by:
        yield from _told_by_month(sums, question)
        return
    own, apart = own_code(question), "platform" in question.by
    for (indicator, province, platform, _), cell in sums.items():
        if apart or province == own or platform == question.platform:
            yield CellKey(indicator, None, province, platform), cell


def _told_by_month(sums: Sums, question: Question) -> Iterator[tuple[CellKey, Cell]]:
    lines = defaultdict[Line, dict[str, Cell]](dict)
    for (indicator, province, platform, month), cell in sums.items():
        lines[indicator, province, platform][month] = cell
    for (indicator, province, platform), by_month in lines.items():
        apart = platform != question.platform
        if not apart or _by_platform(None, province, question):
            yield CellKey(indicator, None, province, platform), _sum(by_month.values())
        if not apart or "platform" in question.by:
            stock = INDICATORS[indicator].kind == "stock"
            told = _standing(by_month, question.months) if stock else by_month.items()
            yield from ((CellKey(indicator, m, province, platform), cell) for m, cell in told if m)


def _standing(by_month: Mapping[str, Cell], months: Sequence[str]) -> Iterator[tuple[str, Cell]]:
    """What stands at the end of each month, from the first on in which anything was counted."""
    standing = Cell()
    for month in sorted({*by_month, *months}):
        if month in by_month:
            standing.join(by_month[month])
        if month >= months[0] and standing.total is not None:
            yield month, replace(standing)


def _sum(some: Collection[Cell]) -> Cell:
    if len(some) == 1:
        return next(iter(some))  # most often there is but one
    whole = Cell()
    for one in some:
        whole.join(one)
    return whole


def _by_platform(month: str | None, province: str | None, question: Question) -> bool:
    """The platforms of the whole are always told apart, those of its parts when asked."""
    whole = month is None and province == own_code(question)
    return whole or "platform" in question.by


def _looked_for(question: Question) -> Iterator[CellKey]:
    wide = own_code(question)
    months = [None, *(question.months if "month" in question.by else ())]
    for indicator, month in product(INDICATORS.values(), months):
        if indicator.kind == "status":
            continue
        yield CellKey(indicator.key, month, wide, question.platform)
        if not question.platform and _by_platform(month, wide, question):
            for platform in PLATFORMS:
                yield CellKey(indicator.key, month, wide, platform)


def _ratio(value: Cell, sold: Cell) -> Cell:
    """From totals, never of ratios; each part's own ratio beside it. Evidence says nothing here."""
    return Cell(
        _divided(value.bot, sold.bot),
        _divided(value.reported, sold.reported),
        ratio=_divided(value.total, sold.total),
    )


def _divided(value: int | None, count: int | None) -> int | None:
    """Whole đồng, half up; None without transactions."""
    if value is None or not count or count < 0:
        return None
    return (2 * value + count) // (2 * count)
