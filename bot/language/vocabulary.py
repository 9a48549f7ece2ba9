"""The closed words of the grammar, as data, and where they stand in a sentence.

`words.csv`: class, value, phrases; `!` before a phrase: only with its marks. `units.csv`: unit, family, kg, spellings. A word typed with marks matches
itself only; a word without marks matches any spelling when the message is typed without marks.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache, partial
from importlib.resources import files
from typing import NamedTuple

from bot.language.kept import Kept
from bot.language.tokens import MOST_TOKENS, Sentence, Token, tokenize
from bot.language.values import value_class
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


@value_class(frozen=True, slots=True)
class Tag:
    """A phrase found: it ends before token `end`. `exact`: the marks agreed."""

    end: int
    value: object
    exact: bool


Tags = tuple[dict[str, Tag], ...]


class Tagged(NamedTuple):
    """What stands where: by places, class -> phrase; class -> places; those of several words: where, class, phrase."""

    tags: Tags
    where: dict[str, list[int]]
    phrases: tuple[tuple[int, str, Tag], ...]


_Alone = tuple[str, object, bool]  # class, value, whether the marks agree
_Begun = tuple[Phrase, bool]  # whether its first word's marks agree
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
        if kind in ("look_alike", "animal", "coarse"):
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


class _Word:
    """What one typed word can be: by itself, and as the first of a phrase by the phrase's second word."""

    __slots__ = ("alone", "phrases", "tags")

    def __init__(self, alone: Iterable[_Alone], phrases: dict[str, tuple[_Begun, ...]]) -> None:
        self.alone = tuple(alone)
        self.phrases = phrases
        # What it is at each place: many sentences share these, none changes them.
        self.tags = Kept(self._at, MOST_TOKENS)

    def _at(self, place: int) -> dict[str, Tag]:
        return {kind: Tag(place + 1, value, exact) for kind, value, exact in self.alone}


_NOTHING = _Word((), {})
_NO_TAGS: dict[str, Tag] = {}


def _word(low: str, *, plain: bool) -> _Word:
    bare = fold(low)
    alone: dict[str, _Alone] = {}
    phrases: dict[str, list[_Begun]] = {}
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
    return _Word(alone.values(), {second: tuple(found) for second, found in phrases.items()})


_MARKED = Kept(partial(_word, plain=False), 8192)
_PLAIN = Kept(partial(_word, plain=True), 8192)


def tag(sentence: Sentence) -> Tagged:
    """For every token, the longest phrase of each class that starts there."""
    bare, last = sentence.bare, len(sentence) - 1
    words = (_PLAIN if sentence.plain else _MARKED).__getitem__
    tags: list[dict[str, Tag]] = []
    where: dict[str, list[int]] = {}
    phrases: list[tuple[int, str, Tag]] = []
    for at, word in enumerate(map(words, sentence.low)):
        if word is _NOTHING:
            tags.append(_NO_TAGS)
            continue
        here = word.tags[at]
        begun = word.phrases.get(bare[at + 1]) if at < last else None
        if begun and (longer := _phrases(sentence, at, begun)):
            here = {**here, **longer}
            phrases += [(at, kind, found) for kind, found in longer.items()]
        tags.append(here)
        for kind in here:
            if kind in where:
                where[kind].append(at)
            else:
                where[kind] = [at]
    return Tagged(tuple(tags), where, tuple(phrases))


def _phrases(sentence: Sentence, at: int, begun: tuple[_Begun, ...]) -> dict[str, Tag]:
    """The longest of each class; of two as long the one whose marks agree."""
    found: dict[str, Tag] = {}
    for phrase, first in begun:
        exact = _rest_matches(sentence.tokens, at, phrase, plain=sentence.plain)
        if exact is None:
            continue
        end = at + len(phrase.words)
        before = found.get(phrase.kind)
        if (
            before is None
            or before.end < end
            or (before.end == end and first and exact and not before.exact)
        ):
            found[phrase.kind] = Tag(end, phrase.value, first and exact)
    return found


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


@cache
def _coarse() -> re.Pattern[str]:
    rows = (r for r in _table("words.csv") if r["class"] == "coarse")
    return re.compile(rf"\b(?:{'|'.join(row['phrases'] for row in rows)})\b", re.IGNORECASE)


def decent(heard: str) -> str:
    """Words that a machine misheard can be quoted so to anybody's grandmother."""
    return _coarse().sub("…", heard)
