"""How a person is called: the name and the form of address, asked at first contact and changed later."""

from __future__ import annotations

from bot.dialogue.reply import Button
from bot.dialogue.turn import Turn
from bot.dialogue.words import read, said, text_of
from bot.language.forms import EVERYBODY, FORMS
from domain.events import AddressChosen
from domain.fold import fold

LONGEST_NAME = 40  # characters


def ask_form(turn: Turn) -> None:
    """Ask which form of address the person likes; the last button is none of them."""
    buttons = [
        Button(f"start.form:{n}", f"button.form.{fold(form)}") for n, form in enumerate(FORMS)
    ]
    turn.tell("ask.form", *buttons, Button("start.form:none", "button.form.ba_con"))


def form_tapped(ref: str) -> str | None:
    """The form behind a button of `ask_form`."""
    return FORMS[int(ref)] if ref.isdecimal() and int(ref) < len(FORMS) else None


def form_said(turn: Turn) -> tuple[bool, str | None]:
    """Whether the words answer `ask_form`, and the form that they choose."""
    text = fold(text_of(turn)).strip(" .!,")
    if text.isdecimal() and 1 <= int(text) <= len(FORMS):
        return True, FORMS[int(text) - 1]
    form = read(turn, "form")
    none = said(turn) in ("skip", "no", "cancel") or text in (EVERYBODY, str(len(FORMS) + 1))
    return form is not None or none, form


def choose_form(turn: Turn, form: str | None) -> None:
    """From now on the person is addressed so; nothing changes when no form was chosen."""
    if form is not None and form != turn.person.you:
        turn.know(you=form)
        turn.fact(AddressChosen, you=form)
