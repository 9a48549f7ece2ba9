"""What a sale's card cannot do without: product, quantity, unit, money; how each is asked and filled."""

from __future__ import annotations

from collections.abc import Callable

from bot.dialogue.forms import Slot, option
from bot.dialogue.reply import Amount, Joined, Line, Lines, Money, Value
from bot.dialogue.turn import Turn
from bot.dialogue.words import read, said
from bot.drafts.limits import (
    LONGEST_PRODUCT,
    is_quantity,
    is_sum,
    quantity_reason,
    reasons,
    refuse_number,
    refuse_product,
    sum_reason,
)
from bot.drafts.sale import SaleDraft, SaleLine
from bot.drafts.sale_card import item_of
from bot.drafts.sale_lines import (
    Test,
    bad_quantity,
    bad_sum,
    either,
    no_price,
    no_product,
    no_quantity,
    no_total,
    no_unit,
    numbered,
    one_line,
)
from bot.drafts.sale_prices import open_sum_of, with_open_sum, with_price
from bot.language.products import likely_units, usual_unit

NO_GOODS = ("save", "yes", "no", "edit", "undo", "restore", "thanks", "human")  # words, not goods

lacks_quantity = either(no_quantity, bad_quantity)
lacks_price = either(no_price, bad_sum)


def _missing(test: Test, slot: str = "") -> Callable[[Turn, SaleDraft], bool]:
    def missing(_turn: Turn, draft: SaleDraft) -> bool:
        for line in draft.lines:
            if test(line):
                return True
        doubt = draft.doubt(slot)
        return doubt is not None and not doubt.choices

    return missing


def _known(line: SaleLine, open_sum: int | None) -> Value | None:
    """What of the line is understood: `20 kg, giá 25.000 đ`."""
    parts: list[Value] = []
    if line.quantity is not None:
        parts.append(Amount(line.quantity, line.unit))
    if line.unit_price_vnd is not None:
        parts.append(Lines((Line("known.price", {"unit_price": Money(line.unit_price_vnd)}),)))
    elif line.total_vnd is not None:
        parts.append(Lines((Line("known.total", {"total": Money(line.total_vnd)}),)))
    elif open_sum is not None:
        parts.append(Money(open_sum))
    return Joined(tuple(parts)) if parts else None


def _ask_product(turn: Turn, draft: SaleDraft, _token: str) -> None:
    known = _known(numbered(draft, no_product)[1], open_sum_of(draft))
    if known is None:
        turn.tell("sale.start")
    else:
        turn.tell("ask.product", known=known)


def _says_no_goods(turn: Turn) -> bool:
    """*lưu*, or a question about something else."""
    words = turn.understood
    asks = words is not None and words.intent in ("stats", "check_orders", "help", "training")
    return asks or said(turn) in NO_GOODS


def _fill_product(turn: Turn, draft: SaleDraft) -> SaleDraft | None:
    product = read(turn, "product")
    if not product or len(product) > LONGEST_PRODUCT or _says_no_goods(turn):
        return None
    number, _ = numbered(draft, no_product)
    after = draft.changed(number, lambda x: x.model_copy(update={"product": product}))
    open_sum = open_sum_of(draft) if len(draft.lines) == 1 else None
    return (with_open_sum(turn, after, open_sum) if open_sum else after).settled("product")


def _ask_quantity(turn: Turn, draft: SaleDraft, token: str) -> None:
    _, line = numbered(draft, lacks_quantity)
    unit = line.price_unit or line.unit or usual_unit(line.product or "")
    only = option("sale", token, "quantity", "none", "button.sum_only")
    key = "ask.quantity" if unit else "ask.quantity_any"
    question = Line(key, {"product": line.product or "", "unit": unit or ""})
    turn.say(*reasons(quantity_reason(line.quantity)), question, buttons=(only,))


def _fill_quantity(turn: Turn, draft: SaleDraft) -> SaleDraft | None:
    number, line = numbered(draft, lacks_quantity)
    found = read(turn, "quantity", line.item)
    if found is None or not is_quantity(found[0]):
        return None
    filled = line.with_(quantity=found[0], unit=found[1] or line.unit or line.price_unit)
    return draft.with_line(number, filled).settled("quantity")


