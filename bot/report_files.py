"""A file of reported figures, as bytes, into its lines: CSV in the encodings people save it in, or XLSX.

Nothing is believed here: values stay as they were written, formulas are named as what they are.
"""

from __future__ import annotations

import csv
import io
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

COLUMNS = (
    "period_from",
    "period_to",
    "indicator",
    "platform",
    "value",
    "province",
    "reporter",
    "note",
    "document",
    "confirmed",
)
REQUIRED = ("period_from", "period_to", "indicator", "value")

MOST_BYTES = 5_000_000
MOST_UNPACKED_BYTES = 100_000_000  # an XLSX is a ZIP: what it swells to is bounded too
MOST_LINES = 100_000
MOST_COLUMNS = 50

_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_ZIP = b"PK\x03\x04"


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with one line (1 is the heading, 0 the file) and in which column.

    `asked`: nothing is wrong, but the sender is asked whether it is right.
    """

    line: int
    field: str
    message: str
    asked: bool = False

    def __str__(self) -> str:
        where = f"line {self.line}" if self.line else "file"
        return (
            f"{where}: {self.field}: {self.message}" if self.field else f"{where}: {self.message}"
        )


class BadReports(ValueError):
    """Reports that can't be taken; `wrong` names every bad line. Nothing was taken."""

    def __init__(self, wrong: Sequence[Wrong]) -> None:
        super().__init__("\n".join(map(str, wrong)))
        self.wrong = tuple(wrong)


@dataclass(frozen=True, slots=True)
class RawLine:
    """A line as it was written: values by column, blanks left out; dates and numbers of XLSX as such."""

    number: int
    values: dict[str, object]


def read_report_file(content: bytes) -> list[RawLine]:
    """The lines under the heading; BadReports when the file as a whole can't be read."""
    if len(content) > MOST_BYTES:
        raise _bad_file(f"is larger than {MOST_BYTES // 1_000_000} MB")
    if content.startswith(_OLD_EXCEL):
        raise _bad_file("is an old .xls workbook; save it as .xlsx or CSV UTF-8")
    rows = _xlsx_rows(content) if content.startswith(_ZIP) else _csv_rows(content)
    return _lines(rows)


def _bad_file(message: str) -> BadReports:
    return BadReports([Wrong(0, "", message)])


def _lines(rows: Iterable[tuple[int, Sequence[object]]]) -> list[RawLine]:
    heading: list[str] | None = None
    lines: list[RawLine] = []
    for number, row in rows:
        if all(_blank(value) for value in row):
            continue
        if heading is None:
            heading = _heading(number, row)
            continue
        lines.append(_line(number, heading, row))
        if len(lines) > MOST_LINES:
            raise _bad_file(f"has more than {MOST_LINES} lines")
    if not lines:
        raise _bad_file("has no line with a figure")
    return lines


def _blank(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _heading(number: int, row: Sequence[object]) -> list[str]:
    names = ["" if _blank(cell) else str(cell).strip().lower() for cell in row]
    wrong = [
        Wrong(number, name, "is no column of a report")
        for name in names
        if name not in {*COLUMNS, ""}
    ]
    wrong += [
        Wrong(number, name, "stands there twice") for name in COLUMNS if names.count(name) > 1
    ]
    wrong += [
        Wrong(number, name, "this column is missing") for name in REQUIRED if name not in names
    ]
    if wrong:
        raise BadReports(wrong)
    return names


def _line(number: int, heading: list[str], row: Sequence[object]) -> RawLine:
    values: dict[str, object] = {}
    for place, value in enumerate(row):
        name = heading[place] if place < len(heading) else ""
        if not _blank(value):
            values[name] = value.strip() if isinstance(value, str) else value
    return RawLine(number, values)


def _csv_rows(content: bytes) -> Iterator[tuple[int, list[str]]]:
    text = _text(content)
    first = text.lstrip().partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 1
    try:
        for row in reader:
            yield number, row
            number = reader.line_num + 1
    except csv.Error as error:
        raise BadReports([Wrong(number, "", f"can't be read as CSV: {error}")]) from None


def _text(content: bytes) -> str:
    encoding = "utf-16" if content[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        raise _bad_file("is not in UTF-8; save it as 'CSV UTF-8' and send it again") from None
    if "\0" in text:
        raise _bad_file("is neither CSV in UTF-8 nor XLSX")
    return text


def _xlsx_rows(content: bytes) -> list[tuple[int, tuple[object, ...]]]:
    """The first sheet; a formula stays the text that it is, its remembered result isn't taken."""
    from openpyxl import load_workbook  # noqa: PLC0415 5 MiB that only workbooks need

    try:
        _refuse_swollen(content)
        with warnings.catch_warnings(action="ignore"):
            book = load_workbook(io.BytesIO(content), read_only=True, data_only=False)
            rows = book.worksheets[0].iter_rows(
                max_row=MOST_LINES + 2, max_col=MOST_COLUMNS, values_only=True
            )
            return list(enumerate(rows, 1))
    except BadReports:
        raise
    except Exception:  # noqa: BLE001 - a broken workbook makes the reader raise nearly anything
        raise _bad_file("is no XLSX workbook that can be read") from None


def _refuse_swollen(content: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if sum(part.file_size for part in archive.infolist()) > MOST_UNPACKED_BYTES:
            raise _bad_file("unpacks to far more than reports need")
