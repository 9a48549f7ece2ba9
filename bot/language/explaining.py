"""Which words gave which slot, by which rule: for whoever wonders why a message was read so."""

from __future__ import annotations

from collections.abc import Iterator

from bot.language.amount import Amount, money_of
from bot.language.day import Day
from bot.language.reading import Parts
from bot.language.understanding import Trace, Understanding

COUNTS = ("quantity", "pack", "dozen", "skip")  # kinds of amounts that are no money


def trace_of(parts: Parts, said: Understanding, rule: str) -> tuple[Trace, ...]:
    """A row for the intent, one for every piece of the sentence, then what was worked out or is to be asked."""
    return (
        Trace(said.text, "intent", rule, said.intent),
        *_pieces(parts, said),
        *_worked_out(said),
        *_asked(said),
    )


def _pieces(parts: Parts, said: Understanding) -> Iterator[Trace]:
    words = parts.sentence.words
    for day in parts.days:
        yield Trace(words(day.start, day.end), "date", day.rule, _day(day))
    for one in parts.amounts:
        yield Trace(words(one.start, one.end), _slot(one, said), _rule(one), _amount(one))
    for good in parts.goods:
        name = good.product.name if good.product else words(good.start, good.end)
        rule = "a name we know" if good.product else "left over"
        yield Trace(words(good.start, good.end), "product", rule, name)
    if parts.buyer:
        rule = "a person or part of a number" if parts.buyer.doubt else "a person"
        yield Trace(words(parts.buyer.start, parts.buyer.end), "buyer", rule, parts.buyer.name)


def _day(day: Day) -> str:
    span = day.period or (day.past, day.future)
    days = [one.isoformat() for one in (*span, *day.options) if one]
    return " | ".join(dict.fromkeys(days)) or (day.doubt or "")


def _slot(amount: Amount, said: Understanding) -> str:
    """The slot that it has become, or what kind of amount it is."""
    if amount.kind == "bare" and any(item.quantity == amount.value for item in said.items):
        return "quantity"
    if amount.kind in COUNTS:
        return amount.kind
    money = money_of(amount)
    if any(item.unit_price_vnd == money for item in said.items):
        return "unit_price_vnd"
    return "total_vnd" if any(item.total_vnd == money for item in said.items) else amount.kind


def _rule(amount: Amount) -> str:
    if amount.doubt:
        return f"doubt: {amount.doubt}"
    if amount.marker:
        return f"the word before or after it: {amount.marker}"
    if amount.per:
        return "said for one unit"
    return "a number and its unit" if amount.unit or amount.pack else "by sense and by usual prices"


def _amount(amount: Amount) -> str:
    value, unit = amount.pack or (amount.value, amount.unit or amount.per)
    plain = f"{int(value) if value == int(value) else value}"
    return f"{plain} {unit.name}" if unit else plain


def _worked_out(said: Understanding) -> Iterator[Trace]:
    for item in said.items:
        if item.total_vnd is not None and not item.stated:
            yield Trace("", "total_vnd", "quantity times price", str(item.total_vnd))


def _asked(said: Understanding) -> Iterator[Trace]:
    for slot in said.ask:
        keys = [reading.key for reading in said.readings if reading.slot == slot]
        yield Trace("", slot, "asked", " | ".join(keys))
