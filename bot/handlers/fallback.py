"""Everything else: greetings, help, moods; never a dead end."""

from __future__ import annotations

import datetime as dt

from bot.dialogue.asking import menu
from bot.dialogue.handler import Handler
from bot.dialogue.reply import Button
from bot.dialogue.turn import Turn
from bot.dialogue.words import said

QUIET = dt.timedelta(days=3)  # after sorrow: no tips, no reminders
HELPED = ("greeting", "help", "training")


def _claims(turn: Turn) -> bool:
    words = turn.understood
    if words is None:
        return False
    if words.mood is not None or words.intent in HELPED:
        return True
    return said(turn) in ("thanks", "yes", "no", "save")


def _begin(turn: Turn) -> None:
    words = turn.understood
    answer = said(turn)
    if words is not None and words.mood in MOODS:
        MOODS[words.mood](turn)
    elif answer == "thanks":
        turn.tell("help.closed")
    elif words is not None and words.intent == "training":
        turn.tell("training.none")
    elif words is not None and words.intent == "help":
        turn.tell("help.menu", *menu())
    elif words is not None and words.intent == "greeting":
        _greet(turn)
    else:
        turn.tell("yes.nothing")


def _greet(turn: Turn) -> None:
    buttons = (
        Button("sale.start", "button.log_sale"),
        Button("orders.see", "button.see_orders"),
        Button("book.see", "button.see_book"),
    )
    turn.tell("greeting.back", *buttons)


def _anger(turn: Turn) -> None:
    turn.tell("anger", Button("help.human", "button.worker"), Button("core.leave", "button.leave"))


def _sorrow(turn: Turn) -> None:
    turn.session.quiet_until = (turn.at + QUIET).date()
    turn.tell("sorrow", Button("help.human", "button.worker"))


MOODS = {"anger": _anger, "sorrow": _sorrow}

HANDLER = Handler(
    name="fallback",
    claims=_claims,
    begin=_begin,
    aside=True,
)
