"""Doubts about a sale: the readings side by side, one tap; nothing is saved meanwhile."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping

from bot.dialogue.forms import Slot, option
from bot.dialogue.reply import Button, Day, Line, Money, Value
from bot.dialogue.turn import Turn
from bot.dialogue.words import read
from bot.drafts.sale import Choice, Doubt, SaleDraft, SaleLine
from bot.drafts.sale_card import item_of, rate_of

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
    turn.tell("ask.price_unit", *buttons, sum=price, first=units[0], second=units[-1])


def _sum_of(doubt: Doubt, choice: Choice) -> Money:
    line = _read_line(doubt, choice)
    return Money(line.unit_price_vnd or line.total_vnd or 0)


def _ask_scale(turn: Turn, draft: SaleDraft, doubt: Doubt, token: str) -> None:
    sums = [_sum_of(doubt, choice) for choice in doubt.choices]
    buttons = [
        _option(doubt, token, choice, "button.money", sum=vnd)
        for choice, vnd in zip(doubt.choices, sums, strict=True)
    ]
    said = item_of(_line(draft, doubt))
    turn.tell("ask.sum_scale", *buttons, said=said, low=sums[0], high=sums[-1])


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


def _ask_date(turn: Turn, draft: SaleDraft, token: str) -> None:
    doubt = draft.doubt("date")
    lunar = {c.key: c for c in doubt.choices} if doubt else {}
    if {"lunar", "solar"} <= lunar.keys():
        _ask_lunar(turn, token, lunar)
        return
    days = (turn.on, turn.on - dt.timedelta(days=1))
    buttons = [
        option("sale", token, "date", day.isoformat(), key, day=str(day.day), month=str(day.month))
        for day, key in zip(days, ("button.today", "button.yesterday"), strict=True)
    ]
    turn.tell("ask.date", *buttons)


def _ask_lunar(turn: Turn, token: str, choices: Mapping[str, Choice]) -> None:
    buttons = [
        option("sale", token, "date", choices[key].value or "", f"button.{key}")
        for key in ("lunar", "solar")
    ]
    said = dt.date.fromisoformat(choices["solar"].value or turn.on.isoformat())
    turn.tell("ask.lunar", *buttons, day=said.day, month=said.month)


def _fill_date(turn: Turn, draft: SaleDraft) -> SaleDraft | None:
    day = read(turn, "date")
    if day is None or day > turn.on:
        return None
    return draft.with_(date=day).settled("date")


def _refuse_date(turn: Turn, _draft: SaleDraft) -> Line | None:
    day = read(turn, "date")
    if day is None:
        return Line("check.date_unclear")
    return Line("check.date_future", {"date": Day(day, turn.on)})


def _pick_date(turn: Turn, draft: SaleDraft, value: str) -> SaleDraft | None:
    day = dt.date.fromisoformat(value)
    return draft.with_(date=day).settled("date") if day <= turn.on else None


def _picked(slot: str) -> Callable[[Turn, SaleDraft, str], SaleDraft | None]:
    def pick(_turn: Turn, draft: SaleDraft, key: str) -> SaleDraft | None:
        doubt = draft.doubt(slot)
        choice = next((c for c in doubt.choices if c.key == key), None) if doubt else None
        if doubt is None or choice is None:
            return None
        return _applied(draft, doubt, choice).settled(slot)

    return pick


def _applied(draft: SaleDraft, doubt: Doubt, choice: Choice) -> SaleDraft:
    if choice.lines is not None:
        return draft.with_(lines=choice.lines)
    line = _line(draft, doubt)
    number = min(doubt.item, len(draft.lines) - 1)
    if doubt.slot == "product":
        return draft.with_line(number, line.with_(product=choice.value))
    return draft.with_line(number, line.with_(quantity=choice.value))


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
        return _picked(slot)(turn, draft, chosen.key) if chosen else None

    return answer


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


DATE: Slot[SaleDraft] = Slot(
    "date",
    lambda _turn, draft: draft.doubt("date") is not None,
    _ask_date,
    _fill_date,
    _pick_date,
    refuse=_refuse_date,
)

DOUBTS: tuple[Slot[SaleDraft], ...] = tuple(
    Slot(f"which.{slot}", _missing(slot), _asked(slot), _said(slot), _picked(slot))
    for slot in QUESTIONS
)
