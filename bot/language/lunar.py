"""Lunar days as dates, at UTC+7, leap months included. A day 30 of a short month is its last day."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from lunar_vn import LunarDate, convert_lunar_to_solar, convert_solar_to_lunar

FIRST_YEAR, LAST_YEAR = 1901, 2099  # what the tables of lunar-vn hold


def lunar(day: date) -> LunarDate:
    """The lunar day of a date; `year`, `month`, `day`, `leap`."""
    return convert_solar_to_lunar(day.day, day.month, day.year)


@lru_cache(maxsize=1024)
def on(day: int, month: int, year: int, *, leap: bool = False) -> date | None:
    """The date of a lunar day, or None when that month has none."""
    for last in (day, day - 1) if day == 30 else (day,):
        found = _convert(last, month, year, leap=leap)
        if found is not None:
            return found
    return None


def _convert(day: int, month: int, year: int, *, leap: bool) -> date | None:
    try:
        found = convert_lunar_to_solar(day, month, year, int(leap))
    except ValueError:
        return None
    back = lunar(found)
    return found if (back.day, back.month, bool(back.leap)) == (day, month, leap) else None


@lru_cache(maxsize=1024)
def near(
    day: int, month: int | None, today: date, *, leap: bool = False
) -> tuple[date | None, date | None]:
    """The latest such lunar day up to today, and the first from today on. `month` None: of any month."""
    if not FIRST_YEAR + 2 < today.year < LAST_YEAR - 2:
        return None, None
    year = lunar(today).year
    months = (month,) if month else range(1, 13)
    found = [
        on(day, m, y, leap=flag)
        for y in (year - 1, year, year + 1)
        for m in months
        for flag in _leaps(month, leap=leap)
    ]
    days = sorted(d for d in found if d is not None)
    past = [d for d in days if d <= today]
    coming = [d for d in days if d >= today]
    return (past[-1] if past else None), (coming[0] if coming else None)


def _leaps(month: int | None, *, leap: bool) -> tuple[bool, ...]:
    if leap:
        return (True,)
    return (False,) if month else (False, True)


def month_span(month: int, today: date) -> tuple[date, date] | None:
    """First and last day of the latest lunar month of that number which has begun."""
    first, _ = near(1, month, today)
    last = first and on(30, month, lunar(first).year)
    return (first, last) if first and last else None
