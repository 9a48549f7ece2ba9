"""What a person may say in every conversation: back, cancel, later, skip, repeat, help, go on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.dialogue.asking import ask_after, menu, owner, question_of
from bot.dialogue.forms import CARD, task_name
from bot.dialogue.handler import Handler, Stage
from bot.dialogue.reply import Line, Lines
from bot.dialogue.turn import Turn
from bot.dialogue.voice import CHOICES


def _leave(turn: Turn, _: Sequence[Handler]) -> bool:
    task = turn.session.newest
    if task is None:
        turn.tell("leave.nothing")
        return True
    turn.session.close(task.draft)
    turn.tell("card.left")
    return True


def _later(turn: Turn, handlers: Sequence[Handler]) -> bool:
    return turn.session.task is not None and _put_off(turn, handlers)


def _put_off(turn: Turn, _: Sequence[Handler]) -> bool:
    """[Để sau], which may be tapped again when the task rests already."""
    task = turn.session.newest
    if task is None:
        turn.tell("aside.none")
        return True
    turn.session.idle = True
    turn.tell("aside.left", task=task_name(task.handler))
    return True


def resume(turn: Turn, handlers: Sequence[Handler]) -> bool:
    """Go on with the newest task that is still open."""
    task = turn.session.newest
    if task is None:
        turn.tell("aside.none")
        return True
    turn.session.open(task)
    owner(task, handlers).ask(turn, task)
    return True


def _back(turn: Turn, handlers: Sequence[Handler]) -> bool:
    task = turn.session.task
    if task is None:
        return False
    key = "back.again" if task.past else "back.first"
    if task.past:
        *rest, (step, slots) = task.past
        task.past, task.step, task.slots = rest, step, slots
    ask_after(turn, handlers, Line(key))
    return True


def _skip(turn: Turn, handlers: Sequence[Handler]) -> bool:
    task = turn.session.task
    if task is None:
        turn.tell("skip.nothing")
    elif not owner(task, handlers).skip(turn, task):
        ask_after(turn, handlers, Line("check.needed"))
    return True


def _repeat(turn: Turn, handlers: Sequence[Handler]) -> bool:
    task = turn.session.task
    if task is None:
        turn.tell("repeat.nothing")
    else:
        owner(task, handlers).ask(turn, task)
    return True


def _help(turn: Turn, handlers: Sequence[Handler]) -> bool:
    waiting = turn.session.task
    if waiting is None:
        turn.tell("help.menu", *menu())
        return True
    question = question_of(turn, waiting, handlers)
    if waiting.step == CARD:
        turn.tell("help.card")
        turn.replies.append(question)
        return True
    line = Line(
        "help.step", {"task": task_name(waiting.handler), "question": Lines(question.lines)}
    )
    turn.replies.append(replace(question, lines=(line,)))
    return True


COMMANDS: dict[str, Stage] = {
    "cancel": _leave,
    "later": _later,
    "back": _back,
    "skip": _skip,
    "repeat": _repeat,
    "help": _help,
    "resume": resume,
}


def _gone(turn: Turn, _: Sequence[Handler]) -> bool:
    """A button under a voice note that was answered, or that others followed."""
    turn.tell("old.gone")
    return True


CORE_TAPS: dict[str, Stage] = {
    "core.later": _put_off,
    "core.leave": _leave,
    "core.resume": resume,
    **dict.fromkeys(CHOICES, _gone),
}
