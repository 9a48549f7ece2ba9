"""What somebody with a role asks of the programme's figures, as the questions that are answered."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import get_args

from bot.dialogue.summary_queries import PLATFORMS, Asked, OnPlatform
from bot.language.figures_asked import FiguresAsked, Side, Span, asks_figures, figures_asked
from bot.language.figures_place import OtherPlace, besides_form, other_place
from domain.fold import fold
from domain.geography import ProvinceSet, commune, province_set_on
from domain.province_keys import OLD, named_province, province_of_key, province_within
from domain.roles import COUNTRY, RANKS, Role, is_commune

LONGEST_NAME, SHORTEST_NAME = 5, 3  # words, letters of a province's name
A_YEAR = 12
_MONTH = r"(20\d\d-(?:0[1-9]|1[0-2]))"
REF = re.compile(rf"{_MONTH}\.{_MONTH}\.(63|34)\.((?:63/)?\d\d)?\.(voso|postmart)?")


@dataclass(frozen=True, slots=True)
class Wanted:
    """`this` and what it is put beside; whether both were asked for, and what has to be said with it.

    `partly`: days were named, and figures are of whole months. `ahead`: it has not begun.
    `open`: it is not over. `commune`: figures of a commune were wanted.
    `elsewhere`: a name that is no province, and not in one's own; its figures have to be asked about.
    """

    this: Asked
    beside: Asked
    compared: bool
    partly: bool = False
    ahead: bool = False
    open: bool = False
    commune: bool = False
    elsewhere: OtherPlace | None = None

    @property
    def of_time(self) -> bool:
        """Whether the two differ in nothing but their months."""
        this, beside = self.this, self.beside
        return (this.province, this.platform) == (beside.province, beside.platform)


def wanted(asked: FiguresAsked, roles: Sequence[Role], on: dt.date) -> Wanted:
    """The questions; what was not named is that of the other side, or one's own area, or this month."""
    this, other = asked.sides[0], asked.sides[-1]
    own = None if all(s.everywhere for s in asked.sides) else _own_province(roles)
    against_own = _against_own(this, other, own)
    months, other_months = _months(this, other, on), _months(other, this, on)
    if other.same and other.span is None:
        other_months = _shifted(months, -A_YEAR)
    elif len(asked.sides) == 1 or (
        months == other_months and not against_own and _alike(this, other)
    ):
        other_months = before(months)
    of = _set_of(max(months[1], other_months[1]))
    first = own if against_own else _place(this, other, own, of)
    places = first, _place(other, this, own, of)
    platforms = _platform(this, other), _platform(other, this)
    span = this.span or other.span
    named = tuple(filter(None, map(_other_place, asked.sides)))
    return Wanted(
        _question(months, places[0], platforms[0], of, roles),
        _question(other_months, places[1], platforms[1], of, roles),
        len(asked.sides) > 1,
        partly=span is not None and not _whole(span, on),
        ahead=months[0] > f"{on:%Y-%m}",
        open=months[1] >= f"{on:%Y-%m}",
        commune=bool(named) or any(s.commune for s in asked.sides),
        elsewhere=next((p for p in named if len(asked.sides) > 1 or own not in p.provinces), None),
    )


def _other_place(side: Side) -> OtherPlace | None:
    """What a side names that is no province."""
    if side.everywhere or province_named(side.text, 34):
        return None
    return other_place(side.text)


def _against_own(this: Side, other: Side, own: str | None) -> bool:
    """*so sánh tháng 10 với Đồng Tháp*: one's own area beside the one named, in the same months."""
    there = province_named(other.text, 34)
    if there is None or there == own or this.everywhere or province_named(this.text, 34):
        return False
    return not (other.same or (this.span and other.span) or (this.platform and other.platform))


def _alike(this: Side, other: Side) -> bool:
    """Whether the sides name no two places or platforms."""
    named = bool(province_named(this.text, 34)) and bool(province_named(other.text, 34))
    return not (named or (this.platform and other.platform) or this.everywhere or other.everywhere)


def asks_only_figures(text: str, on: dt.date) -> bool:
    """*tổng hợp Đồng Tháp tháng 10* and nothing else, not *bổ sung số liệu của Đồng Tháp*."""
    return asks_figures(text) and all(map(_is_only_question, figures_asked(text, on).sides))


def _is_only_question(side: Side) -> bool:
    key, other = province_named(side.text, 34), other_place(side.text)
    place = province_of_key(key).short_name if key else other.name if other else ""
    return set(map(fold, besides_form(side.text))) <= set(re.findall(r"\w+", fold(place)))


