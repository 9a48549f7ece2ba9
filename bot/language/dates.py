"""Days and spans of days (rules.md 6). Sales lie in the past, deliveries in the future: both are kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from bot.language.day import Day
from bot.language.spoken_days import SpokenDays

# A day can only start with a word of these classes, or with digits.
_STARTS = frozenset(
    [
        "from_start_of",
        "first_day",
        "vague_date",
        "part_of_day",
        "week",
        "month_rel",
        "quarter_rel",
        "year_rel",
        "lunar_day",
        "full_moon",
        "new_year_eve",
        "weekday",
        "day",
        "ago",
        "digit",
        "ten",
        "twenty",
        "after_day",
        "day_word",
        "month_word",
        "quarter_word",
        "year_word",
        "christmas",
        "lunar_month",
    ]
)

_STARTS_ALONE = _STARTS - {"digit", "ten", "twenty"}
_AFTER_NUMBER = ("month_word", "lunar_month", "lunar_sign", "tet", "ago", "last", "next")


class Dates(SpokenDays):
    """Finds the days said in one sentence, seen from one day."""

    def find(self) -> list[Day]:
        """All days, from left to right; two joined by *đến* are one span."""
        self._numbered = self._may_be_numbered()
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
        kinds = (_STARTS if self._numbered else _STARTS_ALONE) & at.where.keys()
        found = {p for kind in kinds for p in at.where[kind]}
        if self._numbered:
            found.update(p for p, token in enumerate(at.tokens) if token.digits)
        if "t" in at.bare:
            found.update(p for p, bare in enumerate(at.bare) if bare == "t")
        return sorted(found)

    def _may_be_numbered(self) -> bool:
        """Can a number be a day here? Only beside *tháng, âm, Tết, trước…*, or as two numbers and a sign."""
        if self.at.says(*_AFTER_NUMBER):
            return True
        return any(
            token.raw in "/-" and self.at.tokens[at].digits
            for at, token in enumerate(self.at.tokens[1:])
        )

    def _read(self, at: int) -> Day | None:
        if self.at.tokens[at].digits:
            return (self._counted(at) or self._day_month(at)) if self._numbered else None
        return self._worded(at) or self._spanned(at)

    def _worded(self, at: int) -> Day | None:
        return (
            self._since(at) or self._vague(at) or self._with_part(at) or self._relative_week(at)
            or self._span_word(at) or self._lunar(at) or self._weekday(at) or self._relative_day(at)
        )  # fmt: skip

    def _spanned(self, at: int) -> Day | None:
        return (
            self._counted(at) or self._day_month(at) or self._month(at)
            or self._quarter(at) or self._year(at) or self._christmas(at)
        )  # fmt: skip

    def _joined(self, found: list[Day]) -> list[Day]:
        joined: list[Day] = []
        for day in found:
            before = joined[-1] if joined else None
            if before and day.start == before.end + 1 and self.at.has(before.end, "to"):
                both = _hull(before, day)
                if both:
                    start = before.start - self.at.has(before.start - 1, "from")
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
