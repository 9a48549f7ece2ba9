"""What a batch of events adds to each of the roll-ups."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from types import MappingProxyType

from sqlalchemy import Table

from domain.causes import cause_of
from domain.events import Event
from domain.indicators import Delta, deltas
from domain.province_keys import province_within
from storage.schema import rollup, rollup_cause, rollup_place

Key = tuple[str, ...]
Sums = dict[Table, dict[Key, list[int]]]
"""For each roll-up: what is added, in the order of the amounts, by key in the order of the keys."""

ROLLUPS: Mapping[Table, tuple[str, ...]] = MappingProxyType(
    {rollup: ("amount",), rollup_place: ("amount",), rollup_cause: ("amount", "events")}
)
"""Each roll-up and what it sums up; its other columns are its key and stand before these."""


def keys_of(table: Table) -> tuple[str, ...]:
    """The names of a roll-up's key, in order."""
    return tuple(column.name for column in table.primary_key.columns)


def sums_of(events: Iterable[Event]) -> Sums:
    """All that the events add; a row that they only touched is there with 0."""
    sums: Sums = {table: {} for table in ROLLUPS}
    for one in events:
        changes = deltas(one)
        for change in changes:
            _sum(sums, rollup, _commune_key(change), change.amount)
            _sum(sums, rollup_place, _place_key(change), change.amount)
        for key, amount in _moved(changes, cause_of(one)).items():
            _sum(sums, rollup_cause, key, amount, 1)
    return sums


def _sum(sums: Sums, table: Table, key: Key, *amounts: int) -> None:
    kept = sums[table].get(key)
    if kept is None:
        sums[table][key] = [*amounts]
    else:
        kept[:] = (was + more for was, more in zip(kept, amounts, strict=True))


def _moved(changes: Iterable[Delta], cause: str) -> Mapping[Key, int]:
    """By how much one event moved each row; it touches a row once, whatever it took and put back."""
    found: dict[Key, int] = {}
    for change in changes:
        key = _cause_key(change, cause)
        found[key] = found.get(key, 0) + change.amount
    return found


def _commune_key(change: Delta) -> Key:
    key = change.key
    place = key.province, key.commune, key.platform
    return key.month, key.until, *place, key.indicator, key.source, key.evidence


def _place_key(change: Delta) -> Key:
    return *_where(change), change.key.evidence, change.key.month, change.key.until


def _cause_key(change: Delta, cause: str) -> Key:
    return *_where(change), cause, change.key.month, change.key.until


def _where(change: Delta) -> Key:
    key = change.key
    old = old_province(key.province, key.commune)
    return key.indicator, key.province, old, key.platform, key.source


@lru_cache(maxsize=20_000)
def old_province(province: str, commune: str) -> str:
    """The code of the province of the 63 that a place lies in; empty where that can't be told."""
    return (province_within(province, commune, 63) or "") if province else ""
