"""What conversations ask about the programme's figures; answered where summaries are made."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal, get_args

from domain.geography import ProvinceSet
from domain.schedule import SummaryKind

OnPlatform = Literal["voso", "postmart"]
PLATFORMS: tuple[OnPlatform, ...] = get_args(OnPlatform)
FigureState = Literal["given", "missing", "withheld"]
Direction = Literal["more", "less", "same"]


@dataclass(frozen=True, slots=True)
class Asked:
    """Which figures: months (YYYY-MM, both included), the province's key, the platform; None: all.

    `own`: nothing of the province is withheld from whoever asks.
    """

    start: str
    end: str
    provinces: ProvinceSet
    province: str | None = None
    platform: OnPlatform | None = None
    own: bool = False

    @property
    def count(self) -> int:
        """How many months."""
        first, last = (int(month[:4]) * 12 + int(month[5:]) for month in (self.start, self.end))
        return last - first + 1


@dataclass(frozen=True, slots=True)
class FiguresBeside:
    """The figures of one question, and by how much they differ from another's -> FiguresSeen."""

    this: Asked
    beside: Asked


@dataclass(frozen=True, slots=True)
class FiguresSent:
    """Those of a summary that was made by itself, for one area -> FiguresSeen | None."""

    kind: SummaryKind
    period: str
    area: str


@dataclass(frozen=True, slots=True)
class SummaryLink:
    """An address at which this person reads and takes these figures for a day -> str (the path)."""

    question: Asked


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
    `news`: indicators and by how much they changed since the same person looked, at `looked`.
    """

    figures: tuple[SeenFigure, ...]
    at: dt.datetime | None = None
    bot: bool = False
    reported: bool = False
    smallest: int = 0
    sample: bool = False
    since: dt.date | None = None
    looked: dt.datetime | None = None
    news: tuple[tuple[str, str], ...] = ()


SummaryQuery = FiguresBeside | FiguresSent | SummaryLink
SummaryAnswer = FiguresSeen
