"""Figures to the last đồng, so that a difference shows: `987.530`, `+1.250.000 đ`."""

from __future__ import annotations

from bot.figure_words import LANGUAGE
from bot.locales.format import money, number
from web.figure_cards import NONE

MINUS = "\N{MINUS SIGN}"
MONEY = ("value", "value_per_transaction")


def exact(indicator: str, value: int | None) -> str:
    """Not rounded; a dash where nothing was reported."""
    if value is None:
        return NONE
    return money(value, LANGUAGE) if indicator in MONEY else number(value, LANGUAGE)


def signed(indicator: str, value: int) -> str:
    """The same with its sign."""
    return f"{MINUS if value < 0 else '+'}{exact(indicator, abs(value))}"
