"""What may stand in the columns of a report; ValueError says in a few words why a value can't be taken."""

from __future__ import annotations

import datetime as dt
import re

from bot.locales.catalogue import languages, text
from domain.decision_468 import INDICATOR as DECISION_468
from domain.decision_468 import STATUSES, Status
from domain.fold import fold
from domain.indicators import INDICATORS
from domain.province_keys import named_province
from domain.report_series import LARGEST as LARGEST  # noqa: PLC0414 read from here, too
from domain.report_series import ReportPlatform as ReportPlatform  # noqa: PLC0414 likewise

FIRST_YEAR = 2015  # nothing of the programme is older: a typed 0203 or 1923 is a slip
AFTER_ALL = 3000  # years from here on are slips; the last days of the calendar have none after them
LONGEST_NOTE = 1000

_PLATFORMS: dict[str, ReportPlatform] = {"voso": "voso", "postmart": "postmart"}
_YES = {"yes", "y", "true", "1", "x", "co"}
_NO = {"no", "n", "false", "0", "khong"}
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
_VIETNAMESE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")


def day(value: object) -> dt.date:
    """A day, as a workbook has it or written 2023-06-30 or 30/06/2023."""
    day = _read_day(value)
    if day is None:
        raise ValueError(f"{_shown(value)} is no date like 2023-06-30")
    if day.year < FIRST_YEAR:
        raise ValueError(f"the year {day.year} is before the programme")
    if day.year >= AFTER_ALL:
        raise ValueError(f"the year {day.year} is far after the programme")
    return day


def _read_day(value: object) -> dt.date | None:
    if isinstance(value, dt.datetime):
        return value.date()
    return _written_day(value) if isinstance(value, str) else None


def _written_day(said: str) -> dt.date | None:
    try:
        if found := _VIETNAMESE.fullmatch(said):
            return dt.date(int(found[3]), int(found[2]), int(found[1]))
        return dt.date.fromisoformat(said) if _ISO.fullmatch(said) else None
    except ValueError:
        return None


def indicator(value: object) -> str:
    """The key of an indicator that is reported."""
    key = value.strip().lower() if isinstance(value, str) else ""
    indicator = INDICATORS.get(key)
    if indicator is None:
        known = ", ".join((*(one.key for one in INDICATORS.values() if one.reported), DECISION_468))
        raise ValueError(f"{_shown(value)} is unknown; known are {known}")
    if not indicator.reported:
        raise ValueError(f"{key} is not taken as a reported number")
    return key


def status(value: object) -> Status:
    """A status of Decision 468, by its key or in words."""
    said = fold(str(value)).strip()
    for status in STATUSES:
        words = {fold(text(f"decision_468.{status}", language)) for language in languages()}
        if said in {status, *words}:
            return status
    raise ValueError(f"{_shown(value)} is no status; known are {', '.join(STATUSES)}")


def platform(value: object) -> ReportPlatform:
    """The key of a platform."""
    name = fold(value).replace(" ", "") if isinstance(value, str) else ""
    if name not in _PLATFORMS:
        raise ValueError(f"{_shown(value)} is unknown; known are voso, postmart, or empty")
    return _PLATFORMS[name]


def province(value: object, on: dt.date) -> str:
    """The key of a province that was named by name or code."""
    key = named_province(str(value), on)
    if key is None:
        raise ValueError(f"{_shown(value)} is no province, by name or code, on {on}")
    return key


def whole(value: object) -> int:
    """A whole number, not negative."""
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


def confirmed(value: object) -> bool:
    """Whether a line that was asked about is right; blank: nothing is said about it."""
    said = fold(str(value)).strip()
    if said in _YES:
        return True
    if said in _NO:
        return False
    raise ValueError(f"{_shown(value)} is neither yes nor no")


def note(value: object) -> str:
    """A text of bounded length."""
    said = str(value)
    if len(said) > LONGEST_NOTE:
        raise ValueError(f"is longer than {LONGEST_NOTE} characters")
    if any(not sign.isprintable() and sign not in "\n\t" for sign in said):
        raise ValueError("has signs that can't be read")
    return said


def _shown(value: object) -> str:
    said = str(value)
    return repr(said if len(said) <= 40 else said[:40] + "…")
