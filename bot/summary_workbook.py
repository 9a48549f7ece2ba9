"""A summary as an XLSX workbook: a sheet for the whole and for each breakdown, one with the definitions."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import TYPE_CHECKING

from bot.coverage_text import COLUMNS as COVERAGE_COLUMNS
from bot.coverage_text import coverage_rows
from bot.locales.spoken import text
from bot.revision_text import COLUMNS as REVISION_COLUMNS
from bot.revision_text import revision_lines, revision_rows
from bot.summary import Figure, Summary
from bot.summary_meanings import COLUMNS, meaning_rows

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

SHEETS = ("figures", "month", "province", "month_province")
TITLES = (
    *("indicator", "name", "month", "province_code", "province", "platform", "value", "display"),
    *("bot", "reported", "said", "confirmed", "matched", "paid"),
)
WIDTHS = (22, 34, 10, 14, 24, 12, 20, 20)
OPTIONS = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
Value = str | int | None


def summary_xlsx(summary: Summary) -> bytes:
    """The workbook's bytes; numbers are numbers, text is never a formula."""
    import xlsxwriter  # noqa: PLC0415 2 MiB that only workbooks need

    content = io.BytesIO()
    with xlsxwriter.Workbook(content, OPTIONS) as book:
        bold, whole = book.add_format({"bold": True}), book.add_format({"num_format": "#,##0"})
        for name in SHEETS:
            figures = [one for one in summary.figures if _sheet_of(one, summary) == name]
            if figures:
                _figures(_sheet(book, name), summary, figures, (bold, whole))
        if summary.decision_468:
            _statuses(_sheet(book, "decision_468"), summary, bold)
        if summary.published:
            _revisions(_sheet(book, "revisions"), summary, (bold, whole))
        if summary.articles:
            _articles(_sheet(book, "articles"), summary, bold)
        _coverage(_sheet(book, "coverage"), summary, (bold, whole))
        _definitions(_sheet(book, "definitions"), summary, bold)
    return content.getvalue()


def _sheet_of(figure: Figure, summary: Summary) -> str:
    parts = ["month"] if figure.month else []
    parts += ["province"] if figure.province and "province" in summary.by else []
    return "_".join(parts) or "figures"


def _sheet(book: Workbook, name: str) -> Worksheet:
    sheet: Worksheet = book.add_worksheet(text(f"summary.sheet.{name}"))
    for column, width in enumerate(WIDTHS):
        sheet.set_column(column, column, width)
    return sheet


def _figures(
    sheet: Worksheet, summary: Summary, figures: Iterable[Figure], formats: tuple[Format, Format]
) -> None:
    bold, whole = formats
    rows: list[Iterable[Value]] = [[text("summary.sample")]] if summary.sample else []
    rows.append(TITLES)
    sheet.freeze_panes(len(rows), 0)
    for number, row in enumerate(rows):
        _write(sheet, number, row, bold)
    for number, figure in enumerate(figures, len(rows)):
        _write(sheet, number, _row(figure, summary), whole)


def _row(figure: Figure, summary: Summary) -> tuple[Value, ...]:
    place = figure.province
    return (
        *(figure.indicator, summary.definitions[figure.indicator].name, figure.month),
        *((place.code, place.name) if place else (None, None)),
        *(figure.platform, figure.value, figure.display),
        *(figure.source.bot, figure.source.reported),
        *(figure.evidence.said, figure.evidence.confirmed),
        *(figure.evidence.matched, figure.evidence.paid),
    )


def _statuses(sheet: Worksheet, summary: Summary, bold: Format) -> None:
    _write(sheet, 0, ("province_code", "province", "status", "name"), bold)
    rows = [
        (place.code, place.name, group.status, group.name)
        for group in summary.decision_468
        for place in group.provinces
    ]
    for number, row in enumerate(rows, 1):
        _write(sheet, number, row, None)


def _revisions(sheet: Worksheet, summary: Summary, formats: tuple[Format, Format]) -> None:
    """Each change and its causes; what was published when stands beneath them, in words."""
    bold, whole = formats
    rows = revision_rows(summary)
    _write(sheet, 0, REVISION_COLUMNS, bold)
    for number, row in enumerate(rows, 1):
        _write(sheet, number, row, whole)
    for number, line in enumerate(revision_lines(summary), len(rows) + 2):
        _write(sheet, number, (line,), None)


def _articles(sheet: Worksheet, summary: Summary, bold: Format) -> None:
    _write(sheet, 0, ("date", "province_code", "province", "title", "link"), bold)
    for number, one in enumerate(summary.articles, 1):
        place = (one.province.code, one.province.name) if one.province else (None, None)
        _write(sheet, number, (one.date.isoformat(), *place, one.title, one.link), None)


def _coverage(sheet: Worksheet, summary: Summary, formats: tuple[Format, Format]) -> None:
    bold, whole = formats
    _write(sheet, 0, COVERAGE_COLUMNS, bold)
    for number, row in enumerate(coverage_rows(summary), 1):
        _write(sheet, number, row, whole)


def _definitions(sheet: Worksheet, summary: Summary, bold: Format) -> None:
    _write(sheet, 0, COLUMNS, bold)
    for number, row in enumerate(meaning_rows(summary), 1):
        _write(sheet, number, row, None)
    for number, note in enumerate(summary.notes, len(summary.definitions) + 2):
        _write(sheet, number, (note,), None)


def _write(sheet: Worksheet, row: int, values: Iterable[Value], form: Format | None) -> None:
    for column, value in enumerate(values):
        if isinstance(value, str):
            sheet.write_string(row, column, value, form)
        elif value is not None:
            sheet.write_number(row, column, value, form)
