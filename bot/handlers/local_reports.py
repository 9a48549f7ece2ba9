"""Officers report what the assistant cannot see, look at what they reported, and send back what is wrong."""

from __future__ import annotations

from uuid import UUID

from bot.dialogue.forms import CARD, WHICH
from bot.dialogue.handler import Handler
from bot.dialogue.message import News
from bot.dialogue.reply import Button, Day, Line, Lines
from bot.dialogue.report_queries import (
    OwnReport,
    ReportCase,
    ReportNews,
    ReportSeen,
    ReportsSent,
    ReportToDecide,
)
from bot.dialogue.session import Task
from bot.dialogue.turn import Turn
from bot.dialogue.words import said, text_of
from bot.drafts.areas import areas_value
from bot.drafts.report_card import REPORT, ask_sure
from bot.drafts.report_draft import ReportDraft, begun, elsewhere, reporting
from bot.drafts.report_form import OF_PLATFORMS
from bot.drafts.report_sent import sent, sent_back
from bot.drafts.report_words import period_value, seen_values
from bot.language.figures_asked import asks_figures
from bot.language.report_said import asks_own_reports, begins_report
from domain.decision_468 import INDICATOR as DECISION_468
from domain.household import ZONE
from domain.report_events import REASONS
from domain.roles import COUNTRY, Role

SHOWN = 5  # reports in a list
DECIDES = Role("officer", COUNTRY)
CHANGES = ("value", "month", "platform")
CHANGES_OF_STATUS = ("status", "document", "day")


def _claims(turn: Turn) -> bool:
    """For somebody who has a book of their own and reports nothing, these are words about their sales."""
    if turn.understood is None or not turn.person.roles:
        return False
    mine = bool(reporting(turn.person.roles)) or turn.as_worker or turn.household is None
    return mine and begins_report(text_of(turn))


def _begin(turn: Turn, _ref: str = "") -> None:
    if not reporting(turn.person.roles):
        turn.tell("report.not_yours" if turn.person.roles else "role.none")
    elif asks_own_reports(text_of(turn)):
        _list(turn)
    elif elsewhere(turn):
        turn.tell("report.elsewhere", areas=areas_value(_reports_for(turn)))
    else:
        REPORT.start(turn, begun(turn))


def _reports_for(turn: Turn) -> list[Role]:
    areas = reporting(turn.person.roles)
    return [one for one in turn.person.roles if one.area in areas]


def _answer(turn: Turn, task: Task) -> bool:
    if _asks_otherwise(turn, task):
        return False
    if task.step == CARD and said(turn) in ("yes", "save"):
        _send(turn, f"{task.draft}.{task.shown}", sure=ask_sure(turn))
        return True
    return REPORT.answer(turn, task)


def _asks_otherwise(turn: Turn, task: Task) -> bool:
    """A question about figures is no answer; a paper's number has a stroke, a title is any words."""
    words = text_of(turn)
    if task.step == "document":
        return "/" not in words and (begins_report(words) or asks_figures(words))
    return task.step != "title" and asks_figures(words)


def _ask(turn: Turn, task: Task) -> None:
    if task.step == WHICH:
        _ask_which(turn, task)
    else:
        REPORT.ask(turn, task)


def _which(turn: Turn, ref: str) -> None:
    """[Sửa]: what there is to change of such a report."""
    task = turn.session.find(ref.partition(".")[0])
    if task is None:
        REPORT.gone(turn, ref)
        return
    task.step = WHICH
    turn.session.open(task)
    _ask_which(turn, task)


def _ask_which(turn: Turn, task: Task) -> None:
    draft = ReportDraft.model_validate(task.slots)
    names: tuple[str, ...] = CHANGES_OF_STATUS if draft.indicator == DECISION_468 else CHANGES
    if draft.indicator not in OF_PLATFORMS:
        names = tuple(one for one in names if one != "platform")
    buttons = [
        Button(f"report.change:{task.draft}:{one}", f"button.report.slot.{one}") for one in names
    ]
    turn.tell("ask.which_slot", *buttons, Button(f"report.leave:{task.draft}", "button.leave"))


