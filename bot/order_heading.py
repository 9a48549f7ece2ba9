"""Where an order export's fields stand: its heading, with titles above it passed by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from bot.exported_order import BadExport
from bot.order_columns import ONE_OF, REQUIRED, Columns
from bot.report_files import Wrong
from bot.tables import HEADING_WITHIN, Row, Unreadable


def heading(found: Iterator[Row], names: Columns) -> tuple[Mapping[str, int], Iterator[Row]]:
    """Where each field stands, and the rows read on the way that come after; titles above are passed by."""
    top = list(islice(found, HEADING_WITHIN))
    if not top:
        raise Unreadable("has no lines")
    place = max(range(len(top)), key=lambda n: (names.fits(top[n][1]), -n))
    number, row = top[place]
    fields = [names.field(cell) for cell in row]
    if wrong := list(_wrong(number, row, fields)):
        raise BadExport(wrong)
    heading = {name: at for at, name in enumerate(fields) if name is not None}
    return heading, iter(top[place + 1 :])


def _wrong(number: int, row: Sequence[object], fields: Sequence[str | None]) -> Iterator[Wrong]:
    for name in dict.fromkeys(name for name in fields if name):
        cited = [str(cell) for cell, field in zip(row, fields, strict=True) if field == name]
        if len(cited) > 1:
            yield Wrong(number, name, f"stands there twice: {', '.join(cited)}")
    for name in REQUIRED:
        if name not in fields:
            yield Wrong(number, name, "this column is missing, or its name is not known yet")
    for group in ONE_OF:
        if not set(group) & set(fields):
            yield Wrong(number, group[0], f"one of these columns is needed: {', '.join(group)}")
