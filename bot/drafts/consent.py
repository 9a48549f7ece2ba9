"""The consent screen, and the sentence that waits for a yes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

from bot.dialogue.message import Text
from bot.dialogue.reply import Button, Line, Lines, Name, Value
from bot.dialogue.turn import Turn
from bot.dialogue.words import known_of, said
from bot.language.understand import understand

HELD = dt.timedelta(hours=24)  # how long a sentence typed before consent waits
LONGEST_HELD = 1_000  # characters


def show_consent(turn: Turn) -> None:
    """What is kept, by whom and for how long; a yes is a clear act."""
    controller: Value = turn.rules.controller or Name("controller.none")
    months = Line("retention.months", {"months": turn.rules.retention_months})
    values: dict[str, Value] = {"controller": controller, "retention": Lines((months,))}
    turn.say(Line("consent.ledger", values), buttons=_buttons())


def show_more(turn: Turn) -> None:
    """The whole text, by its address."""
    url = f"{turn.rules.public_url}/privacy"
    turn.say(Line("consent.more", {"url": url}), buttons=_buttons())


def _buttons() -> tuple[Button, ...]:
    return (
        Button("start.agree", "button.agree"),
        Button("start.more", "button.read_more"),
        Button("start.refuse", "button.refuse"),
    )


def answered_short(
    turn: Turn, question: str, agree: Callable[[Turn], None], refuse: Callable[[Turn], None]
) -> bool:
    """A short answer right under the question with this button; anything else goes its usual way."""
    answer = said(turn)
    if answer is None or all(button != question for button, _ in turn.session.options):
        return False
    if answer in ("yes", "save"):
        agree(turn)
    elif answer in ("no", "cancel"):
        refuse(turn)
    else:
        return False
    return True


def hold(turn: Turn) -> None:
    """A sale typed before consent waits in the session, a day at most."""
    session = turn.session
    if session.held_at is not None and turn.at - session.held_at > HELD:
        let_go(turn)
    words = turn.understood
    if words is not None and words.intent == "log_sale" and len(words.text) <= LONGEST_HELD:
        session.held, session.held_at = words.text, turn.at


def let_go(turn: Turn) -> None:
    """Nothing waits any longer."""
    turn.session.held = turn.session.held_at = None


def release(turn: Turn) -> bool:
    """Take up the sentence that waited as if it had come now; False when none did."""
    held, at = turn.session.held, turn.session.held_at
    let_go(turn)
    if held is None or at is None:
        return False
    day = replace(turn.message, sent_at=at).on
    turn.message = replace(turn.message, content=Text(held))
    turn.understood = understand(held, day, known_of(turn.household, turn.person))
    return True
