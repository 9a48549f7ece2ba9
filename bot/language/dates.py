"""Days and spans of days (rules.md 6). Sales lie in the past, deliveries in the future: both are kept."""

# ruff: noqa: SLF001 the table names readers of the class below

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import cache
from itertools import chain

from bot.language.calendar_days import MONTHS
from bot.language.day import Day
from bot.language.spoken_days import COUNTED, FROM_TODAY, SpokenDays

# Which words a day begins with, and who reads it then, in this order.
_READERS: tuple[tuple[frozenset[str], Callable[[SpokenDays, int], Day | None]], ...] = (
    (frozenset(("from_start_of", "first_day")), SpokenDays._since),
    (frozenset(("vague_date",)), SpokenDays._vague),
    (frozenset(("part_of_day",)), SpokenDays._with_part),
    (frozenset(("week",)), SpokenDays._relative_week),
    (frozenset(("month_rel", "quarter_rel", "year_rel")), SpokenDays._span_word),
    (frozenset(("new_year_eve", "day_word", "full_moon", "lunar_day")), SpokenDays._lunar),
    (frozenset(("weekday",)), SpokenDays._weekday),
    (frozenset(("day",)), SpokenDays._relative_day),
    (frozenset(("ago", "digit", "ten")), SpokenDays._counted),
    (frozenset(("after_day", "day_word", "digit", "ten", "twenty")), SpokenDays._day_month),
    (frozenset(("month_word",)), SpokenDays._month),
    (frozenset(("quarter_word",)), SpokenDays._quarter),
    (frozenset(("year_word",)), SpokenDays._year),
    (frozenset(("christmas",)), SpokenDays._christmas),
)
_STARTS = frozenset(kind for kinds, _ in _READERS for kind in kinds)
_NUMBERS = frozenset(("digit", "ten", "twenty"))
_STARTS_ALONE = _STARTS - _NUMBERS  # a number is a day only before a month or what counts days


@cache
def _readers(said: frozenset[str]) -> tuple[Callable[[SpokenDays, int], Day | None], ...]:
    """Who reads what begins with words of these classes."""
    return tuple(read for kinds, read in _READERS if not kinds.isdisjoint(said))


class Dates(SpokenDays):
    """Finds the days said in one sentence, seen from one day."""

    def find(self) -> list[Day]:
        """All days, from left to right; two joined by *đến* are one span."""
        self._numbered = self._may_be_numbered()
        if not self._numbered and self._names_no_day():
            return []
        self.month_said = self._last_month()
        found: list[Day] = []
        end = 0
        for at in self._beginnings():
            day = self._read(at) if at >= end else None
            if day is not None:
                found.append(day)
                end = day.end
        return self._joined(found)

    def _beginnings(self) -> list[int]:
        """Where a day can begin, from left to right."""
        at = self.at
        found = {*chain(*[at.where[kind] for kind in _STARTS_ALONE.intersection(at.kinds)])}
        if self._numbered:
            last = max(self.month_said, at.last(*COUNTED))
            digits, tags = at.digits, at.tags
            found.update([p for p in range(last) if digits[p] or not _NUMBERS.isdisjoint(tags[p])])
        if "t" in at.bare:
            found.update(p for p, bare in enumerate(at.bare) if bare == "t")
        return sorted(found)

    def _names_no_day(self) -> bool:
        return _STARTS_ALONE.isdisjoint(self.at.kinds) and "t" not in self.at.bare

    def _may_be_numbered(self) -> bool:
        """Can a number be a day here? Only beside *tháng, âm, Tết, ngày trước…*, or as two numbers and a sign."""
        kinds = self.at.kinds
        if not kinds.isdisjoint(MONTHS):
            return True
        if not kinds.isdisjoint(COUNTED) and not kinds.isdisjoint(FROM_TODAY):
            return True
        if "/" not in self.at.bare and "-" not in self.at.bare:
            return False
        before = zip(self.at.raw[1:], self.at.digits, strict=False)
        return any(digits and raw in "/-" for raw, digits in before)

    def _read(self, at: int) -> Day | None:
        if self.at.digits[at]:
            return (self._counted(at) or self._day_month(at)) if self._numbered else None
        for read in _readers(_STARTS.intersection(self.at.tags[at])):
            if day := read(self, at):
                return day
        return self._weekday(at) if self.at.bare[at] == "t" else None

    def _joined(self, found: list[Day]) -> list[Day]:
        joined: list[Day] = []
        for day in found:
            before = joined[-1] if joined else None
            if before and day.start == before.end + 1 and "to" in self.at.tags[before.end]:
                both = _hull(before, day)
                if both:
                    start = before.start - ("from" in self.at.tags[before.start - 1])
                    joined[-1] = replace(
                        before, start=start, end=day.end, past=None, future=None, period=both
                    )
                    continue
            joined.append(day)
        return joined


def _hull(first: Day, second: Day) -> tuple[date, date] | None:
    start = first.period[0] if first.period else first.past
    end = second.period[1] if second.period else second.past
    return (start, end) if start and end and start <= end else None
