"""Answers a question about the programme from the roll-ups, and names what it had to leave out."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache, partial

from sqlalchemy import Connection

from bot.coverage import coverage
from bot.decision_groups import decision_groups
from bot.definitions import changed_within, definitions, last_day
from bot.figure_words import displayed
from bot.figures import NOTHING, UNKNOWN, Cell, CellKey, cells, own_code, place_of
from bot.locales.spoken import spoken, text, written_month
from bot.place_name import PlaceName, place_or_all
from bot.revisions import since_published
from bot.small_cells import MIN_CELL, withheld
from bot.summary import PLATFORMS, EvidenceParts, Figure, Parts, Question, Summary
from bot.summary_articles import listed_articles
from bot.summary_text import platform_name
from bot.taken_back import forget_taken_back
from bot.undivided import undivided
from domain.decision_468 import INDICATOR as DECISION_468
from domain.household import ZONE
from domain.indicators import INDICATORS
from domain.province_keys import province_of_key
from storage.figures import FigureRow, Straddling, figure_rows, is_sample, standing, straddling
from storage.publications import latest_revision

HIDDEN_PARTS = Parts(bot=None, reported=None)
HIDDEN_EVIDENCE = EvidenceParts(said=None, confirmed=None, matched=None, paid=None)


def summarise(conn: Connection, question: Question, min_cell: int = MIN_CELL) -> Summary:
    """The whole summary, at one moment of the database."""
    rows = figure_rows(
        conn,
        question.start,
        question.end,
        months="month" in question.by,
        provinces="province" in question.by or question.province is not None,
    )
    found = cells(rows, question)
    forget_taken_back(conn, question, found)
    small = withheld(conn, question, min_cell)
    at = standing(conn).at
    groups = decision_groups(conn, question)
    shown = {key.indicator for key in found} | ({DECISION_468} if groups else set())
    meant = definitions(last_day(question), shown)
    figures = _figures(found, small, question, min_cell)
    published, changes = since_published(conn, question, figures, min_cell)
    return Summary(
        start=question.start,
        to=question.end,
        by=sorted(question.by),
        provinces=question.provinces,
        cut_off=at.astimezone(ZONE).replace(microsecond=0) if at else None,
        figures=figures,
        definitions=meant,
        decision_468=groups,
        notes=[
            *_straddling(conn, question),
            *_of_several_months(rows),
            *undivided(rows, question),
            *_withheld(small, min_cell),
            *changed_within(question, meant),
        ],
        sample=is_sample(conn),
        published=published,
        changes=changes,
        coverage=coverage(conn, question),
        articles=listed_articles(conn, question),
    )


def fingerprint(conn: Connection, question: Question, min_cell: int = MIN_CELL) -> str:
    """The same as long as the same question has the same answer, in the same words."""
    by, meant = ",".join(sorted(question.by)), definitions(last_day(question))
    asked = replace(question, by=frozenset())  # a set is written in any order
    said = f"{spoken()}/{asked!r}/{by}/{min_cell}/{standing(conn)!r}/{is_sample(conn)}/{meant!r}"
    said += f"/{latest_revision(conn, question.start, question.end)}"
    return hashlib.sha256(said.encode()).hexdigest()[:32]


_INDICATORS = {key: place for place, key in enumerate(INDICATORS)}
_PLATFORMS: dict[str | None, int] = {key: place for place, key in enumerate((None, *PLATFORMS))}


def _in_order(found: Iterable[CellKey]) -> list[CellKey]:
    """By indicator: the whole, its platforms, then months and provinces; UNKNOWN last."""

    def place(key: CellKey) -> tuple[object, ...]:
        indicator, month, province, platform = key
        apart = month or "", province == UNKNOWN, province or ""
        return _INDICATORS[indicator], *apart, _PLATFORMS[platform]

    return sorted(found, key=place)


def _figures(
    found: Mapping[CellKey, Cell], small: Collection[CellKey], question: Question, min_cell: int
) -> list[Figure]:
    language, named = spoken(), cache(partial(place_or_all, of=question.provinces))
    return [
        _hidden(key, named(key.province), min_cell)
        if key in small
        else _figure(key, found.get(key, NOTHING), named(key.province), language)
        for key in _in_order({*found, *small})
    ]


def _figure(key: CellKey, cell: Cell, place: PlaceName | None, language: str) -> Figure:
    indicator, month, _, platform = key
    total = cell.total
    return Figure(
        indicator,
        month,
        place,
        platform,
        total,
        Parts(cell.bot or 0, cell.reported or 0),
        EvidenceParts(cell.said, cell.confirmed, cell.matched, cell.paid),
        displayed(indicator, total, language),
    )


def _hidden(key: CellKey, place: PlaceName | None, min_cell: int) -> Figure:
    """A few households could be recognised: neither the sum nor its parts are shown."""
    return Figure(
        key.indicator,
        key.month,
        place,
        key.platform,
        None,
        HIDDEN_PARTS,
        HIDDEN_EVIDENCE,
        f"<{min_cell}",
    )


def _of_several_months(rows: Iterable[FigureRow]) -> list[str]:
    """Said when months are told apart: such a report is in the total and in none of them."""
    some = any(row.month != row.until for row in rows)
    return [text("summary.note.whole_period")] if some else []


def _withheld(small: Collection[CellKey], min_cell: int) -> list[str]:
    """What `<5` means, where it stands."""
    return [text("summary.note.withheld").format(least=min_cell)] if small else []


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
            start=written_month(start),
            end=written_month(end),
        )


def _concerns(report: Straddling, question: Question) -> bool:
    if question.platform and report.platform != question.platform:
        return False
    place = place_of(report.province, report.old_province, question)
    return question.province is None or place == own_code(question)


def _whose(report: Straddling) -> str:
    """`Quảng Nam Vỏ sò`; nothing for a report of the country that names no platform."""
    parts = [province_of_key(report.province).short_name] if report.province else []
    parts += [platform_name(report.platform)] if report.platform else []
    return " ".join(parts)
