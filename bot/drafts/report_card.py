"""The card of a report, with what it is asked about; how it compares with what stands."""

from __future__ import annotations

from dataclasses import dataclass

from bot.dialogue.forms import Form
from bot.dialogue.reply import Button, Day, Lines, Name, Value, Words
from bot.dialogue.report_queries import ArticleKnown, ReportGround, StatusKnown, StatusSaid
from bot.dialogue.turn import Turn
from bot.drafts.report_draft import ReportDraft, merged
from bot.drafts.report_form import ALL, FORM, due
from bot.drafts.report_words import (
    doubt_line,
    figure,
    period_value,
    place_value,
    platform_line,
)
from domain.decision_468 import INDICATOR as DECISION_468
from domain.report_articles import same_link
from domain.report_checks import Doubt, Figure, doubts
from domain.report_series import Change, Period


@dataclass(frozen=True, slots=True)
class Compared:
    """What a report changes (None: it stands so already), what is asked, which days count already."""

    change: Change | None
    doubts: tuple[Doubt, ...] = ()
    overlap: Period | None = None


def compared(turn: Turn, draft: ReportDraft) -> Compared:
    """A figure against what stands now; a news item is one more, and is not asked about."""
    series, period, value = draft.series, draft.period, draft.value or 0
    ground = turn.query(ReportGround(series, period, value))
    standing = ground.standing[series].copy()
    adds = draft.link is not None
    if adds:
        value += standing.figures.get(period, 0)
    change = standing.take(period, value)
    known = ground.with_(standing)
    found = () if adds or change is None else doubts(Figure(series, period, value), known)
    return Compared(change, found, standing.overlapping(period))


def cannot(turn: Turn, draft: ReportDraft, found: Compared) -> bool:
    """Whether there is nothing to take in; the person is told why."""
    if draft.link and turn.query(ArticleKnown(same_link(draft.link))):
        turn.tell("report.article_known")
    elif found.overlap is not None:
        turn.tell("report.overlap", period=period_value(found.overlap))
    elif found.change is None:
        turn.tell("report.same")
    else:
        return False
    return True


def status_now(turn: Turn, draft: ReportDraft) -> StatusSaid | None:
    """What stands of the province on the day of this status."""
    found: StatusSaid | None = turn.query(StatusKnown(draft.place or "", draft.on or turn.on))
    return found


def _card(turn: Turn, draft: ReportDraft, _before: ReportDraft | None, token: str) -> None:
    if draft.indicator == DECISION_468:
        _status_card(turn, draft, token)
        return
    found = compared(turn, draft)
    if cannot(turn, draft, found):
        turn.session.close(token.partition(".")[0])
        return
    replaced = found.change.replaces if found.change and not draft.link else None
    values: dict[str, Value] = {
        "what": draft.title or figure(draft.indicator or "", draft.value or 0),
        "words": Words(draft.value or 0) if draft.indicator == "value" else "",
        "link": draft.link or "",
        "platform": platform_line(draft.series.platform),
        "period": period_value(draft.period),
        "place": place_value(draft.place),
        "replaced": "" if replaced is None else figure(draft.indicator or "", replaced),
        "doubts": Lines(tuple(doubt_line(one) for one in found.doubts)),
    }
    if found.doubts:
        turn.tell("report.card_doubtful", *_buttons(token, "sure", "change"), **values)
    else:
        turn.tell("report.card", *_buttons(token, "save", "which"), **values)


def _status_card(turn: Turn, draft: ReportDraft, token: str) -> None:
    now = status_now(turn, draft)
    values: dict[str, Value] = {
        "status": Name(f"decision_468.{draft.said_status}"),
        "place": place_value(draft.place),
        "date": Day(draft.on or turn.on, turn.on),
        "document": draft.document or "",
        "before": Name(f"decision_468.{now.status}") if now else "",
    }
    turn.tell("report.card_status", *_buttons(token, "save", "which"), **values)


def _buttons(token: str, send: str, edit: str) -> tuple[Button, ...]:
    draft = token.partition(".")[0]
    changes = f"{FORM}.change:{draft}:value" if edit == "change" else f"{FORM}.which:{token}"
    return (
        Button(f"{FORM}.{send}:{token}", f"button.report.{send}"),
        Button(changes, f"button.report.{edit}"),
        Button(f"{FORM}.leave:{draft}", "button.leave"),
    )


def ask_sure(turn: Turn) -> bool:
    """Whether the last thing shown was a doubtful card."""
    return any(button.startswith(f"{FORM}.sure:") for button, _ in turn.session.options)


REPORT: Form[ReportDraft] = Form(
    name=FORM,
    draft=ReportDraft,
    slots=ALL,
    merge=merged,
    card=_card,
    named=(
        ("value", "button.report.slot.value"),
        ("month", "button.report.slot.month"),
        ("platform", "button.report.slot.platform"),
        ("status", "button.report.slot.status"),
        ("document", "button.report.slot.document"),
        ("day", "button.report.slot.day"),
    ),
    due=due,
)
