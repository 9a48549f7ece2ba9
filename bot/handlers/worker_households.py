"""A household by name, code or phone, as a short card: facts, and what can be done for it."""

from __future__ import annotations

from typing import Any

from bot.dialogue.handler import Handler
from bot.dialogue.reply import Button, Day, Line
from bot.dialogue.turn import Turn
from bot.dialogue.words import text_of
from bot.dialogue.worker_queries import HouseholdsCalled, Seen
from bot.drafts.households import household_named
from bot.language.answers import read_answer
from bot.language.household_calls import household_called
from bot.language.understanding import Known
from domain.roles import acting

FEW = 8  # to choose from


def _claims(turn: Turn) -> bool:
    return bool(turn.person.roles) and household_called(text_of(turn)) is not None


def _begin(turn: Turn) -> None:
    said = household_called(text_of(turn)) or ""
    found: tuple[Seen, ...] = turn.query(HouseholdsCalled(_name_in(turn, said)))
    if not found:
        turn.tell("help.gone")
    elif len(found) == 1:
        _show(turn, found[0])
    else:
        _choose(turn, found)


def _name_in(turn: Turn, said: str) -> str:
    """*chị Lan* is Lan; a code or a phone is no name."""
    if any(sign.isdigit() for sign in said):
        return said
    read = read_answer("name", said, turn.on, Known(), None)
    named: Any = read.value if read else None
    return str(named[0]) if named else said


def _choose(turn: Turn, found: tuple[Seen, ...]) -> None:
    lines = [
        Line("worker.choice", {"number": n, "household": household_named(one.who)})
        for n, one in enumerate(found[:FEW], start=1)
    ]
    if len(found) > FEW:
        lines.append(Line("worker.choices_more"))
    buttons = [
        Button(f"worker.see:{one.who.code}", "button.plain", {"text": one.who.code})
        for one in found[:FEW]
    ]
    turn.say(*lines, Line("worker.which"), buttons=tuple(buttons))


def _show(turn: Turn, seen: Seen) -> None:
    code, may = seen.who.code, bool(acting(turn.person.roles))
    do = (
        Button(f"help.write:{code}", "button.write_household"),
        Button(f"assisted.take:{code}", "button.assisted_take"),
    )
    buttons = (*(do if may else ()), Button("role.page", "button.role_page"))
    turn.say(*_card(turn, seen), buttons=buttons)


def _card(turn: Turn, seen: Seen) -> list[Line]:
    sold = Day(seen.last_sold, turn.on) if seen.last_sold else None
    return [
        Line("worker.card", {"household": household_named(seen.who)}),
        Line("worker.card_sold", {"date": sold}) if sold else Line("worker.card_unsold"),
        Line("worker.card_goods", {"count": seen.listings}),
        *([Line("worker.card_orders", {"count": seen.orders})] if seen.orders else []),
    ]


def _how(turn: Turn, _ref: str = "") -> None:
    turn.tell("worker.find_how" if turn.person.roles else "role.none")


def _see(turn: Turn, code: str) -> None:
    """By an old button, too: role, area and consent are looked at again."""
    if not turn.person.roles:
        turn.tell("role.none")
        return
    found: tuple[Seen, ...] = turn.query(HouseholdsCalled(code))
    if found:
        _show(turn, found[0])
    else:
        turn.tell("help.gone")


HANDLER = Handler(
    name="worker_households",
    claims=_claims,
    begin=_begin,
    taps={"worker.see": _see, "worker.find": _how},
    aside=True,
    of_roles=True,
)
