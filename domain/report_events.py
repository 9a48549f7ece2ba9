"""What happens to a report that somebody sends in: received, checked, accepted, or sent back with a reason.

Its figures are events of their own (`ReportReceived`, `ProvinceStatusReported`), which name the submission.
Nobody's name stands here: a person by id, a body by the name of its key.
"""

from __future__ import annotations

import datetime as dt
from typing import Literal, get_args
from uuid import UUID

from domain.decision_468 import Status
from domain.facts import Fact

SendBackReason = Literal["wrong_number", "wrong_period", "counted_twice", "no_grounds"]
REASONS: tuple[SendBackReason, ...] = get_args(SendBackReason)


class ReportSubmitted(Fact):
    """Figures came in together, by one person or with one key; `lines` of them were new or different."""

    type: Literal["report_submitted"] = "report_submitted"
    submission: UUID
    lines: int
    sender: str | None = None


class ReportChecked(Fact):
    """They were compared with what is known; `doubts`: to how many the sender said that it is right."""

    type: Literal["report_checked"] = "report_checked"
    submission: UUID
    doubts: int = 0


class ReportAccepted(Fact):
    """They count; `replaced` of them took the place of earlier ones."""

    type: Literal["report_accepted"] = "report_accepted"
    submission: UUID
    replaced: int = 0


class ReportSentBack(Fact):
    """An officer of the country (`person`) does not let them count."""

    type: Literal["report_sent_back"] = "report_sent_back"
    submission: UUID
    reason: SendBackReason


class ReportTakenBack(Fact):
    """A figure that was sent back: `value` goes, `stands` counts again (None: nothing was there before).

    `previous` and `next_month` as in `ReportReceived`.
    """

    type: Literal["report_taken_back"] = "report_taken_back"
    submission: UUID
    indicator: str
    platform: Literal["voso", "postmart"] | None = None
    period_from: dt.date
    period_to: dt.date
    value: int
    stands: int | None = None
    previous: int = 0
    next_month: str | None = None


class ProvinceStatusTakenBack(Fact):
    """A status that was sent back, when nothing was said of that day before."""

    type: Literal["province_status_taken_back"] = "province_status_taken_back"
    submission: UUID
    status: Status
    on: dt.date


class ArticleListed(Fact):
    """One news item of a local medium, counted by a `ReportReceived` of its own; `date` in whose month."""

    type: Literal["article_listed"] = "article_listed"
    submission: UUID
    title: str
    link: str
    date: dt.date


ReportEvent = (
    ReportSubmitted
    | ReportChecked
    | ReportAccepted
    | ReportSentBack
    | ReportTakenBack
    | ProvinceStatusTakenBack
    | ArticleListed
)
