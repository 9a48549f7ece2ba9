"""What each line of reported figures says, checked: dates, indicator, platform, province, whole numbers."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal, TypeVar, cast

from bot.report_files import COLUMNS, MOST_LINES, BadReports, RawLine, Wrong
from domain.fold import fold
from domain.indicators import INDICATORS
from domain.province_keys import named_province

LARGEST = 10**15
FIRST_YEAR = 2015  # nothing of the programme is older: a typed 0203 or 1923 is a slip
LONGEST_NOTE = 1000

ReportPlatform = Literal["voso", "postmart"]
_PLATFORMS: dict[str, ReportPlatform] = {"voso": "voso", "postmart": "postmart"}
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
_VIETNAMESE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Series:
    """What reports of different periods have in common."""

    indicator: str
    platform: ReportPlatform | None
    province: str | None

    @property
    def stock(self) -> bool:
        return INDICATORS[self.indicator].kind == "stock"


@dataclass(frozen=True, slots=True)
class Period:
    """Two days, both included."""

    start: dt.date
    end: dt.date

    def overlaps(self, other: Period) -> bool:
        return self.start <= other.end and other.start <= self.end

    def __str__(self) -> str:
        return f"{self.start} to {self.end}"


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One reported figure; `province` is a province key, `value` whole and not negative."""

    number: int
    series: Series
    period: Period
    value: int
    reporter: str | None = None
    note: str | None = None

    @property
    def kept_period(self) -> Period:
        """What it is kept under: a stock is of a day, whatever period it was reported with."""
        return Period(self.period.end, self.period.end) if self.series.stock else self.period


def check_lines(raw: Iterable[RawLine], today: dt.date) -> list[ReportLine]:
    """The lines as figures; BadReports with every bad line, each column that is wrong."""
    wrong: list[Wrong] = []
    lines = [line for one in raw if (line := _Check(one, today, wrong).line()) is not None]
    wrong += _twice(lines)
    if wrong:
        raise BadReports(sorted(wrong, key=lambda one: one.line))
    return lines


def _twice(lines: Iterable[ReportLine]) -> list[Wrong]:
    first: dict[tuple[Series, Period], int] = {}
    wrong = []
    for line in lines:
        number = first.setdefault((line.series, line.kept_period), line.number)
        if number != line.number:
            wrong.append(Wrong(line.number, "", f"the same figure as in line {number}"))
    return wrong


class _Check:
    """One line's check; what is wrong goes to the list that all lines share."""

    def __init__(self, raw: RawLine, today: dt.date, wrong: list[Wrong]) -> None:
        self.raw, self.today, self.wrong = raw, today, wrong
        self.before = len(wrong)

    def line(self) -> ReportLine | None:
        """The figure, or None when anything was wrong with it."""
        self._surplus()
        start = self._field("period_from", _day)
        end = self._field("period_to", _day)
        indicator = self._field("indicator", _indicator)
        platform = self._field("platform", _platform, needed=False)
        value = self._field("value", _whole)
        reporter = self._field("reporter", _note, needed=False)
        note = self._field("note", _note, needed=False)
        province = self._field("province", lambda v: _province(v, end or self.today), needed=False)
        if start and end:
            self._order(start, end)
        if len(self.wrong) > self.before:
            return None
        series = Series(cast("str", indicator), platform, province)
        period = Period(cast("dt.date", start), cast("dt.date", end))
        return ReportLine(self.raw.number, series, period, cast("int", value), reporter, note)

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


def _day(value: object) -> dt.date:
    day = _read_day(value)
    if day is None:
        raise ValueError(f"{_shown(value)} is no date like 2023-06-30")
    if day.year < FIRST_YEAR:
        raise ValueError(f"the year {day.year} is before the programme")
    return day


def _read_day(value: object) -> dt.date | None:
    if isinstance(value, dt.datetime):
        return value.date()
    return _written_day(value) if isinstance(value, str) else None


def _written_day(text: str) -> dt.date | None:
    try:
        if found := _VIETNAMESE.fullmatch(text):
            return dt.date(int(found[3]), int(found[2]), int(found[1]))
        return dt.date.fromisoformat(text) if _ISO.fullmatch(text) else None
    except ValueError:
        return None


def _indicator(value: object) -> str:
    key = value.strip().lower() if isinstance(value, str) else ""
    indicator = INDICATORS.get(key)
    if indicator is None:
        known = ", ".join(one.key for one in INDICATORS.values() if one.reported)
        raise ValueError(f"{_shown(value)} is unknown; known are {known}")
    if not indicator.reported:
        raise ValueError(f"{key} is not taken as a reported number")
    return key


def _platform(value: object) -> ReportPlatform:
    name = fold(value).replace(" ", "") if isinstance(value, str) else ""
    if name not in _PLATFORMS:
        raise ValueError(f"{_shown(value)} is unknown; known are voso, postmart, or empty")
    return _PLATFORMS[name]


def _province(value: object, on: dt.date) -> str:
    key = named_province(str(value), on)
    if key is None:
        raise ValueError(f"{_shown(value)} is no province, by name or code, on {on}")
    return key


def _whole(value: object) -> int:
    number = _read_whole(value)
    if number is None:
        raise ValueError(f"{_shown(value)} is no whole number written in digits only, like 3512")
    if number < 0:
        raise ValueError(f"{number} is negative")
    if number > LARGEST:
        raise ValueError("is larger than any figure of the programme")
    return number


def _read_whole(value: object) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) <= LARGEST else None
    if isinstance(value, str):
        digits = value.removeprefix("-")
        return int(value) if digits.isascii() and digits.isdigit() and len(digits) <= 20 else None
    return value if isinstance(value, int) else None


def _note(value: object) -> str:
    text = str(value)
    if len(text) > LONGEST_NOTE:
        raise ValueError(f"is longer than {LONGEST_NOTE} characters")
    if any(not sign.isprintable() and sign not in "\n\t" for sign in text):
        raise ValueError("has signs that can't be read")
    return text


def _shown(value: object) -> str:
    text = str(value)
    return repr(text if len(text) <= 40 else text[:40] + "…")


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
