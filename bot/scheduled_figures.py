"""The figures of a summary made by itself: once for all areas, kept, told beside the last ones."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace

from pydantic import BaseModel
from sqlalchemy import Connection

from bot.dialogue.summary_queries import FiguresSeen, SeenFigure
from bot.drafts.summary_asked import before as months_before
from bot.figure_changes import MAIN, beside
from bot.summarise import summarise
from bot.summary import Figure, Question
from domain.roles import COUNTRY
from domain.schedule import Due, SummaryKind
from storage import scheduled

Counted = tuple[int | None, int, int]  # value, bot, reported
ByArea = dict[str, dict[str, Counted]]


class Made(BaseModel):
    """What is kept: by area and indicator, now and before. `since`: when those before were made."""

    at: dt.datetime | None
    since: dt.date | None = None
    sample: bool = False
    now: ByArea
    before: ByArea = {}


def question_of(due: Due) -> Question:
    """Its months, told apart by the provinces of today."""
    return Question(*due.months, 34, by=frozenset({"province"}))


def made(conn: Connection, due: Due) -> Made:
    """The figures of the country and of each province, whole: each is told to its own officers only."""
    question = replace(question_of(due), own=True)
    summary = summarise(conn, question)
    found = Made(at=summary.cut_off, sample=summary.sample, now=_by_area(summary.figures))
    if due.kind == "month":
        start, end = months_before(due.months)
        earlier = summarise(conn, replace(question, start=start, end=end))
        return found.model_copy(update={"before": _by_area(earlier.figures)})
    return _with_last_week(conn, due, found)


def _with_last_week(conn: Connection, due: Due, found: Made) -> Made:
    """Beside the last one of the same year; the first one of a year stands alone."""
    last = scheduled.before(conn, due)
    if last is None or Due("week", last[0], due.at).months[0] != due.months[0]:
        return found
    earlier = Made.model_validate(last[1])
    since = dt.date.fromisoformat(last[0])
    return found.model_copy(update={"before": earlier.now, "since": since})


def _by_area(figures: Iterable[Figure]) -> ByArea:
    found: ByArea = {}
    for figure in figures:
        if figure.platform is None and figure.indicator in MAIN:
            code = figure.province.code if figure.province else COUNTRY
            if code is not None:
                sources = figure.source.bot or 0, figure.source.reported or 0
                found.setdefault(code, {})[figure.indicator] = (figure.value, *sources)
    return found


def sent_figures(conn: Connection, kind: SummaryKind, period: str, area: str) -> FiguresSeen | None:
    """What was made then, of this area; None when nothing was."""
    kept = scheduled.figures_of(conn, kind, period)
    if kept is None:
        return None
    all_made = Made.model_validate(kept)
    now, before = all_made.now.get(area, {}), all_made.before.get(area, {})
    return FiguresSeen(
        tuple(_told(key, now.get(key), before.get(key)) for key in MAIN),
        at=all_made.at,
        bot=any(counted[1] for counted in now.values()),
        reported=any(counted[2] for counted in now.values()),
        sample=all_made.sample,
        since=all_made.since,
    )


def _told(key: str, now: Counted | None, then: Counted | None) -> SeenFigure:
    if now is None or now[0] is None:
        return SeenFigure(key, "missing")
    return beside(key, now[0], then[0] if then else None)
