"""Files of reports over the three years, each in the place of some of what those before it said."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from three_years import FIRST, ThreeYears

from bot.report_lines import ReportLine
from domain.geography import provinces
from domain.report_series import Period, Series

INDICATORS = (
    *("transactions", "value", "courses", "attendances", "articles"),
    *("products", "accounts"),
)
MONTHS = 36


def files(years: ThreeYears, count: int) -> Iterator[list[ReportLine]]:
    """So many files; what they say is recorded with the rest."""
    known = list(_series(years))
    for _ in range(count):
        lines = []
        for number, (series, period) in enumerate(
            years.chance.sample(known, len(known) * 2 // 3), 2
        ):
            value = years.chance.choice((0, years.chance.randrange(10**5)))
            lines.append(ReportLine(number, series, period, value))
            years.records.append(
                {
                    "op": "reported",
                    "indicator": series.indicator,
                    "province": series.province or "",
                    "platform": series.platform or "",
                    "from": period.start,
                    "to": period.end,
                    "value": value,
                }
            )
        yield lines


def _series(years: ThreeYears) -> Iterator[tuple[Series, Period]]:
    """Before the merger the 63 report, then the 34; a figure by month, by quarter or for a whole year."""
    old = [f"63/{one.code}" for one in provinces(63)][::3]
    new = [one.code for one in provinces(34)][::2]
    for province in [None, *old, *new]:
        for indicator in INDICATORS:
            platform = years.chance.choice((None, "voso", "postmart"))
            months = years.chance.choice((1, 3, 12))
            for start in range(0, MONTHS, months * years.chance.choice((1, 2, 3))):
                period = Period(_month(start), _month(start + months) - dt.timedelta(days=1))
                if province is None or ("63/" in province) == (period.end.year < 2025):
                    yield Series(indicator, platform, province), period


def _month(number: int) -> dt.date:
    months = FIRST.month - 1 + number
    return dt.date(FIRST.year + months // 12, months % 12 + 1, 1)
