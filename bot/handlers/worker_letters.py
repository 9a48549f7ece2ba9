"""A worker writes to a household first: to one that lets workers see it."""

from __future__ import annotations

from bot.dialogue.handler import Handler
from bot.dialogue.help_queries import Correspondent, HouseholdToWrite
from bot.dialogue.reply import Button
from bot.dialogue.session import Task
from bot.dialogue.turn import Turn
from bot.dialogue.words import said, text_of, typed_option
from bot.drafts.helping import did, keep_words, may_help, tell_sent, words_for
from bot.drafts.households import household_named
from domain.help import LONGEST
from domain.help_events import HelpOpened

DRAFT = "worker-letter"


def _gate(turn: Turn) -> bool:
    """The words go to the household as they are: nothing in them is learnt or logged."""
    task = turn.session.task
    if task is None or task.draft != DRAFT or not text_of(turn):
        return False
    if typed_option(turn) or said(turn) is not None:
        return False
    words = words_for(turn) if may_help(turn) else None
    if words:
        _write(turn, task, words)
    return True


def _begin(turn: Turn, code: str) -> None:
    if not may_help(turn):
        return
    task = Task("worker_letters", "write", DRAFT, turn.at, slots={"code": code})
    turn.session.step_in(task)
    _ask(turn, task)


def _ask(turn: Turn, task: Task) -> None:
    whom: Correspondent | None = turn.query(HouseholdToWrite(task.slots["code"]))
    if whom is None:
        turn.session.close(task.draft)
        turn.tell("help.gone")
        return
    leave = Button("core.leave", "button.leave")
    turn.tell("help.ask_words", leave, household=household_named(whom), most=LONGEST)


def _write(turn: Turn, task: Task, words: str) -> None:
    whom: Correspondent | None = turn.query(HouseholdToWrite(task.slots["code"]))
    turn.session.close(task.draft)
    if whom is None:
        turn.tell("help.gone")
        return
    sign = turn.id("help").hex[:12]
    message = keep_words(turn, sign, whom, words)
    did(turn, HelpOpened, whom, help=sign, member=whom.person, message=message.id)
    tell_sent(turn, whom)


HANDLER = Handler(
    name="worker_letters",
    gate=_gate,
    ask=_ask,
    taps={"help.write": _begin},
    of_roles=True,
)
