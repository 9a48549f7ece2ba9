"""A report leaves the card: the events of what counts from now on; and of what no longer counts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from bot.dialogue.reply import Button
from bot.dialogue.report_queries import ReportCase, StatusBack
from bot.dialogue.turn import Turn
from bot.drafts.report_card import cannot, compared, status_now
from bot.drafts.report_draft import ReportDraft
from bot.drafts.report_words import figure, period_value
from domain.decision_468 import INDICATOR as DECISION_468
from domain.decision_468 import ProvinceStatusReported
from domain.events import ReportReceived
from domain.report_events import (
    ArticleListed,
    ProvinceStatusTakenBack,
    ReportAccepted,
    ReportChecked,
    ReportSentBack,
    ReportSubmitted,
    ReportTakenBack,
    SendBackReason,
)
from domain.report_series import Change, Series, fields_of

NOWHERE = {"household": None, "province": None, "commune": None}


def sent(turn: Turn, draft: ReportDraft, *, sure: bool) -> bool:
    """Takes the report in, or says why there is nothing to take in; False: it has to be asked first."""
    if draft.indicator == DECISION_468:
        _send_status(turn, draft)
        return True
    found = compared(turn, draft)
    if cannot(turn, draft, found):
        return True
    if found.doubts and not sure:
        return False
    if found.change is not None:
        _send_figure(turn, draft, found.change, len(found.doubts))
    return True


def _send_figure(turn: Turn, draft: ReportDraft, change: Change, doubts: int) -> None:
    def facts(submission: UUID) -> None:
        if draft.link:
            article = {"title": draft.title, "link": draft.link, "date": _day_of(turn, draft)}
            place = NOWHERE | {"province": draft.place}
            turn.fact(ArticleListed, submission=submission, **article, **place)
        turn.fact(
            ReportReceived,
            **NOWHERE | fields_of(draft.series, change),
            submission=submission,
            value=change.value,
            replaces=change.replaces,
            adds=draft.link is not None,
        )

    _with_states(turn, facts, doubts, replaced=change.replaces is not None and not draft.link)
    what = draft.title or figure(draft.indicator or "", draft.value or 0)
    turn.tell("report.sent", *_next(), what=what, period=period_value(draft.period))


def _day_of(turn: Turn, draft: ReportDraft) -> Any:
    """The day on which a news item is listed, or the last of its month."""
    return min(turn.on, draft.period.end)


def _send_status(turn: Turn, draft: ReportDraft) -> None:
    on, now = draft.on or turn.on, status_now(turn, draft)
    same_day = now is not None and now.on == on
    if same_day and now and (now.status, now.document) == (draft.status, draft.document or None):
        turn.tell("report.same")
        return

    def facts(submission: UUID) -> None:
        turn.fact(
            ProvinceStatusReported,
            **NOWHERE | {"province": draft.place},
            submission=submission,
            status=draft.status,
            on=on,
            document=draft.document or None,
        )

    _with_states(turn, facts, 0, replaced=same_day)
    turn.tell("report.sent_status", *_next())


def _with_states(turn: Turn, facts: Callable[[UUID], None], doubts: int, *, replaced: bool) -> None:
    """Received, checked, accepted: clean or confirmed, it needs nobody else."""
    submission = turn.id("submission")
    turn.fact(ReportSubmitted, submission=submission, lines=1, **NOWHERE)
    facts(submission)
    turn.fact(ReportChecked, submission=submission, doubts=doubts, **NOWHERE)
    turn.fact(ReportAccepted, submission=submission, replaced=int(replaced), **NOWHERE)


def _next() -> tuple[Button, ...]:
    return Button("report.new", "button.report.new"), Button("report.list", "button.report.list")


def sent_back(turn: Turn, case: ReportCase, reason: SendBackReason) -> None:
    """Its figures go, what stood before counts again; the report stays, with the reason."""
    turn.fact(ReportSentBack, submission=case.seen.id, reason=reason, **NOWHERE)
    for series, change in case.figures:
        _take_back(turn, case.seen.id, series, change)
    for one in case.statuses:
        _take_status_back(turn, case.seen.id, one)


def _take_back(turn: Turn, submission: UUID, series: Series, change: Change) -> None:
    turn.fact(
        ReportTakenBack,
        **NOWHERE | fields_of(series, change),
        submission=submission,
        value=change.replaces or 0,
        stands=change.value,
    )


def _take_status_back(turn: Turn, submission: UUID, one: StatusBack) -> None:
    place = NOWHERE | {"province": one.province}
    if one.stands is None:
        gone = {"status": one.gone.status, "on": one.gone.on}
        turn.fact(ProvinceStatusTakenBack, submission=submission, **gone, **place)
        return
    again = {"status": one.stands.status, "on": one.stands.on}
    paper = {"document": one.stands.document, "note": one.stands.note}
    turn.fact(ProvinceStatusReported, **again, **paper, **place)