def _money_only(_turn: Turn, draft: SaleDraft, _value: str = "") -> SaleDraft:
    number, line = numbered(draft, no_quantity)
    bare = {"quantity": None, "unit": None, "unit_price_vnd": None, "price_unit": None}
    only = line.model_copy(update={**bare, "sum_only": True})
    return draft.with_line(number, only).settled("quantity")


def _ask_unit(turn: Turn, draft: SaleDraft, token: str) -> None:
    _, line = numbered(draft, no_unit)
    buttons = [
        option("sale", token, "unit", unit, "button.amount", quantity=line.quantity or 0, unit=unit)
        for unit in likely_units(line.product or "")
    ]
    turn.tell("ask.unit", *buttons, product=line.product or "", quantity=line.quantity or 0)


def _fill_unit(turn: Turn, draft: SaleDraft) -> SaleDraft | None:
    unit = read(turn, "unit", numbered(draft, no_unit)[1].item)
    return _pick_unit(turn, draft, unit) if unit else None


def _pick_unit(_turn: Turn, draft: SaleDraft, unit: str) -> SaleDraft:
    number, line = numbered(draft, no_unit)
    price_unit = line.price_unit or (unit if line.unit_price_vnd is not None else None)
    return draft.with_line(number, line.with_(unit=unit, price_unit=price_unit)).settled("unit")


def _ask_price(turn: Turn, draft: SaleDraft, _token: str) -> None:
    _, line = numbered(draft, lacks_price)
    unit = line.price_unit or line.unit
    key = "ask.unit_price" if unit else "ask.price_any"
    question = Line(key, {"item": item_of(line), "unit": unit or ""})
    reason = sum_reason(line.unit_price_vnd) or sum_reason(line.total_vnd)
    turn.say(*reasons(reason), question)


def _fill_price(turn: Turn, draft: SaleDraft) -> SaleDraft | None:
    number, line = numbered(draft, lacks_price)
    whole = with_price(turn, draft, number) if line.unit_price_vnd is None else None
    if whole is not None:
        return whole.settled("unit_price_vnd")
    price = read(turn, "unit_price_vnd", line.item)
    if price is None or not is_sum(price):
        return None
    unit = line.price_unit or line.unit
    filled = line.with_(unit_price_vnd=price, price_unit=unit, total_vnd=None, stated=False)
    return draft.with_line(number, filled).settled("unit_price_vnd")


def _ask_total(turn: Turn, draft: SaleDraft, _token: str) -> None:
    _, line = numbered(draft, no_total)
    turn.tell("ask.total", item=item_of(line))


def _fill_total(turn: Turn, draft: SaleDraft) -> SaleDraft | None:
    number, line = numbered(draft, no_total)
    total = read(turn, "total_vnd", line.item)
    if total is None or not is_sum(total):
        return None
    filled = line.model_copy(update={"total_vnd": total, "stated": True})
    return draft.with_line(number, filled).settled("total_vnd")


NEEDED: tuple[Slot[SaleDraft], ...] = (
    one_line(
        Slot(
            "product",
            _missing(no_product),
            _ask_product,
            _fill_product,
            refuse=refuse_product,
        ),
        no_product,
    ),
    one_line(
        Slot(
            "quantity",
            _missing(lacks_quantity, "quantity"),
            _ask_quantity,
            _fill_quantity,
            _money_only,
            _money_only,
            refuse_number("quantity"),
        ),
        lacks_quantity,
    ),
    Slot("unit", _missing(no_unit), _ask_unit, _fill_unit, _pick_unit),
    one_line(
        Slot(
            "unit_price_vnd",
            _missing(lacks_price, "unit_price_vnd"),
            _ask_price,
            _fill_price,
            refuse=refuse_number("price"),
        ),
        lacks_price,
    ),
    one_line(
        Slot(
            "total_vnd",
            _missing(no_total, "total_vnd"),
            _ask_total,
            _fill_total,
            refuse=refuse_number("price"),
        ),
        no_total,
    ),
)
