"""What conversations ask about the programme's figures; answered where summaries are made."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from bot.summary import Question
from domain.schedule import SummaryKind

FigureState = Literal["given", "missing", "withheld"]
Direction = Literal["more", "less", "same"]


@dataclass(frozen=True, slots=True)
class FiguresBeside:
    """The figures of one question, and by how much they differ from another's -> FiguresSeen."""

    this: Question
    beside: Question


@dataclass(frozen=True, slots=True)
class FiguresSent:
    """Those of a summary that was made by itself, for one area -> FiguresSeen | None."""

    kind: SummaryKind
    period: str
    area: str


@dataclass(frozen=True, slots=True)
class SummaryLink:
    """An address at which this person reads and takes these figures for a day -> str (the path)."""

    question: Question


@dataclass(frozen=True, slots=True)
class Change:
    """By how much a figure differs, as it is printed; `percent` is empty where it says nothing."""

    direction: Direction
    by: str = ""
    percent: str = ""


@dataclass(frozen=True, slots=True)
class SeenFigure:
    """One figure as it is printed, that beside it, and the difference; empty when not given."""

    indicator: str
    state: FigureState
    now: str = ""
    beside_state: FigureState = "missing"
    beside: str = ""
    change: Change | None = None


@dataclass(frozen=True, slots=True)
class FiguresSeen:
    """The main figures of a summary. `at`: until when they were counted; `made_at` of one that was sent.

    `bot`, `reported`: whether anything of it came from there. `smallest`: fewer households are not shown.
    """

    figures: tuple[SeenFigure, ...]
    at: dt.datetime | None = None
    bot: bool = False
    reported: bool = False
    smallest: int = 0
    sample: bool = False
    since: dt.date | None = None


SummaryQuery = FiguresBeside | FiguresSent | SummaryLink
SummaryAnswer = FiguresSeen
