"""Asking for a digital address: a yes of its own first, then the place, then whether buyers see it."""

from __future__ import annotations

from bot.dialogue.reply import Button
from bot.dialogue.session import Task
from bot.dialogue.turn import Turn
from bot.drafts.digital_address import ADDRESS, AddressDraft, problem

CONSENT, SHOWN = "consent", "shown"  # the steps at which a yes of its own is asked
FIRST = AddressDraft()


def begun(turn: Turn) -> Task:
    """A new task; what is being talked about goes on after it."""
    task = ADDRESS.task(turn)
    turn.session.step_in(task)
    return task


def ask_consent(turn: Turn, draft: AddressDraft) -> None:
    """What it is for and who sees it; a code that was typed with the wish waits for the yes."""
    task = begun(turn)
    task.step, task.slots = CONSENT, draft.model_dump(exclude_none=True)
    ask(turn, task)


def ask(turn: Turn, task: Task) -> None:
    """The question of the task's step."""
    if task.step not in (CONSENT, SHOWN):
        ADDRESS.ask(turn, task)
        return
    turn.session.open(task)
    buttons = (
        Button(f"address.agree:{task.draft}", "button.agree"),
        Button(f"address.refuse:{task.draft}", "button.refuse"),
    )
    turn.tell("consent.address" if task.step == CONSENT else "consent.address_shown", *buttons)


def give(turn: Turn, task: Task, draft: AddressDraft) -> None:
    """The card, or the question for the position; a place that cannot be theirs is told first."""
    why = problem(turn, draft, draft.code) if draft.code else None
    ADDRESS.resume(turn, task, draft if why is None else draft.with_code(None))
    if why is not None:
        turn.lead(why)


def ask_shown(turn: Turn, _ref: str = "", *, within: str = "") -> None:
    """Whoever has no address (any more) has nothing to show."""
    if "address" not in turn.person.consents:
        turn.tell("address.none")
        return
    task = begun(turn)
    task.step, task.within = SHOWN, task.within or within
    ask(turn, task)
