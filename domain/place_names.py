"""Names of places as people type them: keys without marks, and how far typed marks fit a name.

A key is the folded words run together, so `Đắk R'Tíh` is found by `dak rtih` and `laivung` is Lai Vung.
"""

import csv
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import Literal

from domain.fold import fold, spell
from domain.geography import (
    GAZETTEER,
    Commune,
    District,
    OldCommune,
    Province,
    ProvinceSet,
    communes,
    old_communes,
    predecessors,
    provinces,
    successor,
    successors_by_district,
)

Meaning = Literal["commune", "district", "city", "province", "near", "filler"]
CommuneOrOld = Commune | OldCommune
EXACT, POSSIBLE, UNLIKE = 0, 1, 2  # how typed marks fit a name
MOST_WORDS = 6  # in a name

_WORD = re.compile(r"[^\W\d_]+|\d+")
_FINAL_Y = re.compile("^(qu|[bcdđghklmnprstvx]+)y([\u0300-\u0323]*)$")
_APOSTROPHES = str.maketrans("", "", "'’‘`´ʼ")


@dataclass(frozen=True, slots=True)
class Territory:
    """A province as named: one of the 34, or one of the 63 whose name is gone (`old`)."""

    today: Province
    old: Province | None
    old_codes: frozenset[str]


@dataclass(frozen=True, slots=True)
class PlaceWord:
    """What a word of an address says; `kind` is the kind of place that it announces."""

    meaning: Meaning
    kind: str


def words(text: str) -> list[str]:
    """Words and numbers apart, `p1` as `p`, `1`, no leading zeros; apostrophes inside a word don't count."""
    plain = unicodedata.normalize("NFC", text).translate(_APOSTROPHES)
    return [w.lstrip("0") or "0" if w.isdecimal() else w for w in _WORD.findall(plain)]


def word_key(word: str) -> str:
    """Folded, final y as i: `Mĩ` and `Mỹ` are typed for each other."""
    return _FINAL_Y.sub(r"\1i\2", fold(word))


def name_key(name: str) -> str:
    """The key under which a name is indexed."""
    return "".join(map(_written_key, name.split()))


@cache
def _written_key(written: str) -> str:
    """The key of what stands between two spaces; names share few such words, so each is folded once."""
    return "".join(map(word_key, words(written)))


def spelling(word: str) -> str:
    """A word with its marks, comparable: tone last, final y as i."""
    return _FINAL_Y.sub(r"\1i\2", spell(word))


def likeness(typed: Iterable[str], name: str) -> int:
    """EXACT, POSSIBLE (a word typed bare may bear any marks) or UNLIKE; `typed` are spellings."""
    said, own = list(typed), [spelling(w) for w in words(name)]
    if "".join(said) == "".join(own) and not all(map(str.isascii, own)):
        return EXACT
    if len(said) != len(own):
        return POSSIBLE
    return (
        POSSIBLE if all(s == o or s.isascii() for s, o in zip(said, own, strict=True)) else UNLIKE
    )


@cache
def commune_names() -> Mapping[str, Sequence[CommuneOrOld]]:
    """Communes of today and of before 2025 by key."""
    found: dict[str, list[CommuneOrOld]] = defaultdict(list)
    for unit in chain[CommuneOrOld](communes(), old_communes()):
        found[name_key(unit.name)].append(unit)
    return dict(found)


@cache
def district_names() -> Mapping[str, Sequence[District]]:
    """Old districts by key."""
    found: dict[str, list[District]] = defaultdict(list)
    for district in successors_by_district():
        found[name_key(district.name)].append(district)
    return dict(found)


@cache
def province_names() -> dict[str, tuple[Territory, ...]]:
    """Provinces by key, other names too; a name in both sets is today's province, the larger one."""
    by_name = {p.short_name: _old_territory(p) for p in provinces(63)}
    by_name |= {p.short_name: territory(p) for p in provinces(34)}
    found: dict[str, tuple[Territory, ...]] = {
        name_key(name): (place,) for name, place in by_name.items()
    }
    for name, short_name in _table("province_names.csv"):
        found[name_key(name)] = (*found.get(name_key(name), ()), by_name[short_name])
    return found


def named_province(name: str, of: ProvinceSet) -> Province | None:
    """The province of one set that a name stands for, old names for today's too; None if not sure."""
    found = province_names().get(name_key(name), ())
    if len(found) != 1:
        return None
    if of == 34:
        return found[0].today
    return found[0].old or _namesake(found[0].today)


def _namesake(today: Province) -> Province:
    """The province of the 63 that today's took its name from."""
    return next(old for old in predecessors(today.code) if old.short_name == today.short_name)


def territory(province: Province) -> Territory:
    """One of the 34 with the old provinces in it."""
    return Territory(province, None, frozenset(old.code for old in predecessors(province.code)))


def _old_territory(old: Province) -> Territory:
    return Territory(successor(old.code), old, frozenset({old.code}))


@cache
def place_words() -> dict[tuple[str, ...], PlaceWord]:
    """The words around names, by their keys."""
    return {
        tuple(map(word_key, phrase.split())): PlaceWord(meaning, kind)  # type: ignore[arg-type]
        for phrase, meaning, kind in _table("place_words.csv")
    }


def _table(name: str) -> list[list[str]]:
    with (GAZETTEER / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.reader(lines))[1:]
