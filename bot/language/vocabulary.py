"""The closed words of the grammar, as data, and where they stand in a sentence.

`words.csv`: class, value, phrases; `!` before a phrase: only with its marks. `units.csv`: unit, family, kg, spellings. A word typed with marks matches
itself only; a word without marks matches any spelling when the message is typed without marks.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple

from bot.language.tokens import Sentence, Token, tokenize
from domain.fold import fold


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as we write it; `kg` is what one of it weighs, where that is sure."""

    name: str
    family: str
    kg: Decimal | None


@dataclass(frozen=True, slots=True)
class Phrase:
    """One entry of the tables, ready to be compared."""

    words: tuple[str, ...]
    bare: tuple[str, ...]
    kind: str
    value: object
    marked: bool  # read only with its marks, even in a message typed without


class Tag(NamedTuple):
    """A phrase found: it ends before token `end`. `exact`: the marks agreed. A named tuple for speed."""

    end: int
    value: object
    exact: bool


Tags = tuple[dict[str, Tag], ...]
_NUMERIC = {"digit", "tail", "twenty", "magnitude", "slang", "day", "weekday", "week"}
_NUMERIC |= {"month_rel", "quarter_rel", "year_rel", "lunar_month"}


def _table(name: str) -> Iterator[dict[str, str]]:
    with files(__package__).joinpath(name).open(encoding="utf-8") as lines:
        yield from csv.DictReader(lines)


@cache
def units() -> dict[str, Unit]:
    """Every unit by its own name. `marked` units are read only with their marks: *lứa* is not *lua*."""
    rows = _table("units.csv")
    return {
        r["unit"]: Unit(r["unit"], r["family"], Decimal(r["kg"]) if r["kg"] else None) for r in rows
    }


def _pairs() -> Iterator[tuple[str, str, object]]:
    for row in _table("words.csv"):
        kind, value = row["class"], row["value"]
        if kind in ("look_alike", "animal"):
            continue
        for spelling in row["phrases"].split("|"):
            yield spelling, kind, int(value) if kind in _NUMERIC else value or spelling.lstrip("!")
    for row in _table("units.csv"):
        for spelling in row["spellings"].split("|"):
            yield f"!{spelling}" if row["marked"] else spelling, "unit", units()[row["unit"]]


@cache
def _index() -> dict[str, tuple[Phrase, ...]]:
    index: dict[str, list[Phrase]] = {}
    for spelling, kind, value in _pairs():
        tokens = tokenize(spelling.lstrip("!")).tokens
        phrase = Phrase(
            tuple(t.low for t in tokens),
            tuple(t.bare for t in tokens),
            kind,
            value,
            spelling[0] == "!",
        )
        index.setdefault(phrase.bare[0], []).append(phrase)
    return {first: tuple(sorted(found, key=_longest_first)) for first, found in index.items()}


def _longest_first(phrase: Phrase) -> int:
    return -len(phrase.words)


@cache
def known_words() -> frozenset[str]:
    """Single words that stand in the tables as they are; filler words do not count."""
    kinds = (p for found in _index().values() for p in found if p.kind != "noise")
    words = {p.words[0] for p in kinds if len(p.words) == 1}
    for row in _table("lexicon.csv"):
        words.update(
            name.lower() for name in (row["name"], *row["spellings"].split("|")) if " " not in name
        )
    return frozenset(words)


@dataclass(frozen=True, slots=True)
class _Word:
    """What one typed word can be: by itself, and as the first of a phrase by the phrase's second word."""

    alone: tuple[tuple[str, object, bool], ...]
    phrases: dict[str, tuple[tuple[Phrase, bool], ...]]


class _Standing(NamedTuple):
    """A word at one place of a sentence. `tags`: what it is by itself; many sentences share it, none changes it."""

    tags: dict[str, Tag]
    phrases: dict[str, tuple[tuple[Phrase, bool], ...]]


_NOTHING = _Word((), {})
_NO_TAGS: dict[str, Tag] = {}


@lru_cache(maxsize=16384)
def _standing(low: str, bare: str, plain: bool, at: int) -> _Standing:  # noqa: FBT001 as below
    word = _word(low, bare, plain)
    tags = {kind: Tag(at + 1, value, exact) for kind, value, exact in word.alone}
    return _Standing(tags, word.phrases)


