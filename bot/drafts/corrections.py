"""Corrections by name of the slot: only what was named changes; an open sum is placed or asked."""

from __future__ import annotations

from decimal import Decimal
from functools import partial

from bot.drafts.sale import Choice, Doubt, SaleDraft, SaleLine, line_of, platform_of
from bot.drafts.sale_lines import no_quantity
from bot.language.understanding import Item, Understanding
from domain.fold import fold

NEARER = Decimal(
    3
)  # how many times nearer a sum must be to the price or the total to need no question


def corrected(draft: SaleDraft, words: Understanding) -> SaleDraft | None:
    """The draft after the words, maybe unchanged; None when they name nothing of it."""
    after = draft
    for item in words.items:
        after = _line_corrected(after, item, words.action)
    if words.amount_vnd is not None:
        after = _sum_placed(after, words.amount_vnd)
    if words.buyer:
        after = after.with_(buyer=words.buyer).settled("buyer")
    if words.date:
        after = after.with_(date=words.date, lunar=words.lunar).settled("date")
    platform = platform_of(words.platform)
    if platform:
        after = after.with_(platform=platform)
    named = words.items or words.buyer or words.date or platform or words.amount_vnd is not None
    return after if named else None


MONEY = ("unit_or_total", "sum_scale", "money_guard", "sum_mismatch", "unit_price_vnd", "total_vnd")
ITEM_SLOTS = ("product", "quantity")  # answers that may say more about the same goods


def completed(draft: SaleDraft, words: Understanding, slot: str) -> SaleDraft:
    """What an answer says beyond the slot that was asked, where nothing stands yet."""
    if len(words.items) == 1 and len(draft.lines) == 1:
        if words.items[0].product and not draft.lines[0].product:
            draft = draft.changed(0, partial(_of_goods, words.items[0].product))
        if slot in ITEM_SLOTS:
            draft = _filled_up(draft, draft.lines[0], words.items[0])
    buyer = draft.buyer or (words.buyer if slot != "buyer" else None)
    return draft.with_(
        buyer=buyer,
        date=words.date or draft.date,
        platform=draft.platform or platform_of(words.platform),
    )


def _of_goods(product: str, line: SaleLine) -> SaleLine:
    return line.model_copy(update={"product": product})


def _filled_up(draft: SaleDraft, line: SaleLine, item: Item) -> SaleDraft:
    if line.quantity is None and item.quantity is not None:
        line = line.with_(quantity=item.quantity, unit=item.unit, base_quantity=item.base_quantity)
        draft = draft.settled("quantity").settled("unit")
    if line.unit_price_vnd is None and item.unit_price_vnd is not None:
        unit = item.price_unit or item.unit or line.unit
        line = line.with_(unit_price_vnd=item.unit_price_vnd, price_unit=unit)
        draft = draft.settled("unit_price_vnd").settled("total_vnd")
    if line.total_vnd is None and item.total_vnd is not None and item.stated:
        line = line.with_(total_vnd=item.total_vnd, stated=True)
        draft = draft.settled("unit_price_vnd").settled("total_vnd")
    return draft.with_line(0, line)


def _line_corrected(draft: SaleDraft, item: Item, action: str | None) -> SaleDraft:
    number = _which(draft, item)
    if number is None or action == "add":
        if not item.product:
            return draft
        return draft.with_(lines=(*draft.lines, line_of(item)))
    if action == "remove" and len(draft.lines) > 1:
        return draft.with_(lines=tuple(x for i, x in enumerate(draft.lines) if i != number))
    if item.unit_price_vnd is not None or (item.total_vnd is not None and item.stated):
        draft = _without_doubts(draft, MONEY)
    return draft.changed(number, lambda line: _merged(line, item))


def _without_doubts(draft: SaleDraft, slots: tuple[str, ...]) -> SaleDraft:
    return draft.with_(doubts=tuple(d for d in draft.doubts if d.slot not in slots))


def _which(draft: SaleDraft, item: Item) -> int | None:
    """The line that is meant: by its product, else the only one, else the one in the same unit."""
    if item.product:
        wanted = fold(item.product)
        for number, line in enumerate(draft.lines):
            if line.product and (wanted in fold(line.product) or fold(line.product) in wanted):
                return number
    if len(draft.lines) == 1:
        return 0
    same = [n for n, line in enumerate(draft.lines) if item.unit and line.unit == item.unit]
    return same[0] if len(same) == 1 else (None if item.product else 0)


def _merged(line: SaleLine, item: Item) -> SaleLine:
    changed: dict[str, object] = {}
    if item.product and fold(item.product) != fold(line.product or ""):
        changed["product"] = item.product
    if item.quantity is not None and not _same_quantity(line, item):
        changed |= {"quantity": item.quantity, "unit": item.unit or line.unit}
        changed["base_quantity"] = item.base_quantity
    if item.unit_price_vnd is not None:
        unit = item.price_unit or line.price_unit or line.unit
        changed |= {"unit_price_vnd": item.unit_price_vnd, "price_unit": unit, "stated": False}
    if item.total_vnd is not None and item.stated:
        changed |= {"total_vnd": item.total_vnd, "stated": True}
    elif "unit_price_vnd" in changed or ("quantity" in changed and line.unit_price_vnd is not None):
        changed |= {"total_vnd": None, "stated": False}
    return line.with_(**changed) if changed else line


def _same_quantity(line: SaleLine, item: Item) -> bool:
    return item.quantity == line.quantity and item.unit in (None, line.unit)


def _sum_placed(draft: SaleDraft, amount: int) -> SaleDraft:
    """A corrected sum without a word for its role: the price or the total, whichever it is near to."""
    line = draft.lines[0]
    if amount in (line.unit_price_vnd, line.total_vnd):
        return draft
    if no_quantity(line) and line.unit_price_vnd is None and draft.doubt("unit_or_total") is None:
        return draft  # of what it is the sum is not known yet
    as_total = line.model_copy(update={"total_vnd": amount, "stated": True})
    if line.unit_price_vnd is None and draft.doubt("unit_or_total") is None:
        return draft.with_line(0, as_total)
    unit = line.price_unit or line.unit
    as_price = line.with_(unit_price_vnd=amount, price_unit=unit, total_vnd=None, stated=False)
    far_price = _distance(amount, line.unit_price_vnd)
    far_total = _distance(amount, line.total_vnd)
    if far_total > far_price * NEARER:
        return draft.with_line(0, as_price)
    if far_price > far_total * NEARER:
        return draft.with_line(0, as_total)
    each = Choice(key="each", lines=(as_price, *draft.lines[1:]))
    whole = Choice(key="all", lines=(as_total, *draft.lines[1:]))
    doubt = Doubt(slot="unit_or_total", choices=(each, whole))
    return draft.settled("unit_or_total").with_(doubts=(*draft.doubts, doubt))


def _distance(a: int, b: int | None) -> Decimal:
    if not a or not b:
        return Decimal(10**9)
    return Decimal(max(a, b)) / Decimal(min(a, b))