def _send(turn: Turn, ref: str, *, sure: bool) -> None:
    """The role is looked at again, and so is what stands: both may be others than on the card."""
    if not reporting(turn.person.roles):
        turn.tell("report.not_yours" if turn.person.roles else "role.none")
        return
    taken = REPORT.take(turn, ref)
    if taken is not None and not sent(turn, taken[1], sure=sure):
        REPORT.start(turn, taken[1])


# What was sent


def _list(turn: Turn, _ref: str = "") -> None:
    if not reporting(turn.person.roles):
        turn.tell("report.not_yours" if turn.person.roles else "role.none")
        return
    found: tuple[ReportSeen, ...] = turn.query(ReportsSent(SHOWN))
    if not found:
        turn.tell("report.list_none", Button("report.new", "button.report.new"))
        return
    decides = DECIDES in turn.person.roles
    lines = tuple(
        Line("report.line", {"number": n, **seen_values(one, named=decides)})
        for n, one in enumerate(found, 1)
    )
    backs = [
        Button(f"report.back:{one.id.hex}", "button.report.back", {"number": n})
        for n, one in enumerate(found, 1)
        if decides and one.state == "accepted"
    ]
    turn.tell("report.list", *backs, reports=Lines(lines))


# Sending back


def _back(turn: Turn, ref: str) -> None:
    """First why: one of a few reasons."""
    case = _open_case(turn, ref)
    if case is None:
        return
    buttons = [
        Button(f"report.reason:{ref}/{reason}", f"button.report.{reason}") for reason in REASONS
    ]
    turn.tell("report.ask_reason", *buttons, **seen_values(case.seen))


def _reason(turn: Turn, ref: str) -> None:
    which, _, word = ref.partition("/")
    reason = next((one for one in REASONS if one == word), None)
    case = _open_case(turn, which)
    if case is not None and reason is not None:
        sent_back(turn, case, reason)
        turn.tell("report.back_done", **seen_values(case.seen))


def _open_case(turn: Turn, ref: str) -> ReportCase | None:
    """What may still be sent back; the second of two officers is told what the first decided."""
    if DECIDES not in turn.person.roles:
        turn.tell("report.back_not_yours")
        return None
    case: ReportCase | None = turn.query(ReportToDecide(_id(ref)))
    if case is None:
        turn.tell("old.gone")
    elif case.at is not None:
        day = Day(case.at.astimezone(ZONE).date(), turn.on)
        turn.tell("report.back_already", by=case.by or "", date=day)
    elif case.overlap is not None:
        turn.tell("report.back_overlap", period=period_value(case.overlap))
    else:
        return case
    return None


def _id(ref: str) -> UUID:
    try:
        return UUID(hex=ref)
    except ValueError:
        return UUID(int=0)


def _news(turn: Turn, news: News) -> bool:
    """Whoever sent it hears that it does not count, and why."""
    if not isinstance(news, ReportNews):
        return False
    seen: ReportSeen | None = turn.query(OwnReport(news.submission))
    if seen is not None and seen.state == "sent_back":
        again = Button("report.new", "button.report.new")
        turn.tell("report.was_sent_back", again, **seen_values(seen))
    return True


HANDLER = Handler(
    name="report",
    claims=_claims,
    begin=_begin,
    ask=_ask,
    answer=_answer,
    skip=REPORT.skip,
    news=_news,
    taps={
        **REPORT.taps(),
        "report.which": _which,
        "report.save": lambda turn, ref: _send(turn, ref, sure=False),
        "report.sure": lambda turn, ref: _send(turn, ref, sure=True),
        "report.new": _begin,
        "report.list": _list,
        "report.back": _back,
        "report.reason": _reason,
    },
    of_roles=True,
)
