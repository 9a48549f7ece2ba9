"""What conversations ask of the programme's figures: the main ones of a summary, each beside another's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy import Connection

from bot.dialogue.summary_queries import (
    Asked,
    FiguresBeside,
    FiguresSeen,
    FiguresSent,
    FigureState,
    SeenFigure,
    SummaryLink,
    SummaryQuery,
)
from bot.figure_changes import MAIN, beside
from bot.figure_words import signed
from bot.scheduled_figures import sent_figures
from bot.since_fetched import since_fetched
from bot.small_cells import MIN_CELL
from bot.summarise import summarise
from bot.summary import By, Figure, Question, Summary
from bot.summary_text import withheld
from storage import summary_links
from storage.fetched import reader_of
from storage.queries import Asker

NEWS = ("products", "transactions", "value", "accounts", "courses", "attendances", "articles")


def answer(
    tx: Connection, query: SummaryQuery, asker: Asker, min_cell: int = MIN_CELL
) -> FiguresSeen | str | None:
    """What a conversation asked, in the transaction of its turn."""
    match query:
        case FiguresBeside(this, other):
            here = summarise(tx, question_of(this), min_cell)
            found = seen(here, summarise(tx, question_of(other), min_cell), min_cell)
            return _with_news(tx, asker, question_of(this), here, found)
        case SummaryLink(question):
            return summary_links.new_link(tx, asker.person, question, asker.at)
        case FiguresSent(kind, period, area):
            return sent_figures(tx, kind, period, area)


def _with_news(
    tx: Connection, asker: Asker, question: Question, here: Summary, found: FiguresSeen
) -> FiguresSeen:
    """With what changed since the same person looked at the same; and that they looked."""
    reader = reader_of(asker.person)
    compared, look = since_fetched(tx, reader, question, here, asker.at, found.smallest)
    if look is not None:
        look.keep(tx)
    since = compared.changed_since_fetched
    if since is None:
        return found
    whole = [one for one in since.changes if one.platform == question.platform]
    news = [(one.indicator, signed(one.indicator, one.difference)) for one in whole]
    return replace(found, looked=since.at, news=tuple(one for one in news if one[0] in NEWS))


def question_of(asked: Asked, by: frozenset[By] = frozenset()) -> Question:
    """The same, as summaries are asked for."""
    return Question(
        asked.start, asked.end, asked.provinces, asked.province, asked.platform, by, asked.own
    )


def seen(this: Summary, other: Summary, min_cell: int) -> FiguresSeen:
    """The main figures of a summary, each with its difference from those of another one."""
    here, there = wholes(this), wholes(other)
    shown = [here[key] for key in MAIN if key in here]
    given = [figure.source for figure in shown if figure.value is not None]
    return FiguresSeen(
        tuple(_beside(figure, there.get(figure.indicator)) for figure in shown),
        at=this.cut_off,
        bot=any(part.bot for part in given),
        reported=any(part.reported for part in given),
        smallest=min_cell,
        sample=this.sample,
    )


def wholes(summary: Summary) -> Mapping[str, Figure]:
    """Each indicator's figure of the whole question: its first one."""
    found: dict[str, Figure] = {}
    for figure in summary.figures:
        found.setdefault(figure.indicator, figure)
    return found


def _beside(figure: Figure, other: Figure | None) -> SeenFigure:
    if figure.value is None:
        return SeenFigure(figure.indicator, _state(figure))
    if other is None or other.value is None:
        alone = beside(figure.indicator, figure.value, None)
        return replace(alone, beside_state=_state(other))
    return beside(figure.indicator, figure.value, other.value)


def _state(figure: Figure | None) -> FigureState:
    """Why there is no number."""
    return "withheld" if figure is not None and withheld(figure) else "missing"
