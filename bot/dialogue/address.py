"""The words of address that a person uses in passing, learnt for the next replies."""

from __future__ import annotations

from bot.dialogue.turn import Turn
from domain.events import AddressChosen


def learn_address(turn: Turn) -> None:
    """`chú bán 20 ký`, said of oneself, chooses *chú*; `cháu ơi` chooses how we are called."""
    words = turn.understood
    if words is None or turn.helped is not None or "ledger" not in turn.person.consents:
        return
    chosen: dict[str, str | None] = {}
    if words.speaker and words.speaker != turn.person.you:
        chosen["you"] = words.speaker
    if words.called and words.called != (turn.person.me or "em"):
        chosen = {"you": turn.person.you, **chosen, "me": words.called}
    if chosen:
        turn.know(**chosen)
        turn.fact(AddressChosen, **chosen)
    if words.southern is not None and words.southern != turn.person.southern:
        turn.know(southern=words.southern)
