"""May recordings be kept, so that we hear better? The one question, and its answer."""

from __future__ import annotations

from bot.dialogue.handler import Handler
from bot.dialogue.turn import CONSENT_VERSION, Turn
from bot.drafts.consent import answered_short
from domain.events import ConsentRefused

AGREE = "voice_consent.agree"


def _gate(turn: Turn) -> bool:
    return answered_short(turn, AGREE, _agree, _refuse)


def _agree(turn: Turn, _ref: str = "") -> None:
    if "voice" in turn.person.consents:
        turn.tell("consent.already")
        return
    turn.give_consent("voice")
    turn.tell("consent.given")


def _refuse(turn: Turn, _ref: str = "") -> None:
    if "voice" in turn.person.consents:
        turn.withdraw_consent("voice")
    else:
        turn.fact(ConsentRefused, purpose="voice", version=CONSENT_VERSION)
    turn.tell("consent.voice_refused")


HANDLER = Handler(
    name="voice_consent",
    gate=_gate,
    taps={AGREE: _agree, "voice_consent.refuse": _refuse},
)
