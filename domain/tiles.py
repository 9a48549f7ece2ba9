"""A map of squares: each province where the country has it, from the north down, all of one size.

Drawn by ourselves in `gazetteer/tiles_34.csv` and `tiles_63.csv`: a line a row, codes where they lie.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache

from domain.geography import GAZETTEER, ProvinceSet


@dataclass(frozen=True, slots=True)
class Tile:
    """Where a province stands; row 0 is the north, column 0 the west."""

    code: str
    row: int
    column: int


@cache
def tiles(of: ProvinceSet) -> tuple[Tile, ...]:
    """Every province of the set, once."""
    with (GAZETTEER / f"tiles_{of}.csv").open(encoding="utf-8") as lines:
        return tuple(
            Tile(code, row, column)
            for row, codes in enumerate(csv.reader(lines))
            for column, code in enumerate(codes)
            if code
        )
