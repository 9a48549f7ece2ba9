"""May workers see name and book? The one question, its answer, and the sentence that returns to it."""

from __future__ import annotations

from bot.dialogue.handler import Handler
from bot.dialogue.turn import CONSENT_VERSION, Turn
from bot.dialogue.words import requested
from bot.dialogue.worker_asking import show_worker_consent
from bot.drafts.consent import answered_short
from domain.events import ConsentRefused

AGREE = "worker.agree"


def _gate(turn: Turn) -> bool:
    return answered_short(turn, AGREE, _agree, _refuse)


def _claims(turn: Turn) -> bool:
    return requested(turn, "worker.let")


def _begin(turn: Turn) -> None:
    if "worker" in turn.person.consents:
        turn.tell("consent.already")
        return
    turn.session.worker_asked = True
    show_worker_consent(turn)


def _agree(turn: Turn, _ref: str = "") -> None:
    if "worker" in turn.person.consents:
        turn.tell("consent.already")
        return
    turn.give_consent("worker")
    turn.tell("consent.given")


def _refuse(turn: Turn, _ref: str = "") -> None:
    if "worker" in turn.person.consents:
        turn.withdraw_consent("worker")
    else:
        turn.fact(ConsentRefused, purpose="worker", version=CONSENT_VERSION)
    turn.tell("consent.worker_refused")


HANDLER = Handler(
    name="worker_consent",
    gate=_gate,
    claims=_claims,
    begin=_begin,
    taps={AGREE: _agree, "worker.refuse": _refuse},
    aside=True,
)
