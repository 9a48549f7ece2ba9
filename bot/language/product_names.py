"""Names of products in a sentence: the household's own first, then the packaged lexicon.

A match is exact but for marks; what only looks alike is left to the person.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache, partial

from bot.language.kept import Kept
from bot.language.lexicon import Entry, Index, Product, index_of, packaged_index
from bot.language.tokens import Sentence, tokenize
from bot.language.understanding import KnownProduct
from bot.language.values import value_class
from bot.language.vocabulary import known_words, look_alikes, one_tone
from domain.fold import fold

_LONGEST = 8
_HOUSEHOLDS = 512  # found by identity
_SPELLINGS, _OWN_SPELLINGS = (
    4096,
    256,
)  # names as they were typed, of the lexicon and of one household

Words = tuple[str, ...]


@value_class(frozen=True, slots=True)
class Found:
    """A product name in a sentence, `spelling` with its marks. `others`: what the same letters may also be."""

    start: int
    end: int
    product: Product
    exact: bool
    spelling: str = ""
    others: tuple[Product, ...] = ()


_Meant = tuple[
    Product, bool, str, tuple[Product, ...]
]  # of a name: what `Found` tells beside its place


class Names:
    """Names by their folded words. `lengths`: first word -> second -> how long such names are, longest first.

    Under "" stands the first word alone: `(1,)` when it is a name by itself. `spelled`: by the words in a row.
    """

    __slots__ = ("_meant", "by_words", "lengths", "spelled")

    def __init__(self, index: Index, most: int) -> None:
        self.by_words = index
        self.lengths = _lengths(index)
        self.spelled = {" ".join(key): entries[0].product for key, entries in index.items()}
        self._meant = (
            Kept(partial(_meant, index, plain=False), most),
            Kept(partial(_meant, index, plain=True), most),
        )

    def longest(
        self, sentence: Sentence, at: int, sizes: Sequence[int], over: int = 0
    ) -> Found | None:
        """The first of these sizes that is a name from here on, while they are of more words than `over`."""
        for size in sizes:
            if size <= over:
                return None
            words = sentence.low[at : at + size]
            if len(words) == size and (meant := self._meant[sentence.plain][words]):
                return Found(at, at + size, *meant)
        return None


def _lengths(index: Index) -> dict[str, dict[str, tuple[int, ...]]]:
    found: dict[str, dict[str, set[int]]] = {}
    for key in index:
        second = key[1] if len(key) > 1 else ""
        if len(key) <= _LONGEST:
            found.setdefault(key[0], {"": set()}).setdefault(second, set()).add(len(key))
    return {first: _longest_first(seconds) for first, seconds in found.items()}


def _longest_first(seconds: dict[str, set[int]]) -> dict[str, tuple[int, ...]]:
    alone = seconds[""]
    return {word: tuple(sorted(s | alone, reverse=True)) for word, s in seconds.items()}


@lru_cache(maxsize=2048)
def _own_names(products: tuple[KnownProduct, ...]) -> Names:
    return Names(index_of((_own(known), ()) for known in products), _OWN_SPELLINGS)


_BY_IDENTITY: OrderedDict[int, tuple[tuple[KnownProduct, ...], Names]] = OrderedDict()


def own_names(products: tuple[KnownProduct, ...]) -> Names:
    """The index of one household's names. The same tuple is found by its identity: hashing fifty names is dear."""
    kept = _BY_IDENTITY.get(id(products))
    if kept is not None and kept[0] is products:
        return kept[1]
    names = _own_names(products)
    _BY_IDENTITY[id(products)] = (products, names)
    if len(_BY_IDENTITY) > _HOUSEHOLDS:
        _BY_IDENTITY.popitem(last=False)
    return names


def _own(known: KnownProduct) -> Product:
    table = _by_name().get(tuple(t.bare for t in tokenize(known.name).tokens))
    if table is None:
        return Product(known.name, own=known)
    return Product(known.name, table.group, table.region, table.prices, known)


@cache
def _by_name() -> dict[Words, Product]:
    return {key: entries[0].product for key, entries in packaged_index().items()}


@cache
def packaged_names() -> Names:
    """The lexicon, ready to be looked through."""
    return Names(packaged_index(), _SPELLINGS)


def _tables(own: tuple[KnownProduct, ...]) -> tuple[Names, ...]:
    return (own_names(own), packaged_names()) if own else (packaged_names(),)


def find(sentence: Sentence, own: tuple[KnownProduct, ...]) -> tuple[Found, ...]:
    """For every token the longest product name that starts there, the household's own before the lexicon's."""
    tables, seconds = _tables(own), (*sentence.bare[1:], "")
    found = []
    for at, word in enumerate(sentence.bare):
        name = None
        for names in tables:
            if word not in names.lengths:
                continue
            lengths = names.lengths[word]
            if sizes := lengths.get(seconds[at], lengths[""]):
                name = names.longest(sentence, at, sizes, name.end - at if name else 0) or name
        if name is not None:
            found.append(name)
    return tuple(found)


def shorter(sentence: Sentence, own: tuple[KnownProduct, ...], name: Found) -> Found | None:
    """The next shorter name at the same place: *dưa leo | mười ngàn* where *dưa leo muối* was found."""
    at, most = name.start, name.end - name.start
    word, second = (*sentence.bare, "")[at : at + 2]
    for names in _tables(own):
        lengths = names.lengths.get(word)
        sizes = lengths.get(second, lengths[""]) if lengths else ()
        found = names.longest(sentence, at, [size for size in sizes if size < most])
        if found is not None:
            return found
    return None


def _meant(index: Index, typed: Words, *, plain: bool) -> _Meant | None:
    """What these words mean among these names, in a message typed with or without marks."""
    bare = tuple(map(fold, typed))
    entries = index.get(bare)
    if not entries:
        return None
    exact = next((entry for entry in entries if entry.words == typed), None)
    # Typed with its marks, or a word that has none and no double: *cam*.
    sure = not plain or typed != bare or len(typed) > 1 or bare[0] not in look_alikes()
    if exact and sure:
        return exact.product, True, exact.spelling, ()
    near = _near(entries, typed, bare, plain=plain)
    if not near:
        return (exact.product, True, exact.spelling, ()) if exact else None
    others = [entry.product for entry in near]
    if len(typed) == 1 and near[0].product.own is None:
        others += _alike(bare[0])
    return near[0].product, False, near[0].spelling, _unique(others)[1:]


def _near(entries: tuple[Entry, ...], typed: Words, bare: Words, *, plain: bool) -> Sequence[Entry]:
    """The entries that these words may be but for their marks; a word alone only where none are typed."""
    if plain and typed == bare:
        return entries
    if len(typed) == 1:
        return ()
    return [e for e in entries if all(map(partial(_may_mean, plain=plain), typed, e.words))]


def _alike(bare: str) -> Iterator[Product]:
    """What else these letters are without marks: *dua* is dừa, dứa, dưa."""
    for name in look_alikes().get(bare, ()):
        entries = packaged_index().get((bare,), ())
        yield next((e.product for e in entries if e.spelling == name), Product(name))


def _may_mean(typed: str, word: str, *, plain: bool) -> bool:
    """A word typed without marks may be any, in a message typed so; a marked word only slips in tone."""
    if typed == word:
        return True
    if typed == fold(typed):
        return plain or typed not in known_words()
    return one_tone(typed) == one_tone(word)


def _unique(products: list[Product]) -> tuple[Product, ...]:
    if len(products) == 1:
        return tuple(products)
    seen: dict[str, Product] = {}
    for product in products:
        seen.setdefault(product.name.lower(), product)
    return tuple(seen.values())
