"""Taking in what localities and platforms report: all of it or nothing, and the same figure only once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import TypedDict
from uuid import uuid4

from sqlalchemy import Connection

from bot.report_cells import ReportPlatform
from bot.report_files import BadReports, Wrong
from bot.report_lines import Line, Period, ReportLine, Series, StatusLine
from domain.decision_468 import ProvinceStatusReported
from domain.events import ReportReceived
from domain.indicators import month_of
from domain.province_keys import province_within
from storage.decision_468 import Standing, status_on
from storage.reports import lock_reports, standing_reports
from storage.store import append


@dataclass(frozen=True, slots=True)
class Imported:
    """How many figures were new or changed, how many of these replaced one, how many stood so already."""

    accepted: int = 0
    replaced: int = 0
    unchanged: int = 0


@dataclass(frozen=True, slots=True)
class Scope:
    """What a reporter may report: a department its province (one of the 34), a platform itself."""

    province: str | None = None
    platform: ReportPlatform | None = None


EVERYWHERE = Scope()


class _Neighbours(TypedDict):
    previous: int
    next_month: str | None


@dataclass(slots=True)
class _Standing:
    """The figures of one series as the lines are taken in, by period."""

    series: Series
    figures: dict[Period, int] = field(default_factory=dict)

    def take(self, line: ReportLine, now: dt.datetime, channel: str) -> ReportReceived | None:
        """The event of a line; None when it says what stands already."""
        period = self._own(line)
        before = self.figures.get(period)
        if before == line.value:
            return None
        neighbours = self._neighbours(period)
        self.figures[period] = line.value
        return ReportReceived(
            id=uuid4(),
            at=now,
            channel=channel,
            province=self.series.province,
            indicator=self.series.indicator,
            platform=self.series.platform,
            period_from=period.start,
            period_to=period.end,
            value=line.value,
            replaces=before,
            reporter=line.reporter,
            note=line.note,
            **neighbours,
        )

    def overlapping(self, line: ReportLine) -> Period | None:
        """Another period whose figure would count some days of this flow twice; 0 counts nothing."""
        if self.series.stock or not line.value:
            return None
        others = (period for period, value in self.figures.items() if value)
        return next((p for p in others if p != line.period and p.overlaps(line.period)), None)

    def _own(self, line: ReportLine) -> Period:
        """A stock is of its last day: one reported for that day under another period is the same."""
        if not self.series.stock:
            return line.period
        same = (period for period in self.figures if period.end == line.period.end)
        return next(same, line.period)

    def _neighbours(self, period: Period) -> _Neighbours:
        """The stock before and the month of the next one: with them a report changes only its own time."""
        if not self.series.stock:
            return {"previous": 0, "next_month": None}
        earlier = [p for p in self.figures if p.end < period.end]
        later = [p for p in self.figures if p.end > period.end]
        return {
            "previous": self.figures[max(earlier, key=_end)] if earlier else 0,
            "next_month": month_of(min(later, key=_end).end) if later else None,
        }


def import_reports(
    conn: Connection,
    lines: Sequence[Line],
    *,
    now: dt.datetime,
    channel: str = "import",
    reporter: str | None = None,
    scope: Scope = EVERYWHERE,
) -> Imported:
    """Takes in every line or, with BadReports, none. `reporter` stands where a line names none."""
    lines = [_named(line, reporter, scope) for line in lines]
    _refuse([wrong for line in lines if (wrong := _outside(line, scope))])
    lock_reports(conn)
    figures = _take_figures(
        conn, [one for one in lines if isinstance(one, ReportLine)], now, channel
    )
    told = _take_statuses(conn, [one for one in lines if isinstance(one, StatusLine)], now, channel)
    return Imported(
        figures.accepted + told.accepted,
        figures.replaced + told.replaced,
        figures.unchanged + told.unchanged,
    )


def _take_figures(
    conn: Connection, lines: Sequence[ReportLine], now: dt.datetime, channel: str
) -> Imported:
    standing = {series: _standing(conn, series) for series in {line.series for line in lines}}
    events = [standing[line.series].take(line, now, channel) for line in lines]
    _refuse([wrong for line in lines if (wrong := _overlap(line, standing[line.series]))])
    new = [event for event in events if event is not None]
    append(conn, new)
    replaced = sum(event.replaces is not None for event in new)
    return Imported(len(new), replaced, len(events) - len(new))


def _take_statuses(
    conn: Connection, lines: Sequence[StatusLine], now: dt.datetime, channel: str
) -> Imported:
    """One that says what stands already on that day is no news."""
    kept = [status_on(conn, line.province, line.on) for line in lines]
    pairs = list(zip(lines, kept, strict=True))
    new = [(line, old) for line, old in pairs if old is None or _said(old) != _said(line)]
    append(conn, [_status_event(line, now, channel) for line, _ in new])
    replaced = sum(old is not None for _, old in new)
    return Imported(len(new), replaced, len(lines) - len(new))


def _said(one: StatusLine | Standing) -> tuple[str, str | None, str | None]:
    return one.status, one.document, one.note


def _status_event(line: StatusLine, now: dt.datetime, channel: str) -> ProvinceStatusReported:
    return ProvinceStatusReported(
        id=uuid4(),
        at=now,
        channel=channel,
        province=line.province,
        status=line.status,
        on=line.on,
        document=line.document,
        reporter=line.reporter,
        note=line.note,
    )


def _named(line: Line, reporter: str | None, scope: Scope) -> Line:
    """Who reports for one place or platform only need not say so in every line."""
    if isinstance(line, StatusLine):
        return replace(line, reporter=line.reporter or reporter)
    series = line.series
    if series.province is None and scope.province:
        series = replace(series, province=scope.province)
    if series.platform is None and scope.platform:
        series = replace(series, platform=scope.platform)
    return replace(line, series=series, reporter=line.reporter or reporter)


def _outside(line: Line, scope: Scope) -> Wrong | None:
    province = line.province if isinstance(line, StatusLine) else line.series.province
    if scope.province and province_within(province or "", "", 34) != scope.province:
        return Wrong(line.number, "province", "is not the province of this key")
    platform = None if isinstance(line, StatusLine) else line.series.platform
    if scope.platform and platform != scope.platform:
        return Wrong(line.number, "platform", "is not the platform of this key")
    return None


def _standing(conn: Connection, series: Series) -> _Standing:
    kept = standing_reports(conn, series.indicator, series.province, series.platform)
    return _Standing(series, {Period(*days): value for days, value in kept.items()})


def _overlap(line: ReportLine, standing: _Standing) -> Wrong | None:
    other = standing.overlapping(line)
    if other is None:
        return None
    counted = f"some days are already counted in the report of {other}; set that one to 0 first"
    return Wrong(line.number, "period_from", counted)


def _refuse(wrong: Iterable[Wrong]) -> None:
    found = tuple(wrong)
    if found:
        raise BadReports(found)


def _end(period: Period) -> dt.date:
    return period.end
