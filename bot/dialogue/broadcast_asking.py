"""May messages to the area come? Asked once, after some sales, where a worker is there to write them."""

from __future__ import annotations

from bot.dialogue.queries import HasWorker
from bot.dialogue.reply import Button
from bot.dialogue.turn import Turn
from domain.events import SaleLogged

SALES = (4, 11)  # in the book before this one: the fifth and the twelfth sale


def ask_for_broadcasts(turn: Turn) -> None:
    """Put the question under the receipt; whoever has answered it, or was asked, is left alone."""
    home, session = turn.household, turn.session
    if home is None or session.broadcast_asked or "broadcast" in turn.person.consents:
        return
    sold = any(isinstance(event, SaleLogged) for event in turn.events)
    if not sold or len(home.entries) not in SALES:
        return
    if turn.query(HasWorker(home.commune, home.province)):
        show_broadcast_consent(turn)


def show_broadcast_consent(turn: Turn) -> None:
    """The question with its two answers."""
    turn.session.broadcast_asked = True
    agree = Button("broadcast.agree", "button.agree")
    turn.tell("consent.broadcast", agree, Button("broadcast.refuse", "button.refuse"))
