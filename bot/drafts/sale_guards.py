"""Money guards: a sum that stands out is asked about before its card; once confirmed it is taken."""

from __future__ import annotations

from bot.dialogue.forms import Slot, option
from bot.dialogue.reply import Button, Clock, Money, Name, Value
from bot.dialogue.turn import Turn
from bot.dialogue.words import read
from bot.drafts.sale import SaleDraft, SaleLine, same_goods, saved_items
from bot.drafts.sale_card import item_of, items_of
from bot.drafts.sums import rate, rate_values, total_values
from domain.fold import fold
from domain.guards import ENOUGH_HISTORY, is_big, slipped_zero
from domain.household import Entry, Product
from domain.orders import NEAR
from domain.orders import same_goods as alike


def _sold_before(turn: Turn, line: SaleLine) -> Product | None:
    name = fold(line.product or "")
    for product in turn.household.products if turn.household else ():
        if fold(product.name) == name:
            return product
    return None


def usual_price(turn: Turn, line: SaleLine) -> int | None:
    """The household's last price of this product in this unit, đồng."""
    product = _sold_before(turn, line)
    if product is None or (product.last_unit or product.unit) != (line.price_unit or line.unit):
        return None
    return product.last_vnd or product.unit_price_vnd


def slipped(turn: Turn, draft: SaleDraft) -> tuple[int, int, int, int] | None:
    """Line number, usual price, low and high reading of the first price that looks ten times off."""
    for number, line in enumerate(draft.lines):
        usual = usual_price(turn, line)
        readings = slipped_zero(line.unit_price_vnd or 0, usual)
        if readings is not None and usual is not None:
            return number, usual, *readings
    return None


def _total_at(line: SaleLine, price: int) -> Money:
    return Money(line.with_(unit_price_vnd=price, total_vnd=None, stated=False).total_vnd or 0)


def _ask_price(turn: Turn, draft: SaleDraft, token: str) -> None:
    found = slipped(turn, draft)
    if found is None:
        return
    number, usual, low, high = found
    line = draft.lines[number]
    unit = line.price_unit or line.unit
    values: dict[str, Value] = {
        "item": item_of(line),
        "usual": rate(usual, unit),
        "low": rate(low, unit),
        "high": rate(high, unit),
        "low_total": _total_at(line, low),
        "high_total": _total_at(line, high),
    }
    buttons = [
        option("sale", token, "guard", str(vnd), "button.unit_price", **rate_values(vnd, unit))
        for vnd in (low, high)
    ]
    other = option("sale", token, "guard", "other", "button.other_number")
    turn.tell("guard.ten", *buttons, other, **values)


def _pick_price(turn: Turn, draft: SaleDraft, value: str) -> SaleDraft | None:
    found = slipped(turn, draft)
    if found is None or value == "other":
        number = found[0] if found else 0
        line = draft.lines[number]
        bare = line.model_copy(update={"unit_price_vnd": None, "total_vnd": None, "stated": False})
        return draft.with_line(number, bare)
    line = draft.lines[found[0]]
    return draft.with_line(found[0], _priced(line, int(value))).with_(sure=True)


def _priced(line: SaleLine, price: int) -> SaleLine:
    unit = line.price_unit or line.unit
    return line.with_(unit_price_vnd=price, price_unit=unit, total_vnd=None, stated=False)


def _fill_price(turn: Turn, draft: SaleDraft) -> SaleDraft | None:
    found = slipped(turn, draft)
    if found is None:
        return None
    line = draft.lines[found[0]]
    price = read(turn, "unit_price_vnd", line.item)
    if price is None or price <= 0:
        return None
    return draft.with_line(found[0], _priced(line, price)).with_(sure=price in found[2:])


def _is_slipped(turn: Turn, draft: SaleDraft) -> bool:
    return not draft.sure and slipped(turn, draft) is not None


def _is_big(turn: Turn, draft: SaleDraft) -> bool:
    recent = turn.household.entries if turn.household else ()
    return not draft.sure and is_big(draft.total_vnd, recent)


def _ask_big(turn: Turn, draft: SaleDraft, token: str) -> None:
    buttons = (
        option("sale", token, "big", "sure", "button.right_number"),
        Button(f"sale.which:{token}", "button.edit"),
        Button(f"sale.leave:{token}", "button.leave"),
    )
    total = total_values(draft.total_vnd)
    compared = turn.household is not None and len(turn.household.entries) >= ENOUGH_HISTORY
    key = "guard.big" if compared else "guard.big_first"
    turn.tell(key, *buttons, item=items_of(draft.lines), **total)


def _sure(_turn: Turn, draft: SaleDraft, _value: str = "") -> SaleDraft:
    return draft.with_(sure=True)


def _yes_big(turn: Turn, draft: SaleDraft) -> SaleDraft | None:
    return _sure(turn, draft) if turn.understood and turn.understood.answer == "yes" else None


def twin(turn: Turn, draft: SaleDraft) -> Entry | None:
    """A standing entry of that day that says just the same."""
    if turn.household is None:
        return None
    total, day = draft.total_vnd, draft.date or turn.on
    for entry in turn.household.entries:
        same = entry.total_vnd == total and entry.date == day and entry.struck_at is None
        if same and same_goods(draft, entry):
            return entry
    return None


def booked(turn: Turn, draft: SaleDraft) -> Entry | None:
    """A platform's order that is in the ledger by itself and may be this sale: two days off at most."""
    if draft.platform in (None, "offline") or draft.entry or turn.household is None:
        return None
    if any(line.total_vnd is None for line in draft.lines):
        return None
    day, items = draft.date or turn.on, saved_items(draft)
    for entry in turn.household.entries:
        same = entry.platform == draft.platform and entry.total_vnd == draft.total_vnd
        stands = entry.order is not None and entry.struck_at is None
        if same and stands and abs(entry.date - day) <= NEAR and alike(items, entry.items):
            return entry
    return None


def _is_twin(turn: Turn, draft: SaleDraft) -> bool:
    if draft.again or draft.ordered:
        return False
    return booked(turn, draft) is not None or twin(turn, draft) is not None


def _ask_twin(turn: Turn, draft: SaleDraft, token: str) -> None:
    order = booked(turn, draft)
    entry = order or twin(turn, draft)
    if entry is None:
        return
    buttons = (
        option("sale", token, "again", "yes", "button.save_again"),
        Button(f"sale.leave:{token}", "button.leave"),
    )
    if order is not None:
        values: dict[str, Value] = {"order": order.order or "", "total": Money(order.total_vnd)}
        place = Name(f"platform.{order.platform}")
        turn.tell("guard.order", *buttons, code=order.code, place=place, **values)
        return
    turn.tell("guard.double", *buttons, code=entry.code, time=Clock(entry.logged_at, turn.on))


def _again(_turn: Turn, draft: SaleDraft, _value: str = "") -> SaleDraft:
    return draft.with_(again=True)


def _yes_again(turn: Turn, draft: SaleDraft) -> SaleDraft | None:
    words = turn.understood
    return _again(turn, draft) if words and words.answer in ("yes", "save") else None


GUARDS: tuple[Slot[SaleDraft], ...] = (
    Slot("guard", _is_slipped, _ask_price, _fill_price, _pick_price),
    Slot("big", _is_big, _ask_big, _yes_big, _sure),
    Slot("again", _is_twin, _ask_twin, _yes_again, _again),
)
