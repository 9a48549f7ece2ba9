"""May recordings be kept, so that we hear better? Asked once, under a spoken sale that a tap saved."""

from __future__ import annotations

from bot.dialogue.message import Voice
from bot.dialogue.reply import Button
from bot.dialogue.session import HeardWords
from bot.dialogue.turn import Turn
from domain.events import SaleLogged


def ask_for_recordings(turn: Turn, words: HeardWords | None) -> None:
    """Put the question under the receipt, when nothing else was asked. `words`: heard just before."""
    session = turn.session
    if words is None or turn.helped is not None or isinstance(turn.message.content, Voice):
        return
    sold = any(isinstance(event, SaleLogged) for event in turn.events)
    if not sold or session.voice_asked or session.tasks or "voice" in turn.person.consents:
        return
    sorrow = session.quiet_until is not None and turn.on <= session.quiet_until
    asked = any(line.key.startswith("consent.") for r in turn.replies for line in r.lines)
    if sorrow or asked:
        return
    session.voice_asked = True
    agree = Button("voice_consent.agree", "button.agree")
    turn.tell("consent.voice", agree, Button("voice_consent.refuse", "button.refuse"))
