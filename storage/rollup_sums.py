"""What a batch of events adds to each of the roll-ups."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from operator import add
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
PLACES = {name: place for place, name in enumerate(PARTS)}
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
            key = _sum_one(sums, in_months, change, one.household, cause)
            touched[key] = touched.get(key, 0) + change.amount
        for key, amount in touched.items():  # once, whatever it took and put back
            _sum(sums[rollup_cause], key, (amount, 1))
    for key, amounts in in_months.items():
        for month in _rest_of_year(key[0]):
            _sum(sums[rollup_to_date], (month, *key[1:]), amounts)
    return sums


def _sum_one(
    sums: Sums, in_months: dict[Key, list[int]], change: Delta, home: UUID | None, cause: str
) -> Key:
    """Add it wherever it counts but to its cause, whose key is given back."""
    key, amount = change.key, change.amount
    month, until, indicator, source = key.month, key.until, key.indicator, key.source
    at = key.province, old_province(key.province, key.commune), key.platform
    commune = key.province, key.commune, key.platform, indicator, source, key.evidence
    _add(sums[rollup], (month, until, *commune), amount)
    _add(sums[rollup_place], (indicator, *at, source, key.evidence, month, until), amount)
    if month == until:
        _sum(in_months, (month, indicator, *at), _parts(change))
    if home is not None and indicator in KINDS:
        _add(sums[rollup_household], (KINDS[indicator], *at, month, home), amount)
    return indicator, *at, source, cause, month, until


def _add(sums: dict[Key, list[int]], key: Key, amount: int) -> None:
    kept = sums.get(key)
    if kept is None:
        sums[key] = [amount]
    else:
        kept[0] += amount


def _sum(sums: dict[Key, list[int]], key: Key, amounts: Sequence[int]) -> None:
    kept = sums.get(key)
    if kept is None:
        sums[key] = [*amounts]
    else:
        kept[:] = map(add, kept, amounts)


def _rest_of_year(month: str) -> Iterator[str]:
    """That month and those after it."""
    return (f"{month[:5]}{number:02d}" for number in range(int(month[5:]), 13))


def _parts(change: Delta) -> list[int]:
    """By evidence or as reported, and of which of both it is one."""
    parts = [0, 0, 0, 0, 0, 1, 0]
    if change.key.source == "reported":
        parts[4:] = change.amount, 0, 1
    else:
        parts[PLACES[change.key.evidence]] = change.amount
    return parts


@lru_cache(maxsize=20_000)
def old_province(province: str, commune: str) -> str:
    """The code of the province of the 63 that a place lies in; empty where that can't be told."""
    return (province_within(province, commune, 63) or "") if province else ""
