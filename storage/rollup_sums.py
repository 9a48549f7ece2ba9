"""What a batch of events adds to each of the roll-ups."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import Any
from uuid import UUID

from sqlalchemy import Table

from domain.causes import cause_of
from domain.events import Event
from domain.indicators import Delta, deltas
from domain.province_keys import province_within
from storage.schema import rollup, rollup_cause, rollup_household, rollup_place, rollup_to_date

Key = tuple[Any, ...]
Sums = dict[Table, dict[Key, list[int]]]
"""For each roll-up: what is added, in the order of the amounts, by key in the order of the keys."""

PARTS = ("said", "confirmed", "matched", "paid", "reported")
ROLLUPS: Mapping[Table, tuple[str, ...]] = MappingProxyType(
    {
        rollup: ("amount",),
        rollup_place: ("amount",),
        rollup_cause: ("amount", "events"),
        rollup_to_date: (*PARTS, "of_bot", "of_reports"),
        rollup_household: ("amount",),
    }
)
"""Each roll-up and what it sums up; its other columns are its key and stand before these."""

KINDS = {"transactions": "sold", "products": "products", "accounts": "accounts"}
"""The figures that households make, each counted apart; the value is of the sales that are counted."""


def keys_of(table: Table) -> tuple[str, ...]:
    """The names of a roll-up's key, in order."""
    return tuple(column.name for column in table.primary_key.columns)


def sums_of(events: Iterable[Event]) -> Sums:
    """All that the events add; a row that they only touched is there with 0."""
    sums: Sums = {table: {} for table in ROLLUPS}
    in_months: dict[Key, list[int]] = {}
    for one in events:
        touched: dict[Key, int] = {}
        cause = cause_of(one)
        for change in deltas(one):
            _sum_one(sums, in_months, change, one.household)
            key = _cause_key(change, cause)
            touched[key] = touched.get(key, 0) + change.amount
        for key, amount in touched.items():  # once, whatever it took and put back
            _sum(sums[rollup_cause], key, (amount, 1))
    for key, amounts in in_months.items():
        for month in _rest_of_year(key[0]):
            _sum(sums[rollup_to_date], (month, *key[1:]), amounts)
    return sums


def _sum_one(sums: Sums, in_months: dict[Key, list[int]], change: Delta, home: UUID | None) -> None:
    amount = (change.amount,)
    _sum(sums[rollup], _commune_key(change), amount)
    _sum(sums[rollup_place], _place_key(change), amount)
    if change.key.month == change.key.until:
        _sum(in_months, _month_key(change), _parts(change))
    if home is not None and change.key.indicator in KINDS:
        _sum(sums[rollup_household], (*_crowd_key(change), home), amount)


def _sum(sums: dict[Key, list[int]], key: Key, amounts: Sequence[int]) -> None:
    kept = sums.get(key)
    if kept is None:
        sums[key] = [*amounts]
    elif len(kept) == 1:
        kept[0] += amounts[0]
    else:
        kept[:] = map(int.__add__, kept, amounts)


def _rest_of_year(month: str) -> Iterator[str]:
    """That month and those after it."""
    return (f"{month[:5]}{number:02d}" for number in range(int(month[5:]), 13))


def _parts(change: Delta) -> list[int]:
    reported = change.key.source == "reported"
    parts = [0] * len(PARTS)
    parts[PARTS.index("reported" if reported else change.key.evidence)] = change.amount
    return [*parts, int(not reported), int(reported)]


def _commune_key(change: Delta) -> Key:
    key = change.key
    place = key.province, key.commune, key.platform
    return key.month, key.until, *place, key.indicator, key.source, key.evidence


def _place_key(change: Delta) -> Key:
    key = change.key
    return key.indicator, *_at(change), key.source, key.evidence, key.month, key.until


def _cause_key(change: Delta, cause: str) -> Key:
    key = change.key
    return key.indicator, *_at(change), key.source, cause, key.month, key.until


def _month_key(change: Delta) -> Key:
    return change.key.month, change.key.indicator, *_at(change)


def _crowd_key(change: Delta) -> Key:
    return KINDS[change.key.indicator], *_at(change), change.key.month


def _at(change: Delta) -> Key:
    key = change.key
    return key.province, old_province(key.province, key.commune), key.platform


@lru_cache(maxsize=20_000)
def old_province(province: str, commune: str) -> str:
    """The code of the province of the 63 that a place lies in; empty where that can't be told."""
    return (province_within(province, commune, 63) or "") if province else ""
