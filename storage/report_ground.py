"""What reported figures are compared with besides other reports: the assistant's own counts, listed news."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import Connection, Select, func, select

from domain.indicators import month_of
from domain.province_keys import OLD
from domain.report_checks import Figure
from domain.report_series import Period, Series
from storage.schema import article, rollup_place, submission

Ground = dict[tuple[Series, Period], int]
_Sums = dict[tuple[str, str, str], dict[str, int]]
"""By indicator, place and platform (empty: all of them) the amounts of each month."""


def own_figures(conn: Connection, figures: Sequence[Figure]) -> Ground:
    """What the assistant itself counts of the same thing in the same whole months; nothing for other days."""
    whole = [one for one in figures if one.series.stock or _of_months(one.period)]
    if not whole:
        return {}
    sums: _Sums = defaultdict(lambda: defaultdict(int))
    for row in conn.execute(_counted(whole)):
        for place in {"", row.province, OLD + row.old_province}:
            for platform in {"", row.platform}:
                sums[row.indicator, place, platform][row.month] += int(row.amount)
    return {(one.series, one.period): _sum(one, sums) for one in whole}


def _counted(figures: Sequence[Figure]) -> Select[tuple[str, str, str, str, str, int]]:
    """The assistant's part by month and province; of one province of today only where one is asked of."""
    kept = rollup_place.c
    asked = (
        select(
            *(kept.indicator, kept.province, kept.old_province, kept.platform, kept.month),
            func.sum(kept.amount).label("amount"),
        )
        .where(kept.source == "bot")
        .where(kept.indicator.in_({one.series.indicator for one in figures}))
        .where(kept.month <= max(month_of(one.period.end) for one in figures))
        .group_by(*(kept.indicator, kept.province, kept.old_province, kept.platform, kept.month))
    )
    places = {one.series.province or "" for one in figures}
    single = next(iter(places)) if len(places) == 1 else ""
    return asked.where(kept.province == single) if single and OLD not in single else asked


def _sum(figure: Figure, sums: _Sums) -> int:
    series, period = figure.series, figure.period
    months = sums.get((series.indicator, series.province or "", series.platform or ""), {})
    start = "" if series.stock else month_of(period.start)
    end = month_of(period.end)
    return sum(amount for month, amount in months.items() if start <= month <= end)


def _of_months(period: Period) -> bool:
    return period.start.day == 1 and (period.end + dt.timedelta(days=1)).day == 1


def listed_articles(conn: Connection, figures: Sequence[Figure]) -> Ground:
    """How many news items stand listed one by one in the same province and days."""
    asked = [one for one in figures if one.series.indicator == "articles"]
    if not asked:
        return {}
    standing = (
        select(article.c.province, article.c.date)
        .join_from(article, submission, submission.c.id == article.c.submission)
        .where(submission.c.state != "sent_back")
        .where(article.c.date >= min(one.period.start for one in asked))
        .where(article.c.date <= max(one.period.end for one in asked))
    )
    days: dict[str, list[dt.date]] = defaultdict(list)
    for row in conn.execute(standing):
        days[row.province].append(row.date)
    return {(one.series, one.period): _within(one, days) for one in asked}


def _within(figure: Figure, days: dict[str, list[dt.date]]) -> int:
    period = figure.period
    of_place = days.get(figure.series.province or "", [])
    return sum(period.start <= day <= period.end for day in of_place)
