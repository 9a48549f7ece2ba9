"""Names of farm products: the household's own first, then the packaged lexicon.

`lexicon.csv`: name, group, region, spellings, prices (`unit low high|…`, đồng). A match is exact but for marks;
what only looks alike is left to the person.
"""

from __future__ import annotations

import csv
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple

from bot.language.tokens import Sentence, Token, tokenize
from bot.language.understanding import KnownProduct
from bot.language.vocabulary import known_words, look_alikes, one_tone


@dataclass(frozen=True, slots=True)
class Product:
    """A product we know of. `prices`: unit -> lowest and highest plausible đồng. `own`: of this household."""

    name: str
    group: str = ""
    region: str = ""
    prices: tuple[tuple[str, int, int], ...] = ()
    own: KnownProduct | None = None

    def range(self, unit: str | None) -> tuple[int, int] | None:
        """The plausible price of one unit, or None when the table has none."""
        return next(((low, high) for name, low, high in self.prices if name == unit), None)


@dataclass(frozen=True, slots=True)
class Found:
    """A product name in a sentence, `spelling` with its marks. `others`: what the same letters may also be."""

    start: int
    end: int
    product: Product
    exact: bool
    spelling: str = ""
    others: tuple[Product, ...] = ()


@dataclass(frozen=True, slots=True)
class _Entry:
    words: tuple[str, ...]
    spelling: str
    product: Product
    main: bool  # the name itself, not a spelling


Index = dict[tuple[str, ...], tuple[_Entry, ...]]
_LONGEST = 8
_KEPT = 512  # households found by identity


@cache
def packaged() -> tuple[Product, ...]:
    """All products of the lexicon, in the file's order."""
    return tuple(product for product, _ in _rows())


