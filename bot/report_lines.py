"""What each line of reported figures says, checked: dates, indicator, platform, province, whole numbers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar, cast

from bot import report_cells as cells
from bot.report_files import COLUMNS, MOST_LINES, BadReports, RawLine, Wrong
from domain.decision_468 import INDICATOR as DECISION_468
from domain.decision_468 import Status
from domain.fold import fold
from domain.report_series import Period, Series

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One reported figure, whole and not negative; `confirmed`: what is doubtful about it is right."""

    number: int
    series: Series
    period: Period
    value: int
    reporter: str | None = None
    note: str | None = None
    confirmed: bool = False

    @property
    def same(self) -> tuple[Series, Period]:
        """What it is kept under: a stock is of a day, whatever period it was reported with."""
        day = Period(self.period.end, self.period.end)
        return self.series, day if self.series.stock else self.period


@dataclass(frozen=True, slots=True)
class StatusLine:
    """A province's status under Decision 468 from a day on; `province` is a province key."""

    number: int
    province: str
    status: Status
    on: dt.date
    document: str | None = None
    reporter: str | None = None
    note: str | None = None


Line = ReportLine | StatusLine


def check_lines(raw: Iterable[RawLine], today: dt.date) -> list[Line]:
    """The lines as figures; BadReports with every bad line, each column that is wrong."""
    wrong: list[Wrong] = []
    lines = [line for one in raw if (line := _Check(one, today, wrong).line()) is not None]
    wrong += _twice(lines)
    if wrong:
        raise BadReports(sorted(wrong, key=lambda one: one.line))
    return lines


def _twice(lines: Iterable[Line]) -> list[Wrong]:
    first: dict[object, int] = {}
    wrong = []
    for line in lines:
        same = (line.province, line.on) if isinstance(line, StatusLine) else line.same
        number = first.setdefault(same, line.number)
        if number != line.number:
            wrong.append(Wrong(line.number, "", f"the same figure as in line {number}"))
    return wrong


class _Check:
    """One line's check; what is wrong goes to the list that all lines share."""

    def __init__(self, raw: RawLine, today: dt.date, wrong: list[Wrong]) -> None:
        self.raw, self.today, self.wrong = raw, today, wrong
        self.before = len(wrong)

    def line(self) -> Line | None:
        """The figure or status, or None when anything was wrong with it."""
        self._surplus()
        if fold(str(self.raw.values.get("indicator", ""))) == DECISION_468:
            return self._status()
        start = self._field("period_from", cells.day)
        end = self._field("period_to", cells.day)
        indicator = self._field("indicator", cells.indicator)
        platform = self._field("platform", cells.platform, needed=False)
        value = self._field("value", cells.whole)
        reporter = self._field("reporter", cells.note, needed=False)
        note = self._field("note", cells.note, needed=False)
        province = self._field(
            "province", lambda v: cells.province(v, end or self.today), needed=False
        )
        confirmed = self._field("confirmed", cells.confirmed, needed=False)
        if start and end:
            self._order(start, end)
        if len(self.wrong) > self.before:
            return None
        series = Series(cast("str", indicator), platform, province)
        period = Period(cast("dt.date", start), cast("dt.date", end))
        sure = bool(confirmed)
        return ReportLine(self.raw.number, series, period, cast("int", value), reporter, note, sure)

    def _status(self) -> StatusLine | None:
        day = self._field("period_to", cells.day)
        status = self._field("value", cells.status)
        province = self._field("province", lambda v: cells.province(v, day or self.today))
        texts = [self._field(n, cells.note, needed=False) for n in ("document", "reporter", "note")]
        if day and day > self.today:
            self._bad("period_to", "lies in the future")
        if "platform" in self.raw.values:
            self._bad("platform", "a status is of no platform")
        if len(self.wrong) > self.before or province is None or status is None or day is None:
            return None
        return StatusLine(self.raw.number, province, status, day, *texts)

    def _field(self, name: str, read: Callable[[object], T], *, needed: bool = True) -> T | None:
        value = self.raw.values.get(name)
        if value is None:
            if needed:
                self._bad(name, "is missing")
            return None
        try:
            if isinstance(value, str) and value.startswith("="):
                raise ValueError("is a formula; put the value in its place")  # noqa: TRY301
            return read(value)
        except ValueError as error:
            self._bad(name, str(error))
            return None

    def _surplus(self) -> None:
        if "" in self.raw.values:
            self._bad("", "has a value outside the named columns")

    def _order(self, start: dt.date, end: dt.date) -> None:
        if start > end:
            self._bad("period_from", f"is after period_to, {end}")
        elif start > self.today:
            self._bad("period_from", "lies in the future")

    def _bad(self, field: str, message: str) -> None:
        self.wrong.append(Wrong(self.raw.number, field, message))


def json_lines(rows: object) -> list[RawLine]:
    """A JSON list of objects as lines, numbered from 1; BadReports when it is something else."""
    if not isinstance(rows, list) or not rows:
        raise BadReports([Wrong(0, "", "must be a list of reports, each an object")])
    if len(rows) > MOST_LINES:
        raise BadReports([Wrong(0, "", f"has more than {MOST_LINES} reports")])
    wrong = [one for number, row in enumerate(rows, 1) for one in _strange(number, row)]
    if wrong:
        raise BadReports(wrong)
    return [RawLine(number, _given(row)) for number, row in enumerate(rows, 1)]


def _strange(number: int, row: object) -> list[Wrong]:
    if not isinstance(row, dict):
        return [Wrong(number, "", "is no object")]
    return [Wrong(number, str(k)[:40], "is no field of a report") for k in row if k not in COLUMNS]


def _given(row: dict[str, object]) -> dict[str, object]:
    """The fields that say something: null and blank text are as good as left out."""
    texts = {key: value.strip() if isinstance(value, str) else value for key, value in row.items()}
    return {key: value for key, value in texts.items() if value not in (None, "")}
