"""Months beside one another: columns for what happens in a month, a line for what stands at its end."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from jinja2 import Environment, StrictUndefined, Template

from bot.scale import Scale, round_top

WIDTH, HEIGHT = 720, 420  # px; a phone shows half of it, letters of 24 stay readable
LEFT, RIGHT = 116, 24
TOP, BOTTOM = 96, 84  # room for one line of title, for months and source
LINE = 34  # px a further line of the title
MOST_NAMES = 6  # months named under the axis
SIGN = 12  # px that a sign of a name needs at most, and as much between two names
TITLE, SOURCE = 46, 62  # signs of a line
MOST_SAID = 6  # columns that all have their figure above them
GAP = 0.28  # of a column's place that stays free

Shape = Literal["columns", "line"]
PRINTED: Mapping[str, str] = {
    "paper": "#FBF8F1",
    "ink": "#1F2A24",
    "leaf": "#1B7F4B",
    "line": "#B9C1BA",
}
ON_PAGE: Mapping[str, str] = {
    "paper": "var(--sheet)",
    "ink": "var(--ink)",
    "leaf": "var(--leaf)",
    "line": "var(--line)",
}
"""Colours of a page, which has a dark side."""


@dataclass(frozen=True, slots=True)
class Month:
    """One month of a series: None with what is shown instead (`<5`, nothing reported)."""

    name: str
    value: int | None
    shown: str
    running: bool = False  # not over yet: drawn hatched


@dataclass(frozen=True, slots=True)
class MonthChart:
    """A series with its title, unit and source; no two of a page have one `key`."""

    key: str
    title: str
    source: str
    shape: Shape
    scale: Scale
    months: tuple[Month, ...]


def months_svg(chart: MonthChart, colours: Mapping[str, str] = PRINTED) -> str:
    """Our own drawing, from zero; every figure in words for those who hear it."""
    heading, source = textwrap.wrap(chart.title, TITLE), textwrap.wrap(chart.source, SOURCE)
    top = TOP + LINE * (len(heading) - 1)
    floor = HEIGHT + LINE * (len(heading) - 1) - BOTTOM
    height = floor + BOTTOM + LINE * (len(source) - 1)
    high = round_top(max((m.value or 0 for m in chart.months), default=0))
    placed = list(_placed(chart, top, floor, high))
    return _template().render(
        chart=chart,
        heading=heading,
        source=source,
        colours=colours,
        width=WIDTH,
        height=height,
        left=LEFT,
        right=WIDTH - RIGHT,
        floor=floor,
        ticks=[
            (_tick(high, part, top, floor), chart.scale.short(high * part // 2))
            for part in (0, 1, 2)
        ],
        placed=placed,
        runs=_runs(placed),
    )


def _tick(high: int, half: int, top: int, floor: int) -> int:
    return floor - (floor - top) * half // 2 if high else floor


def _placed(chart: MonthChart, top: int, floor: int, high: int) -> Iterator[dict[str, Any]]:
    """Each month with where it is drawn."""
    wide = (WIDTH - LEFT - RIGHT) / max(len(chart.months), 1)
    named, said = _named(chart.months), _said(chart.months)
    for place, month in enumerate(chart.months):
        y = floor - (floor - top) * max(month.value or 0, 0) / high
        yield {
            "month": month,
            "x": round(LEFT + wide * (place + GAP / 2), 1),
            "middle": round(LEFT + wide * (place + 0.5), 1),
            "width": round(wide * (1 - GAP), 1),
            "y": round(y, 1),
            "named": place in named,
            "said": _label(chart, month) if place in said else "",
        }


def _label(chart: MonthChart, month: Month) -> str:
    return month.shown if month.value is None else chart.scale.short(month.value)


def _named(months: Sequence[Month]) -> set[int]:
    """The months that have room for their name: the last one, and back from it at equal steps."""
    longest = max((len(month.name) for month in months), default=0)
    most = min(MOST_NAMES, (WIDTH - LEFT - RIGHT) // (SIGN * (longest + 1)))
    step = -(-len(months) // most) or 1
    return set(range(len(months) - 1, -1, -step))


def _said(months: Sequence[Month]) -> set[int]:
    """Whose figure is written: all of a few; else the highest and the last, if they are apart."""
    known = [n for n, month in enumerate(months) if month.value is not None]
    if len(months) <= MOST_SAID or not known:
        return set(range(len(months))) if len(months) <= MOST_SAID else set()
    highest = max(known, key=lambda n: (months[n].value or 0, n))
    apart = known[-1] - highest > len(months) // MOST_SAID
    return {highest, known[-1]} if apart else {highest}


def _runs(placed: Sequence[Mapping[str, Any]]) -> list[str]:
    """The points of the line; it breaks where a month is not known."""
    runs: list[list[str]] = [[]]
    for one in placed:
        if one["month"].value is None:
            runs.append([])
        else:
            runs[-1].append(f"{one['middle']},{one['y']}")
    return [" ".join(run) for run in runs if len(run) > 1]


@cache
def _template() -> Template:
    source = (files("bot") / "templates" / "months.svg.jinja").read_text("utf-8")
    # The one template is XML: everything in it is escaped.
    return Environment(autoescape=True, undefined=StrictUndefined).from_string(source)
