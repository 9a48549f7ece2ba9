"""Periods as officers name them: a month, a quarter, a year, or from one month to another."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Literal

from bot.locales.spoken import short_month, written_month
from web.words import t

SINCE = "2022-08"  # the first month that was reported
MONTH = re.compile(r"(\d{4})-(\d{1,2})|(\d{1,2})[/-](\d{4})")
ROMAN = ("I", "II", "III", "IV")

Kind = Literal["month", "quarter", "year", "range"]


@dataclass(frozen=True, slots=True)
class Period:
    """Whole months, both included, as YYYY-MM."""

    start: str
    end: str

    @property
    def months(self) -> int:
        return _number(self.end) - _number(self.start) + 1

    @property
    def kind(self) -> Kind:
        """What it is called: any other is from one month to another."""
        first = _number(self.start) % 12
        if self.months == 1:
            return "month"
        if self.months == 3 and first % 3 == 0:
            return "quarter"
        return "year" if self.months == 12 and first == 0 else "range"

    @property
    def before(self) -> Period | None:
        """As many months right before it; None where the series had not begun."""
        start = _named(_number(self.start) - self.months)
        return Period(start, _named(_number(self.start) - 1)) if start >= SINCE else None

    @property
    def after(self) -> Period:
        """As many months right behind it."""
        end = _number(self.end)
        return Period(_named(end + 1), _named(end + self.months))

    @property
    def name(self) -> str:
        """`Quý III/2026`."""
        year, first = self.start[:4], _number(self.start) % 12
        match self.kind:
            case "month":
                return t("web.period.month", month=written_month(self.start))
            case "quarter":
                return t("web.period.quarter", quarter=ROMAN[first // 3], year=year)
            case "year":
                return t("web.period.year", year=year)
        start, end = written_month(self.start), written_month(self.end)
        return t("web.period.range", start=start, end=end)

    @property
    def short(self) -> str:
        """For a button that stands beside another: `9/2026`, `8/2022–6/2023`."""
        start, end = short_month(self.start), short_month(self.end)
        if self.kind == "range":
            return t("web.period.short", start=start, end=end)
        return start if self.kind == "month" else self.name


def month_of(day: dt.date) -> str:
    """YYYY-MM."""
    return f"{day:%Y-%m}"


def read_month(said: str) -> str:
    """`2026-10` of what a browser's field or a hand writes (`10/2026`); unreadable stays as it is."""
    found = MONTH.fullmatch(said.strip())
    if found is None:
        return said
    year, month = (found[1], found[2]) if found[1] else (found[4], found[3])
    return f"{year}-{int(month):02d}"


def typed_month(month: str) -> str:
    """`10/2026`, as `read_month` reads it."""
    return f"{int(month[5:])}/{month[:4]}"


def last_month(today: dt.date) -> Period:
    """The newest month that is over."""
    month = _named(_number(month_of(today)) - 1)
    return Period(month, month)


def last_year(today: dt.date) -> Period:
    """Twelve months with this one as the last."""
    this = _number(month_of(today))
    return Period(_named(this - 11), _named(this))


def choices(today: dt.date) -> tuple[Period, ...]:
    """What is offered at a tap: this and the last month, quarter and year, and all since the beginning."""
    this = _number(month_of(today))
    found = []
    for length in (1, 3, 12):
        first = this - this % length
        now = Period(_named(first), _named(first + length - 1))
        found += [now, *filter(None, [now.before])]
    return (*found, Period(SINCE, month_of(today)))


def _number(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:7]) - 1


def _named(number: int) -> str:
    return f"{number // 12:04d}-{number % 12 + 1:02d}"