@lru_cache(maxsize=8192)
def _word(low: str, bare: str, plain: bool) -> _Word:  # noqa: FBT001 named arguments make the look-up dear
    alone: dict[str, tuple[str, object, bool]] = {}
    phrases: dict[str, list[tuple[Phrase, bool]]] = {}
    for phrase in _index().get(bare, ()):
        exact = low == phrase.words[0]
        if not exact and (phrase.marked or not _loose(low, bare, phrase.words[0], plain=plain)):
            continue
        if len(phrase.words) > 1:
            phrases.setdefault(phrase.bare[1], []).append((phrase, exact))
        elif phrase.kind not in alone or (exact and not alone[phrase.kind][2]):
            alone[phrase.kind] = (phrase.kind, phrase.value, exact)
    if not alone and not phrases:
        return _NOTHING
    return _Word(tuple(alone.values()), {second: tuple(found) for second, found in phrases.items()})


def tag(sentence: Sentence) -> Tags:
    """For every token, the longest phrase of each class that starts there."""
    low, bare, plain, last = sentence.low, sentence.bare, sentence.plain, len(sentence) - 1
    found: list[dict[str, Tag]] = []
    index = _index()
    for at, word in enumerate(bare):
        if word not in index:
            found.append(_NO_TAGS)
            continue
        here, begun = _standing(low[at], word, plain, at)
        if begun and at < last and (phrases := begun.get(bare[at + 1])):
            here = here.copy()
            _add_phrases(here, phrases, sentence.tokens, at, plain=plain)
        found.append(here)
    return tuple(found)


def _add_phrases(
    here: dict[str, Tag],
    phrases: tuple[tuple[Phrase, bool], ...],
    tokens: tuple[Token, ...],
    at: int,
    *,
    plain: bool,
) -> None:
    for phrase, first in phrases:
        exact = _rest_matches(tokens, at, phrase, plain=plain)
        if exact is None:
            continue
        end = at + len(phrase.words)
        before = here.get(phrase.kind)
        if (
            before is None
            or before.end < end
            or (before.end == end and first and exact and not before.exact)
        ):
            here[phrase.kind] = Tag(end, phrase.value, first and exact)


def _rest_matches(
    tokens: tuple[Token, ...], at: int, phrase: Phrase, *, plain: bool
) -> bool | None:
    """True: letter by letter; False: but for the marks; None: not there."""
    words = phrase.words
    if at + len(words) > len(tokens):
        return None
    exact = True
    for offset in range(1, len(words)):
        token = tokens[at + offset]
        if token.low == words[offset]:
            continue
        if token.bare != phrase.bare[offset] or not _loose(
            token.low, token.bare, words[offset], plain=plain
        ):
            return None
        exact = False
    return exact


def _loose(low: str, bare: str, word: str, *, plain: bool) -> bool:
    """May this word's marks be other than typed? A plain word's may; a marked one only slips between two tones."""
    if low == bare:
        return plain or low not in known_words()
    return one_tone(low) == one_tone(word) and low not in known_words()


_TONE_SLIPS = str.maketrans("ãẵẫẽễĩõỗỡũữỹ", "ảẳẩẻểỉỏổởủửỷ")


def one_tone(low: str) -> str:
    """Hỏi and ngã are one tone in the South."""
    return low.translate(_TONE_SLIPS)


@cache
def look_alikes() -> dict[str, tuple[str, ...]]:
    """Goods that are one word without marks: *ca* is cá or cà."""
    rows = (r for r in _table("words.csv") if r["class"] == "look_alike")
    return {row["value"]: tuple(row["phrases"].split("|")) for row in rows}


@cache
def same_letters() -> dict[str, tuple[Unit, ...]]:
    """Units that look alike without marks: *cân* and *can*, *bó* and *bộ*; by that bare spelling."""
    found: dict[str, list[Unit]] = {}
    for row in _table("units.csv"):
        for spelling in row["spellings"].split("|"):
            kept = found.setdefault(fold(spelling), [])
            if units()[row["unit"]] not in kept:
                kept.append(units()[row["unit"]])
    return {bare: tuple(all_) for bare, all_ in found.items() if len(all_) > 1}


@cache
def _animals() -> frozenset[str]:
    rows = (r for r in _table("words.csv") if r["class"] == "animal")
    return frozenset(name for row in rows for name in row["phrases"].split("|"))


@lru_cache(maxsize=4096)
def is_animal(name: str) -> bool:
    """Is this product an animal, by its whole name or its first word?"""
    low = name.lower()
    return low in _animals() or low.split(" ")[0] in _animals()
