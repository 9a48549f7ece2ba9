"""A province as figures keep it: `82` is one of today's 34, `63/87` one of the 63 of before July 2025."""

from __future__ import annotations

import csv
import datetime as dt
from collections import Counter
from functools import cache
from importlib.resources import files

from domain.fold import fold
from domain.geography import (
    Province,
    ProvinceSet,
    old_province_of,
    predecessors,
    province,
    province_set_on,
    provinces,
    successor,
)

OLD = "63/"
_KINDS = ("tinh ", "thanh pho ", "tp. ", "tp.", "tp ")


def province_key(code: str, of: ProvinceSet) -> str:
    """The key of a province of one of the sets."""
    return OLD + code if of == 63 else code


def province_of_key(key: str) -> Province:
    """The province that a key names; KeyError if there is none."""
    if key.startswith(OLD):
        return province(key.removeprefix(OLD), 63)
    return province(key, 34)


def province_within(key: str, commune: str, of: ProvinceSet) -> str | None:
    """The code of the province of the asked set in which a row counts; None when that can't be told.

    Every one of the 63 went whole into one of the 34. The other way it takes the commune.
    """
    if key.startswith(OLD):
        code = key.removeprefix(OLD)
        return code if of == 63 else successor(code).code
    if of == 34:
        return key
    before = predecessors(key)
    return before[0].code if len(before) == 1 else old_province_of(commune)


def named_province(text: str, on: dt.date) -> str | None:
    """The key of the province that an official's file names by name or code, as of that day.

    The set then in force goes before the other: `Quảng Nam` is one of the 63 on any day.
    """
    names = _kept_names()
    first = province_set_on(on)
    wanted = _bare(text)
    if wanted.isdigit():
        code = wanted.zfill(2)
        return province_key(code, first) if (first, code) in names else None
    second: ProvinceSet = 34 if first == 63 else 63
    for of in (first, second):
        if (of, wanted) in names:
            return province_key(names[of, wanted], of)
    return None


def _bare(text: str) -> str:
    name = fold(text)
    for kind in _KINDS:
        name = name.removeprefix(kind)
    return name.replace(" - ", " ").replace("-", " ").strip()


@cache
def _kept_names() -> dict[tuple[ProvinceSet, str], str]:
    """Codes by set and bare name, and by the code itself; short forms that mean two provinces left out."""
    sets: tuple[ProvinceSet, ...] = (63, 34)
    names = {}
    for of in sets:
        for unit in provinces(of):
            names[of, _bare(unit.short_name)] = names[of, unit.code] = unit.code
        for alias, short_name in _aliases():
            code = names.get((of, _bare(short_name)))
            if code is not None:
                names.setdefault((of, _bare(alias)), code)
    return names


def _aliases() -> list[tuple[str, str]]:
    with (files("domain") / "gazetteer/province_names.csv").open(encoding="utf-8") as lines:
        rows = [(row["name"], row["short_name"]) for row in csv.DictReader(lines)]
    often = Counter(name for name, _ in rows)
    return [row for row in rows if often[row[0]] == 1]
