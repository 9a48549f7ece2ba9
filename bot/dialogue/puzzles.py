"""What was not understood, or put right on its card: for the review list, with consent and without names."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, Literal

from bot.dialogue.message import Puzzle
from bot.dialogue.reply import Button
from bot.dialogue.session import Task
from bot.dialogue.turn import SPACE, Turn
from bot.dialogue.words import known_of, text_of
from bot.language.command import as_json
from bot.language.masking import NAME, masked
from domain.codes import derived_id
from domain.events import SaleCorrected, SaleLogged

HELD = dt.timedelta(days=1)  # how long a sentence waits until the person was asked
LONGEST = 300  # characters; what is longer is no sentence
MISSES = 2  # in a row, before it is worth a question

Found = Mapping[str, Any]


def not_understood(turn: Turn) -> None:
    """Keep the sentence; without consent the session holds it after a second miss, until it was asked.

    Only forms know their first message: answers about the person themselves are not kept.
    """
    words, session = turn.understood, turn.session
    personal = session.task is not None and not session.task.message
    if (
        words is None
        or personal
        or turn.helped is not None
        or not 0 < len(text_of(turn)) <= LONGEST
    ):
        return
    found = {k: v for k, v in as_json(words).items() if k not in ("id", "text")}
    puzzle = _puzzle(turn, turn.message.id, "lost", _masked(turn), found)
    if "improve" in turn.person.consents:
        turn.keep(puzzle)
    elif session.misses >= MISSES and not session.improve_asked:
        session.puzzle = puzzle


def sentence_of(turn: Turn) -> str:
    """This message's words for a task that begins with them; empty without consent."""
    wanted = (
        "improve" in turn.person.consents and turn.helped is None and len(text_of(turn)) <= LONGEST
    )
    return _masked(turn) if wanted else ""


def put_right(turn: Turn, task: Task, before: Found, after: Found) -> None:
    """A card that came from a sentence was changed: keep what it was and what it became."""
    if not task.sentence or task.message == turn.message.id:
        return
    puzzle = _puzzle(turn, task.draft, "corrected", task.sentence, before, after)
    if puzzle.understood != puzzle.corrected and "improve" in turn.person.consents:
        turn.keep(puzzle)


def ask_to_keep(turn: Turn) -> None:
    """Ask for the consent, once a person: after a save, when nothing else is open and a sentence waits."""
    session = turn.session
    if session.puzzle is None or turn.helped is not None:
        return
    if turn.at - session.puzzle.at > HELD:
        session.puzzle = None
        return
    sorrow = session.quiet_until is not None and turn.on <= session.quiet_until
    saved = any(isinstance(event, SaleLogged | SaleCorrected) for event in turn.events)
    if saved and not session.improve_asked and not session.tasks and not sorrow:
        session.improve_asked = True
        turn.tell(
            "consent.improve",
            Button("improve.agree", "button.agree"),
            Button("improve.refuse", "button.refuse"),
        )


def _puzzle(
    turn: Turn,
    name: str,
    kind: Literal["lost", "corrected"],
    text: str,
    *found: Found,
) -> Puzzle:
    """`found`: what was understood and, of a correction, what it became; the same name gives the same id."""
    understood, *corrected = map(_nameless, found)
    return Puzzle(
        id=derived_id(SPACE, f"{name}/puzzle"),
        kind=kind,
        text=text,
        understood=understood,
        at=turn.at,
        corrected=corrected[0] if corrected else None,
        southern=turn.voice.southern,
        province=turn.household.province if turn.household else None,
    )


def _masked(turn: Turn) -> str:
    return masked(text_of(turn), known_of(turn.household, turn.person))


def _nameless(found: Found) -> dict[str, Any]:
    return {k: NAME if k == "buyer" and v else _covered(v) for k, v in found.items()}


def _covered(value: Any) -> Any:
    match value:
        case str():
            return masked(value)
        case dict():
            return _nameless(value)
        case list() | tuple():
            return [_covered(part) for part in value]
    return value
