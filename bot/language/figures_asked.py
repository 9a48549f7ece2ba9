"""Questions about the programme's figures: *tổng hợp Đồng Tháp quý 2*, *so sánh tháng 6 với tháng 5*."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from bot.language.reading import read
from bot.language.understanding import Known
from domain.fold import fold

Span = tuple[date, date]
_I = re.IGNORECASE

ASKED = re.compile(r"\b(tong hop|so lieu|so sanh|thong ke)\b")
STOPPED = re.compile(r"^(dung|thoi|ngung|tat) (gui |nhan )?(tin )?tong hop\b")
WANTED = re.compile(r"^(nhan|gui|bat) (lai )?(tin )?tong hop( (lai|tuan|thang))*$")
COMPARED = re.compile(r"\b(so sanh|so voi)\b")
EVERYWHERE = re.compile(r"\b(ca nuoc|toan quoc|viet nam)\b")
SAME_LAST_YEAR = re.compile(r"\bcung ky\b")
COMMUNE = re.compile(r"\b(xa|phuong|dac khu)\b")
PLATFORMS = {"voso": re.compile(r"\bvo ?so\b"), "postmart": re.compile(r"\bpost ?mart\b")}

_BETWEEN = re.compile(r"\s+so\s+v[oớ]i\s+|\s+v[oớ]i\s+|\s+v[aà]\s+", _I)
_MONTH_YEAR = re.compile(r"(?<![\d/.-])(?<!tháng )(?<!thang )(0?[1-9]|1[0-2])[/-](20\d\d)\b", _I)
_BARE_YEAR = re.compile(r"\b((?:th[aá]ng|qu[yý])\s+\d{1,2})\s+(20\d\d)\b", _I)
_ROMAN = re.compile(r"\b(qu[yý])\s+(i{1,3}|iv)\b", _I)
_DIGITS = {"i": "1", "ii": "2", "iii": "3", "iv": "4"}
_YEAR = re.compile(r"\b20\d\d\b")
_NAMED = re.compile(r"\b((?:th[aá]ng|qu[yý])\s+\d{1,2})\b(?!\s*(?:[/-]?\s*\d|n[aă]m))", _I)
_LAST_YEAR = re.compile(r"\bn[aă]m\s+(?:ngo[aá]i|r[oồ]i)\b", _I)
_HALF = re.compile(r"\b(?:(\d|ba|sau|chin) thang|nua) (dau|cuoi) nam(?: (nay|20\d\d))?")
_COUNTS = {"ba": 3, "sau": 6, "chin": 9}
_TEENS = ("ba", "bon", "tu", "lam", "sau", "bay", "tam", "chin")
_TEEN_NUMBERS = dict(zip(_TEENS, ("13", "14", "14", "15", "16", "17", "18", "19"), strict=True))
_PERIOD = re.compile(rf"\b(thang|quy) (?:(\d+)|muoi ({'|'.join(_TEENS)}))\b")
_NUMERIC = re.compile(r"(?<![\d/.-])(?<!thang )(?<!quy )(1[3-9]|[2-9]\d)[/-]20\d\d\b")
_MOST = {"thang": 12, "quy": 4}


@dataclass(frozen=True, slots=True)
class Side:
    """What one side of the question names; `span` are days, `same`: the same months of last year."""

    text: str
    span: Span | None = None
    same: bool = False
    platform: str | None = None
    everywhere: bool = False
    commune: bool = False


@dataclass(frozen=True, slots=True)
class FiguresAsked:
    """One side, or two that are put beside each other."""

    sides: tuple[Side, ...]
    compared: bool


def asks_figures(text: str) -> bool:
    """Whether the words are about the programme's figures."""
    return ASKED.search(fold(text)) is not None


def choice_of_summaries(text: str) -> bool | None:
    """Whether summaries are wanted by themselves (*nhận tổng hợp*) or not; None: nothing of that kind."""
    said = fold(text).strip(" .!")
    if STOPPED.search(said):
        return False
    return True if WANTED.search(said) else None


@dataclass(frozen=True, slots=True)
class NoSuchPeriod:
    """*tháng 13*, *quý 5*: its number, and whether it is a quarter."""

    number: str
    quarter: bool


def no_such_period(text: str) -> NoSuchPeriod | None:
    """The first month or quarter named that no year has."""
    folded = fold(text)
    for said in _PERIOD.finditer(folded):
        number = said[2] or _TEEN_NUMBERS[said[3]]
        if not 1 <= int(number) <= _MOST[said[1]]:
            return NoSuchPeriod(number, said[1] == "quy")
    numeric = _NUMERIC.search(folded)
    return NoSuchPeriod(numeric[1], quarter=False) if numeric else None


def figures_asked(text: str, on: date) -> FiguresAsked:
    """What is asked, as far as the words say it."""
    plain = _written_out(unicodedata.normalize("NFC", text))
    compared = COMPARED.search(fold(plain)) is not None
    sides = _sides(_with_years(plain), on, compared=compared)
    if len(sides) > 1 and sides[0].span == sides[1].span:
        sides = _sides(plain, on, compared=compared)  # this June and that of the year that is named
    return FiguresAsked(sides, compared)


def _sides(text: str, on: date, *, compared: bool) -> tuple[Side, ...]:
    parts = _BETWEEN.split(text)[:2] if compared else [text]
    return tuple(_side(_LAST_YEAR.sub(f"năm {on.year - 1}", part), on) for part in parts)


def _side(text: str, on: date) -> Side:
    folded = fold(text)
    named = (name for name, words in PLATFORMS.items() if words.search(folded))
    return Side(
        text,
        _span(text, on),
        SAME_LAST_YEAR.search(folded) is not None,
        next(named, None),
        EVERYWHERE.search(folded) is not None,
        COMMUNE.search(folded) is not None,
    )


def _written_out(text: str) -> str:
    """*6/2023* as *tháng 6/2023*, *quý II* as *quý 2*."""
    text = _ROMAN.sub(lambda m: f"{m[1]} {_DIGITS[m[2].lower()]}", text)
    return _BARE_YEAR.sub(r"\1/\2", _MONTH_YEAR.sub(r"tháng \1/\2", text))


def _with_years(text: str) -> str:
    """A year said once is that of every month and quarter: *quý 2 với quý 1 năm 2023*."""
    years = set(_YEAR.findall(text))
    if len(years) != 1 or SAME_LAST_YEAR.search(fold(text)):
        return text
    return _NAMED.sub(rf"\1/{years.pop()}", text)


def _span(text: str, on: date) -> Span | None:
    if (half := _HALF.search(fold(text))) is not None:
        return _part_of_year(half, on)
    for day in read(text, on, Known()).days:
        if day.period is not None:
            return day.period
        if day.past is not None:
            return day.past, day.past
    return None


def _part_of_year(said: re.Match[str], on: date) -> Span:
    """*6 tháng đầu năm 2023*, *nửa cuối năm*: from the first day to some day of the last month."""
    count = _COUNTS.get(said[1] or "sau") or int(said[1])
    count = min(max(count, 1), 12)
    year = int(said[3]) if (said[3] or "").isdecimal() else on.year
    first, last = (1, count) if said[2] == "dau" else (13 - count, 12)
    return date(year, first, 1), date(year, last, 28)
