"""A household's own digital address: seeing it, showing it to buyers, taking it back, standing by it."""

from __future__ import annotations

from uuid import UUID

from bot.dialogue.address_queries import OwnDigitalAddress
from bot.dialogue.reply import Button, Day, Line
from bot.dialogue.turn import Turn
from bot.drafts.address_asking import FIRST, ask_consent, begun, give
from bot.drafts.digital_address import ADDRESS, place_values
from bot.drafts.worker_names import worker_named
from domain.digital_address import DigitalAddress
from domain.digital_address_events import DigitalAddressUpheld
from domain.geography import commune
from domain.household import ZONE


def see(turn: Turn, _ref: str = "") -> None:
    """The address in force, who decided on it, and what can be done with it."""
    if "address" not in turn.person.consents:
        ask_consent(turn, FIRST)
        return
    address: DigitalAddress | None = turn.query(OwnDigitalAddress())
    if address is None:
        give(turn, begun(turn), FIRST)
        return
    shown = "address_shown" in turn.person.consents
    buttons = (
        Button("address.again:", "button.address_change"),
        Button("address.hide:", "button.address_hide")
        if shown
        else Button("address.show:", "button.address_show"),
        Button("address.remove:", "button.address_remove"),
    )
    now = place_values(address.code, commune(address.commune))
    since = Day(address.since.astimezone(ZONE).date(), turn.on)
    turn.say(Line("address.now", now | {"date": since}), _decision(turn, address), buttons=buttons)


def _decision(turn: Turn, address: DigitalAddress) -> Line:
    at = address.confirmed_at or address.disputed_at
    if at is None:
        return Line("address.unconfirmed")
    key = "address.confirmed" if address.confirmed_at else "address.disputed"
    day = Day(at.astimezone(ZONE).date(), turn.on)
    return Line(key, {"worker": worker_named(address.decided_by), "date": day})


def again(turn: Turn, _ref: str) -> None:
    """Another one."""
    if "address" in turn.person.consents:
        give(turn, begun(turn), FIRST)
    else:
        ask_consent(turn, FIRST)


def show(turn: Turn) -> None:
    """A yes to its own question: buyers see it."""
    if "address" not in turn.person.consents:
        turn.tell("address.none")
        return
    turn.give_consent("address_shown")
    turn.tell("address.shown")


def hide(turn: Turn, _ref: str) -> None:
    """Buyers see it no longer."""
    if "address_shown" in turn.person.consents:
        turn.withdraw_consent("address_shown")
    turn.tell("address.not_shown")


# Taking it back; standing by it


def ask_remove(turn: Turn, _ref: str = "") -> None:
    """One question first: earlier codes go, too."""
    address: DigitalAddress | None = turn.query(OwnDigitalAddress())
    if address is None:
        turn.tell("address.none")
        return
    buttons = (
        Button("address.removed:", "button.address_remove"),
        Button("address.keep:", "button.leave"),
    )
    turn.tell("address.remove_ask", *buttons, code=address.code)


def removed(turn: Turn, _ref: str) -> None:
    """It goes at once, everywhere."""
    if turn.query(OwnDigitalAddress()) is None:
        turn.tell("address.none")
        return
    withdraw(turn)
    turn.tell("address.removed")


def withdraw(turn: Turn) -> None:
    """The yes to it and the yes to showing it count no longer; cards that wait go, too."""
    turn.withdraw_consent("address")
    if "address_shown" in turn.person.consents:
        turn.withdraw_consent("address_shown")
    session = turn.session
    if session.task is not None and session.task.handler == ADDRESS.name:
        session.close(session.task.draft)
    session.tasks = [task for task in session.tasks if task.handler != ADDRESS.name]


def uphold(turn: Turn, ref: str) -> None:
    """A worker found that it does not fit, the household says that it does."""
    address: DigitalAddress | None = turn.query(OwnDigitalAddress())
    if address is None or address.id.hex != ref:
        turn.tell("old.gone")
    elif address.disputed_at is None:
        turn.tell("address.kept")
    else:
        turn.fact(DigitalAddressUpheld, address=UUID(ref))
        turn.tell("address.upheld")
