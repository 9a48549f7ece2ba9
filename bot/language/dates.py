"""Days and spans of days (rules.md 6). Sales lie in the past, deliveries in the future: both are kept."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot.language import lunar, spans
from bot.language.numbers import Numbers

DAY = timedelta(days=1)
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


@dataclass(frozen=True, slots=True)
class Day:
    """A day or a span said. `past` and `future` differ where the year, month or week was not said.

    `doubt`: "vague" (*hôm bữa*) or "lunar" (*mùng 5 tháng 3*), with the days it may be in `options`.
    """

    start: int
    end: int
    past: date | None = None
    future: date | None = None
    period: tuple[date, date] | None = None
    doubt: str | None = None
    options: tuple[date, ...] = ()
    rule: str = "date"


class Dates:
    """Finds the days said in one sentence, seen from one day."""

    def __init__(self, numbers: Numbers, today: date) -> None:
        self.at = numbers
        self.today = today

    def find(self) -> list[Day]:
        """All days, from left to right; two joined by *đến* are one span."""
        found: list[Day] = []
        at = 0
        while at < self.at.count:
            day = self._read(at)
            if day is None:
                at += 1
                continue
            found.append(day)
            at = day.end
        return self._joined(found)

    def _read(self, at: int) -> Day | None:
        token, kinds = self.at.tokens[at], self.at.kinds[at]
        if token.digits:
            return self._counted(at) or self._day_month(at)
        if kinds.isdisjoint(_STARTS) and token.bare != "t":
            return None
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

    def _said(self, start: int, end: int, day: date | None, rule: str = "date") -> Day | None:
        return Day(start, end, day, day, rule=rule) if day else None

    # -- words

    def _since(self, at: int) -> Day | None:
        tag = self.at.tag(at, "from_start_of")
        if tag is None:
            return self._first_day(at)
        first = {"year": self.today.replace(month=1, day=1), "month": self.today.replace(day=1)}
        start = first.get(str(tag.value), self.today - self.today.weekday() * DAY)
        return Day(at, tag.end, period=(start, self.today), rule="since the start")

    def _first_day(self, at: int) -> Day | None:
        """*ngày đầu tiên của tháng ba*"""
        tag = self.at.tag(at, "first_day")
        number = tag and self._small(tag.end, 12)
        if not tag or not number or number[0] is None:
            return None
        return self._solar(at, number[1], 1, number[0], None)

    def _vague(self, at: int) -> Day | None:
        tag = self.at.tag(at, "vague_date")
        if tag is None or (
            (longer := self.at.tag(at, "day")) is not None and longer.end >= tag.end
        ):
            return None
        return Day(
            at, tag.end, doubt="vague", options=(self.today, self.today - DAY), rule="vague day"
        )

    def _with_part(self, at: int) -> Day | None:
        """*sáng chủ nhật, chiều 19/11*; alone before a verb it is today's."""
        tag = self.at.tag(at, "part_of_day")
        whole = self.at.tag(at, "day")
        if tag is None or (whole is not None and whole.end > tag.end):
            return None
        day = self._read_after_part(tag.end)
        if day is not None:
            return replace(day, start=at)
        if not tag.exact and self.at.tokens[at].bare in ("toi", "chieu", "dem") and at:
            return None
        if (
            at == 0 and self.at.has(tag.end, "sell", "buy", "honorific", "self", "order")
        ) or self._verb_next(at, tag.end):
            return self._said(at, tag.end, self.today, "part of today")
        return None

    def _read_after_part(self, at: int) -> Day | None:
        if at >= self.at.count:
            return None
        for reader in (
            self._relative_week,
            self._weekday,
            self._lunar,
            self._day_month,
            self._relative_day,
        ):
            day = reader(at)
            if day is not None:
                return day
        return None

    def _verb_next(self, at: int, end: int) -> bool:
        return self.at.has(end, "sell") and not self.at.has(at - 1, "unit", "honorific")

    def _relative_day(self, at: int) -> Day | None:
        tag = self.at.tag(at, "day")
        if tag is None or (tag.end == at + 1 and not self._is_day_word(at)):
            return None
        day = self.today + int(str(tag.value)) * DAY
        return self._said(at, tag.end, day, "relative day")

    def _is_day_word(self, at: int) -> bool:
        """*mai, mốt* are also an apricot tree, a name and the digit one."""
        word = self.at.tokens[at].bare
        if word == "nay":
            return self.at.has(at + 1, "sell")
        if word in ("mai", "mot"):
            if self.at.tokens[at].capital and at:
                return False
            after = self.at.has(at + 1, "sell", "future", "have") or at + 1 == self.at.count
            before = self.at.has(
                at - 1, "unit", "honorific", "price", "tens", "hundred", "digit", "magnitude"
            )
            start = at == 0 and not self.at.has(at + 1, "unit") and not self._number_at(at + 1)
            return (after and not before and not self._sold_thing(at)) or start
        return word != "hn" or at == 0 or self.at.has(at + 1, "sell")

    def _sold_thing(self, at: int) -> bool:
        return self.at.has(at - 1, "sell") or (at > 0 and self.at.tokens[at - 1].digits)

    def _number_at(self, at: int) -> bool:
        return at < self.at.count and self.at.tokens[at].digits

    # -- weeks

    def _relative_week(self, at: int) -> Day | None:
        """*tuần trước*, with the weekday before or after it where there is one."""
        tag = self.at.tag(at, "week")
        if tag is None:
            return None
        offset = int(str(tag.value))
        day = self._weekday_name(tag.end)
        if day is not None:
            return self._said(
                at, day[1], spans.weekday_in(self.today, day[0], offset), "weekday of a week"
            )
        return Day(at, tag.end, period=spans.week(self.today, offset), doubt="vague", rule="week")

    def _weekday_name(self, at: int) -> tuple[int, int] | None:
        """(0 for Monday, end)"""
        token = self.at.token(at)
        if token is None:
            return None
        if token.bare == "t" and not token.glued:
            number = self.at.token(at + 1)
            if number and number.glued and number.raw in "234567" and not self._glued(at + 2):
                return int(number.raw) - 2, at + 2
            return None
        tag = self.at.tag(at, "weekday")
        if (
            tag is None
            or self._still_number(tag.end)
            or (tag.end > at + 1 and self._money_word(at, tag.end))
        ):
            return None
        return int(str(tag.value)), tag.end

    def _glued(self, at: int) -> bool:
        token = self.at.token(at)
        return token is not None and token.glued and (token.word or token.digits)

    def _still_number(self, at: int) -> bool:
        return (
            self.at.has(at, "tens", "hundred", "dozen")
            or self.at.magnitude(at) is not None
            or self._glued(at)
        )

    def _money_word(self, at: int, end: int) -> bool:
        """*thu hai trăm, thu 2 củ*: money came in, typed without marks."""
        return self.at.tokens[at].bare == "thu" and self.at.has(end, "slang", "doubt_money", "dong")

    def _weekday(self, at: int) -> Day | None:
        named = self._weekday_name(at)
        if named is None:
            return None
        weekday, end = named
        exact = self._day_month(end) if self.at.has(end, "day_word") else None
        if exact is not None:
            return replace(exact, start=at)
        after = end + 1 if self.at.has(end, "buyer_sign") and self.at.has(end + 1, "week") else end
        week = self.at.tag(after, "week")
        if week is not None:
            day = spans.weekday_in(self.today, weekday, int(str(week.value)))
            return self._said(at, week.end, day, "weekday of a week")
        return self._nearest_weekday(at, end, weekday)

    def _nearest_weekday(self, at: int, end: int, weekday: int) -> Day:
        past = self.today - ((self.today.weekday() - weekday) % 7) * DAY
        future = self.today + ((weekday - self.today.weekday()) % 7) * DAY
        if (tag := self.at.tag(end, "last")) is not None:
            past = past if past < self.today else past - 7 * DAY
            return Day(at, tag.end, past, past, rule="weekday just gone")
        if self.at.has(end, "next") and not self.at.has(end, "after_day"):
            future = future if future > self.today else future + 7 * DAY
            return Day(at, end + 1, future, future, rule="weekday to come")
        return Day(at, end, past, future, rule="weekday")

    # -- months, quarters, years

    def _span_word(self, at: int) -> Day | None:
        for kind in ("month_rel", "quarter_rel", "year_rel"):
            tag = self.at.tag(at, kind)
            if tag is not None:
                span = spans.RELATIVE[kind](self.today, int(str(tag.value)))
                return Day(at, tag.end, period=span, doubt="vague", rule="span")
        return None

    def _month(self, at: int) -> Day | None:
        if not self.at.has(at, "month_word"):
            return None
        month, end = self._small(at + 1, 12)
        if (
            self.at.has(at, "honorific")
            and self.at.has(end, "buy")
            and not self.at.tokens[at].marked
        ):
            return None  # thang nam lay: thằng Năm
        if self.at.has(at, "lunar_month"):
            tag = self.at.tags[at]["lunar_month"]
            return Day(
                at,
                tag.end,
                period=lunar.month_span(int(str(tag.value)), self.today),
                doubt="vague",
                rule="month",
            )
        if month is None or self.at.has(end, "dozen"):
            return None
        if self.at.has(end, "lunar_sign") and self.at.tags[end]["lunar_sign"].exact:
            return Day(
                at,
                end + 1,
                period=lunar.month_span(month, self.today),
                doubt="vague",
                rule="lunar month",
            )
        year, end = self._said_year(end)
        span = spans.month(self.today, month, year)
        if self.at.has(end, "next") and year is None and self.at.tokens[end].bare == "toi":
            return Day(
                at,
                end + 1,
                period=spans.coming_month(self.today, month),
                doubt="vague",
                rule="month",
            )
        return Day(at, end, period=span, doubt="vague", rule="month")

    def _quarter(self, at: int) -> Day | None:
        if not self.at.has(at, "quarter_word"):
            return None
        quarter, end = self._small(at + 1, 4)
        if quarter is None:
            return None
        end += self.at.has(end, "buyer_sign") and self.at.has(end + 1, "year_word")
        year, end = self._said_year(end)
        return Day(
            at, end, period=spans.quarter(self.today, quarter, year), doubt="vague", rule="quarter"
        )

    def _year(self, at: int) -> Day | None:
        year, end = self._said_year(at)
        if year is None or end == at or self.at.tokens[at].raw == "/":
            return None
        return Day(
            at, end, period=(date(year, 1, 1), date(year, 12, 31)), doubt="vague", rule="year"
        )

    def _said_year(self, at: int) -> tuple[int | None, int]:
        """*năm 2026, năm ngoái, /2026*; (None, at) when no year follows."""
        tag = self.at.tag(at, "year_rel")
        if tag is not None:
            return self.today.year + int(str(tag.value)), tag.end
        token, following = self.at.token(at), self.at.token(at + 1)
        if token is None or following is None:
            return None, at
        if self.at.has(at, "year_word") or token.raw in "/-.":
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
        return self.at.has(at - 1, "year_word") or self.at.has(at + 1, "unit", "magnitude")

    # -- days by number

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
            if self.at.has(at, "ten")
            else self.at.value(at, "digit") or self.at.value(at, "tail") or 0
        )
        return (digit, at + 1) if 1 <= digit <= most else (None, at)

    def _day_month(self, at: int) -> Day | None:
        start = at
        if self.at.has(at, "after_day") and not self._after_is_other(at):
            at = self.at.tags[at]["after_day"].end
        worded = self.at.has(at, "day_word")
        if worded:
            at = self.at.tags[at]["day_word"].end
        elif at > start and self.at.tokens[at - 1].bare != "ngay":
            return None
        if not worded and at == start and not self._may_be_bare(at):
            return None
        day, end = self._small(at, 31)
        if day is None:
            return self._dotted(start, at) if worded else None
        return self._of_month(start, day, end, worded or at > start)

    def _dotted(self, start: int, at: int) -> Day | None:
        """`ngày 20.11`; a day that is none (`31/2`) is asked."""
        parts = self.at.tokens[at].raw.split(".") if at < self.at.count else []
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
            not self.at.has(self.at.tags[at]["after_day"].end, "day_word")
            and self.at.tokens[at].bare == "tu"
        )

    def _may_be_bare(self, at: int) -> bool:
        token = self.at.tokens[at]
        return (token.digits and len(token.raw) <= 2 and not token.glued) or self.at.has(
            at, "digit", "ten", "twenty"
        )

    def _of_month(self, start: int, day: int, end: int, worded: bool) -> Day | None:
        token = self.at.token(end)
        opens = (
            start == 0 and token is not None and token.raw == "-" and self.at.has(end + 2, "sell")
        )
        sign = (
            token is not None and token.raw in ("/", "-") and (worded or token.raw == "/" or opens)
        )
        if sign or (self.at.has(end, "month_word") and not self.at.has(end, "lunar_month")):
            month, after = self._small(end + 1, 12)
            if month is not None and not (sign and not worded and self._is_fraction(after)):
                if self.at.has(after, "lunar_sign") and self.at.tags[after]["lunar_sign"].exact:
                    return self._lunar_day(start, after + 1, day, month)
                year, after = self._said_year(after)
                after += self.at.has(after, "solar_sign")
                return self._solar(start, after, day, month, year) or (
                    self._no_such(start, after) if worded else None
                )
        if self.at.has(end, "lunar_month"):
            tag = self.at.tags[end]["lunar_month"]
            return self._lunar_day(start, tag.end, day, int(str(tag.value)))
        return self._day_alone(start, day, end, worded)

    def _is_fraction(self, at: int) -> bool:
        """`1/4 tấn` is a quarter of a ton."""
        return self.at.has(at, "unit") and not self.at.has(at, "sell", "honorific", "buyer_sign")

    def _day_alone(self, start: int, day: int, end: int, worded: bool) -> Day | None:
        if self.at.has(end, "tet") and day >= 20:
            return self._lunar_day(start, self.at.tags[end]["tet"].end, day, 12)
        if (
            self.at.has(end, "lunar_sign")
            and self.at.tags[end]["lunar_sign"].exact
            and (worded or start == 0)
        ):
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

    # -- lunar days

    def _lunar(self, at: int) -> Day | None:
        if self.at.has(at, "new_year_eve"):
            return self._lunar_day(at, self.at.tags[at]["new_year_eve"].end, 30, 12)
        start = at
        at += self.at.has(at, "day_word") and self.at.has(at + 1, "lunar_day", "full_moon")
        if self.at.has(at, "full_moon") and (
            self.at.tags[at]["full_moon"].exact or self.at.tokens[at].bare == "ram"
        ):
            return self._moon(start, at + 1, 15, sure=True)
        if not self.at.has(at, "lunar_day"):
            return None
        day, end = self._small(at + 1, 30)
        return None if day is None else self._moon(start, end, day, sure=False)

    def _moon(self, start: int, end: int, day: int, *, sure: bool) -> Day | None:
        """The month after *mùng N* or *rằm*; without a sign it may be the lunar or the solar one."""
        if self.at.has(end, "tet"):
            return self._lunar_day(start, self.at.tags[end]["tet"].end, day, 1)
        if self.at.has(end, "lunar_month"):
            tag = self.at.tags[end]["lunar_month"]
            return self._lunar_day(start, tag.end, day, int(str(tag.value)))
        month: int | None = None
        token = self.at.token(end)
        if self.at.has(end, "month_word") or (token is not None and token.raw == "/"):
            month, after = self._small(end + 1, 12)
            end = after if month is not None else end
        leap = self.at.token(end) is not None and self.at.tokens[end].low == "nhuận"
        end += leap
        year, after = self._said_year(end)
        if year is not None and month is not None and not sure:
            return self._solar(start, after, day, month, year)
        if (
            sure
            or leap
            or (self.at.has(end, "lunar_sign") and self.at.tags[end]["lunar_sign"].exact)
        ):
            return self._lunar_day(
                start, end + self.at.has(end, "lunar_sign"), day, month, leap=leap
            )
        if self.at.has(end, "solar_sign"):
            return self._plain_day(start, end + 1, day, month)
        return self._either(start, end, day, month)

    def _plain_day(self, start: int, end: int, day: int, month: int | None) -> Day | None:
        if month is not None:
            return self._solar(start, end, day, month, None)
        past, future = spans.day_of_month(self.today, day)
        return Day(start, end, past, future, rule="day of the month")

    def _either(self, start: int, end: int, day: int, month: int | None) -> Day:
        moon, sun = lunar.near(day, month, self.today)[0], self._plain_day(start, end, day, month)
        options = tuple(d for d in (moon, sun and sun.past) if d is not None)
        return Day(start, end, doubt="lunar", options=options, rule="lunar or solar")

    def _lunar_day(
        self, start: int, end: int, day: int, month: int | None, *, leap: bool = False
    ) -> Day | None:
        past, future = lunar.near(day, month, self.today, leap=leap)
        return Day(start, end, past, future, rule="lunar day") if past or future else None

    def _christmas(self, at: int) -> Day | None:
        tag = self.at.tag(at, "christmas")
        return None if tag is None else self._solar(at, tag.end, 25, 12, None)

    # -- counted: 3 ngày trước, 2 tháng qua, cách đây 5 hôm

    def _counted(self, at: int) -> Day | None:
        start = at
        leading = self.at.has(at, "ago") and self.at.tags[at]["ago"].end > at + 1
        at = self.at.tags[at]["ago"].end if leading else at
        if at >= self.at.count or not (
            self.at.tokens[at].digits or self.at.has(at, "digit", "ten")
        ):
            return None
        count, end = self._small(at, 400)
        kind = next(
            (
                k
                for k in ("day_count", "week_count", "month_count", "year_count")
                if self.at.has(end, k)
            ),
            None,
        )
        if count is None or kind is None:
            return None
        return self._counted_span(start, end + 1, count, kind, leading)

    def _counted_span(
        self, start: int, end: int, count: int, kind: str, leading: bool
    ) -> Day | None:
        tag = self.at.tag(end, "ago")
        if kind == "day_count" and (
            leading or (tag is not None and self.at.tokens[end].bare == "truoc")
        ):
            return self._said(start, end + (tag is not None), self.today - count * DAY, "days ago")
        last, coming = self.at.tag(end, "last"), self.at.tag(end, "next")
        if last is None and coming is None:
            return None
        span = spans.counted(self.today, count if last is None else -count, kind)
        found = last or coming
        return Day(
            start, found.end if found else end, period=span, doubt="vague", rule="counted span"
        )


def _hull(first: Day, second: Day) -> tuple[date, date] | None:
    start = first.period[0] if first.period else first.past
    end = second.period[1] if second.period else second.past
    return (start, end) if start and end and start <= end else None
