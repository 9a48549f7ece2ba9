"""What people typed as a cell of a spreadsheet: never a formula, and nothing in it turns the line round."""

from __future__ import annotations

import re

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
TURNING = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Signs that change the direction of writing."""


def harmless(typed: str) -> str:
    """A spreadsheet runs what begins like a formula; with an apostrophe it shows it."""
    plain = TURNING.sub("", typed)
    return f"'{plain}" if plain.startswith(FORMULA_SIGNS) else plain
