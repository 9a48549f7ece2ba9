"""What the lexicon knows of a product by its name: the usual unit, the OCOP group."""

from __future__ import annotations

from bot.language.lexicon import Product, packaged_index
from bot.language.units import COMMON_UNITS
from domain.fold import fold


def known_product(name: str) -> Product | None:
    """The lexicon's entry of this name, or of the longest name that it begins with."""
    words = tuple(fold(name).split())
    for length in range(len(words), 0, -1):
        entries = packaged_index().get(words[:length])
        if entries:
            return entries[0].product
    return None


def usual_unit(name: str) -> str | None:
    """The unit in which it is usually sold."""
    product = known_product(name)
    return product.prices[0][0] if product and product.prices else None


def likely_units(name: str) -> tuple[str, ...]:
    """The units to offer as choices, three at most: its usual one, then the commonest."""
    usual = usual_unit(name) or COMMON_UNITS[0]
    return tuple(dict.fromkeys((usual, *COMMON_UNITS)))[:3]


def group_of(name: str) -> str | None:
    """Its OCOP group, as a key: `food`, `beverages`…"""
    product = known_product(name)
    return product.group or None if product else None