# Months

Months = tuple[str, str]


def _months(side: Side, other: Side, on: dt.date) -> Months:
    if side.same and side.span is not None and other.span is not None:
        return _shifted(_of_span(other.span), (side.span[0].year - other.span[0].year) * A_YEAR)
    span = side.span or other.span
    return _of_span(span) if span else (f"{on:%Y-%m}", f"{on:%Y-%m}")


def _of_span(span: Span) -> Months:
    return f"{span[0]:%Y-%m}", f"{span[1]:%Y-%m}"


def before(months: Months) -> Months:
    """What some months are put beside: as many just before; from January on, those of last year."""
    first, last = map(_number, months)
    count = last - first + 1
    from_january = first % A_YEAR == 0 and count not in (1, 3)
    return _shifted(months, -A_YEAR if from_january else -count)


def _shifted(months: Months, by: int) -> Months:
    first, last = (_number(month) + by for month in months)
    return _name(first), _name(last)


def _number(month: str) -> int:
    return int(month[:4]) * A_YEAR + int(month[5:]) - 1


def _name(number: int) -> str:
    return f"{number // A_YEAR:04d}-{number % A_YEAR + 1:02d}"


def _whole(span: Span, on: dt.date) -> bool:
    """From the first of a month to the end of one, or to today."""
    end = span[1]
    last = calendar.monthrange(end.year, end.month)[1]
    return span[0].day == 1 and (end == on or end.day in (last, 28))


# Places


def _set_of(month: str) -> ProvinceSet:
    return province_set_on(dt.date.fromisoformat(f"{month}-01"))


def _place(side: Side, other: Side, own: str | None, of: ProvinceSet) -> str | None:
    if side.everywhere:
        return None
    return province_named(side.text, of) or province_named(other.text, of) or own


def province_named(text: str, of: ProvinceSet) -> str | None:
    """The key of the province that the words name, the longest name first."""
    words = re.findall(r"\w+", fold(text))
    on = dt.date(2025, 6, 30) if of == 63 else dt.date(2025, 7, 1)
    for name in _names(words):
        if not name.isdecimal() and len(name) >= SHORTEST_NAME:
            key = named_province(name, on)
            if key is not None:
                return key
    return None


def _names(words: Sequence[str]) -> Iterator[str]:
    for length in range(LONGEST_NAME, 0, -1):
        for at in range(len(words) - length + 1):
            yield " ".join(words[at : at + length])


def _own_province(roles: Sequence[Role]) -> str | None:
    """The province that somebody's widest role is of; None for the country."""
    areas = sorted(roles, key=lambda role: (role.area != COUNTRY, -RANKS[role.kind], role.area))
    if not areas or areas[0].area == COUNTRY:
        return None
    area = areas[0].area
    return commune(area).province_code if is_commune(area) else area


def is_own(roles: Iterable[Role], key: str | None) -> bool:
    """Whether nothing of this province is withheld from somebody: it lies in one that is theirs."""
    today = province_within(key, "", 34) if key else None
    return today is not None and any(role.area == today for role in roles)


# Questions


def _platform(side: Side, other: Side) -> OnPlatform | None:
    return _known(side.platform or other.platform)


def _known(name: str | None) -> OnPlatform | None:
    return next((platform for platform in PLATFORMS if platform == name), None)


def _question(
    months: Months,
    place: str | None,
    platform: OnPlatform | None,
    of: ProvinceSet,
    roles: Sequence[Role],
) -> Asked:
    chosen = of if place is None else _set_of_key(place)
    return Asked(*months, chosen, place, platform, own=is_own(roles, place))


def _set_of_key(key: str) -> ProvinceSet:
    return 63 if key.startswith(OLD) else 34


def ref_of(question: Asked) -> str:
    """A question behind a button: at most 35 signs."""
    parts = question.start, question.end, str(question.provinces)
    return ".".join((*parts, question.province or "", question.platform or ""))


def question_of(ref: str, roles: Sequence[Role]) -> Asked | None:
    """The question behind a button, with what whoever taps it may see; None for what is none."""
    found = REF.fullmatch(ref)
    if found is None or (found[4] and not _is_province(found[4])):
        return None
    of = next(one for one in get_args(ProvinceSet) if str(one) == found[3])
    return _question((found[1], found[2]), found[4], _known(found[5]), of, roles)


def _is_province(key: str) -> bool:
    named = named_province(key.removeprefix(OLD), dt.date(2025, 6 if OLD in key else 7, 1))
    return named == key
