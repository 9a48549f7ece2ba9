"""Typed values in words: `500.000 đ`, `3,2 kg`, `hôm qua, thứ Sáu 20/11`, `20 giờ hôm nay`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from functools import cache, lru_cache

from babel import Locale, UnknownLocaleError

from bot.dialogue.reply import Amount, Clock, Day
from bot.language.lunar import lunar
from bot.language.spell import say_number
from bot.locales.catalogue import FIRST, text
from bot.locales.english import spelled
from bot.locales.units import unit
from domain.fold import fold
from domain.household import ZONE

EARLY = 10  # the last day of a month that is called early
NEAR = {-2: "day.before_yesterday", -1: "day.yesterday", 0: "day.today", 1: "day.tomorrow"}

SUMS = 5_000  # remembered: the sum of a card is said again on its receipt


@cache
def locale(language: str) -> Locale:
    """What Babel knows of this language; of one that it doesn't know, what it knows of the first."""
    try:
        return Locale.parse(language)
    except (UnknownLocaleError, ValueError):
        return Locale.parse(FIRST)


@cache
def signs(language: str) -> tuple[str, str]:
    """Between thousands, and before a fraction."""
    symbols = locale(language).number_symbols["latn"]
    return symbols["group"], symbols["decimal"]


def number(value: int | Decimal, language: str) -> str:
    """`2.080.000`, `3,2`; no zeros at the end of a fraction."""
    group, point = signs(language)
    if isinstance(value, int):
        return f"{value:,}".replace(",", group)
    whole, _, part = f"{value.normalize():,f}".partition(".")
    whole = whole.replace(",", group)
    return f"{whole}{point}{part}" if part else whole


def in_tenths(count: int, language: str) -> str:
    """So many tenths: `217,1`, `70`."""
    whole, tenth = divmod(abs(count), 10)
    shown = number(whole, language) + (f"{signs(language)[1]}{tenth}" if tenth else "")
    return f"-{shown}" if count < 0 else shown


@lru_cache(maxsize=SUMS)
def money(vnd: int, language: str) -> str:
    """`500.000 đ`."""
    return text("format.money", language).format(sum=number(vnd, language))


@lru_cache(maxsize=SUMS)
def words(vnd: int, southern: bool, language: str) -> str:  # noqa: FBT001
    """`năm trăm nghìn đồng`, or with the southern words; empty in a language whose numbers we can't say."""
    number = say_number(vnd, southern) if language == FIRST else SPELLED.get(language, _unsaid)(vnd)
    return text("format.words", language).format(number=number) if number else ""


def _unsaid(_: int) -> str:
    return ""


SPELLED: Mapping[str, Callable[[int], str]] = {"en": spelled}
"""How other languages than the first say a number."""


def amount(value: Amount, language: str, *, southern: bool = False) -> str:
    """`20 kg cam sành`; what is missing is left out."""
    quantity = "" if value.quantity is None else number(value.quantity, language)
    named = unit(value.unit or "", language, southern=southern, count=value.quantity)
    return " ".join(filter(None, (quantity, named, value.product)))


def place(kind: str, name: str, language: str) -> str:
    """`xã Lai Vung`, `Lai Vung commune`."""
    return text(f"kind.{fold(kind).replace(' ', '_')}", language).format(name=name)


def month(number: int, language: str) -> str:
    """As it stands alone: `11` (a text says *tháng* before it), `November`."""
    named: Mapping[int, str] = locale(language).months["stand-alone"]["wide"]
    return str(number) if locale(language).language == FIRST else named[number]


@lru_cache(maxsize=500)
def day(value: Day, language: str) -> str:
    """`hôm qua, thứ Sáu 20/11`, `thứ Hai 16/11`, `21/11/2025`; said by the moon, the lunar day before it."""
    if value.lunar:
        return _by_moon(value, language)
    if value.on is None:
        return _dated("day.near", value.day, language)
    near = NEAR.get((value.day - value.on).days)
    if near:
        return _dated("day.relative", value.day, language, word=text(near, language))
    key = "day.near" if value.day.year == value.on.year else "day.other_year"
    return _dated(key, value.day, language)


def _by_moon(value: Day, language: str) -> str:
    """`mùng 2 tháng 10 âm, thứ Ba 10/11`; a day of a leap month only by the sun."""
    solar, moon = day(replace(value, lunar=False), language), lunar(value.day)
    if moon.leap:
        return solar
    key = "day.lunar_early" if moon.day <= EARLY else "day.lunar_late"
    return text(key, language).format(day=moon.day, month=moon.month, date=solar)


def clock(value: Clock, language: str) -> str:
    """`8 giờ 02`; with a day to see it from: `22 giờ 40 hôm qua`, `8 giờ thứ Hai 16/11`."""
    at = value.at.astimezone(ZONE)
    key = "format.clock_minute" if at.minute else "format.clock"
    time = text(key, language).format(hour=at.hour, minute=f"{at.minute:02}")
    if value.on is None:
        return time
    near = NEAR.get((at.date() - value.on).days)
    said = text(near, language) if near else day(Day(at.date(), value.on), language)
    return text("format.clock_day", language).format(time=time, day=said)


def _dated(key: str, date: dt.date, language: str, word: str = "") -> str:
    weekday = text(f"weekday.{date.isoweekday()}", language)
    return text(key, language).format(
        word=word, weekday=weekday, day=date.day, month=date.month, year=date.year
    )
