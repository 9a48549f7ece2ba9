"""A table as somebody saved it, as bytes, into its rows: CSV in the encodings people use, or XLSX.

Cells come as they were written. A formula is the text that it is; it is never worked out.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
import warnings
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

Row = tuple[int, Sequence[object]]
"""A row's number as the person's program counts it, and its cells."""

MOST_COLUMNS = 60
ROWS_AT_ONCE = 500
HEADING_WITHIN = 20  # rows: titles and dates may stand above a heading
DELIMITERS = ",;\t"

_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_ZIP = b"PK\x03\x04"
_BOM = b"\xef\xbb\xbf"
_UTF16 = {b"\xff\xfe", b"\xfe\xff"}
_SEPARATOR_LINE = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)
_LINE = re.compile(r"[^\r\n]*(?:\r\n?|\n|\Z)")
_SHARED = "xl/sharedStrings.xml"


class Unreadable(ValueError):
    """Not a table that can be read; `line` is where that shows, 0 for the file."""

    def __init__(self, message: str, line: int = 0) -> None:
        super().__init__(message)
        self.line = line


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a table may be: bytes as sent, bytes that an XLSX unpacks to, and rows."""

    sent: int
    unpacked: int
    rows: int


def rows(content: bytes, limits: Limits, fits: Callable[[Sequence[str]], int]) -> Iterator[Row]:
    """The rows that hold anything; `fits` tells how many cells of a heading a delimiter gets right."""
    if len(content) > limits.sent:
        raise Unreadable(f"is larger than {limits.sent // 1_000_000} MB")
    if content.startswith(_OLD_EXCEL):
        raise Unreadable("is an old .xls workbook; save it as .xlsx or CSV UTF-8")
    found = (
        _xlsx_rows(content, limits) if content.startswith(_ZIP) else _csv_rows(text(content), fits)
    )
    for count, (number, row) in enumerate(found):
        if count > limits.rows:
            raise Unreadable(f"has more than {limits.rows} lines")
        if not all(map(blank, row)):
            yield number, row


def blank(cell: object) -> bool:
    """Whether the cell says nothing."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


# Text


def text(content: bytes) -> str:
    """UTF-8, UTF-16 with its mark, or Windows-1258 put together: its tones stand behind their vowels."""
    marked = content[:2] in _UTF16
    said = _utf16(content) if marked else _utf8(content) or _windows_1258(content)
    if "\0" in said:
        raise Unreadable("is neither CSV nor XLSX")
    return unicodedata.normalize("NFC", said)


def _utf16(content: bytes) -> str:
    try:
        return content.decode("utf-16")
    except UnicodeDecodeError:
        raise Unreadable("is UTF-16 with damaged letters") from None


def _utf8(content: bytes) -> str:
    """Nothing when it is another encoding; damaged UTF-8 is not taken for one."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = content.count(b"\n", 0, fault.start) + 1
    lost = content.decode("utf-8", "replace").count("\ufffd")
    others = sum(content.count(bytes((byte,))) for byte in range(0xC2, 0xF5))
    if content.startswith(_BOM) or 2 * lost < others:
        raise Unreadable("is UTF-8 with damaged letters", line)
    return ""


def _windows_1258(content: bytes) -> str:
    try:
        return content.decode("cp1258")
    except UnicodeDecodeError as fault:
        line = content.count(b"\n", 0, fault.start) + 1
        raise Unreadable("is in no encoding known here; save it as CSV UTF-8", line) from None


def _csv_rows(said: str, fits: Callable[[Sequence[str]], int]) -> Iterator[Row]:
    named = _SEPARATOR_LINE.match(said)
    number = before = 2 if named else 1
    delimiter = named[1] if named else _delimiter(said, fits)
    lines = _lines(said, named.end() if named else 0)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    try:
        for row in reader:
            yield number, row
            number = before + reader.line_num
    except csv.Error as error:
        raise Unreadable(f"can't be read as CSV: {error}", number) from None


def _lines(said: str, start: int) -> Iterator[str]:
    """Each with its end, one at a time."""
    return (line[0] for line in _LINE.finditer(said, start) if line[0])


def _delimiter(said: str, fits: Callable[[Sequence[str]], int]) -> str:
    """The one under which the first rows hold most names of columns."""
    top = said.split("\n", HEADING_WITHIN)[:HEADING_WITHIN]

    def most(delimiter: str) -> int:
        try:
            return max(map(fits, csv.reader(top, delimiter=delimiter)), default=0)
        except csv.Error:
            return 0

    return max(DELIMITERS, key=most)


# Workbooks


def _xlsx_rows(content: bytes, limits: Limits) -> Iterator[Row]:
    """The first sheet, some rows at a time, never the whole."""
    from openpyxl import load_workbook  # noqa: PLC0415 5 MiB that only workbooks need

    _refuse_swollen(content, limits)
    try:
        with _quietly():
            book = load_workbook(io.BytesIO(content), read_only=True, data_only=False)
            sheet = book.worksheets[0]
            sheet.reset_dimensions()  # what a sheet says of its own size is often wrong
            found = sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True)
        number = 0
        while batch := _next_rows(found):
            yield from enumerate(batch, number + 1)
            number += len(batch)
    except Exception:  # noqa: BLE001 a broken workbook makes the reader raise nearly anything
        raise Unreadable("is no XLSX workbook that can be read") from None


def _next_rows(found: Iterator[Sequence[object]]) -> list[Sequence[object]]:
    with _quietly():
        return list(islice(found, ROWS_AT_ONCE))


def _quietly() -> warnings.catch_warnings[None]:
    """The reader warns of what it can't show; nothing of that is read here."""
    return warnings.catch_warnings(action="ignore")


def _refuse_swollen(content: bytes, limits: Limits) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            sizes = {part.filename: part.file_size for part in archive.infolist()}
    except zipfile.BadZipFile:
        raise Unreadable("is no XLSX workbook that can be read") from None
    if sum(sizes.values()) > limits.unpacked or sizes.get(_SHARED, 0) > limits.unpacked // 4:
        raise Unreadable("unpacks to far more than such a table needs")
