"""A map of squares with each province's figure, shaded in steps that stay apart in grey."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, StrictUndefined, Template

from bot.month_chart import PRINTED
from bot.scale import Scale
from domain.geography import ProvinceSet, province
from domain.tiles import Tile, tiles

WIDTH = 360  # px, of a phone
SIDE, RISE = 60, 54  # px from one tile to the next
FREE = 4  # px between them
NAME = 9  # signs of a name's line
SHADES = (0.1, 0.3, 0.5, 1.0)  # how dark a step is; on the last one letters are light
TOP = 4
DIGITS = 5  # that a tile has room for


@dataclass(frozen=True, slots=True)
class Place:
    """A province's figure: None with what is shown instead; `where` is the address of its own page."""

    value: int | None
    shown: str
    withheld: bool = False
    where: str = ""


@dataclass(frozen=True, slots=True)
class TileMap:
    """Figures by the province's code, one unit for all; the title names it."""

    title: str
    of: ProvinceSet
    scale: Scale
    places: Mapping[str, Place]


@dataclass(frozen=True, slots=True)
class Step:
    """Figures of one shade, both ends included."""

    least: int
    most: int


def steps(values: Sequence[int]) -> tuple[Step, ...]:
    """The figures above zero in as many groups of like size as there are shades; equal ones stay together."""
    known = sorted(value for value in values if value > 0)
    ends = (
        [known[-(-len(known) * n // len(SHADES)) - 1] for n in range(1, len(SHADES) + 1)]
        if known
        else []
    )
    ends = sorted(set(ends))
    starts = [0, *ends][: len(ends)]
    return tuple(
        Step(next(value for value in known if value > start), end)
        for start, end in zip(starts, ends, strict=True)
    )


def map_svg(drawn: TileMap, colours: Mapping[str, str] = PRINTED) -> str:
    """The country from the north down; every name and figure stands in it as letters."""
    found = steps([place.value or 0 for place in drawn.places.values()])
    squares = [_square(tile, drawn, found) for tile in tiles(drawn.of)]
    rows = max(tile.row for tile in tiles(drawn.of)) + 1
    return _template().render(
        drawn=drawn,
        squares=squares,
        colours={"on_leaf": "#FFFFFF", **colours},
        width=WIDTH,
        height=rows * RISE + TOP,
        side=SIDE - FREE,
        rise=RISE - FREE,
    )


def _square(tile: Tile, drawn: TileMap, found: Sequence[Step]) -> dict[str, Any]:
    place = drawn.places.get(tile.code, Place(None, ""))
    name = province(tile.code, drawn.of).short_name
    return {
        "x": tile.column * SIDE + FREE // 2,
        "y": tile.row * RISE + TOP,
        "name": name,
        "lines": textwrap.wrap(name, NAME),
        "shown": place.shown if place.value is None else drawn.scale.short(place.value),
        "place": place,
        "shade": _shade(place.value, found),
    }


def _shade(value: int | None, found: Sequence[Step]) -> float:
    """0 for nothing; fewer groups than shades begin at the dark end."""
    for step, shade in zip(reversed(found), reversed(SHADES), strict=False):
        if value is not None and step.least <= value <= step.most:
            return shade
    return 0.0


@cache
def _template() -> Template:
    source = (files("bot") / "templates" / "tiles.svg.jinja").read_text("utf-8")
    # The one template is XML: everything in it is escaped.
    return Environment(autoescape=True, undefined=StrictUndefined).from_string(source)
