"""May a worker look in? Asked once, after a few sales, and only where a worker is there to look."""

from __future__ import annotations

from bot.dialogue.queries import HasWorker
from bot.dialogue.reply import Button, Name
from bot.dialogue.turn import Turn
from domain.events import SaleLogged

SALES = (2, 9)  # in the book before this one: the third and the tenth sale


def ask_for_worker(turn: Turn) -> None:
    """Put the question under the receipt; whoever has answered it, or was asked, is left alone."""
    home, session = turn.household, turn.session
    if turn.helped is not None:
        return
    if home is None or session.worker_asked or "worker" in turn.person.consents:
        return
    sold = any(isinstance(event, SaleLogged) for event in turn.events)
    if not sold or len(home.entries) not in SALES:
        return
    if turn.query(HasWorker(home.commune, home.province)):
        session.worker_asked = True
        show_worker_consent(turn)


def show_worker_consent(turn: Turn) -> None:
    """The question with its two answers."""
    buttons = Button("worker.agree", "button.agree"), Button("worker.refuse", "button.refuse")
    turn.tell("consent.worker", *buttons, worker=Name("worker.unnamed"))
