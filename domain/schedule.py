"""When summaries are made by themselves: Mondays at 7:00, and the 3rd at 7:30 for the month before. Pure."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from domain.household import ZONE

SummaryKind = Literal["week", "month"]
KINDS: tuple[SummaryKind, ...] = ("week", "month")

WEEKLY = dt.time(7, 0)  # on Monday, in Vietnam
MONTHLY = dt.time(7, 30)  # on the day below
MONTHLY_DAY = 3  # so that late sales and reports of the last days are in
WEEK = dt.timedelta(days=7)
DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Due:
    """A summary that is to be there; `period`: the Monday on which a week is told, or the month (YYYY-MM)."""

    kind: SummaryKind
    period: str
    at: dt.datetime

    @property
    def months(self) -> tuple[str, str]:
        """First and last month of its figures: a week tells the year so far, a month itself."""
        if self.kind == "month":
            return self.period, self.period
        last = dt.date.fromisoformat(self.period) - DAY
        return f"{last:%Y}-01", f"{last:%Y-%m}"


def latest(kind: SummaryKind, now: dt.datetime) -> Due:
    """The one whose time has come last."""
    local = now.astimezone(ZONE)
    return _week(local) if kind == "week" else _month(local)


def _week(local: dt.datetime) -> Due:
    monday = local.date() - local.weekday() * DAY
    at = dt.datetime.combine(monday, WEEKLY, ZONE)
    if at > local:
        monday, at = monday - WEEK, at - WEEK
    return Due("week", monday.isoformat(), at)


def _month(local: dt.datetime) -> Due:
    at = dt.datetime.combine(local.date().replace(day=MONTHLY_DAY), MONTHLY, ZONE)
    if at > local:
        before = at.replace(day=1) - DAY
        at = dt.datetime.combine(before.date().replace(day=MONTHLY_DAY), MONTHLY, ZONE)
    return Due("month", f"{at.date().replace(day=1) - DAY:%Y-%m}", at)
