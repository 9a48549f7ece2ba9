"""The household's listed products in the conversation: finding them, offering them as choices."""

from __future__ import annotations

from collections.abc import Iterable

from bot.dialogue.reply import Button
from bot.dialogue.turn import Turn
from domain.fold import fold
from domain.household import Product

SHOWN = 8  # products in a list; the rest are found by name


def listed(turn: Turn) -> list[Product]:
    """Everything that was ever listed, taken down or not."""
    return [p for p in turn.household.products if p.code] if turn.household else []


def on_sale(products: Iterable[Product]) -> list[Product]:
    """Those that stand on a platform now."""
    return [p for p in products if p.platforms]


def by_code(turn: Turn, code: str) -> Product | None:
    """The listed product of this code."""
    return next((p for p in listed(turn) if p.code == code), None)


def by_words(turn: Turn) -> list[Product]:
    """The listed products that the words name."""
    words = turn.understood
    names = [fold(item.product) for item in words.items if item.product] if words else []
    return [p for p in listed(turn) if any(n in fold(p.name) or fold(p.name) in n for n in names)]


def choices(products: Iterable[Product], action: str, more: str = "") -> list[Button]:
    """One button a product; its reference is the code and what follows it."""
    return [
        Button(f"{action}:{p.code}{more}", "button.product", {"product": p.name})
        for p in list(products)[:SHOWN]
    ]
