"""Which cells of a summary point at so few households that they are not shown outside their locality."""

from __future__ import annotations

import calendar
import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from sqlalchemy import Connection

from bot.figures import Cell, CellKey, place_of
from bot.summary import Question
from domain.indicators import INDICATORS
from storage.small_cells import Apart, Crowd, crowds

MIN_CELL = 5  # households; LENSAN_MIN_CELL


def too_small(
    conn: Connection, question: Question, found: Mapping[CellKey, Cell], min_cell: int
) -> set[CellKey]:
    """The cells of a province whose part from the bot comes of fewer households than that."""
    places = [key for key, cell in found.items() if key.province is not None and cell.bot]
    if not places or question.own:
        return set()
    households = _households(conn, question)
    return {key for key in places if households[key] < min_cell}


def _households(conn: Connection, question: Question) -> dict[CellKey, int]:
    counted: dict[CellKey, int] = defaultdict(int)
    for crowd in _crowds(conn, question):
        place = place_of(crowd.province, crowd.commune, question)
        for month in _months(crowd, question):
            key = CellKey(crowd.indicator, month, place, crowd.platform or None)
            counted[key] += crowd.households
    return counted


def _crowds(conn: Connection, question: Question) -> Iterable[Crowd]:
    """Each platform alone and, unless one was asked for, all together: who sells on both is one."""
    start, end = _days(question)
    for months in {False, "month" in question.by}:
        for platforms in {True, question.platform is not None}:
            apart = Apart(months, question.provinces == 63, platforms)
            for crowd in crowds(conn, start, end, apart):
                if question.platform in {None, crowd.platform}:
                    yield crowd


def _months(crowd: Crowd, question: Question) -> Iterator[str | None]:
    """A seller counts in the month of the sale, a listing or shop from its month on."""
    if not crowd.month:
        yield None
        return
    name = f"{crowd.year:04d}-{crowd.month:02d}"
    stock = INDICATORS[crowd.indicator].kind == "stock"
    yield from (m for m in question.months if m == name or (stock and m > name))


def _days(question: Question) -> tuple[dt.date, dt.date]:
    year, month = int(question.end[:4]), int(question.end[5:])
    last = calendar.monthrange(year, month)[1]
    return dt.date.fromisoformat(f"{question.start}-01"), dt.date(year, month, last)
