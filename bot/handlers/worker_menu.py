"""What there is for somebody with a role and no book of their own, whenever no other conversation answers."""

from __future__ import annotations

from bot.dialogue.handler import Handler
from bot.dialogue.reply import Button
from bot.dialogue.turn import Turn
from bot.dialogue.words import said, typed_option


def _gate(turn: Turn) -> bool:
    """*thôi, cảm ơn, ừ…* without a question, and leaving one, lead here."""
    task = turn.session.newest
    if not turn.as_worker or said(turn) is None or typed_option(turn):
        return False
    if task is not None and said(turn) != "cancel":
        return False
    if task is not None:
        turn.session.close(task.draft)
    _menu(turn)
    return True


def _menu(turn: Turn) -> None:
    buttons = (
        Button("worker.day", "button.worker_day"),
        Button("role.page", "button.role_page"),
        Button("role.invite", "button.invite"),
    )
    turn.tell("role.menu", *buttons)


HANDLER = Handler(
    name="worker_menu",
    gate=_gate,
    claims=lambda turn: turn.as_worker,
    begin=_menu,
    of_roles=True,
)
