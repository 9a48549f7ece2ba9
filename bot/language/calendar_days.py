"""Days by their numbers: 19/11, ngày 12 tháng 10, mùng 5, rằm, 28 Tết."""

from __future__ import annotations

from datetime import date

from bot.language import lunar, spans
from bot.language.day import DAY, Day
from bot.language.numbers import Numbers

MONTHS = ("month_word", "lunar_month", "lunar_sign", "tet")


class CalendarDays:
    """Reads a day of the sun or the moon."""

    def __init__(self, numbers: Numbers, today: date) -> None:
        self.at = numbers
        self.today = today
        self.month_said = -1

    def _last_month(self) -> int:
        """The last place where a month may be said, -1 for none: after it a number alone is no day of a month."""
        bare = self.at.bare
        signed = "/" in bare or "-" in bare
        signs = [p for p, word in enumerate(bare) if word in ("/", "-")] if signed else []
        return max([self.at.last(*MONTHS), *signs[-1:]])

    def _said(self, start: int, end: int, day: date | None, rule: str = "date") -> Day | None:
        return Day(start, end, day, day, rule=rule) if day else None

    def _glued(self, at: int) -> bool:
        token = self.at.token(at)
        return token is not None and token.glued and (token.word or token.digits)

    def _small(self, at: int, most: int) -> tuple[int | None, int]:
        """A whole number from 1 to `most` at this token; the longest that fits."""
        if at >= self.at.count:
            return None, at
        number = self.at.read(at, money=False)
        while number is not None:
            whole = number.value == number.value.to_integral_value() and not number.scaled
            if whole and 1 <= number.value <= most and number.dozens is None:
                return int(number.value), number.end
            number = number.shorter
        digit = (
            10
            if "ten" in self.at.tags[at]
            else self.at.value(at, "digit") or self.at.value(at, "tail") or 0
        )
        return (digit, at + 1) if 1 <= digit <= most else (None, at)

    def _said_year(self, at: int) -> tuple[int | None, int]:
        """*năm 2026, năm ngoái, /2026*; (None, at) when no year follows."""
        tag = self.at.tags[at].get("year_rel")
        if tag is not None:
            return self.today.year + int(str(tag.value)), tag.end
        token, following = self.at.token(at), self.at.token(at + 1)
        if token is None or following is None:
            return None, at
        if "year_word" in self.at.tags[at] or token.raw in "/-.":
            year = self._four_digits(at + 1)
            if year:
                return year
        return None, at

    def _four_digits(self, at: int) -> tuple[int, int] | None:
        token = self.at.tokens[at]
        if token.digits and token.raw.isdigit() and len(token.raw) in (2, 4):
            year = spans.full_year(int(token.raw), self.today)
            return (
                (year, at + 1)
                if 1900 < year < 2100 and (len(token.raw) == 4 or not self._counts(at))
                else None
            )
        if token.digits:
            return None
        spelled = spans.spelled_year(self.at, at)
        return spelled if spelled and 1900 < spelled[0] < 2100 else None

    def _counts(self, at: int) -> bool:
        return "year_word" in self.at.tags[at - 1] or self.at.has(at + 1, "unit", "magnitude")

    def _day_month(self, at: int) -> Day | None:
        start = at
        if "after_day" in self.at.tags[at] and not self._after_is_other(at):
            at = self.at.tags[at]["after_day"].end
        worded = "day_word" in self.at.tags[at]
        if worded:
            at = self.at.tags[at]["day_word"].end
        elif at > start and self.at.bare[at - 1] != "ngay":
            return None
        if not worded and at == start and not (at < self.month_said and self._may_be_bare(at)):
            return None
        day, end = self._small(at, 31)
        if day is None:
            return self._dotted(start, at) if worded else None
        return self._of_month(start, day, end, worded=worded or at > start)

    def _dotted(self, start: int, at: int) -> Day | None:
        """`ngày 20.11`; a day that is none (`31/2`) is asked."""
        parts = self.at.raw[at].split(".") if at < self.at.count else []
        if len(parts) not in (2, 3) or not all(p.isdigit() and p.isascii() for p in parts):
            return None
        year = spans.full_year(int(parts[2]), self.today) if len(parts) == 3 else None
        return self._solar(start, at + 1, int(parts[0]), int(parts[1]), year) or self._no_such(
            start, at + 1
        )

    def _no_such(self, start: int, end: int) -> Day:
        return Day(
            start, end, doubt="vague", options=(self.today, self.today - DAY), rule="no such day"
        )

    def _after_is_other(self, at: int) -> bool:
        return (
            "day_word" not in self.at.tags[self.at.tags[at]["after_day"].end]
            and self.at.bare[at] == "tu"
        )

    def _may_be_bare(self, at: int) -> bool:
        token = self.at.tokens[at]
        return (token.digits and len(token.raw) <= 2 and not token.glued) or self.at.has(
            at, "digit", "ten", "twenty"
        )

    def _of_month(self, start: int, day: int, end: int, *, worded: bool) -> Day | None:
        token = self.at.token(end)
        opens = (
            start == 0
            and token is not None
            and token.raw == "-"
            and "sell" in self.at.tags[end + 2]
        )
        sign = (
            token is not None and token.raw in ("/", "-") and (worded or token.raw == "/" or opens)
        )
        if sign or ("month_word" in self.at.tags[end] and "lunar_month" not in self.at.tags[end]):
            month, after = self._small(end + 1, 12)
            if month is not None and not (sign and not worded and self._is_fraction(after)):
                if self._by_moon(after):
                    return self._lunar_day(start, after + 1, day, month)
                year, after = self._said_year(after)
                after += "solar_sign" in self.at.tags[after]
                return self._solar(start, after, day, month, year) or (
                    self._no_such(start, after) if worded else None
                )
        if "lunar_month" in self.at.tags[end]:
            tag = self.at.tags[end]["lunar_month"]
            return self._lunar_day(start, tag.end, day, int(str(tag.value)))
        return self._day_alone(start, day, end, worded=worded)

    def _is_fraction(self, at: int) -> bool:
        """`1/4 tấn` is a quarter of a ton."""
        return "unit" in self.at.tags[at] and not self.at.has(at, "sell", "honorific", "buyer_sign")

    def _day_alone(self, start: int, day: int, end: int, *, worded: bool) -> Day | None:
        if "tet" in self.at.tags[end] and day >= 20:
            return self._lunar_day(start, self.at.tags[end]["tet"].end, day, 12)
        if self._by_moon(end) and (worded or start == 0):
            return self._lunar_day(start, end + 1, day, None)
        if not worded or self.at.has(end, "unit", "magnitude", "hundred") or self._glued(end):
            return None
        past, future = spans.day_of_month(self.today, day)
        return Day(start, end, past, future, rule="day of the month")

    def _solar(self, start: int, end: int, day: int, month: int, year: int | None) -> Day | None:
        if year is not None:
            return self._said(start, end, spans.real(year, month, day), "written date")
        past, future = spans.nearest(self.today, month, day)
        return Day(start, end, past, future, rule="written date") if past or future else None

    def _lunar(self, at: int) -> Day | None:
        if "new_year_eve" in self.at.tags[at]:
            return self._lunar_day(at, self.at.tags[at]["new_year_eve"].end, 30, 12)
        start = at
        at += "day_word" in self.at.tags[at] and self.at.has(at + 1, "lunar_day", "full_moon")
        if "full_moon" in self.at.tags[at] and (
            self.at.tags[at]["full_moon"].exact or self.at.bare[at] == "ram"
        ):
            return self._moon(start, at + 1, 15, sure=True)
        if "lunar_day" not in self.at.tags[at]:
            return None
        day, end = self._small(at + 1, 30)
        return None if day is None else self._moon(start, end, day, sure=False)

    def _moon(self, start: int, end: int, day: int, *, sure: bool) -> Day | None:
        """The month after *mùng N* or *rằm*; without a sign it may be the lunar or the solar one."""
        if "tet" in self.at.tags[end]:
            return self._lunar_day(start, self.at.tags[end]["tet"].end, day, 1)
        if "lunar_month" in self.at.tags[end]:
            tag = self.at.tags[end]["lunar_month"]
            return self._lunar_day(start, tag.end, day, int(str(tag.value)))
        month: int | None = None
        token = self.at.token(end)
        if "month_word" in self.at.tags[end] or (token is not None and token.raw == "/"):
            month, after = self._small(end + 1, 12)
            end = after if month is not None else end
        leap = self.at.token(end) is not None and self.at.low[end] == "nhuận"
        end += leap
        year, after = self._said_year(end)
        if year is not None and month is not None and not sure:
            return self._solar(start, after, day, month, year)
        if sure or leap or self._by_moon(end):
            return self._lunar_day(
                start, end + ("lunar_sign" in self.at.tags[end]), day, month, leap=leap
            )
        if "solar_sign" in self.at.tags[end]:
            return self._plain_day(start, end + 1, day, month)
        return self._either(start, end, day, month)

    def _by_moon(self, at: int) -> bool:
        """*âm, âm lịch*; without marks *am*, but not *ta*."""
        sign = self.at.tags[at].get("lunar_sign")
        return sign is not None and (sign.exact or self.at.bare[at] == "am")

    def _plain_day(self, start: int, end: int, day: int, month: int | None) -> Day | None:
        if month is not None:
            return self._solar(start, end, day, month, None)
        past, future = spans.day_of_month(self.today, day)
        return Day(start, end, past, future, rule="day of the month")

    def _either(self, start: int, end: int, day: int, month: int | None) -> Day:
        moon, _ = lunar.near(day, month, self.today)
        sun = self._plain_day(start, end, day, month)
        options = tuple(d for d in (moon, sun.past if sun else None) if d is not None)
        return Day(start, end, doubt="lunar", options=options, rule="lunar or solar")

    def _lunar_day(
        self, start: int, end: int, day: int, month: int | None, *, leap: bool = False
    ) -> Day | None:
        past, future = lunar.near(day, month, self.today, leap=leap)
        return Day(start, end, past, future, rule="lunar day") if past or future else None

    def _christmas(self, at: int) -> Day | None:
        tag = self.at.tags[at].get("christmas")
        return None if tag is None else self._solar(at, tag.end, 25, 12, None)