def _rows() -> Iterator[tuple[Product, tuple[str, ...]]]:
    with files(__package__).joinpath("lexicon.csv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            spellings = tuple(s for s in row["spellings"].split("|") if s)
            yield (
                Product(row["name"], row["group"], row["region"], _prices(row["prices"])),
                spellings,
            )


def _prices(cell: str) -> tuple[tuple[str, int, int], ...]:
    parts = (part.rsplit(" ", 2) for part in cell.split("|") if part)
    return tuple((unit, int(low), int(high)) for unit, low, high in parts)


def _index(rows: Iterable[tuple[Product, tuple[str, ...]]]) -> Index:
    index: dict[tuple[str, ...], list[_Entry]] = {}
    for product, spellings in rows:
        for number, spelling in enumerate((product.name, *spellings)):
            tokens = tokenize(spelling).tokens
            entry = _Entry(tuple(t.low for t in tokens), spelling, product, number == 0)
            kept = index.setdefault(tuple(t.bare for t in tokens), [])
            if all(other.product is not product or other.words != entry.words for other in kept):
                kept.append(entry)
    return {key: tuple(sorted(entries, key=lambda e: not e.main)) for key, entries in index.items()}


@cache
def packaged_index() -> Index:
    """The lexicon by the folded words of its names and spellings."""
    return _index(_rows())


@cache
def _by_name() -> dict[tuple[str, ...], Product]:
    return {key: entries[0].product for key, entries in packaged_index().items()}


class _Names(NamedTuple):
    """A household's own names, and how long those are that begin with a word."""

    by_words: Index
    longest: dict[str, int]


@lru_cache(maxsize=2048)
def _own_names(products: tuple[KnownProduct, ...]) -> _Names:
    index = _index((_own(known), ()) for known in products)
    return _Names(index, _longest_by_first(index))


_BY_IDENTITY: OrderedDict[int, tuple[tuple[KnownProduct, ...], _Names]] = OrderedDict()


def own_names(products: tuple[KnownProduct, ...]) -> _Names:
    """The index of one household's names. The same tuple is found by its identity: hashing fifty names is dear."""
    kept = _BY_IDENTITY.get(id(products))
    if kept is not None and kept[0] is products:
        return kept[1]
    names = _own_names(products)
    _BY_IDENTITY[id(products)] = (products, names)
    if len(_BY_IDENTITY) > _KEPT:
        _BY_IDENTITY.popitem(last=False)
    return names


def _own(known: KnownProduct) -> Product:
    table = _by_name().get(tuple(t.bare for t in tokenize(known.name).tokens))
    if table is None:
        return Product(known.name, own=known)
    return Product(known.name, table.group, table.region, table.prices, known)


@cache
def _first_words() -> dict[str, int]:
    return _longest_by_first(packaged_index())


def _longest_by_first(index: Index) -> dict[str, int]:
    longest: dict[str, int] = {}
    for key in index:
        longest[key[0]] = max(longest.get(key[0], 0), min(len(key), _LONGEST))
    return longest


def find(sentence: Sentence, own: tuple[KnownProduct, ...]) -> tuple[Found, ...]:
    """For every token the longest product name that starts there, the household's own before the lexicon's."""
    mine_index, mine_first = own_names(own) if own else _Names({}, {})
    table, first = packaged_index(), _first_words()
    found = []
    bare = tuple(t.bare for t in sentence.tokens)
    for at, word in enumerate(bare):
        mine = (
            _at(sentence, bare, at, mine_index, mine_first.get(word, 0))
            if word in mine_first
            else None
        )
        ours = _at(sentence, bare, at, table, first[word]) if word in first else None
        best = mine if mine and (not ours or mine.end >= ours.end) else ours
        if best:
            found.append(best)
    return tuple(found)


def _at(
    sentence: Sentence, bare: tuple[str, ...], at: int, index: Index, longest: int
) -> Found | None:
    for length in range(min(longest, len(bare) - at), 0, -1):
        entries = index.get(bare[at : at + length])
        if not entries:
            continue
        found = _agree(sentence, at, length, entries)
        if found:
            return found
    return None


def _agree(sentence: Sentence, at: int, length: int, entries: tuple[_Entry, ...]) -> Found | None:
    tokens = sentence.tokens[at : at + length]
    exact = next(
        (e for e in entries if all(t.low == w for t, w in zip(tokens, e.words, strict=True))), None
    )
    whole = exact is not None and _marked_or_sure(tokens)
    if exact and (whole or not sentence.plain):
        return Found(at, at + length, exact.product, True, exact.spelling)
    near = (
        [e for e in entries if _could_be(tokens, e.words, plain=sentence.plain)]
        if length > 1 or not _marked(tokens)
        else []
    )
    if not near or (length == 1 and not sentence.plain and not _marked(tokens)):
        return Found(at, at + length, exact.product, True, exact.spelling) if exact else None
    others = _unique(e.product for e in near)
    if length == 1 and near[0].product.own is None:
        others = _unique((*others, *_alike(tokens[0].bare)))
    return Found(at, at + length, near[0].product, False, near[0].spelling, tuple(others[1:]))


def _alike(bare: str) -> Iterator[Product]:
    """What else these letters are without marks: *dua* is dừa, dứa, dưa."""
    for name in look_alikes().get(bare, ()):
        entries = packaged_index().get((bare,), ())
        yield next((e.product for e in entries if e.spelling == name), Product(name))


def _marked_or_sure(tokens: tuple[Token, ...]) -> bool:
    """Typed with its marks, or a word that has none and no double: *cam*."""
    return _marked(tokens) or len(tokens) > 1 or tokens[0].bare not in look_alikes()


def _marked(tokens: tuple[Token, ...]) -> bool:
    return any(t.low != t.bare for t in tokens)


def _could_be(tokens: tuple[Token, ...], words: tuple[str, ...], *, plain: bool) -> bool:
    """Words typed without marks may be any, in a message typed so; marked words only slip in tone."""
    return all(
        t.low == w or _may_mean(t, w, plain=plain) for t, w in zip(tokens, words, strict=True)
    )


def _may_mean(token: Token, word: str, *, plain: bool) -> bool:
    if not token.marked:
        return plain or token.low not in known_words()
    return one_tone(token.low) == one_tone(word)


def _unique(products: Iterable[Product]) -> list[Product]:
    seen: dict[str, Product] = {}
    for product in products:
        seen.setdefault(product.name.lower(), product)
    return list(seen.values())
