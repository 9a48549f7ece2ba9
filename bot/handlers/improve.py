"""May sentences that were not understood be kept, without names? The one question, and its answer."""

from __future__ import annotations

from bot.dialogue.handler import Handler
from bot.dialogue.turn import CONSENT_VERSION, Turn
from bot.drafts.consent import answered_short
from domain.events import ConsentRefused

AGREE = "improve.agree"


def _gate(turn: Turn) -> bool:
    return answered_short(turn, AGREE, _agree, _refuse)


def _agree(turn: Turn, _ref: str = "") -> None:
    if "improve" in turn.person.consents:
        turn.tell("consent.already")
        return
    turn.give_consent("improve")
    if turn.session.puzzle is not None:
        turn.keep(turn.session.puzzle)
        turn.session.puzzle = None
    turn.tell("consent.given")


def _refuse(turn: Turn, _ref: str = "") -> None:
    turn.session.puzzle = None
    if "improve" in turn.person.consents:
        turn.withdraw_consent("improve")
    else:
        turn.fact(ConsentRefused, purpose="improve", version=CONSENT_VERSION)
    turn.tell("consent.improve_refused")


HANDLER = Handler(
    name="improve",
    gate=_gate,
    taps={AGREE: _agree, "improve.refuse": _refuse},
)
