"""Goods or money that came back: which entry they came from, and what is left of it."""

from __future__ import annotations

from bot.dialogue.turn import Turn
from bot.drafts.sale import Doubt, SaleDraft, SaleLine
from bot.language.understanding import Item, Understanding
from bot.language.units import count_in
from domain.fold import fold
from domain.household import Entry


class TooMuchError(Exception):
    """More came back than this entry says was sold."""


def returned_from(turn: Turn, words: Understanding) -> Entry | None:
    """The newest standing entry of these goods and of this buyer, where they are named."""
    entries = turn.household.entries if turn.household else ()
    names = [fold(item.product) for item in words.items if item.product]
    buyer = fold(words.buyer or "")
    of_goods = [e for e in entries if e.struck_at is None and _sells(e, names)]
    of_buyer = [e for e in of_goods if not buyer or fold(e.buyer_name or "") == buyer]
    nobodys = [e for e in of_goods if e.buyer_name is None]
    return next(iter(of_buyer or nobodys), None)


def _sells(entry: Entry, names: list[str]) -> bool:
    sold = [fold(item.product) for item in entry.items]
    return all(any(name in other or other in name for other in sold) for name in names)


def left_over(draft: SaleDraft, items: tuple[Item, ...]) -> SaleDraft | None:
    """The draft less what came back, without lines when that is all; None when it was not said how much."""
    for item in items:
        number = _line_of(draft, item)
        left = None if number is None else _less(draft.lines[number], item)
        if number is None or left is None:
            return None
        draft = _replaced(draft, number, left, item)
    return draft if items else None


def _line_of(draft: SaleDraft, item: Item) -> int | None:
    wanted = fold(item.product or "")
    found = [n for n, line in enumerate(draft.lines) if wanted in fold(line.product or "")]
    return found[0] if len(found) == 1 else None


def money_back(item: Item) -> int | None:
    """The sum that was given back, đồng."""
    return item.amount_vnd or item.total_vnd


def _less(line: SaleLine, item: Item) -> SaleLine | None:
    money = money_back(item)
    if item.quantity is None:
        return None if money is None else _cheaper(line, line.total_vnd, money)
    fewer = _fewer(line, item)
    if fewer is None or money is None or fewer.total_vnd == 0:
        return fewer
    return _cheaper(fewer, line.total_vnd, money)


def _fewer(line: SaleLine, item: Item) -> SaleLine | None:
    """Less of the goods; the money follows from the price. A sum without a price stays, to be asked."""
    back = count_in(item, line.unit)
    if back is None or line.quantity is None:
        return None
    rest = line.quantity - back
    if rest < 0:
        raise TooMuchError
    if rest == 0:
        return line.model_copy(update={"total_vnd": 0})
    counted = {"quantity": rest, "second_quantity": None, "second_unit": None}
    if line.unit_price_vnd is None:
        return line.with_(**counted)
    return line.with_(total_vnd=None, stated=False, **counted)


def _cheaper(line: SaleLine, total: int | None, money: int) -> SaleLine | None:
    """Less money, as it was said."""
    rest = (total or 0) - money
    if rest < 0:
        raise TooMuchError
    return line.model_copy(update={"total_vnd": rest, "stated": True})


def _replaced(draft: SaleDraft, number: int, left: SaleLine, item: Item) -> SaleDraft:
    """The line as it is left, out when nothing is; what fewer goods fetched without a price is asked."""
    if left.total_vnd == 0:
        rest = tuple(line for n, line in enumerate(draft.lines) if n != number)
        return draft.with_(lines=rest)
    after = draft.with_line(number, left)
    if left.unit_price_vnd is not None or money_back(item) is not None:
        return after
    return after.with_(doubts=(*after.doubts, Doubt(slot="total_vnd")), focus=number)
