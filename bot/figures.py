"""From roll-up rows to the cells of a summary: totals, platforms, and what is told apart besides."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import NamedTuple

from bot.summary import PLATFORMS, Question
from domain.indicators import INDICATORS
from domain.province_keys import OLD, province_within
from storage.figures import FigureRow

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


def cells(rows: Iterable[FigureRow], question: Question) -> dict[CellKey, Cell]:
    """Every cell that has something, and the empty ones that a reader looks for."""
    found = defaultdict[CellKey, Cell](Cell)
    for key in _looked_for(question):
        found[key] = Cell()
    for row in rows:
        place = place_of(row.province, row.old_province, question)
        if _asked(row, place, question):
            for key in _keys(row, place, question):
                found[key].add(row)
    for key in [key for key in found if key.indicator == "value"]:
        sold = found.get(key._replace(indicator="transactions"), Cell())
        found[key._replace(indicator=RATIO)] = _ratio(found[key], sold)
    return dict(found)


def place_of(province: str, old_province: str, question: Question) -> str:
    """The code of the province of the asked set that a row belongs to, or UNKNOWN."""
    return old_province if question.provinces == 63 else _of_34(province)


@cache
def _of_34(province: str) -> str:
    return (province_within(province, "", 34) or UNKNOWN) if province else UNKNOWN


def own_code(question: Question) -> str | None:
    """The asked province's code without its set."""
    return question.province.removeprefix(OLD) if question.province else None


def _asked(row: FigureRow, place: str, question: Question) -> bool:
    code = own_code(question)
    if code is not None and place != code:
        return False
    return question.platform is None or row.platform == question.platform


def _keys(row: FigureRow, place: str, question: Question) -> Iterator[CellKey]:
    wide, platform = own_code(question), row.platform
    apart = platform and not question.platform
    provinces = (wide, place) if "province" in question.by and wide is None else (wide,)
    for month in (None, *_months(row, question)):
        for province in provinces:
            yield CellKey(row.indicator, month, province, question.platform)
            if apart and _by_platform(month, province, question):
                yield CellKey(row.indicator, month, province, platform)


def _months(row: FigureRow, question: Question) -> Iterable[str]:
    """A flow belongs to its month when it has but one; a stock stands from its month on."""
    if "month" not in question.by:
        return ()
    if INDICATORS[row.indicator].kind == "stock":
        return (month for month in question.months if month >= row.until)
    return (row.month,) if row.month == row.until else ()


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
