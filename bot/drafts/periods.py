"""Periods of a household's own figures, and the one before each, up to the same day."""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass

from bot.dialogue.reply import Day, Line, Lines, Name, Value

WEEK = dt.timedelta(days=7)
YEAR = dt.timedelta(days=364)


@dataclass(frozen=True, slots=True)
class Period:
    """Both days included. `name` is that of its button, or empty; the words are values for a message."""

    start: dt.date
    end: dt.date
    name: str
    words: Value
    before_words: Value


def today(on: dt.date) -> Period:
    """This day."""
    return Period(on, on, "today", Day(on, on), Name("before.day"))


def this_week(on: dt.date) -> Period:
    """Monday to this day."""
    start = on - dt.timedelta(days=on.weekday())
    return Period(
        start, on, "week", _span("period.week", start, start + WEEK - DAY), _same("week", on)
    )


def this_month(on: dt.date) -> Period:
    """The first of the month to this day."""
    words = Lines((Line("period.month", {"month": on.month}),))
    return Period(on.replace(day=1), on, "month", words, _same("month", on))


def this_year(on: dt.date) -> Period:
    """New Year to this day."""
    words = Lines((Line("period.year", {"year": str(on.year)}),))
    return Period(on.replace(month=1, day=1), on, "year", words, _same("year", on))


def month_value(year: int, month: int) -> Lines:
    """A month with its year: `6/2026`, `June 2026`."""
    return Lines((Line("month.of_year", {"month": month, "year": str(year)}),))


def period_of(start: dt.date, end: dt.date, on: dt.date) -> Period:
    """The period between two days as it was asked for; a running one ends today."""
    running = min(end, on) if start <= on else end
    for whole in (today(on), this_week(on), this_month(on), this_year(on)):
        if start == whole.start and running == whole.end:
            return whole
    if start == end:
        return Period(start, end, "", Day(start, on), Name("before.one_day"))
    if start.day == 1 and end == _month_end(start):
        return _month(start, end, on)
    if (start.month, start.day, end.month, end.day) == (1, 1, 12, 31) and start.year == end.year:
        words = Lines((Line("period.year", {"year": str(start.year)}),))
        return Period(start, end, "", words, Name("before.year"))
    count = (running - start).days + 1
    before_words = Lines((Line("before.range", {"count": count}),))
    return Period(start, running, "", _span("period.range", start, running), before_words)


def _month(start: dt.date, end: dt.date, on: dt.date) -> Period:
    if start.year == on.year:
        words = Lines((Line("period.month", {"month": start.month}),))
    else:
        words = Lines((Line("period.month_year", {"month": start.month, "year": str(start.year)}),))
    return Period(start, end, "", words, Name("before.month"))


def before(period: Period) -> tuple[dt.date, dt.date]:
    """The period to compare with: the same stretch of the week, month or year before."""
    if period.name == "week":
        return period.start - WEEK, period.end - WEEK
    if period.name == "year" or period.end - period.start >= YEAR:
        last = period.end.year - 1
        return period.start.replace(year=last), _on_day(last, period.end.month, period.end.day)
    if period.start.day == 1 and period.start.month == period.end.month and period.name != "today":
        return _month_before(period)
    length = period.end - period.start + DAY
    return period.start - length, period.end - length


def _month_before(period: Period) -> tuple[dt.date, dt.date]:
    last = period.start - DAY
    if period.end == _month_end(period.end):
        return last.replace(day=1), last
    return last.replace(day=1), _on_day(last.year, last.month, period.end.day)


def _on_day(year: int, month: int, day: int) -> dt.date:
    return dt.date(year, month, min(day, calendar.monthrange(year, month)[1]))


def _month_end(day: dt.date) -> dt.date:
    return _on_day(day.year, day.month, 31)


def _same(kind: str, on: dt.date) -> Value:
    return Lines((Line(f"before.{kind}_same", {"day": on.day, "month": on.month}),))


def _span(key: str, start: dt.date, end: dt.date) -> Value:
    values: dict[str, Value] = {"from_day": start.day, "from_month": start.month}
    return Lines((Line(key, {**values, "to_day": end.day, "to_month": end.month}),))


DAY = dt.timedelta(days=1)
