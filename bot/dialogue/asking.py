"""Putting the open question again, alone or after other lines; and the menu, when nothing is open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.dialogue.forms import CARD, task_name
from bot.dialogue.handler import Handler
from bot.dialogue.reply import Button, Line, Lines, Reply
from bot.dialogue.session import Task
from bot.dialogue.turn import Turn

SIGNED = ("consent.", "guard.")  # texts that open with their sign

MENU = {
    "sale.start": "button.log_sale",
    "listing.start": "button.list_product",
    "orders.see": "button.see_orders",
    "help.human": "button.worker",
}


def menu() -> tuple[Button, ...]:
    """The four things that most people want."""
    return tuple(Button(action, key) for action, key in MENU.items())


def owner(task: Task, handlers: Sequence[Handler]) -> Handler:
    """The conversation that this task belongs to."""
    return next(h for h in handlers if h.name == task.handler)


def question_of(turn: Turn, task: Task, handlers: Sequence[Handler]) -> Reply:
    """The task's question as a reply that is not yet said."""
    owner(task, handlers).ask(turn, task)
    return turn.replies.pop()


def ask_after(turn: Turn, handlers: Sequence[Handler], *first: Line) -> None:
    """Say these lines, then the open question: in one message, but a card stands alone."""
    task = turn.session.task
    if task is None:
        turn.say(*first)
        return
    question = question_of(turn, task, handlers)
    lines = first if first[-1].key != "other.instead" else first[:-1]
    alone = task.step == CARD or question.lines[0].key.startswith(SIGNED)
    if alone:
        turn.say(*lines)
    turn.replies.append(question)
    if not alone:
        turn.lead(*lines)


def come_back(turn: Turn, task: Task, handlers: Sequence[Handler]) -> None:
    """After a question in the middle: say which task goes on, and put its question again."""
    question = question_of(turn, task, handlers)
    if task.step == CARD:
        turn.replies.append(question)
        return
    line = Line("aside.back", {"task": task_name(task.handler), "question": Lines(question.lines)})
    later = Button("core.later", "button.later")
    turn.replies.append(replace(question, lines=(line,), buttons=(*question.buttons, later)))


def go_on(turn: Turn, before: Task | None, handlers: Sequence[Handler]) -> None:
    """When what was asked in the middle of a task is over, the task's own question comes again."""
    session = turn.session
    if before is None or not before.within or session.find(before.draft) or session.task:
        return
    waiting = session.find(before.within)
    if waiting is not None:
        session.open(waiting)
        come_back(turn, waiting, handlers)
