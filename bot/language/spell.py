"""Sums in words, as they are read aloud, and the other ways in which people say them."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from domain.fold import fold

_GROUPS = ((10**9, "1000000000"), (10**6, "1000000"), (10**3, "1000"), (1, ""))  # size, its word


@cache
def _words(*, southern: bool) -> dict[str, str]:
    with files(__package__).joinpath("spoken.csv").open(encoding="utf-8") as lines:
        return {row["key"]: row["south" if southern else "north"] for row in csv.DictReader(lines)}


def say_number(number: int, southern: bool) -> str:  # noqa: FBT001 read beside its number
    """Whole đồng in words without the unit: 2.005.000 -> *hai triệu không trăm linh năm nghìn*."""
    if number < 0:
        raise ValueError("a sum is not negative")
    words = _words(southern=southern)
    if number == 0:
        return words["0"]
    if number < 10**12:
        return " ".join(_said(number, southern=southern))
    billions, rest = divmod(number, 10**9)
    tail = _said(rest, southern=southern, first=False)
    return " ".join([say_number(billions, southern), words["1000000000"], *tail])


def say_unit(unit: str, southern: bool) -> str:  # noqa: FBT001 read beside its unit
    """The unit as the region says it: *quả* is *trái* in the South."""
    return _words(southern=southern).get(unit, unit)


def _said(number: int, *, southern: bool, first: bool = True) -> list[str]:
    """By groups of three. An empty thousands group before hundreds is said."""
    words = _words(southern=southern)
    said = []
    for size, name in _GROUPS:
        group = number // size % 1000
        if group:
            said.append(_group(group, southern=southern, full=not first))
            if name:
                said.append(words[name])
            first = False
        elif size == 1000 and not first and number % 1000 >= 100:
            said += words["0"], words[name]
    return said


@cache
def _group(group: int, *, southern: bool, full: bool) -> str:
    """One to 999; `full`: a lower group, whose empty hundreds are said."""
    words = _words(southern=southern)
    hundreds, rest = divmod(group, 100)
    said = [words[str(hundreds)], words["100"]] if hundreds or full else []
    if rest:
        said.append(_below_hundred(rest, words, after=bool(said)))
    return " ".join(said)


def _below_hundred(rest: int, words: dict[str, str], *, after: bool) -> str:
    tens, ones = divmod(rest, 10)
    if not tens:
        return f"{words['linh']} {words[str(ones)]}" if after else words[str(ones)]
    head = words["10"] if tens == 1 else f"{words[str(tens)]} {words['tens']}"
    return f"{head} {_ones(tens, ones, words)}" if ones else head


def _ones(tens: int, ones: int, words: dict[str, str]) -> str:
    if ones == 5:
        return words["lam"]
    return words["mot"] if ones == 1 and tens > 1 else words[str(ones)]


def spoken_variants(number: int) -> Iterator[str]:
    """The ways to say a sum that every reader must take back: both regions, shortened, without marks, misheard."""
    for southern in (False, True):
        full = say_number(number, southern)
        yield full
        yield fold(full)
        for short in _shortened(full, _words(southern=southern)):
            yield short
            yield fold(short)
        yield _misheard(full, _words(southern=southern))


def _shortened(full: str, words: dict[str, str]) -> Iterator[str]:
    """*hai mươi lăm* -> *hăm lăm*; the word for tens left out before *mốt, lăm*."""
    tens = f" {words['tens']} "
    for tail in (words["mot"], words["lam"]):
        if f"{tens}{tail}" in f"{full} ":
            yield full.replace(f"{tens}{tail}", f" {tail}")
    twenty = f"{words['2']}{tens}"
    if full.startswith(twenty):
        yield full.replace(twenty, words["twenty"] + " ", 1)


def _misheard(full: str, words: dict[str, str]) -> str:
    """What recognisers write for the word after two to nine."""
    return full.replace(words["tens"], words["10"])
