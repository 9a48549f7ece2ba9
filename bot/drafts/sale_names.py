"""A word that is the buyer's name or part of a number: both readings side by side, one tap."""

from __future__ import annotations

from bot.dialogue.forms import Slot, option
from bot.dialogue.reply import Amount, Button, Money, Value
from bot.dialogue.turn import Turn
from bot.dialogue.words import read, text_of
from bot.drafts.sale import Choice, Doubt, SaleDraft, SaleLine
from domain.fold import fold

DOUBT = "name_or_number"
STAYS = ("date", "product", "platform")  # doubts that are the same in both readings


def _readings(doubt: Doubt) -> tuple[Choice, Choice]:
    """(the name, the number)"""
    name, number = doubt.choices
    return name, number


def _differing(name: Choice, number: Choice) -> tuple[SaleLine, SaleLine]:
    """The line that the two readings make different."""
    pairs = zip(name.lines or (), number.lines or (), strict=True)
    return next((a, b) for a, b in pairs if a != b)


def _by_sum(line: SaleLine, other: SaleLine) -> bool:
    return line.quantity == other.quantity


def _ask(turn: Turn, draft: SaleDraft, token: str) -> None:
    doubt = draft.doubt(DOUBT)
    if doubt is None:
        return
    name, number = _readings(doubt)
    line, other = _differing(name, number)
    by_sum = _by_sum(line, other)
    first, second = (_amount(each, by_sum=by_sum) for each in (line, other))
    key = "ask.name_or_sum" if by_sum else "ask.name_or_quantity"
    values: dict[str, Value] = {"name": name.buyer or "", "second": second or ""}
    if first is None:
        turn.tell("ask.name_or_number", *_buttons(token, name.buyer or "", second), **values)
    else:
        turn.tell(key, *_buttons(token, first, second), **values, first=first)


def _amount(line: SaleLine, *, by_sum: bool) -> Value | None:
    if by_sum:
        return None if line.total_vnd is None else Money(line.total_vnd)
    return None if line.quantity is None else Amount(line.quantity, line.unit)


def _buttons(token: str, first: Value, second: Value | None) -> tuple[Button, ...]:
    labels = (("name", first), ("number", second or ""))
    return tuple(
        option("sale", token, DOUBT, key, "button.plain", text=label) for key, label in labels
    )


def _answer(turn: Turn, draft: SaleDraft) -> SaleDraft | None:
    """The name itself, or what only one of the readings says: the quantity, the sum."""
    doubt = draft.doubt(DOUBT)
    if doubt is None:
        return None
    name, number = _readings(doubt)
    lines = _differing(name, number)
    if name.buyer is not None and fold(name.buyer) in fold(text_of(turn)):
        return _pick(turn, draft, name.key)
    slot = "total_vnd" if _by_sum(*lines) else "quantity"
    said = read(turn, slot, lines[1].item)
    amounts = [line.total_vnd if _by_sum(*lines) else (line.quantity, line.unit) for line in lines]
    meant = [c.key for c, amount in zip((name, number), amounts, strict=True) if amount == said]
    return _pick(turn, draft, meant[0]) if len(meant) == 1 else None


def _pick(_turn: Turn, draft: SaleDraft, key: str) -> SaleDraft | None:
    doubt = draft.doubt(DOUBT)
    choice = next((c for c in doubt.choices if c.key == key), None) if doubt else None
    if choice is None or choice.lines is None:
        return None
    if choice.key == "name":  # the other doubts were found in the number
        draft = draft.with_(doubts=tuple(d for d in draft.doubts if d.slot in STAYS))
    return draft.with_(lines=choice.lines, buyer=choice.buyer).settled(DOUBT)


NAME_OR_NUMBER: Slot[SaleDraft] = Slot(
    DOUBT, lambda _turn, draft: draft.doubt(DOUBT) is not None, _ask, _answer, _pick
)
