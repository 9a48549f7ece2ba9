"""May messages to the area come? The one question, its answer, and the ways to change it: at once, always."""

from __future__ import annotations

from bot.dialogue.broadcast_asking import show_broadcast_consent
from bot.dialogue.handler import Handler
from bot.dialogue.turn import CONSENT_VERSION, Turn
from bot.dialogue.words import besides_request, requested
from bot.drafts.consent import answered_short
from domain.events import ConsentRefused

AGREE = "broadcast.agree"


def _gate(turn: Turn) -> bool:
    return answered_short(turn, AGREE, _agree, _refuse)


def _claims(turn: Turn) -> bool:
    """Without marks *nhận tin* is *nhắn tin* too, so that only the bare words ask for messages."""
    asked = requested(turn, "broadcast.let") and not besides_request(turn)
    return asked or requested(turn, "broadcast.stop")


def _begin(turn: Turn) -> None:
    if requested(turn, "broadcast.stop"):
        _stop(turn)
    elif "broadcast" in turn.person.consents:
        turn.tell("consent.already")
    else:
        show_broadcast_consent(turn)


def _agree(turn: Turn, _ref: str = "") -> None:
    if "broadcast" in turn.person.consents:
        turn.tell("consent.already")
        return
    turn.give_consent("broadcast")
    turn.tell("consent.given")


def _refuse(turn: Turn, _ref: str = "") -> None:
    if "broadcast" in turn.person.consents:
        turn.withdraw_consent("broadcast")
    else:
        turn.fact(ConsentRefused, purpose="broadcast", version=CONSENT_VERSION)
    turn.session.broadcast_asked = True
    turn.tell("consent.broadcast_refused")


def _stop(turn: Turn, _ref: str = "") -> None:
    """What is queued already doesn't come either; who never agreed isn't asked any more."""
    if "broadcast" in turn.person.consents:
        turn.withdraw_consent("broadcast")
    elif not turn.session.broadcast_asked:
        turn.fact(ConsentRefused, purpose="broadcast", version=CONSENT_VERSION)
    turn.session.broadcast_asked = True
    turn.tell("broadcast.stopped")


HANDLER = Handler(
    name="broadcast_consent",
    gate=_gate,
    claims=_claims,
    begin=_begin,
    taps={AGREE: _agree, "broadcast.refuse": _refuse, "broadcast.stop": _stop},
    aside=True,
)
