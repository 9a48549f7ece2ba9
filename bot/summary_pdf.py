"""A summary as a PDF in the manner of an official report: sentences and a table, then charts and definitions.

typst draws it in a process of its own: it takes 30 MiB, which the program would keep.
"""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import ExitStack
from importlib.resources import as_file, files
from typing import Any

from bot.coverage_text import coverage_lines
from bot.figure_words import display
from bot.locales.spoken import spoken, text
from bot.revision_text import revision_lines
from bot.summary import PLATFORMS, Definition, Figure, Summary
from bot.summary_chart import charts_svg
from bot.summary_text import INDENT, breakdown, headings, platform_name, sentences, withheld

LONGEST = 60  # seconds
NONE = "–"
PARTS = ("said", "table", "apart", "drawn", "meant", "version", "changed", "page")

DRAW = """
import sys, typst
template, fonts = sys.argv[1:]
given = {"summary": sys.stdin.read()}
sys.stdout.buffer.write(typst.compile(template, font_paths=[fonts], sys_inputs=given))
"""


class NotDrawn(Exception):
    """typst refused; its own words are in the message."""


def summary_pdf(summary: Summary) -> bytes:
    """The PDF's bytes, A4; two pages unless months or provinces are told apart."""
    with ExitStack() as kept:
        template, fonts = (
            str(kept.enter_context(as_file(files("bot") / path)))
            for path in ("templates/summary.typ", "fonts")
        )
        drawn = subprocess.run(  # noqa: S603 our own program, nothing of anybody else's
            [sys.executable, "-c", DRAW, template, fonts],
            input=json.dumps(_contents(summary)).encode(),
            capture_output=True,
            timeout=LONGEST,
            check=False,
        )
    if drawn.returncode:
        raise NotDrawn(drawn.stderr.decode(errors="replace")[-2_000:])
    return drawn.stdout


def _contents(summary: Summary) -> dict[str, Any]:
    """Every text of the report, as it is printed."""
    lines = sentences(summary)
    return {
        "language": spoken(),
        "heading": headings(summary),
        "words": {name: text(f"summary.pdf.{name}") for name in PARTS},
        "sentences": [[line.strip(), line.startswith(INDENT)] for line in lines],
        "columns": [
            text("summary.pdf.indicator"),
            *map(platform_name, PLATFORMS),
            *(text(f"summary.pdf.{name}") for name in ("whole", "bot", "reported")),
        ],
        "rows": [_row(summary, key) for key in dict.fromkeys(f.indicator for f in summary.figures)],
        "apart": breakdown(summary),
        "charts": list(charts_svg(summary)),
        "meant": [_meant(one) for one in summary.definitions.values()],
        "changed": [[line.strip(), line.startswith(INDENT)] for line in revision_lines(summary)],
        "notes": [*coverage_lines(summary), *summary.notes],
    }


def _meant(one: Definition) -> list[str]:
    """Its name, version and sentence; in English beneath, unless that is what stands there already."""
    english = "" if one.definition_en == one.definition else one.definition_en
    return [one.name, one.version, one.definition, english]


def _row(summary: Summary, key: str) -> list[str]:
    """One indicator: its platforms, the whole, and where that comes from."""
    whole = next(one for one in summary.figures if one.indicator == key)
    found = {one.platform: one for one in summary.figures if _beside(one, whole)}
    parts = [_shown(found[name]) if name in found else NONE for name in PLATFORMS]
    sources = [whole.source.bot, whole.source.reported]
    shown = [display(key, part) if part else NONE for part in sources]
    return [summary.definitions[key].name, *parts, whole.display, *shown]


def _shown(figure: Figure) -> str:
    return NONE if figure.value is None and not withheld(figure) else figure.display


def _beside(figure: Figure, whole: Figure) -> bool:
    """Whether it is the same figure of one platform."""
    same = (figure.indicator, figure.month, figure.province)
    return same == (whole.indicator, whole.month, whole.province) and figure is not whole
