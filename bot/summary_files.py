"""One summary in every format: the same figures as text, JSON, CSV, XLSX, PDF and a chart."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from sqlalchemy import Connection

from bot.harmless import harmless
from bot.locales.catalogue import languages
from bot.locales.spoken import speaking, spoken
from bot.revision_text import BESIDE, beside
from bot.small_cells import MIN_CELL
from bot.summarise import summarise
from bot.summary import BadQuestion, Figure, Summary, ask
from bot.summary_chart import summary_png, summary_svg
from bot.summary_package import summary_package
from bot.summary_pdf import summary_pdf
from bot.summary_sdmx import summary_sdmx
from bot.summary_text import summary_text
from bot.summary_workbook import summary_xlsx

COLUMNS = (
    *("indicator", "month", "province_code", "province", "platform", "value", "display", "unit"),
    *("bot", "reported", "said", "confirmed", "matched", "paid", "definition_version"),
    *BESIDE,
)


def run_summary(
    conn: Connection, options: Mapping[str, Any], min_cell: int = MIN_CELL
) -> str | bytes:
    """`lensan summary`: the options by their names (`from`, `to`, `by` …), the file or text they give."""
    shape = options.get("format") or "text"
    write = writer(shape)
    question = ask(
        options.get("from"),
        options.get("to"),
        province=options.get("province"),
        platform=options.get("platform"),
        by=options.get("by") or (),
        provinces=options.get("provinces"),
    )
    with speaking(_language(options.get("language"))):
        return write(summarise(conn, question, min_cell))


def _language(asked: str | None) -> str:
    """The one that is asked for, else the one that is spoken; BadQuestion for what is none."""
    if asked and asked not in languages():
        raise BadQuestion("language", f"must be one of {', '.join(languages())}")
    return asked or spoken()


def writer(shape: str) -> Callable[[Summary], str | bytes]:
    """What writes a summary in this format; BadQuestion when there is none."""
    if shape not in FORMATS:
        raise BadQuestion("format", f"must be one of {', '.join(FORMATS)}")
    return FORMATS[shape][0]


def summary_json(summary: Summary) -> str:
    """The contract's body."""
    return summary.model_dump_json(by_alias=True, indent=1) + "\n"


def summary_csv(summary: Summary) -> str:
    """A line for each figure, UTF-8 with the sign that spreadsheets look for; no cell is a formula."""
    out = io.StringIO()
    out.write("\N{ZERO WIDTH NO-BREAK SPACE}")
    lines = csv.writer(out, lineterminator="\r\n")
    lines.writerow((*COLUMNS, *(("sample",) if summary.sample else ())))
    then = beside(summary)
    for figure in summary.figures:
        row = [_harmless(value) for value in (*_row(figure, summary), *then(figure))]
        lines.writerow(row + ([1] if summary.sample else []))
    lines.writerows(_status_rows(summary))
    return out.getvalue()


def _status_rows(summary: Summary) -> Iterator[list[str | int | None]]:
    """A line for each province: its status stands where the figure does in words."""
    for group in summary.decision_468:
        for place in group.provinces:
            row = dict.fromkeys(COLUMNS) | {"indicator": "decision_468", "display": group.name}
            row |= {"province_code": place.code, "province": place.name, "unit": "province"}
            row["definition_version"] = summary.definitions["decision_468"].version
            yield [*row.values(), *((1,) if summary.sample else ())]


def _row(figure: Figure, summary: Summary) -> tuple[str | int | None, ...]:
    place, definition = figure.province, summary.definitions[figure.indicator]
    return (
        *(figure.indicator, figure.month),
        *((place.code, place.name) if place else (None, None)),
        *(figure.platform, figure.value, figure.display, definition.unit),
        *(figure.source.bot, figure.source.reported),
        *(figure.evidence.said, figure.evidence.confirmed),
        *(figure.evidence.matched, figure.evidence.paid),
        definition.version,
    )


def _harmless(value: str | int | None) -> str | int | None:
    return harmless(value) if isinstance(value, str) else value


FORMATS: Mapping[str, tuple[Callable[[Summary], str | bytes], str]] = {
    "text": (summary_text, "text/plain; charset=utf-8"),
    "json": (summary_json, "application/json"),
    "csv": (summary_csv, "text/csv; charset=utf-8"),
    "xlsx": (
        summary_xlsx,
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    "png": (summary_png, "image/png"),
    "svg": (summary_svg, "image/svg+xml"),
    "pdf": (summary_pdf, "application/pdf"),
    "frictionless": (summary_package, "application/zip"),
    "sdmx": (summary_sdmx, "application/vnd.sdmx.data+csv;version=2.0.0"),
}
"""Format -> what writes it, and its media type."""
