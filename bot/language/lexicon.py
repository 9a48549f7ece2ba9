"""Names of farm products: the household's own first, then the packaged lexicon.

`lexicon.csv`: name, group, region, spellings, prices (`unit low high|…`, đồng). A match is exact but for marks;
what only looks alike is left to the person.
"""

from __future__ import annotations

import csv
import re
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
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


class Found(NamedTuple):
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
_ENDS_IN_I = re.compile("(?<=[bcdđghklmnprstvx])[yýỳỷỹỵiíìỉĩị]\\b|(?<=qu)[ýí](?=t\\b)")
_OTHER_I = str.maketrans("yýỳỷỹỵiíìỉĩị", "iíìỉĩịyýỳỷỹỵ")
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


def _with_other_i(names: tuple[str, ...]) -> Iterator[str]:
    """*quýt* is also written *quít*, *mỳ* also *mì*."""
    for name in names:
        other = _ENDS_IN_I.sub(lambda found: found[0].translate(_OTHER_I), name)
        if other != name and other not in names:
            yield other


def _index(rows: Iterable[tuple[Product, tuple[str, ...]]]) -> Index:
    index: dict[tuple[str, ...], list[_Entry]] = {}
    for product, spellings in rows:
        names = (product.name, *spellings)
        for number, spelling in enumerate((*names, *_with_other_i(names))):
            tokens = tokenize(spelling).tokens
            shown = product.name if product.own else spelling
            entry = _Entry(tuple(t.low for t in tokens), shown, product, number == 0)
            kept = index.setdefault(tuple(t.bare for t in tokens), [])
            if all(other.product is not product or other.words != entry.words for other in kept):
                kept.append(entry)
    return {key: tuple(sorted(entries, key=lambda e: not e.main)) for key, entries in index.items()}


@cache
def packaged_index() -> Index:
    """The lexicon by the folded words of its names and spellings."""
    return _index(_rows())


def spelling_of(product: Product, said: str) -> str:
    """The product's spelling that has these letters, marks aside; its name where none has."""
    key = tuple(token.bare for token in tokenize(said).tokens)
    entries = packaged_index().get(key, ())
    return next((e.spelling for e in entries if e.product is product), product.name)


@cache
def _by_name() -> dict[tuple[str, ...], Product]:
    return {key: entries[0].product for key, entries in packaged_index().items()}


class _Names(NamedTuple):
    """Names by their folded words. `lengths`: first word -> second -> how long such names are, longest first.

    Under "" stands the first word alone: `(1,)` when it is a name by itself.
    """

    by_words: Index
    lengths: dict[str, dict[str, tuple[int, ...]]]
    spelled: dict[str, Product]  # by the same words in a row


def _names(index: Index) -> _Names:
    found: dict[str, dict[str, set[int]]] = {}
    for key in index:
        second = key[1] if len(key) > 1 else ""
        if len(key) <= _LONGEST:
            found.setdefault(key[0], {"": set()}).setdefault(second, set()).add(len(key))
    lengths = {first: _longest_first(seconds) for first, seconds in found.items()}
    return _Names(index, lengths, {" ".join(key): e[0].product for key, e in index.items()})


def _longest_first(seconds: dict[str, set[int]]) -> dict[str, tuple[int, ...]]:
    alone = seconds[""]
    return {word: tuple(sorted(s | alone, reverse=True)) for word, s in seconds.items()}


@lru_cache(maxsize=2048)
def _own_names(products: tuple[KnownProduct, ...]) -> _Names:
    return _names(_index((_own(known), ()) for known in products))


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
def packaged_names() -> _Names:
    """The lexicon, ready to be looked through."""
    return _names(packaged_index())


def find(sentence: Sentence, own: tuple[KnownProduct, ...]) -> tuple[Found, ...]:
    """For every token the longest product name that starts there, the household's own before the lexicon's."""
    mine, ours = own_names(own) if own else _Names({}, {}, {}), packaged_names()
    search = _Search(sentence)
    found = []
    for at, word in enumerate(sentence.bare):
        own_name = search.longest(at, mine) if word in mine.lengths else None
        over = own_name.end - at if own_name else 0
        name = search.longest(at, ours, over) if word in ours.lengths else None
        if name := name or own_name:
            found.append(name)
    return tuple(found)


