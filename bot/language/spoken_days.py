"""Days by words: hôm qua, thứ sáu tuần trước, tháng 10, 3 hôm trước."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from bot.language import lunar, spans
from bot.language.calendar_days import CalendarDays
from bot.language.day import DAY, Day

FROM_TODAY = ("ago", "last", "next")
COUNTED = ("day_count", "week_count", "month_count", "year_count")


class SpokenDays(CalendarDays):
    """Reads weekdays, weeks, months, and days counted from today."""

    def _since(self, at: int) -> Day | None:
        tag = self.at.tags[at].get("from_start_of")
        if tag is None:
            return self._first_day(at)
        first = {"year": self.today.replace(month=1, day=1), "month": self.today.replace(day=1)}
        start = first.get(str(tag.value), self.today - self.today.weekday() * DAY)
        return Day(at, tag.end, period=(start, self.today), rule="since the start")

    def _first_day(self, at: int) -> Day | None:
        """*ngày đầu tiên của tháng ba*"""
        tag = self.at.tags[at].get("first_day")
        number = tag and self._small(tag.end, 12)
        if not tag or not number or number[0] is None:
            return None
        return self._solar(at, number[1], 1, number[0], None)

    def _vague(self, at: int) -> Day | None:
        tag = self.at.tags[at].get("vague_date")
        if tag is None or (
            (longer := self.at.tags[at].get("day")) is not None and longer.end >= tag.end
        ):
            return None
        return Day(
            at, tag.end, doubt="vague", options=(self.today, self.today - DAY), rule="vague day"
        )

    def _with_part(self, at: int) -> Day | None:
        """*sáng chủ nhật, chiều 19/11*; alone before a verb it is today's."""
        tag = self.at.tags[at].get("part_of_day")
        whole = self.at.tags[at].get("day")
        if tag is None or (whole is not None and whole.end > tag.end):
            return None
        day = self._read_after_part(tag.end)
        if day is not None:
            return replace(day, start=at)
        if not tag.exact and self.at.bare[at] in ("toi", "chieu", "dem") and at:
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
        return "sell" in self.at.tags[end] and not self.at.has(at - 1, "unit", "honorific")

    def _relative_day(self, at: int) -> Day | None:
        tag = self.at.tags[at].get("day")
        if tag is None or (tag.end == at + 1 and not self._is_day_word(at)):
            return None
        day = self.today + int(str(tag.value)) * DAY
        return self._said(at, tag.end, day, "relative day")

    def _is_day_word(self, at: int) -> bool:
        """*mai, mốt* are also an apricot tree, a name and the digit one."""
        word = self.at.bare[at]
        if word == "nay":
            return "sell" in self.at.tags[at + 1]
        if word in ("mai", "mot"):
            if (self.at.capital[at] and at) or self._ends_name(at):
                return False
            after = (
                self.at.has(at + 1, "sell", "future", "have")
                or at + 1 == self.at.count
                or self._fetched(at + 1)
            )
            before = self.at.has(
                at - 1, "unit", "honorific", "price", "tens", "hundred", "digit", "magnitude"
            )
            start = at == 0 and "unit" not in self.at.tags[at + 1] and not self._number_at(at + 1)
            return (after and not before and not self._sold_thing(at)) or start
        return word != "hn" or at == 0 or "sell" in self.at.tags[at + 1]

    def _fetched(self, at: int) -> bool:
        """*đặt 5 ký cam mai lấy*, at the end."""
        return at + 1 == self.at.count and self.at.bare[at] in ("lay", "giao")

    def _ends_name(self, at: int) -> bool:
        """*cho trường hoa mai*, at the end."""
        if at + 1 < self.at.count or "given_name" not in self.at.tags[at - 1]:
            return False
        return any(self.at.has(p, "honorific", "place_buyer") for p in (at - 2, at - 3) if p >= 0)

    def _sold_thing(self, at: int) -> bool:
        return "sell" in self.at.tags[at - 1] or (at > 0 and self.at.digits[at - 1])

    def _number_at(self, at: int) -> bool:
        return at < self.at.count and self.at.digits[at]

    def _relative_week(self, at: int) -> Day | None:
        """*tuần trước*, with the weekday before or after it where there is one."""
        tag = self.at.tags[at].get("week")
        named = "honorific" in self.at.tags[at - 1] and "buyer_sign" in self.at.tags[at - 2]
        if tag is None or (named and not tag.exact):
            return None  # cho anh Tuan | roi
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
        tag = self.at.tags[at].get("weekday")
        if (
            tag is None
            or self._still_number(tag.end)
            or (tag.end > at + 1 and self._money_word(at, tag.end))
        ):
            return None
        return int(str(tag.value)), tag.end

    def _still_number(self, at: int) -> bool:
        return (
            self.at.has(at, "tens", "hundred", "dozen")
            or self.at.magnitude(at) is not None
            or self._glued(at)
        )

    def _money_word(self, at: int, end: int) -> bool:
        """*thu hai trăm, thu 2 củ*: money came in, typed without marks."""
        return self.at.bare[at] == "thu" and self.at.has(end, "slang", "doubt_money", "dong")

    def _weekday(self, at: int) -> Day | None:
        named = self._weekday_name(at)
        if named is None:
            return None
        weekday, end = named
        exact = self._day_month(end) if "day_word" in self.at.tags[end] else None
        if exact is not None:
            return replace(exact, start=at)
        after = (
            end + 1
            if "buyer_sign" in self.at.tags[end] and "week" in self.at.tags[end + 1]
            else end
        )
        week = self.at.tags[after].get("week")
        if week is not None:
            day = spans.weekday_in(self.today, weekday, int(str(week.value)))
            return self._said(at, week.end, day, "weekday of a week")
        return self._nearest_weekday(at, end, weekday)

    def _nearest_weekday(self, at: int, end: int, weekday: int) -> Day:
        past = self.today - ((self.today.weekday() - weekday) % 7) * DAY
        future = self.today + ((weekday - self.today.weekday()) % 7) * DAY
        if (tag := self.at.tags[end].get("last")) is not None:
            past = past if past < self.today else past - 7 * DAY
            return Day(at, tag.end, past, past, rule="weekday just gone")
        if "next" in self.at.tags[end] and "after_day" not in self.at.tags[end]:
            future = future if future > self.today else future + 7 * DAY
            return Day(at, end + 1, future, future, rule="weekday to come")
        return Day(at, end, past, future, rule="weekday")

    def _span_word(self, at: int) -> Day | None:
        if "honorific" in self.at.tags[at - 1] and "buyer_sign" in self.at.tags[at - 2]:
            return None  # cho thằng Năm | rồi
        for kind in ("month_rel", "quarter_rel", "year_rel"):
            tag = self.at.tags[at].get(kind)
            if tag is not None:
                span = spans.RELATIVE[kind](self.today, int(str(tag.value)))
                return Day(at, tag.end, period=span, doubt="vague", rule="span")
        return None

    def _month(self, at: int) -> Day | None:
        if "month_word" not in self.at.tags[at] or self._is_person(at):
            return None
        month, end = self._small(at + 1, 12)
        if (tag := self.at.tags[at].get("lunar_month")) is not None:
            return self._moon_month(at, tag.end, int(str(tag.value)))
        if month is None or "dozen" in self.at.tags[end]:
            return None
        if (sign := self.at.tags[end].get("lunar_sign")) is not None and sign.exact:
            return self._moon_month(at, end + 1, month)
        year, end = self._said_year(end)
        coming = "next" in self.at.tags[end] and self.at.bare[end] == "toi" and year is None
        span = spans.coming_month if coming else spans.latest_month
        period = span(self.today, month) if year is None else spans.month(self.today, month, year)
        return Day(at, end + coming, period=period, doubt="vague", rule="month")

    def _is_person(self, at: int) -> bool:
        """*thang nam lay*: thằng Năm, not the month of May."""
        unmarked = "honorific" in self.at.tags[at] and not self.at.marked[at]
        given = "buyer_sign" in self.at.tags[at - 1]
        return unmarked and (given or "buy" in self.at.tags[self._small(at + 1, 12)[1]])

    def _moon_month(self, at: int, end: int, month: int) -> Day:
        span = lunar.month_span(month, self.today)
        return Day(at, end, period=span, doubt="vague", rule="lunar month")

    def _quarter(self, at: int) -> Day | None:
        if "quarter_word" not in self.at.tags[at] or "honorific" in self.at.tags[at - 1]:
            return None  # anh Quý
        quarter, end = self._small(at + 1, 4)
        if quarter is None:
            return None
        end += "buyer_sign" in self.at.tags[end] and "year_word" in self.at.tags[end + 1]
        year, end = self._said_year(end)
        return Day(
            at, end, period=spans.quarter(self.today, quarter, year), doubt="vague", rule="quarter"
        )

    def _year(self, at: int) -> Day | None:
        year, end = self._said_year(at)
        if year is None or end == at or self.at.raw[at] == "/":
            return None
        return Day(
            at, end, period=(date(year, 1, 1), date(year, 12, 31)), doubt="vague", rule="year"
        )

    def _counted(self, at: int) -> Day | None:
        if not self._counts_after(at) or "honorific" in self.at.tags[at - 1]:
            return None  # thằng Năm | hôm trước
        start = at
        leading = "ago" in self.at.tags[at] and self.at.tags[at]["ago"].end > at + 1
        at = self.at.tags[at]["ago"].end if leading else at
        if at >= self.at.count or not (self.at.digits[at] or self.at.has(at, "digit", "ten")):
            return None
        count, end = self._small(at, 400)
        kind = next((kind for kind in COUNTED if kind in self.at.tags[end]), None)
        if count is None or kind is None:
            return None
        return self._counted_span(start, end + 1, count, kind, leading=leading)

    def _counts_after(self, at: int) -> bool:
        """Do days, weeks… and *trước, qua, tới* stand later on? Otherwise a number counts no days."""
        if self.at.kinds.isdisjoint(COUNTED):
            return False
        return at <= self.at.last(*FROM_TODAY) and at < self.at.last(*COUNTED)

    def _counted_span(
        self, start: int, end: int, count: int, kind: str, *, leading: bool
    ) -> Day | None:
        tag = self.at.tags[end].get("ago")
        if kind == "day_count" and (leading or (tag is not None and self.at.bare[end] == "truoc")):
            return self._said(start, end + (tag is not None), self.today - count * DAY, "days ago")
        last, coming = self.at.tags[end].get("last"), self.at.tags[end].get("next")
        if last is None and coming is None:
            return None
        span = spans.counted(self.today, count if last is None else -count, kind)
        found = last or coming
        return Day(
            start, found.end if found else end, period=span, doubt="vague", rule="counted span"
        )
