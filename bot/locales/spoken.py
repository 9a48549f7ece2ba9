"""The language of a page, a document, a command, and how it writes words, days and months.

Conversations don't ask here: each voice has a language of its own.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache

from babel.dates import format_date

from bot.locales import catalogue
from bot.locales.catalogue import FIRST
from bot.locales.format import locale

_SPOKEN: ContextVar[str] = ContextVar("spoken", default=FIRST)


def spoken() -> str:
    """The language of what is being written; a thread of its own begins with the first one."""
    return _SPOKEN.get()


def speak(language: str) -> None:
    """Go on in this language, until whoever began with `speaking` is done."""
    _SPOKEN.set(language)


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Write in this language meanwhile."""
    before = _SPOKEN.set(language)
    try:
        yield
    finally:
        _SPOKEN.reset(before)


def text(key: str) -> str:
    """The text of a key, unfilled; a KeyError is a programmer's fault."""
    return catalogue.text(key, spoken())


def written_day(day: dt.date) -> str:
    """`05/07/2023`, `5 Jul 2023`."""
    return _written(day, "format.date", spoken())


def written_month(named: str) -> str:
    """`6/2023`, `June 2023` of `2023-06`."""
    return _written(_first(named), "format.month", spoken())


def short_month(named: str) -> str:
    """`6/2023`, `Jun 2023` of `2023-06`."""
    return _written(_first(named), "format.month_short", spoken())


def _first(month: str) -> dt.date:
    return dt.date(int(month[:4]), int(month[5:7]), 1)


@lru_cache(maxsize=2_000)
def _written(day: dt.date, key: str, language: str) -> str:
    """By the catalogue's pattern, in the letters of Unicode's CLDR: `dd/MM/y`, `d MMM y`."""
    return format_date(day, catalogue.text(key, language), locale=locale(language))