def shorter(sentence: Sentence, own: tuple[KnownProduct, ...], name: Found) -> Found | None:
    """The next shorter name at the same place: *dưa leo | mười ngàn* where *dưa leo muối* was found."""
    search, most = _Search(sentence), name.end - name.start
    tables = (own_names(own), packaged_names()) if own else (packaged_names(),)
    word = search.bare[name.start]
    found = (search.longest(name.start, t, 0, most) for t in tables if word in t.lengths)
    return next((f for f in found if f is not None), None)


class _Search:
    """Looks for names in one sentence."""

    def __init__(self, sentence: Sentence) -> None:
        self.tokens = sentence.tokens
        self.plain = sentence.plain
        self.bare = (*sentence.bare, "")  # beyond the end stands no word of any name
        self.low = sentence.low

    def longest(
        self, at: int, names: _Names, over: int = 0, below: int = _LONGEST + 1
    ) -> Found | None:
        """The longest of these names that starts here, of more words than `over` and fewer than `below`.

        Its first word is one of theirs.
        """
        seconds = names.lengths[self.bare[at]]
        for length in seconds.get(self.bare[at + 1], seconds[""]):
            if length <= over:
                return None
            entries = names.by_words.get(self.bare[at : at + length])
            if entries and length < below and (found := self._agree(at, length, entries)):
                return found
        return None

    def _agree(self, at: int, length: int, entries: tuple[_Entry, ...]) -> Found | None:
        end = at + length
        typed, bare = self.low[at:end], self.bare[at:end]
        exact = _exact(entries, typed)
        # Typed with its marks, or a word that has none and no double: *cam*.
        sure = not self.plain or typed != bare or length > 1 or bare[0] not in look_alikes()
        if exact and sure:
            return Found(at, end, exact.product, True, exact.spelling)
        near = self._near(self.tokens[at:end], entries, marked=typed != bare)
        if not near:
            return Found(at, end, exact.product, True, exact.spelling) if exact else None
        others = [e.product for e in near]
        if length == 1 and near[0].product.own is None:
            others += _alike(bare[0])
        return Found(at, end, near[0].product, False, near[0].spelling, _unique(others)[1:])

    def _near(
        self, tokens: tuple[Token, ...], entries: tuple[_Entry, ...], *, marked: bool
    ) -> Sequence[_Entry]:
        """The entries that these words may be but for their marks; a word alone only where none are typed."""
        if self.plain and not marked:
            return entries
        if len(tokens) == 1:
            return ()
        return [e for e in entries if _could_be(tokens, e.words, plain=self.plain)]


def _exact(entries: tuple[_Entry, ...], typed: tuple[str, ...]) -> _Entry | None:
    for entry in entries:
        if entry.words == typed:
            return entry
    return None


def _alike(bare: str) -> Iterator[Product]:
    """What else these letters are without marks: *dua* is dừa, dứa, dưa."""
    for name in look_alikes().get(bare, ()):
        entries = packaged_index().get((bare,), ())
        yield next((e.product for e in entries if e.spelling == name), Product(name))


def _could_be(tokens: tuple[Token, ...], words: tuple[str, ...], *, plain: bool) -> bool:
    """Words typed without marks may be any, in a message typed so; marked words only slip in tone."""
    return all(
        t.low == w or _may_mean(t, w, plain=plain) for t, w in zip(tokens, words, strict=True)
    )


def _may_mean(token: Token, word: str, *, plain: bool) -> bool:
    if not token.marked:
        return plain or token.low not in known_words()
    return one_tone(token.low) == one_tone(word)


def _unique(products: list[Product]) -> tuple[Product, ...]:
    if len(products) == 1:
        return tuple(products)
    seen: dict[str, Product] = {}
    for product in products:
        seen.setdefault(product.name.lower(), product)
    return tuple(seen.values())
