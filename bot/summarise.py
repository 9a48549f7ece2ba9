"""Answers a question about the programme from the roll-ups, and names what it had to leave out."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator

from sqlalchemy import Connection

from bot.decision_groups import decision_groups
from bot.figure_words import display
from bot.figures import UNKNOWN, Cell, CellKey, cells, own_code, place_of
from bot.locales.catalogue import text
from bot.small_cells import MIN_CELL, too_small
from bot.summary import (
    PLATFORMS,
    Definition,
    EvidenceParts,
    Figure,
    Parts,
    PlaceName,
    Question,
    Summary,
)
from bot.summary_text import platform_name, spoken_month
from domain.geography import province
from domain.household import ZONE
from domain.indicators import INDICATORS
from domain.province_keys import province_of_key
from storage.figures import FigureRow, Straddling, figure_rows, is_sample, standing, straddling

HIDDEN_PARTS = Parts(bot=None, reported=None)
HIDDEN_EVIDENCE = EvidenceParts(said=None, confirmed=None, matched=None, paid=None)


def summarise(conn: Connection, question: Question, min_cell: int = MIN_CELL) -> Summary:
    """The whole summary, at one moment of the database."""
    months, communes = "month" in question.by, question.provinces == 63
    rows = figure_rows(conn, question.start, question.end, months=months, communes=communes)
    found = cells(rows, question)
    small = too_small(conn, question, found, min_cell)
    at = standing(conn).at
    return Summary(
        start=question.start,
        to=question.end,
        by=sorted(question.by),
        provinces=question.provinces,
        cut_off=at.astimezone(ZONE).replace(microsecond=0) if at else None,
        figures=[
            _hidden(figure, min_cell) if key in small else figure
            for key in _in_order(found)
            for figure in [_figure(key, found[key], question)]
        ],
        definitions=definitions(key.indicator for key in found),
        decision_468=decision_groups(conn, question),
        notes=[*_straddling(conn, question), *_of_several_months(rows)],
        sample=is_sample(conn),
    )


def fingerprint(conn: Connection, question: Question, min_cell: int = MIN_CELL) -> str:
    """The same as long as the same question has the same answer."""
    by = ",".join(sorted(question.by))
    said = f"{question!r}/{by}/{min_cell}/{standing(conn)!r}/{is_sample(conn)}"
    return hashlib.sha256(said.encode()).hexdigest()[:32]


def definitions(keys: Iterable[str] = INDICATORS) -> dict[str, Definition]:
    """What each of these figures means, in the order of the programme."""
    wanted = set(keys)
    return {
        one.key: Definition(
            name=text(f"indicator.name.{one.key}"),
            definition=text(f"indicator.definition.{one.key}"),
            kind=one.kind,
            unit=one.unit,
            version=one.version,
            since=one.since,
        )
        for one in INDICATORS.values()
        if one.key in wanted
    }


def _in_order(found: Iterable[CellKey]) -> list[CellKey]:
    """By indicator: the whole, its platforms, then months and provinces; UNKNOWN last."""
    indicators, platforms = list(INDICATORS), ["", *PLATFORMS]

    def place(key: CellKey) -> tuple[object, ...]:
        unknown = key.province == UNKNOWN
        apart = (key.month or "", unknown, key.province or "")
        return indicators.index(key.indicator), *apart, platforms.index(key.platform or "")

    return sorted(found, key=place)


def _figure(key: CellKey, cell: Cell, question: Question) -> Figure:
    return Figure(
        indicator=key.indicator,
        month=key.month,
        province=_place(key.province, question),
        platform=key.platform,
        value=cell.total,
        source=Parts(bot=cell.bot or 0, reported=cell.reported or 0),
        evidence=EvidenceParts.model_validate(cell.evidence),
        display=display(key.indicator, cell.total),
    )


def _hidden(figure: Figure, min_cell: int) -> Figure:
    """A few households could be recognised: neither the sum nor its parts are shown."""
    hidden = {"value": None, "source": HIDDEN_PARTS, "evidence": HIDDEN_EVIDENCE}
    return figure.model_copy(update={**hidden, "display": f"<{min_cell}"})


def _place(code: str | None, question: Question) -> PlaceName | None:
    if code is None:
        return None
    if code == UNKNOWN:
        return PlaceName(code=None, name=text("summary.no_province"))
    return PlaceName(code=code, name=province(code, question.provinces).short_name)


def _of_several_months(rows: Iterable[FigureRow]) -> list[str]:
    """Said when months are told apart: such a report is in the total and in none of them."""
    some = any(row.month != row.until for row in rows)
    return [text("summary.note.whole_period")] if some else []


def _straddling(conn: Connection, question: Question) -> Iterator[str]:
    """One note for each figure and period: whose reports could not be split."""
    whose: dict[tuple[str, str, str], list[str]] = {}
    for report in straddling(conn, question.start, question.end):
        if _concerns(report, question):
            period = report.indicator, report.month, report.until
            whose.setdefault(period, []).append(_whose(report))
    for (key, start, end), names in whose.items():
        of = ", ".join(filter(None, names))
        yield text("summary.note.straddles").format(
            indicator=text(f"indicator.name.{key}"),
            of=f" ({of})" if of else "",
            start=spoken_month(start),
            end=spoken_month(end),
        )


def _concerns(report: Straddling, question: Question) -> bool:
    if question.platform and report.platform != question.platform:
        return False
    place = place_of(report.province, UNKNOWN, question)
    return question.province is None or place == own_code(question)


def _whose(report: Straddling) -> str:
    """`Quảng Nam Vỏ sò`; nothing for a report of the country that names no platform."""
    parts = [province_of_key(report.province).short_name] if report.province else []
    parts += [platform_name(report.platform)] if report.platform else []
    return " ".join(parts)
