"""Receipts as PNG: our own SVG template, drawn by resvg. Takes milliseconds of CPU: not in a turn."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import as_file, files
from typing import Any

import resvg_py
from jinja2 import Environment, StrictUndefined, Template

from bot.charts import FONTS

WIDTH = 720  # px, what a phone shows without shrinking
EDGE = 56  # px to the text
INK, SOFT, CLAY = "#1F2A24", "#4A574F", "#B3402A"


@dataclass(slots=True)
class Sheet:
    """Runs of text from the top down, and the rules between them; `y` is where the last one stands."""

    y: int = 72
    runs: list[dict[str, Any]] = field(default_factory=list)
    rules: list[int] = field(default_factory=list)

    def write(self, text: str, size: int, letters: int, fill: str = INK, weight: int = 400) -> None:
        """Lines of at most so many letters."""
        for line in textwrap.wrap(text, letters):
            self.y += round(size * 1.4)
            self.put(line, size, EDGE, fill, weight)

    def put(self, text: str, size: int, x: int, fill: str = INK, weight: int = 400) -> None:
        """Beside what was written last; right of the middle it ends at `x`."""
        anchor = "end" if x > WIDTH // 2 else "start"
        run = {"text": text, "size": size, "x": x, "y": self.y, "fill": fill}
        self.runs.append(run | {"weight": weight, "anchor": anchor})

    def rule(self) -> None:
        self.y += 24
        self.rules.append(self.y)


def receipt_png(picture: Mapping[str, Any]) -> bytes:
    """A PNG 720 px wide of what `bot.locales.receipt.receipt_words` gives."""
    with as_file(files("bot") / "fonts") as folder:
        paths = [str(folder / name) for name in FONTS]
        return resvg_py.svg_to_bytes(
            svg_string=receipt_svg(picture), font_files=paths, skip_system_fonts=True
        )


def receipt_svg(picture: Mapping[str, Any]) -> str:
    """The same as SVG: the sum first, then the goods, then who and when."""
    sheet = Sheet()
    sheet.put(picture["title"], 28, EDGE, SOFT, 600)
    if picture["state"]:
        sheet.write(picture["state"], 28, 34, CLAY, 600)
    sheet.write(picture["total"], 60, 30, INK if picture["holds"] else SOFT, 600)
    if picture["words"]:  # of a language in which we can say it
        sheet.write(f"({picture['words']})", 26, 44)
    sheet.rule()
    for what, price, total in picture["items"]:
        _item(sheet, what, price, total)
    sheet.rule()
    for fact in picture["facts"]:
        sheet.write(fact, 26, 44)
    sheet.y += 16
    sheet.write(picture["note"], 22, 54, SOFT)
    return _template().render(
        title=picture["title"], sheet=sheet, width=WIDTH, edge=EDGE, height=sheet.y + 64
    )


def _item(sheet: Sheet, what: str, price: str, total: str) -> None:
    """The goods on the left, their sum beside the first line."""
    first, *rest = textwrap.wrap(what, 28)
    sheet.y += 8
    sheet.write(first, 28, 28)
    sheet.put(total, 28, WIDTH - EDGE, weight=600)
    for line in rest:
        sheet.write(line, 28, 28)
    if price:
        sheet.write(price, 24, 30, SOFT)


@cache
def _template() -> Template:
    source = (files("bot") / "templates" / "receipt.svg.jinja").read_text("utf-8")
    # The template is XML: everything in it is escaped.
    return Environment(autoescape=True, undefined=StrictUndefined).from_string(source)
