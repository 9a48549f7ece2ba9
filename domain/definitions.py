"""What each figure of the programme means, by version and the days on which it holds: `definitions.csv`.

The Vietnamese sentence of a version is the message `indicator.definition.<key>.<version>`.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Meaning:
    """One version of an indicator's definition, in force from `since` to `until`, both included."""

    key: str
    version: str
    since: dt.date
    until: dt.date | None
    name_en: str
    definition_en: str


Meanings = Mapping[str, tuple[Meaning, ...]]
"""The versions of each indicator, the oldest first."""


@cache
def meanings() -> Meanings:
    """All of them, in the order of the programme."""
    return read_meanings((files("domain") / "definitions.csv").read_text("utf-8").splitlines())


def read_meanings(lines: Iterable[str]) -> Meanings:
    """The table's versions; ValueError when one does not begin on the day after the one before it."""
    found: dict[str, tuple[Meaning, ...]] = {}
    for row in csv.DictReader(lines):
        versions = (*found.get(row["key"], ()), _meaning(row))
        found[row["key"]] = versions
        if len(versions) > 1 and not _follows(*versions[-2:]):
            raise ValueError(f"{row['key']} {row['version']} does not follow the version before it")
    return MappingProxyType(found)


def _meaning(row: Mapping[str, str]) -> Meaning:
    until = dt.date.fromisoformat(row["until"]) if row["until"] else None
    since = dt.date.fromisoformat(row["since"])
    return Meaning(row["key"], row["version"], since, until, row["name_en"], row["definition_en"])


def _follows(before: Meaning, after: Meaning) -> bool:
    return before.until is not None and after.since == before.until + dt.timedelta(days=1)


def in_force(versions: tuple[Meaning, ...], day: dt.date) -> Meaning:
    """The version that holds on that day; before all of them, the first."""
    return next((one for one in reversed(versions) if one.since <= day), versions[0])


def changes(
    versions: tuple[Meaning, ...], start: dt.date, end: dt.date
) -> tuple[tuple[Meaning, Meaning], ...]:
    """Each version that began within the days, start excluded, with the one before it."""
    pairs = pairwise(versions)
    return tuple((before, after) for before, after in pairs if start < after.since <= end)
