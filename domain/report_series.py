"""Reported figures of one kind as they stand, by period: what a new one changes, what stands without it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

from domain.indicators import INDICATORS, month_of

LARGEST = 10**15  # no figure of the programme is larger
ReportPlatform = Literal["voso", "postmart"]


@dataclass(frozen=True, slots=True)
class Series:
    """What reports of different periods have in common; `province` is a province key, None: the country."""

    indicator: str
    platform: ReportPlatform | None
    province: str | None

    @property
    def stock(self) -> bool:
        return INDICATORS[self.indicator].kind == "stock"


@dataclass(frozen=True, slots=True)
class Period:
    """Two days, both included."""

    start: dt.date
    end: dt.date

    def overlaps(self, other: Period) -> bool:
        return self.start <= other.end and other.start <= self.end

    def contains(self, other: Period) -> bool:
        return self.start <= other.start and other.end <= self.end

    @property
    def days(self) -> int:
        return (self.end - self.start).days + 1

    def __str__(self) -> str:
        return f"{self.start} to {self.end}"


@dataclass(frozen=True, slots=True)
class Change:
    """What a figure puts in the place of what stood (None: nothing), as a `ReportReceived` says it.

    For a stock, `previous` is the one before it and `next_month` the month of the one after it.
    """

    period: Period
    value: int | None
    replaces: int | None
    previous: int = 0
    next_month: str | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    """One figure as it was sent in; `adds`: on top of what stood, as one more news item does."""

    value: int
    adds: bool = False


@dataclass(slots=True)
class Standing:
    """The figures of one series, changed as new ones are taken in."""

    series: Series
    figures: dict[Period, int] = field(default_factory=dict)

    def copy(self) -> Standing:
        """The same figures, to be changed without changing these."""
        return Standing(self.series, dict(self.figures))

    def take(self, period: Period, value: int) -> Change | None:
        """What the figure changes; None when it says what stands already."""
        own = self.own(period)
        return None if self.figures.get(own) == value else self._set(own, value)

    def take_back(self, period: Period, stands: int | None) -> Change | None:
        """What it changes that this stands there again, or nothing; None when that is so already."""
        return None if self.figures.get(period) == stands else self._set(period, stands)

    def overlapping(self, period: Period) -> Period | None:
        """Another period whose figure counts some days of this flow, too; 0 counts nothing."""
        if self.series.stock or not self.figures.get(period):
            return None
        others = (one for one, value in self.figures.items() if value and one != period)
        return next((one for one in others if one.overlaps(period)), None)

    def before(self, period: Period) -> tuple[Period, int] | None:
        """The last one that ends before it and is not 0."""
        earlier = [one for one, value in self.figures.items() if value and one.end < period.end]
        if not self.series.stock:
            earlier = [one for one in earlier if one.end < period.start]
        last = max(earlier, key=_end, default=None)
        return None if last is None else (last, self.figures[last])

    def own(self, period: Period) -> Period:
        """A stock is of its last day: one reported for that day under another period is the same."""
        if not self.series.stock:
            return period
        return next((one for one in self.figures if one.end == period.end), period)

    def days_of(self, period: Period) -> Period:
        """The days on which its figure counts: a stock from its last day until the next one's."""
        if not self.series.stock:
            return period
        later = [one.end for one in self.figures if one.end > period.end]
        return Period(period.end, min(later) - dt.timedelta(days=1) if later else dt.date.max)

    def counting(self, days: Period) -> int:
        """What counts on some of these days: of flows all together, of a stock the last one."""
        found = [one for one in self.figures if self.days_of(one).overlaps(days)]
        if self.series.stock:
            found = sorted(found, key=_end)[-1:]
        return sum(self.figures[one] for one in found)

    def _set(self, period: Period, value: int | None) -> Change:
        before = self.figures.pop(period, None)
        change = Change(period, value, before, *self._neighbours(period))
        if value is not None:
            self.figures[period] = value
        return change

    def _neighbours(self, period: Period) -> tuple[int, str | None]:
        """The stock before and the month of the next one: with them a report changes only its own time."""
        if not self.series.stock:
            return 0, None
        earlier = [one for one in self.figures if one.end < period.end]
        later = [one for one in self.figures if one.end > period.end]
        previous = self.figures[max(earlier, key=_end)] if earlier else 0
        return previous, month_of(min(later, key=_end).end) if later else None


def fields_of(series: Series, change: Change) -> dict[str, Any]:
    """What a `ReportReceived` or a `ReportTakenBack` of this change says, but for the values themselves."""
    return {
        "province": series.province,
        "indicator": series.indicator,
        "platform": series.platform,
        "period_from": change.period.start,
        "period_to": change.period.end,
        "previous": change.previous,
        "next_month": change.next_month,
    }


def what_stands(base: int | None, sent: Iterable[Sent]) -> int | None:
    """What all figures sent for one period give, in their order, on what stood before the first."""
    value = base
    for one in sent:
        value = (value or 0) + one.value if one.adds else one.value
    return value


def _end(period: Period) -> dt.date:
    return period.end
