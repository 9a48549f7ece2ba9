"""Figures to the last đồng, where there may be none."""

from __future__ import annotations

from bot import figure_words
from web.figure_cards import NONE


def exact(indicator: str, value: int | None) -> str:
    """Not rounded; a dash where nothing was reported."""
    return NONE if value is None else figure_words.exact(indicator, value)
