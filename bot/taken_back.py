"""Cells of which every report was sent back: nobody has reported them, and that is not 0."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection

from bot.definitions import last_day
from bot.figures import Cell, CellKey, cells
from bot.summary import Question
from domain.indicators import INDICATORS, month_of
from storage.figures import FigureRow
from storage.reports import any_sent_back, reports_until
from storage.rollup_sums import old_province


def forget_taken_back(conn: Connection, question: Question, found: dict[CellKey, Cell]) -> None:
    """Their reported part becomes what it was before the first report: None."""
    nothing = {key: cell for key, cell in found.items() if cell.reported == 0}
    if not nothing or not any_sent_back(conn):
        return
    standing = cells(_standing(conn, question), question)
    for key, cell in nothing.items():
        if key not in standing or standing[key].reported is None:
            cell.reported = None


def _standing(conn: Connection, question: Question) -> Iterator[FigureRow]:
    """A row for each report that stands within the months: only that it is there, not how much it says."""
    for row in reports_until(conn, last_day(question)):
        stock = INDICATORS[row.indicator].kind == "stock"
        until = month_of(row.period_to)
        month = until if stock else month_of(row.period_from)
        if stock or question.start <= month:
            place = row.province, old_province(row.province, ""), row.platform, row.indicator
            yield FigureRow(month, until, *place, *(0,) * 6, of_reports=1)
