"""What a sale's card cannot do without: product, quantity, unit, money; how each is asked and filled."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from bot.dialogue.forms import Slot, option
from bot.dialogue.reply import Amount, Joined, Line, Lines, Money, Value
from bot.dialogue.turn import Turn
from bot.dialogue.words import read, refused_number, text_of
from bot.drafts.sale import SaleDraft, SaleLine
from bot.drafts.sale_card import item_of
from bot.language.products import usual_unit

LONGEST_PRODUCT = 60  # characters
LARGEST_QUANTITY = 10_000_000
LARGEST_SUM = 10**13  # đồng; more than this is a slip of the finger

Test = Callable[[SaleLine], bool]


def no_product(line: SaleLine) -> bool:
    return not line.product


def no_quantity(line: SaleLine) -> bool:
    return line.quantity is None and line.total_vnd is None and not line.sum_only


def no_unit(line: SaleLine) -> bool:
    return line.quantity is not None and not line.unit and line.total_vnd is None


def no_price(line: SaleLine) -> bool:
    return line.total_vnd is None and line.unit_price_vnd is None and line.quantity is not None


def no_total(line: SaleLine) -> bool:
    return line.total_vnd is None


def bad_sum(line: SaleLine) -> bool:
    sums = (line.total_vnd, line.unit_price_vnd)
    return any(vnd is not None and not 0 < vnd <= LARGEST_SUM for vnd in sums)


def bad_quantity(line: SaleLine) -> bool:
    return line.quantity is not None and not 0 < line.quantity <= LARGEST_QUANTITY


def sum_reason(vnd: int | None) -> str | None:
    """Why a sum cannot be taken, as a key; None when it can."""
    if vnd is None or 0 < vnd <= LARGEST_SUM:
        return None
    return "check.price_big" if vnd else "check.price_zero"


def quantity_reason(quantity: Decimal | None) -> str | None:
    """Why a quantity cannot be taken, as a key; None when it can."""
    if quantity is None or 0 < quantity <= LARGEST_QUANTITY:
        return None
    return "check.quantity_big" if quantity else "check.quantity_zero"


def _reasons(key: str | None) -> tuple[Line, ...]:
    return (Line(key),) if key else ()


def _any(*tests: Test) -> Test:
    return lambda line: any(test(line) for test in tests)


def numbered(draft: SaleDraft, test: Test) -> tuple[int, SaleLine]:
    """The first line that fails the test, with its number; the first of all when none does."""
    return next(((n, x) for n, x in enumerate(draft.lines) if test(x)), (0, draft.lines[0]))


def _missing(test: Test, slot: str = "") -> Callable[[Turn, SaleDraft], bool]:
    def missing(_turn: Turn, draft: SaleDraft) -> bool:
        open_doubt = draft.doubt(slot)
        return any(map(test, draft.lines)) or (open_doubt is not None and not open_doubt.choices)

    return missing


def _known(line: SaleLine) -> Value | None:
    """What of the line is understood: `20 kg, giá 25.000 đ`."""
    parts: list[Value] = []
    if line.quantity is not None:
        parts.append(Amount(line.quantity, line.unit))
    if line.unit_price_vnd is not None:
        parts.append(Lines((Line("known.price", {"unit_price": Money(line.unit_price_vnd)}),)))
    elif line.total_vnd is not None:
        parts.append(Lines((Line("known.total", {"total": Money(line.total_vnd)}),)))
    return Joined(tuple(parts)) if parts else None


def _ask_product(turn: Turn, draft: SaleDraft, _token: str) -> None:
    known = _known(numbered(draft, no_product)[1])
    if known is None:
        turn.tell("sale.start")
    else:
        turn.tell("ask.product", known=known)


def _fill_product(turn: Turn, draft: SaleDraft) -> SaleDraft | None:
    product = read(turn, "product")
    if not product or len(product) > LONGEST_PRODUCT:
        return None
    number, line = numbered(draft, no_product)
    return draft.with_line(number, line.with_(product=product)).settled("product")


def _ask_quantity(turn: Turn, draft: SaleDraft, token: str) -> None:
    _, line = numbered(draft, _any(no_quantity, bad_quantity))
    unit = line.price_unit or line.unit or usual_unit(line.product or "")
    only = option("sale", token, "quantity", "none", "button.sum_only")
    key = "ask.quantity" if unit else "ask.quantity_any"
    question = Line(key, {"product": line.product or "", "unit": unit or ""})
    turn.say(*_reasons(quantity_reason(line.quantity)), question, buttons=(only,))


def _fill_quantity(turn: Turn, draft: SaleDraft) -> SaleDraft | None:
    number, line = numbered(draft, _any(no_quantity, bad_quantity))
    found = read(turn, "quantity", line.item)
    if found is None or not 0 < found[0] <= LARGEST_QUANTITY:
        return None
    filled = line.with_(quantity=found[0], unit=found[1] or line.unit or line.price_unit)
    return draft.with_line(number, filled).settled("quantity")


def _refuse_number(kind: str) -> Callable[[Turn, SaleDraft], Line | None]:
    def refuse(turn: Turn, _draft: SaleDraft) -> Line | None:
        reason = refused_number(turn, kind)
        return Line(reason) if reason else None

    return refuse


def _refuse_product(turn: Turn, _draft: SaleDraft) -> Line | None:
    return Line("check.product_long") if len(text_of(turn)) > LONGEST_PRODUCT else None


def _money_only(_turn: Turn, draft: SaleDraft, _value: str = "") -> SaleDraft:
    number, line = numbered(draft, no_quantity)
    bare = {"quantity": None, "unit": None, "unit_price_vnd": None, "price_unit": None}
    only = line.model_copy(update={**bare, "sum_only": True})
    return draft.with_line(number, only).settled("quantity")


def _ask_unit(turn: Turn, draft: SaleDraft, token: str) -> None:
    _, line = numbered(draft, no_unit)
    units = list(dict.fromkeys([usual_unit(line.product or "") or "kg", "kg", "quả", "chục"]))[:3]
    buttons = [
        option("sale", token, "unit", unit, "button.amount", quantity=line.quantity or 0, unit=unit)
        for unit in units
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
    _, line = numbered(draft, _any(no_price, bad_sum))
    unit = line.price_unit or line.unit
    key = "ask.unit_price" if unit else "ask.price_any"
    question = Line(key, {"item": item_of(line), "unit": unit or ""})
    reason = sum_reason(line.unit_price_vnd) or sum_reason(line.total_vnd)
    turn.say(*_reasons(reason), question)


def _fill_price(turn: Turn, draft: SaleDraft) -> SaleDraft | None:
    number, line = numbered(draft, _any(no_price, bad_sum))
    price = read(turn, "unit_price_vnd", line.item)
    if price is None or not 0 < price <= LARGEST_SUM:
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
    if total is None or not 0 < total <= LARGEST_SUM:
        return None
    filled = line.model_copy(update={"total_vnd": total, "stated": True})
    return draft.with_line(number, filled).settled("total_vnd")


NEEDED: tuple[Slot[SaleDraft], ...] = (
    Slot(
        "product",
        _missing(no_product),
        _ask_product,
        _fill_product,
        refuse=_refuse_product,
    ),
    Slot(
        "quantity",
        _missing(_any(no_quantity, bad_quantity), "quantity"),
        _ask_quantity,
        _fill_quantity,
        _money_only,
        _money_only,
        _refuse_number("quantity"),
    ),
    Slot("unit", _missing(no_unit), _ask_unit, _fill_unit, _pick_unit),
    Slot(
        "unit_price_vnd",
        _missing(_any(no_price, bad_sum), "unit_price_vnd"),
        _ask_price,
        _fill_price,
        refuse=_refuse_number("price"),
    ),
    Slot(
        "total_vnd",
        _missing(no_total, "total_vnd"),
        _ask_total,
        _fill_total,
        refuse=_refuse_number("price"),
    ),
)
