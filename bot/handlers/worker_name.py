"""How a worker without a book of their own is called: what households read when they are answered."""

from __future__ import annotations

from typing import Any

from bot.dialogue.handler import Handler
from bot.dialogue.session import Task
from bot.dialogue.turn import Turn
from bot.dialogue.words import besides_request, read, requested
from bot.drafts.person import LONGEST_NAME, choose_form
from bot.language.answers import read_answer
from bot.language.understanding import Known

DRAFT = "worker-name"


def _claims(turn: Turn) -> bool:
    """Whoever has a book changes the name there (see `bot.handlers.profile`)."""
    return bool(turn.person.roles) and turn.household is None and requested(turn, "name.change")


def _begin(turn: Turn) -> None:
    said = read_answer("name", besides_request(turn), turn.on, Known(), None)
    if said is None or not _named(turn, said.value):
        _open(turn)


def _open(turn: Turn, _ref: str = "") -> None:
    if not turn.person.roles:
        turn.tell("role.none")
        return
    task = Task("worker_name", "name", DRAFT, turn.at)
    turn.session.open(task)
    _ask(turn, task)


def _ask(turn: Turn, _task: Task) -> None:
    turn.tell("role.ask_name")


def _answer(turn: Turn, task: Task) -> bool:
    words, found = turn.understood, read(turn, "name")
    if words is None or words.request is not None or words.date is not None:
        return False  # *hôm nay* is the day, nobody's name
    if found is None or not _named(turn, found):
        return False
    turn.session.close(task.draft)
    return True


def _named(turn: Turn, found: Any) -> bool:
    """Whether it is a name that can be kept, and now is."""
    name, form = found
    if not name or len(name) > LONGEST_NAME:
        return False
    turn.know(name=name)
    choose_form(turn, form)
    turn.tell("role.named", name=name)
    return True


HANDLER = Handler(
    name="worker_name",
    claims=_claims,
    begin=_begin,
    ask=_ask,
    answer=_answer,
    taps={"worker.name": _open},
    of_roles=True,
)
