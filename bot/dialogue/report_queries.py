"""What conversations about local reports ask the store, and the news of one that was sent back."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from bot.dialogue.message import News
from domain.decision_468 import Status
from domain.report_checks import Ground
from domain.report_events import SendBackReason
from domain.report_series import Change, Period, Series

ReportState = Literal["received", "checked", "accepted", "sent_back"]


@dataclass(frozen=True, slots=True)
class ReportNews(News):
    """A report of this person was sent back."""

    submission: UUID


@dataclass(frozen=True, slots=True)
class ReportGround:
    """What a figure is compared with, before it is taken in; nobody else reports in this turn -> Ground."""

    series: Series
    period: Period
    value: int


@dataclass(frozen=True, slots=True)
class ArticleKnown:
    """Whether a news item of this link (`domain.report_articles.same_link`) counts already -> bool."""

    same: str


@dataclass(frozen=True, slots=True)
class StatusKnown:
    """What stands of a province on this day; nobody else reports in this turn -> StatusSaid | None."""

    province: str
    on: dt.date


@dataclass(frozen=True, slots=True)
class ReportsSent:
    """The last ones, newest first: one's own, for an officer of the country all -> tuple[ReportSeen, ...]."""

    most: int


@dataclass(frozen=True, slots=True)
class OwnReport:
    """One report that the asker sent -> ReportSeen | None."""

    submission: UUID


@dataclass(frozen=True, slots=True)
class ReportToDecide:
    """A report, locked, and what sending it back changes -> ReportCase | None."""

    submission: UUID


@dataclass(frozen=True, slots=True)
class StatusSaid:
    """A status under Decision 468 as it was reported, from the day `on`."""

    status: Status
    on: dt.date
    document: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class ReportSeen:
    """A report with its state; `who` sent it, by name; its first figure or status stands for all `lines`."""

    id: UUID
    at: dt.datetime
    who: str | None
    lines: int
    state: ReportState
    reason: SendBackReason | None
    series: Series
    period: Period
    value: int
    status: Status | None = None
    title: str | None = None


@dataclass(frozen=True, slots=True)
class StatusBack:
    """A status that goes, and what stands again of that day."""

    province: str
    gone: StatusSaid
    stands: StatusSaid | None


@dataclass(frozen=True, slots=True)
class ReportCase:
    """A report to be sent back: what then stands again; `overlap`: days that would count twice, so it can't.

    `by`: the officer who decided already, by name, and `at`.
    """

    seen: ReportSeen
    figures: tuple[tuple[Series, Change], ...] = ()
    statuses: tuple[StatusBack, ...] = ()
    overlap: Period | None = None
    by: str | None = None
    at: dt.datetime | None = None


ReportQuery = ReportGround | ArticleKnown | StatusKnown | ReportsSent | OwnReport | ReportToDecide
ReportAnswer = Ground | bool | StatusSaid | ReportSeen | ReportCase | tuple[ReportSeen, ...]
