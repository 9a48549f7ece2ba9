"""The form of a digital address: a plus code, shared as a position or typed; a card, then a clear yes."""

from __future__ import annotations

from collections.abc import Callable

from pydantic import BaseModel, ConfigDict

from bot.dialogue.forms import Form, Slot
from bot.dialogue.message import Location
from bot.dialogue.reply import Button, Joined, Line, Value
from bot.dialogue.turn import Turn
from bot.dialogue.words import text_of
from bot.drafts.areas import own_name, place_value
from bot.drafts.place import search
from domain.digital_address import misplaced, nearer_communes, whole_code
from domain.geography import Commune, commune
from domain.places import Found
from domain.plus_codes import code_in, plus_code

LONGEST_TEXT = 200  # characters in which a code is looked for


class AddressDraft(BaseModel):
    """What is known so far: a whole code, but of no place that was looked at; and whose household it is.

    `home` and `commune` are those of a household that a worker visits; none: the speaker's own.
    """

    model_config = ConfigDict(extra="ignore", frozen=True)

    code: str | None = None
    home: str | None = None
    commune: str | None = None

    def with_code(self, code: str | None) -> AddressDraft:
        """The same with this code."""
        return self.model_copy(update={"code": code})


def commune_of(turn: Turn, draft: AddressDraft) -> Commune:
    """Where the household lives whose address it is."""
    own = turn.household.commune if turn.household else ""
    return commune(draft.commune or own)


def typed_code(turn: Turn, draft: AddressDraft) -> str | None:
    """The code in the words; a short one is completed by the commune beside it, or the household's."""
    text = text_of(turn)
    code = code_in(text[:LONGEST_TEXT])
    if code is None:
        return None
    beside = text[text.index("+") + 4 :].strip(" ,.")
    found = search([beside]) if beside else None
    home = found.commune if isinstance(found, Found) else commune_of(turn, draft)
    return whole_code(code, home)


def shared_code(point: Location) -> str:
    """The code of a position; the position itself is kept nowhere."""
    return plus_code(point.latitude, point.longitude)


def problem(turn: Turn, draft: AddressDraft, code: str) -> Line | None:
    """Why this place cannot be the household's."""
    home = commune_of(turn, draft)
    why = misplaced(code, home.code)
    if why is None:
        return None
    key = "address.far_visit" if why == "far" and draft.home else f"address.{why}"
    return Line(key, {"commune": place_value(home)})


def place_values(code: str, home: Commune) -> dict[str, Value]:
    """The code with its commune and province."""
    there = own_name(home.province_code)
    return {"code": code, "commune": place_value(home), "province": there}


def _ask(turn: Turn, _draft: AddressDraft, _token: str) -> None:
    turn.tell("address.ask_shared" if turn.message.channel == "telegram" else "address.ask")


def _read(turn: Turn, draft: AddressDraft) -> AddressDraft | None:
    code = typed_code(turn, draft)
    fits = code is not None and problem(turn, draft, code) is None
    return draft.with_code(code) if fits else None


def _refuse(turn: Turn, draft: AddressDraft) -> Line | None:
    code = typed_code(turn, draft)
    return None if code is None else problem(turn, draft, code)


def _card(name: str) -> Callable[[Turn, AddressDraft, AddressDraft | None, str], None]:
    def card(turn: Turn, draft: AddressDraft, _before: AddressDraft | None, token: str) -> None:
        code, home, begun = draft.code or "", commune_of(turn, draft), token.partition(".")[0]
        buttons = (
            Button(f"{name}.save:{token}", "button.save"),
            Button(f"{name}.change:{begun}:code", "button.send_again"),
            Button(f"{name}.leave:{begun}", "button.leave"),
        )
        values = place_values(code, home)
        values["near"] = Joined(tuple(map(place_value, nearer_communes(code, home.code))))
        if draft.home:
            turn.tell("address.card_visit", *buttons, **values, household=draft.home)
        else:
            turn.tell("address.card", *buttons, **values)

    return card


def address_form(name: str, ask: Callable[[Turn, AddressDraft, str], None]) -> Form[AddressDraft]:
    """The form of whoever gives it: its handler's name, and how it is asked for."""
    slot: Slot[AddressDraft] = Slot("code", lambda _, d: d.code is None, ask, _read, refuse=_refuse)
    return Form(name, AddressDraft, (slot,), merge=_read, card=_card(name))


ADDRESS = address_form("address", _ask)
