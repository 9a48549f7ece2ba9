"""How fast orders are answered and how many expire, by commune: what workers and the ministry look at."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from statistics import median

from pydantic import BaseModel
from sqlalchemy import Connection

from domain.geography import commune, province
from domain.household import ZONE
from domain.suppression import closed_ends
from storage.order_answers import Answer, answers

EVER = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)


class Named(BaseModel):
    """A province or commune."""

    code: str
    name: str


class Answered(BaseModel):
    """Orders that waited for an answer; null where they are of too few households to be shown.

    Without a place: the whole. `expired_share` is of all `orders`, from 0 to 1.
    """

    province: Named | None = None
    commune: Named | None = None
    orders: int | None = None
    answered: int | None = None
    expired: int | None = None
    expired_share: float | None = None
    median_minutes: int | None = None


def answered(
    conn: Connection, months: tuple[str, str], within: str | None, min_cell: int
) -> list[Answered]:
    """The whole, then each commune. `within`: only this province (of the 34), whose cells are all shown."""
    every = [a for a in answers(conn, EVER, _after(months[1])) if within in {None, a.province}]
    found = [one for one in every if one.month >= months[0]]
    places = _by_place(found)
    hidden = set() if within else _withheld(_by_place(every), months[0], min_cell)
    rows = [_cell(found, province_code=within)]
    for where in sorted(places.keys() | hidden):
        few = where in hidden
        rows.append(_cell(() if few else places[where], *where, withheld=few))
    return rows


Place = tuple[str, str]
"""Province and commune."""


def _by_place(some: Iterable[Answer]) -> dict[Place, list[Answer]]:
    places: dict[Place, list[Answer]] = {}
    for one in some:
        places.setdefault((one.province, one.commune), []).append(one)
    return places


def _withheld(places: Mapping[Place, Sequence[Answer]], first: str, least: int) -> set[Place]:
    """Communes of few households, in this period or in the months by which it differs from another."""
    months = sorted({one.month for some in places.values() for one in some})
    if not months or months[-1] < first:
        return set()
    who = {
        where: [frozenset(one.household for one in some if one.month == month) for month in months]
        for where, some in places.items()
    }
    ends = closed_ends(who, least)
    before = bisect_left(months, first) - 1
    return {one for one in places if ends[one][-1] or (before >= 0 and ends[one][before])}


def _cell(
    some: Sequence[Answer],
    province_code: str | None = None,
    commune_code: str | None = None,
    *,
    withheld: bool = False,
) -> Answered:
    place = {
        "province": province_code and _province(province_code),
        "commune": commune_code and _commune(commune_code),
    }
    if withheld:
        return Answered.model_validate(place)
    expired = sum(one.expired for one in some)
    taken = [one.after for one in some if one.after is not None]
    counts = {
        "orders": len(some),
        "answered": len(taken),
        "expired": expired,
        "expired_share": round(expired / len(some), 3) if some else None,
        "median_minutes": _minutes(taken),
    }
    return Answered.model_validate(place | counts)


def _minutes(taken: Iterable[dt.timedelta]) -> int | None:
    minutes = [one.total_seconds() / 60 for one in taken]
    return round(median(minutes)) if minutes else None


def _province(code: str) -> Named:
    return Named(code=code, name=province(code).full_name)


def _commune(code: str) -> Named:
    return Named(code=code, name=commune(code).full_name)


def _after(month: str) -> dt.datetime:
    """The first moment after the month, in Vietnam."""
    year, number = int(month[:4]), int(month[5:])
    return dt.datetime(year + number // 12, number % 12 + 1, 1, tzinfo=ZONE)
