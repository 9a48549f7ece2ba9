"""Which provinces of the asked set have reported what, and which have not."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Sequence
from functools import cache

from sqlalchemy import Connection

from bot.definitions import last_day
from bot.figures import own_code
from bot.place_name import place_name
from bot.summary import Question
from bot.summary_coverage import Coverage
from domain.decision_468 import INDICATOR as DECISION_468
from domain.geography import ProvinceSet, predecessors, province, provinces
from domain.household import ZONE
from domain.indicators import INDICATORS
from domain.province_keys import OLD
from storage.coverage import Reported, reported_within

DUE_DAY = 10  # of the month after the period
COVERED = (*(one.key for one in INDICATORS.values() if one.reported), DECISION_468)


def coverage(conn: Connection, question: Question) -> list[Coverage]:
    """A line for each indicator that is reported, in the order of the programme."""
    last = last_day(question)
    first = dt.date.fromisoformat(f"{question.start}-01")
    found = defaultdict[str, list[Reported]](list)
    for one in reported_within(conn, first, last, question.platform):
        found[one.indicator].append(one)
    expected, due = _expected(question), _due(last)
    return [_covered(key, found[key], question, expected, due) for key in COVERED]


def _covered(
    key: str,
    found: Collection[Reported],
    question: Question,
    expected: Sequence[str],
    due: dt.date,
) -> Coverage:
    keys = {one.province for one in found}
    of = question.provinces
    there = {code for code in expected if keys and _reports(code, keys, of, key)}
    latest = max((one.latest for one in found if _asked(one, expected, question)), default=None)
    return Coverage(
        indicator=key,
        expected=len(expected),
        reported=len(there),
        country="" in keys,
        missing=[place_name(code, of) for code in expected if code not in there],
        last_received=latest.astimezone(ZONE).replace(microsecond=0) if latest else None,
        due=due,
    )


def _expected(question: Question) -> list[str]:
    """The codes of the asked provinces."""
    own = own_code(question)
    return [own] if own else [one.code for one in provinces(question.provinces)]


def _reports(code: str, keys: Collection[str], of: ProvinceSet, indicator: str) -> bool:
    """By itself; a number also by all that went into it, or by what it went into. A status never."""
    if (code if of == 34 else OLD + code) in keys:
        return True
    others = () if indicator == DECISION_468 else _others(code, of)
    return bool(others) and all(one in keys for one in others)


def _asked(one: Reported, expected: Collection[str], question: Question) -> bool:
    """Whether a report is of the country or lies in the asked provinces."""
    if question.province is None or not one.province:
        return True
    return any(one.province in _keys(code, question.provinces) for code in expected)


def _keys(code: str, of: ProvinceSet) -> set[str]:
    return {code if of == 34 else OLD + code, *_others(code, of)}


@cache
def _others(code: str, of: ProvinceSet) -> tuple[str, ...]:
    """The keys of the other set that make up the province, or of which it is a part."""
    if of == 63:
        return (province(code, 63).successor_code or "",)
    return tuple(OLD + one.code for one in predecessors(code))


def _due(last: dt.date) -> dt.date:
    return last + dt.timedelta(days=DUE_DAY)
