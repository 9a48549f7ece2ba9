"""Reports in words: the figure with its unit, its month, its place, the questions about it."""

from __future__ import annotations

import calendar

from bot.dialogue.reply import Day, Joined, Line, Lines, Money, Name, Value
from bot.dialogue.report_queries import ReportSeen
from bot.drafts.areas import area_value
from bot.drafts.areas import place_value as named
from bot.drafts.periods import month_value
from domain.decision_468 import INDICATOR as DECISION_468
from domain.household import ZONE
from domain.province_keys import OLD, province_of_key
from domain.report_checks import Doubt
from domain.report_series import Period
from domain.roles import COUNTRY


def number_value(indicator: str, number: int) -> Value:
    """`1.520`; a sum of money as money."""
    return Money(number) if indicator == "value" else number


def figure(indicator: str, number: int) -> Value:
    """`12 khóa đào tạo`, `69.600.000.000 đ`."""
    return Lines((Line(f"report.figure.{indicator}", {"number": number_value(indicator, number)}),))


def period_value(period: Period) -> Value:
    """`tháng 10/2026`; other days from the first to the last."""
    first, last = period.start, period.end
    if first.day == 1 and last.day == calendar.monthrange(last.year, last.month)[1]:
        months = {
            "from": month_value(first.year, first.month),
            "to": month_value(last.year, last.month),
        }
        key = "report.month" if months["from"] == months["to"] else "report.months"
        return Lines((Line(key, months),))
    return Lines((Line("report.days", {"from": f"{first:%d/%m/%Y}", "to": f"{last:%d/%m/%Y}"}),))


def place_value(province: str | None) -> Value:
    """`tỉnh Đồng Tháp`, `cả nước`."""
    if province is None:
        return area_value(COUNTRY)
    return named(province_of_key(province)) if OLD in province else area_value(province)


def platform_line(platform: str | None) -> Value:
    """`Sàn: Vỏ Sò`; nothing for a figure that is of none."""
    if platform is None:
        return ""
    return Lines((Line("report.on_platform", {"platform": Name(f"platform.{platform}")}),))


BESIDE = {"value": "transactions", "transactions": "value"}  # what a ratio is made of


def doubt_line(doubt: Doubt) -> Line:
    """One question, with both numbers."""
    beside = BESIDE.get(doubt.indicator, doubt.indicator) if doubt.kind == "ratio" else None
    other = figure(beside, doubt.other) if beside else _number(doubt)
    value = figure(doubt.indicator, doubt.value)
    return Line(f"report.doubt.{doubt.kind}", {"value": value, "other": other})


def _number(doubt: Doubt) -> Value:
    """The other number, of transactions where money has none."""
    return (
        doubt.other
        if doubt.kind == "no_transactions"
        else number_value(doubt.indicator, doubt.other)
    )


def seen_values(seen: ReportSeen, *, named: bool = False) -> dict[str, Value]:
    """What it is, of when and where; when it was sent, by whom where that is to be `named`; its state."""
    period = "" if seen.series.indicator == DECISION_468 else period_value(seen.period)
    place = place_value(seen.series.province)
    more = Lines((Line("report.more", {"count": seen.lines - 1}),)) if seen.lines > 1 else ""
    day = Day(seen.at.astimezone(ZONE).date())
    reason = Name(f"report.reason.{seen.reason}") if seen.reason else ""
    return {
        "title": Joined((_what(seen), period)),
        "whole": Joined((_what(seen), period, place, more)),
        "sent": Joined((place, day, (seen.who or "") if named else "", more)),
        "state": Joined((Name(f"report.state.{seen.state}"), reason)),
        "reason": reason,
    }


def _what(seen: ReportSeen) -> Value:
    if seen.status:
        return Name(f"decision_468.{seen.status}")
    if seen.title:
        return seen.title
    said = [figure(seen.series.indicator, seen.value)]
    platform = seen.series.platform
    if platform is None:
        return said[0]
    values = {"what": said[0], "platform": Name(f"platform.{platform}")}
    return Lines((Line("report.with_platform", values),))
