"""The card of a sale: the money first, then one fact a line; and what a change changed."""

from __future__ import annotations

import datetime as dt

from bot.dialogue.reply import Amount, Button, Day, Joined, Line, Money, Name, Value
from bot.dialogue.turn import Turn
from bot.drafts.sale import SaleDraft, SaleLine
from bot.drafts.sums import rate, rate_values, total_values
from domain.events import SaleItem


def item_of(line: SaleLine | SaleItem) -> Amount:
    """`20 kg cam sành`."""
    return Amount(line.quantity, line.unit, line.product)


def items_of(lines: tuple[SaleLine, ...] | tuple[SaleItem, ...]) -> Value:
    """`15 con gà, 4 chục trứng`."""
    return Joined(tuple(map(item_of, lines)))


def show_card(turn: Turn, draft: SaleDraft, before: SaleDraft | None, ref: str) -> None:
    """Show the whole card; after a change only what changed and the new sum."""
    total = Line("card.total", total_values(draft.total_vnd))
    changes = change_lines(before, draft, turn.on) if before else ()
    facts = changes + line_lines(draft) if changes else _facts(turn, draft)
    turn.say(total, *facts, Line("card.ask"), buttons=card_buttons(ref))


def card_buttons(ref: str) -> tuple[Button, ...]:
    """[Lưu] [Sửa] [Thôi]."""
    draft = ref.partition(".")[0]
    return (
        Button(f"sale.save:{ref}", "button.save"),
        Button(f"sale.which:{draft}", "button.edit"),
        Button(f"sale.leave:{draft}", "button.leave"),
    )


def _facts(turn: Turn, draft: SaleDraft) -> tuple[Line, ...]:
    lines = list(line_lines(draft))
    if draft.deposit_vnd:
        lines.append(Line("card.deposit", {"deposit": Money(draft.deposit_vnd)}))
    if draft.buyer:
        lines.append(Line("card.buyer", {"buyer": draft.buyer}))
    if draft.ordered:
        lines.append(Line("card.ordered", {"date": Day(draft.date or turn.on, turn.on)}))
        return tuple(lines)
    lines.append(Line("card.date", {"date": Day(draft.date or turn.on, turn.on, draft.lunar)}))
    lines.append(Line("card.place", {"place": Name(f"platform.{draft.platform or 'offline'}")}))
    return tuple(lines)


def line_lines(draft: SaleDraft) -> tuple[Line, ...]:
    """The lines about the goods: item, price and, with several products, each sum."""
    several = len(draft.lines) > 1
    return tuple([line for each in draft.lines for line in _lines_of(each, several=several)])


def _lines_of(line: SaleLine, *, several: bool) -> tuple[Line, ...]:
    first = _item_line(line, several=several)
    rest: list[Line] = []
    if line.second_quantity:
        unit = line.second_unit or ""
        rest.append(
            Line("card.second", {"second_quantity": line.second_quantity, "second_unit": unit})
        )
    computed = line.computed
    if computed is not None and line.total_vnd is not None and computed != line.total_vnd:
        key = "card.discount" if computed > line.total_vnd else "card.extra"
        difference = Money(abs(computed - line.total_vnd))
        rest.append(Line(key, {"computed": Money(computed), "difference": difference}))
    return (first, *rest)


def _item_line(line: SaleLine, *, several: bool) -> Line:
    if line.quantity is None:
        return Line("card.quantity_none", {"product": line.product or ""})
    values: dict[str, Value] = {"item": item_of(line)}
    if several and line.total_vnd is not None:
        values["line_total"] = Money(line.total_vnd)
    if line.unit_price_vnd is None:
        return Line("card.item_total" if "line_total" in values else "card.item_only", values)
    values |= rate_values(line.unit_price_vnd, line.price_unit or line.unit)
    if line.pack_size is not None and (line.price_unit or line.unit) != line.unit:
        return Line("card.item_pack", values | {"pack": Amount(line.pack_size, line.pack_unit)})
    if "line_total" in values:
        return Line("card.item_sum", values)
    if line.base_quantity is not None:
        base = Amount(line.base_quantity, "kg")
        return Line("card.item_converted", values | {"base_quantity": base})
    return Line("card.item", values)


def rate_of(line: SaleLine) -> Value:
    """`25.000 đ/kg`."""
    return rate(line.unit_price_vnd, line.price_unit or line.unit)


def change_lines(before: SaleDraft, after: SaleDraft, on: dt.date) -> tuple[Line, ...]:
    """One line a changed slot, in the order of the card."""
    pairs: list[tuple[str, Value, Value]] = []
    if len(before.lines) == len(after.lines):
        for old, new in zip(before.lines, after.lines, strict=True):
            pairs += _line_changes(old, new)
    if before.total_vnd and before.total_vnd != after.total_vnd:
        pairs.append(("total", Money(before.total_vnd), Money(after.total_vnd)))
    if before.buyer != after.buyer and before.buyer and after.buyer:
        pairs.append(("buyer", before.buyer, after.buyer))
    elif after.buyer != before.buyer and after.buyer:
        pairs.append(("buyer", Name("slot.empty"), after.buyer))
    if (before.date or on) != (after.date or on):
        pairs.append(("date", Day(before.date or on, on), Day(after.date or on, on, after.lunar)))
    if (before.platform or "offline") != (after.platform or "offline"):
        places = [Name(f"platform.{d.platform or 'offline'}") for d in (before, after)]
        pairs.append(("place", places[0], places[1]))
    return tuple(
        Line("change.line", {"slot": Name(f"slot.{slot}"), "before": old, "after": new})
        for slot, old, new in pairs
    )


def _line_changes(old: SaleLine, new: SaleLine) -> list[tuple[str, Value, Value]]:
    pairs: list[tuple[str, Value, Value]] = []
    if old.product != new.product and old.product and new.product:
        pairs.append(("product", old.product, new.product))
    if (old.quantity, old.unit) != (new.quantity, new.unit) and old.quantity and new.quantity:
        pairs.append(("quantity", Amount(old.quantity, old.unit), Amount(new.quantity, new.unit)))
    same = (old.unit_price_vnd, old.price_unit) == (new.unit_price_vnd, new.price_unit)
    if not same and old.unit_price_vnd is not None and new.unit_price_vnd is not None:
        pairs.append(("unit_price", rate_of(old), rate_of(new)))
    return pairs
