"""Doubts about a sale: the readings side by side, one tap; nothing is saved meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from bot.dialogue.forms import Slot, option
from bot.dialogue.reply import Amount, Button, Line, Lines, Money, Value
from bot.dialogue.turn import Turn
from bot.dialogue.words import read
from bot.drafts.limits import is_quantity, is_sum
from bot.drafts.sale import Choice, Doubt, SaleDraft, SaleLine
from bot.drafts.sale_card import item_of, rate_of
from bot.drafts.sale_lines import no_price
from bot.drafts.sale_prices import with_open_sum, with_price
from bot.drafts.sums import rate_values

Ask = Callable[[Turn, SaleDraft, Doubt, str], None]


def _missing(slot: str) -> Callable[[Turn, SaleDraft], bool]:
    return lambda _turn, draft: bool((doubt := draft.doubt(slot)) and doubt.choices)


def _line(draft: SaleDraft, doubt: Doubt) -> SaleLine:
    return draft.lines[min(doubt.item, len(draft.lines) - 1)]


def _read_line(doubt: Doubt, choice: Choice) -> SaleLine:
    lines = choice.lines or (SaleLine(),)
    return lines[min(doubt.item, len(lines) - 1)]


def _option(doubt: Doubt, token: str, choice: Choice, label: str, **values: Value) -> Button:
    return option("sale", token, f"which.{doubt.slot}", choice.key, label, **values)


def _ask_which_product(turn: Turn, _draft: SaleDraft, doubt: Doubt, token: str) -> None:
    names = [choice.value or "" for choice in doubt.choices]
    buttons = [
        _option(doubt, token, c, "button.sell", product=c.value or "") for c in doubt.choices
    ]
    turn.tell("ask.product_which", *buttons, first=names[0], second=names[-1])


def _ask_unit_or_total(turn: Turn, draft: SaleDraft, doubt: Doubt, token: str) -> None:
    line = _line(draft, doubt)
    if all(choice.key.startswith("per ") for choice in doubt.choices):
        _ask_price_unit(turn, doubt, token)
        return
    each = next((_read_line(doubt, c) for c in doubt.choices if c.key == "each"), line)
    unit = each.price_unit or line.unit or ""
    whole: dict[str, Value] = {"quantity": each.quantity or 0, "unit": each.unit or unit}
    buttons = (
        option("sale", token, f"which.{doubt.slot}", "each", "button.each", unit=unit),
        option("sale", token, f"which.{doubt.slot}", "all", "button.all", **whole),
    )
    turn.tell("ask.unit_or_total", *buttons, **whole, sum=Money(each.unit_price_vnd or 0))


def _ask_price_unit(turn: Turn, doubt: Doubt, token: str) -> None:
    """A price of which only the unit is doubtful: of a ton, or of a kilo."""
    lines = [_read_line(doubt, choice) for choice in doubt.choices]
    units = [line.price_unit or "" for line in lines]
    buttons = [
        _option(doubt, token, choice, "button.each", unit=unit)
        for choice, unit in zip(doubt.choices, units, strict=True)
    ]
    price = Money(lines[0].unit_price_vnd or 0)
    turn.tell(
        "ask.price_unit",
        *buttons,
        sum=price,
        first=Amount(None, units[0]),
        second=Amount(None, units[-1]),
    )


def _sum_of(doubt: Doubt, choice: Choice) -> Money:
    line = _read_line(doubt, choice)
    return Money(line.unit_price_vnd or line.total_vnd or int(choice.key))


def _ask_scale(turn: Turn, draft: SaleDraft, doubt: Doubt, token: str) -> None:
    lines = [_read_line(doubt, choice) for choice in doubt.choices]
    if all(line.unit_price_vnd and line.total_vnd for line in lines):
        _ask_which_price(turn, draft, doubt, token)
        return
    sums = [_sum_of(doubt, choice) for choice in doubt.choices]
    buttons = [
        _option(doubt, token, choice, "button.money", sum=vnd)
        for choice, vnd in zip(doubt.choices, sums, strict=True)
    ]
    said = doubt.said or item_of(_line(draft, doubt))
    turn.tell("ask.sum_scale", *buttons, said=said, low=sums[0], high=sums[-1])


def _ask_which_price(turn: Turn, draft: SaleDraft, doubt: Doubt, token: str) -> None:
    """Prices far apart: each with the sum that it makes."""
    lines = [_read_line(doubt, choice) for choice in doubt.choices]
    prices = tuple(
        Line("guard.price", {"unit_price": rate_of(line), "total": Money(line.total_vnd or 0)})
        for line in lines
    )
    buttons = [
        _option(
            doubt,
            token,
            choice,
            "button.unit_price",
            **rate_values(line.unit_price_vnd, line.price_unit or line.unit),
        )
        for choice, line in zip(doubt.choices, lines, strict=True)
    ]
    item = item_of(_line(draft, doubt))
    turn.tell("guard.prices", *buttons, item=item, prices=Lines(prices))


def _ask_dozen(turn: Turn, draft: SaleDraft, doubt: Doubt, token: str) -> None:
    buttons = [_option(doubt, token, c, "button.plain", text=c.key) for c in doubt.choices]
    turn.tell("ask.dozen", *buttons, piece=_line(draft, doubt).price_unit or "")


def _ask_mismatch(turn: Turn, draft: SaleDraft, doubt: Doubt, token: str) -> None:
    line = _line(draft, doubt)
    sums = [Money(_read_line(doubt, choice).total_vnd or 0) for choice in doubt.choices]
    buttons = [
        _option(doubt, token, choice, "button.money", sum=vnd)
        for choice, vnd in zip(doubt.choices, sums, strict=True)
    ]
    values: dict[str, Value] = {"item": item_of(line), "unit_price": rate_of(line)}
    values |= {"computed": Money(line.computed or 0), "stated": Money(line.total_vnd or 0)}
    turn.tell("guard.mismatch", *buttons, **values)


def _ask_range(turn: Turn, draft: SaleDraft, doubt: Doubt, token: str) -> None:
    values = [choice.value or choice.key for choice in doubt.choices]
    buttons = [
        _option(doubt, token, c, "button.plain", text=c.value or c.key) for c in doubt.choices
    ]
    turn.tell(
        "ask.range", *buttons, low=values[0], high=values[-1], unit=_line(draft, doubt).unit or ""
    )


def _picked(slot: str) -> Callable[[Turn, SaleDraft, str], SaleDraft | None]:
    def pick(turn: Turn, draft: SaleDraft, key: str) -> SaleDraft | None:
        doubt = draft.doubt(slot)
        choice = next((c for c in doubt.choices if c.key == key), None) if doubt else None
        if doubt is None or choice is None:
            return None
        after = _applied(draft, doubt, choice).settled(slot)
        if slot == "sum_scale" and len(after.lines) == 1 and no_price(after.lines[0]):
            return with_open_sum(turn, after, int(choice.key))
        return after

    return pick


def _applied(draft: SaleDraft, doubt: Doubt, choice: Choice) -> SaleDraft:
    if choice.lines is not None:
        return draft.with_(lines=choice.lines)
    line = _line(draft, doubt)
    number = min(doubt.item, len(draft.lines) - 1)
    if doubt.slot == "product":
        return draft.with_line(number, line.with_(product=choice.value))
    return draft.with_line(number, line.with_(quantity=Decimal(choice.value or choice.key)))


def _said(slot: str) -> Callable[[Turn, SaleDraft], SaleDraft | None]:
    """A typed answer to a doubt: one of the readings, by its word or its number."""

    def answer(turn: Turn, draft: SaleDraft) -> SaleDraft | None:
        doubt = draft.doubt(slot)
        if doubt is None:
            return None
        value = read(turn, READ_AS.get(slot, slot), _line(draft, doubt).item)
        if value is None:
            return None
        chosen = next((c for c in doubt.choices if _means(doubt, c, value)), None)
        return (
            _picked(slot)(turn, draft, chosen.key) if chosen else _other(turn, draft, doubt, value)
        )

    return answer


def _other(turn: Turn, draft: SaleDraft, doubt: Doubt, value: Any) -> SaleDraft | None:
    """A number that is none of the readings is taken as the right one; a price is looked at as any is."""
    number, line = min(doubt.item, len(draft.lines) - 1), _line(draft, doubt)
    after = draft.settled(doubt.slot)
    if doubt.slot == "money_guard":
        bare = line.model_copy(update=dict.fromkeys(("unit_price_vnd", "total_vnd")))
        return with_price(turn, after.with_line(number, bare), number)
    if doubt.slot == "sum_mismatch" and is_sum(value):
        whole = line.model_copy(update={"total_vnd": value, "stated": True})
        return after.with_line(number, whole)
    if doubt.slot == "quantity" and is_quantity(value[0]):
        return after.with_line(number, line.with_(quantity=value[0], unit=value[1] or line.unit))
    return None


def each_or_all(turn: Turn, draft: SaleDraft) -> SaleDraft | None:
    """*mỗi bao*, whatever is asked: it settles what a sum is for, or says what the card shows."""
    if draft.doubt("unit_or_total") is not None:
        return _said("unit_or_total")(turn, draft)
    line = draft.lines[0]
    known = len(draft.lines) == 1 and line.unit_price_vnd is not None
    return draft if known and read(turn, "unit_or_total", line.item) == "each" else None


def _means(doubt: Doubt, choice: Choice, value: object) -> bool:
    if isinstance(value, tuple):
        value = value[0]
    if str(value) in (choice.key, choice.value):
        return True
    line = _read_line(doubt, choice) if choice.lines else SaleLine()
    return value in (line.unit_price_vnd, line.total_vnd)


READ_AS: Mapping[str, str] = {"sum_mismatch": "total_vnd"}

QUESTIONS: Mapping[str, Ask] = {
    "product": _ask_which_product,
    "dozen": _ask_dozen,
    "sum_scale": _ask_scale,
    "unit_or_total": _ask_unit_or_total,
    "sum_mismatch": _ask_mismatch,
    "quantity": _ask_range,
    "money_guard": _ask_scale,
    "total_vnd": _ask_scale,
    "unit_price_vnd": _ask_scale,
}


def _asked(slot: str) -> Callable[[Turn, SaleDraft, str], None]:
    def ask(turn: Turn, draft: SaleDraft, token: str) -> None:
        doubt = draft.doubt(slot)
        if doubt is not None:
            QUESTIONS[slot](turn, draft, doubt, token)

    return ask


DOUBTS: tuple[Slot[SaleDraft], ...] = tuple(
    Slot(f"which.{slot}", _missing(slot), _asked(slot), _said(slot), _picked(slot))
    for slot in QUESTIONS
)
