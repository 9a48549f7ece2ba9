"""A misspelt product: the household's own name that looks most like it, else the lexicon's; a tie is asked."""

from __future__ import annotations

from functools import lru_cache

from rapidfuzz import fuzz, process

from bot.language.lexicon import Product, own_names, packaged_index
from bot.language.understanding import KnownProduct
from domain.fold import fold

_ALIKE = 88  # of 100; below, two names are two things
_SHORTEST = 5  # letters; shorter words are like too many others


def nearest(name: str, own: tuple[KnownProduct, ...]) -> tuple[Product, ...]:
    """The products whose name is this one but for a slip; several when they are equally near."""
    said = fold(name)
    if len(said) < _SHORTEST or _words_of_names().issuperset(said.split()):
        return ()  # every word is one of some product's name: another thing, not a slip
    mine = _best(said, _spelled(own))
    return mine or _from_lexicon(said)


@lru_cache(maxsize=512)
def _spelled(own: tuple[KnownProduct, ...]) -> dict[str, Product]:
    return {" ".join(key): entries[0].product for key, entries in own_names(own).by_words.items()}


@lru_cache(maxsize=1)
def _packaged() -> dict[str, Product]:
    return {" ".join(key): entries[0].product for key, entries in packaged_index().items()}


@lru_cache(maxsize=1)
def _words_of_names() -> frozenset[str]:
    return frozenset(word for key in packaged_index() for word in key)


@lru_cache(maxsize=4096)
def _from_lexicon(said: str) -> tuple[Product, ...]:
    return _best(said, _packaged())


def _best(said: str, names: dict[str, Product]) -> tuple[Product, ...]:
    found = process.extract(said, names.keys(), scorer=fuzz.ratio, score_cutoff=_ALIKE, limit=3)
    near = [names[key] for key, score, _ in found if score == found[0][1]]
    return tuple({product.name: product for product in near}.values())
