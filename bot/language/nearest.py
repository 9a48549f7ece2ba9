"""A misspelt product: the household's own name that looks most like it, else the lexicon's; a tie is asked."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from rapidfuzz import fuzz, process

from bot.language.lexicon import Product, packaged_index
from bot.language.product_names import own_names, packaged_names
from bot.language.understanding import KnownProduct
from domain.fold import fold

_ALIKE = 88  # of 100; below, two names are two things
_SHORTEST = 5  # letters; shorter words are like too many others


def nearest(name: str, own: tuple[KnownProduct, ...]) -> tuple[Product, ...]:
    """The products whose name is this one but for a slip; several when they are equally near."""
    said = fold(name)
    if len(said) < _SHORTEST or _words_of_names().issuperset(said.split()):
        return ()  # every word is one of some product's name: another thing, not a slip
    own_ones = own_names(own).spelled
    return _best(said, own_ones, own_ones.keys()) or _from_lexicon(said)


@lru_cache(maxsize=1)
def _words_of_names() -> frozenset[str]:
    return frozenset(word for key in packaged_index() for word in key)


@lru_cache(maxsize=4096)
def _from_lexicon(said: str) -> tuple[Product, ...]:
    return _best(said, packaged_names().spelled, _of_like_length(len(said)))


@lru_cache(maxsize=64)
def _of_like_length(length: int) -> tuple[str, ...]:
    """The lexicon's names that are long enough, and short enough, to be this much alike."""
    fewest, most = length * _ALIKE / (200 - _ALIKE), length * (200 - _ALIKE) / _ALIKE
    return tuple(name for name in packaged_names().spelled if fewest <= len(name) <= most)


def _best(said: str, names: dict[str, Product], likely: Iterable[str]) -> tuple[Product, ...]:
    found = process.extract(said, likely, scorer=fuzz.ratio, score_cutoff=_ALIKE, limit=3)
    near = [names[key] for key, score, _ in found if score == found[0][1]]
    return tuple({product.name: product for product in near}.values())
