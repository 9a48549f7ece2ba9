"""Bar charts: our own SVG template, drawn as PNG by resvg. Takes milliseconds of CPU: not in a turn."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import as_file, files
from typing import Any

import resvg_py
from jinja2 import Environment, StrictUndefined, Template

WIDTH = 720  # px, what a phone shows without shrinking
EDGE = 32
TOP = 84  # px above the first bar, with a title of one line
BAR = 30
SHORT = 11  # letters of a label that fits beside its bar
BESIDE = 150  # px for labels beside the bars
SUM = 240  # px for the sum after the longest bar
LINE = 28  # px a line of a label above its bar
FONTS = ("BeVietnamPro-Regular.ttf", "BeVietnamPro-SemiBold.ttf")


def bars_png(picture: Mapping[str, Any]) -> bytes:
    """A PNG 720 px wide of `{"title", "bars": [[label, đồng, sum in words], …]}`."""
    return png_of(bars_svg(picture))


def png_of(svg: str) -> bytes:
    """The same drawing as a PNG, with letters of our own."""
    fonts = files("bot") / "fonts"
    with as_file(fonts) as folder:
        paths = [str(folder / name) for name in FONTS]
        return resvg_py.svg_to_bytes(svg_string=svg, font_files=paths, skip_system_fonts=True)


def bars_svg(picture: Mapping[str, Any]) -> str:
    """The same as SVG; the bars begin at zero, the longest takes the whole width."""
    heading = textwrap.wrap(picture["title"], 42)
    bars = picture["bars"]
    beside = all(len(label) <= SHORT for label, _, _ in bars)
    zero = EDGE + BESIDE if beside else EDGE
    top = TOP + 38 * (len(heading) - 1)
    placed = _placed(bars, beside=beside, top=top, room=WIDTH - zero - SUM)
    height = (placed[-1]["y"] + BAR if placed else top) + EDGE + 12
    return _template().render(
        title=picture["title"],
        heading=heading,
        bars=placed,
        width=WIDTH,
        height=height,
        left=EDGE,
        label=EDGE if beside else EDGE + 10,
        zero=zero,
        top=top,
    )


def _placed(
    bars: Sequence[Sequence[Any]], *, beside: bool, top: int, room: int
) -> list[dict[str, Any]]:
    most = max((vnd for _, vnd, _ in bars), default=0)
    placed, y = [], top + 12
    for label, vnd, shown in bars:
        lines = [label] if beside else textwrap.wrap(label, 48)
        bar_y = y if beside else y + LINE * len(lines)
        width = round(room * max(vnd, 0) / most) if most > 0 else 0
        placed.append(
            {
                "label": label,
                "lines": lines,
                "label_y": y + 24 if beside else y + 20,
                "y": bar_y,
                "width": width,
                "shown": shown,
            }
        )
        y = bar_y + BAR + 18
    return placed


@cache
def _template() -> Template:
    source = (files("bot") / "templates" / "bars.svg.jinja").read_text("utf-8")
    # The one template is XML: everything in it is escaped.
    return Environment(autoescape=True, undefined=StrictUndefined).from_string(source)
