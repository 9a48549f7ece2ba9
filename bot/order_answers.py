"""How fast orders are answered and how many expire, by commune: what workers and the ministry look at."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from statistics import median

from pydantic import BaseModel
from sqlalchemy import Connection

from domain.geography import commune, province
from domain.household import ZONE
from storage.order_answers import Answer, answers


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
    found = [a for a in answers(conn, *_edges(*months)) if within in {None, a.province}]
    places = defaultdict[tuple[str, str], list[Answer]](list)
    for one in found:
        places[one.province, one.commune].append(one)
    least = 0 if within else min_cell
    rows = [_cell(found, province_code=within)]
    for (where, which), some in sorted(places.items()):
        few = len({one.household for one in some}) < least
        rows.append(_cell(() if few else some, where, which, withheld=few))
    return rows


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


def _edges(start: str, end: str) -> tuple[dt.datetime, dt.datetime]:
    """The first moment of the first month and the first one after the last, in Vietnam."""
    year, month = int(end[:4]), int(end[5:])
    after = dt.datetime(year + month // 12, month % 12 + 1, 1, tzinfo=ZONE)
    return dt.datetime(int(start[:4]), int(start[5:]), 1, tzinfo=ZONE), after
