"""Arithmetic of days, weeks, months: pure, whole days, weeks from Monday."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta
from functools import lru_cache

from bot.language.numbers import Numbers

Span = tuple[date, date]
_DAY = timedelta(days=1)


def real(year: int, month: int, day: int) -> date | None:
    """The date, or None when there is no such day."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def full_year(year: int, today: date) -> int:
    """17 -> 2017, 91 -> 1991: the latest that is not more than ten years ahead."""
    if year >= 100:
        return year
    century = today.year - today.year % 100
    return century + year if century + year <= today.year + 10 else century - 100 + year


def spelled_year(numbers: Numbers, at: int) -> tuple[int, int] | None:
    """*hai nghìn không trăm hai mươi sáu*, *hai không hai sáu* -> (2026, end)."""
    if not numbers.has(at, "digit", "tail", "magnitude"):
        return None  # ten thousand and more: no year
    number = numbers.read(at, money=False)
    if number is not None and number.scaled:
        return int(number.value), number.end
    digits, end = "", at
    while end < numbers.count and len(digits) < 4 and (digit := _digit(numbers, end)) is not None:
        digits, end = digits + str(digit), end + 1
    return (int(digits), end) if len(digits) == 4 else None


def _digit(numbers: Numbers, at: int) -> int | None:
    digit = numbers.value(at, "digit")
    return numbers.value(at, "tail") if digit is None else digit


@lru_cache(maxsize=1024)
def nearest(today: date, month: int, day: int) -> tuple[date | None, date | None]:
    """The latest such day up to today, and the first from today on (29/2 looks back four years)."""
    years = range(today.year - 8, today.year + 9)
    days = [d for d in (real(y, month, day) for y in years if 1 <= y <= 9999) if d]
    past = [d for d in days if d <= today]
    coming = [d for d in days if d >= today]
    return (past[-1] if past else None), (coming[0] if coming else None)


@lru_cache(maxsize=256)
def day_of_month(today: date, day: int) -> tuple[date | None, date | None]:
    """The latest day of that number, and the next."""
    months = [_shift(today.year, today.month, step) for step in range(-3, 4)]
    days = [d for d in (real(y, m, day) for y, m in months) if d]
    past = [d for d in days if d <= today]
    coming = [d for d in days if d >= today]
    return (past[-1] if past else None), (coming[0] if coming else None)


def _shift(year: int, month: int, months: int) -> tuple[int, int]:
    index = year * 12 + month - 1 + months
    return index // 12, index % 12 + 1


def _months(year: int, month: int, count: int) -> Span:
    """From the first day of a month, `count` whole months."""
    last_year, last_month = _shift(year, month, count - 1)
    return date(year, month, 1), date(last_year, last_month, monthrange(last_year, last_month)[1])


def week(today: date, offset: int) -> Span:
    """Monday to Sunday, `offset` weeks from today's."""
    monday = today - today.weekday() * _DAY + 7 * offset * _DAY
    return monday, monday + 6 * _DAY


def weekday_in(today: date, weekday: int, offset: int) -> date:
    """That weekday of the week `offset` weeks from today's."""
    return week(today, offset)[0] + weekday * _DAY


def month(today: date, number: int, year: int | None) -> Span:
    """That month of the year, or the latest one that has begun."""
    return _months(year or today.year - (number > today.month), number, 1)


def latest_month(today: date, number: int) -> Span:
    """The latest month of that number which has begun."""
    return month(today, number, None)


def coming_month(today: date, number: int) -> Span:
    """The first month of that number after today's."""
    return _months(today.year + (number <= today.month), number, 1)


def quarter(today: date, number: int, year: int | None) -> Span:
    """Three months; of the year said, or the latest that has begun."""
    first = 3 * number - 2
    return _months(year or today.year - (first > today.month), first, 3)


def _relative_month(today: date, offset: int) -> Span:
    return _months(*_shift(today.year, today.month, offset), 1)


def _relative_quarter(today: date, offset: int) -> Span:
    first = today.month - (today.month - 1) % 3
    return _months(*_shift(today.year, first, 3 * offset), 3)


def _relative_year(today: date, offset: int) -> Span:
    return _months(today.year + offset, 1, 12)


RELATIVE: dict[str, Callable[[date, int], Span]] = {
    "month_rel": _relative_month,
    "quarter_rel": _relative_quarter,
    "year_rel": _relative_year,
}


def counted(today: date, count: int, kind: str) -> Span:
    """The last (negative) or next whole days, weeks, months, years, today's left out."""
    size = abs(count)
    if kind == "day_count":
        return (
            (today - size * _DAY, today - _DAY)
            if count < 0
            else (today + _DAY, today + size * _DAY)
        )
    if kind == "week_count":
        offsets = (-size, -1) if count < 0 else (1, size)
        return week(today, offsets[0])[0], week(today, offsets[1])[1]
    if kind == "month_count":
        return _months(*_shift(today.year, today.month, -size if count < 0 else 1), size)
    return _months(today.year - size if count < 0 else today.year + 1, 1, 12 * size)
