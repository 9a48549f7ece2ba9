"""*công bố tháng 6*: the country's figures of some months are shown, confirmed and frozen."""

from __future__ import annotations

from bot.dialogue.handler import Handler
from bot.dialogue.publishing_queries import MonthsToPublish, PublicationSeen
from bot.dialogue.session import Task
from bot.dialogue.turn import Turn
from bot.dialogue.words import said, text_of, typed_text
from bot.drafts.publication_card import Months, day_value, months_said, months_value, show_card
from bot.drafts.summary_asked import asks_only_figures
from bot.language.publishing_asked import asks_publishing
from domain.publication_events import LONGEST_REASON, SummaryPublished
from domain.roles import COUNTRY

DRAFT = "publishing"


def _claims(turn: Turn) -> bool:
    return bool(turn.person.roles) and asks_publishing(text_of(turn))


def _may(turn: Turn) -> bool:
    """Officers of the whole country."""
    return any(role.kind == "officer" and role.area == COUNTRY for role in turn.person.roles)


def _begin(turn: Turn) -> None:
    if not _may(turn):
        turn.tell("publishing.not_yours")
        return
    task = Task(handler="publishing", step="months", draft=DRAFT, opened_at=turn.at)
    turn.session.open(task)
    _with_months(turn, task, months_said(text_of(turn), turn.on))


def _with_months(turn: Turn, task: Task, months: Months | None) -> None:
    if months is None:
        _ask(turn, task)
        return
    seen: PublicationSeen = turn.query(MonthsToPublish(*months))
    if seen.hindrance is not None:
        turn.session.close(DRAFT)
        values = {"months": months_value(months), "date": day_value(seen.before)}
        turn.tell(f"publishing.{seen.hindrance}", **values)
        return
    task.slots |= {"start": months[0], "end": months[1]}
    task.step = "reason" if seen.revision > 1 else "card"
    _ask(turn, task)


def _ask(turn: Turn, task: Task) -> None:
    if task.step == "months":
        turn.tell("publishing.ask_months")
        return
    months = task.slots["start"], task.slots["end"]
    seen: PublicationSeen = turn.query(MonthsToPublish(*months))
    if seen.hindrance is not None:
        _with_months(turn, task, months)
    elif task.step == "reason":
        values = {"months": months_value(months), "date": day_value(seen.before)}
        turn.tell("publishing.ask_reason", **values)
    else:
        show_card(turn, months, seen, task.slots.get("reason"))


def _answer(turn: Turn, task: Task) -> bool:
    if said(turn) == "no":
        _leave(turn)
        return True
    if task.step == "months":
        months = months_said(text_of(turn), turn.on)
        if months is not None:
            _with_months(turn, task, months)
        return months is not None
    return _reason(turn, task) if task.step == "reason" else False


def _reason(turn: Turn, task: Task) -> bool:
    if asks_only_figures(text_of(turn), turn.on):
        return False
    words = " ".join(typed_text(turn).split())
    if len(words) > LONGEST_REASON:
        turn.tell("publishing.long_reason", most=LONGEST_REASON)
        return True
    if words:
        task.slots["reason"] = words
        task.step = "card"
        _ask(turn, task)
    return bool(words)


def _go(turn: Turn, ref: str) -> None:
    """Just what the card showed: when a figure has moved since, the card is shown again."""
    task = turn.session.find(DRAFT)
    if task is None or task.step != "card" or not _may(turn):
        turn.tell("old.gone")
        return
    months = task.slots["start"], task.slots["end"]
    seen: PublicationSeen = turn.query(MonthsToPublish(*months))
    if seen.hindrance is not None:
        _with_months(turn, task, months)
    elif seen.revision > 1 and not task.slots.get("reason"):
        task.step = "reason"
        _ask(turn, task)
    elif seen.sign != ref:
        show_card(turn, months, seen, task.slots.get("reason"), moved=True)
    else:
        _publish(turn, task, months, seen)


def _publish(turn: Turn, task: Task, months: Months, seen: PublicationSeen) -> None:
    fields = dict(seen.fields or {})
    turn.fact(SummaryPublished, household=None, reason=task.slots.get("reason"), **fields)
    turn.session.close(DRAFT)
    url = f"{turn.rules.public_url}/ministry"
    turn.tell("publishing.done", months=months_value(months), url=url)


def _leave(turn: Turn, _ref: str = "") -> None:
    turn.session.close(DRAFT)
    turn.tell("publishing.left")


HANDLER = Handler(
    name="publishing",
    claims=_claims,
    begin=_begin,
    ask=_ask,
    answer=_answer,
    taps={"publishing.go": _go, "publishing.leave": _leave},
    of_roles=True,
)
