"""Something comes back: the sale gets smaller on its usual card. It never adds income."""

from __future__ import annotations

from bot.dialogue.forms import CARD
from bot.dialogue.handler import Handler
from bot.dialogue.reply import Amount, Button, Day, Joined, Line, Money, Value
from bot.dialogue.turn import Turn
from bot.drafts.ledger import ask_strike, of_an_order, strike_buttons
from bot.drafts.returned import TooMuchError, left_over, money_back, returned_from
from bot.drafts.sale import SaleDraft, draft_of_entry
from bot.drafts.sale_card import items_of
from bot.drafts.sale_form import SALE
from bot.language.understanding import Item, Understanding
from domain.household import Entry


def _claims(turn: Turn) -> bool:
    return turn.understood is not None and turn.understood.dealing == "return"


def _begin(turn: Turn) -> None:
    words = turn.understood
    if words is None:
        return
    entry = returned_from(turn, words)
    if entry is None:
        turn.tell("returned.none", Button("book.see", "button.see_book"))
    elif entry.order is not None:
        of_an_order(turn, entry)
    else:
        _take_back(turn, words, entry)


def _take_back(turn: Turn, words: Understanding, entry: Entry) -> None:
    before = draft_of_entry(entry)
    try:
        after = left_over(before, words.items)
    except TooMuchError:
        values = {"code": entry.code, "item": items_of(entry.items)}
        turn.tell("returned.too_much", **values, total=Money(entry.total_vnd))
        return
    if after is None:
        _ask_how_much(turn, entry)
    elif not after.lines:
        ask_strike(turn, entry)
    else:
        _show(turn, words, before, after)


def _show(turn: Turn, words: Understanding, before: SaleDraft, after: SaleDraft) -> None:
    """Say what is taken off and where, then the usual card of a change."""
    back = Joined(tuple(map(_back, words.items)))
    day = Day(before.date or turn.on, turn.on)
    turn.tell("returned.follows", item=back, code=before.entry or "", date=day)
    task = SALE.task(turn)
    task.past = [(CARD, before.model_dump(mode="json", exclude_none=True))]
    SALE.resume(turn, task, after, before)


def _back(item: Item) -> Value:
    money = money_back(item)
    if item.quantity is None and money is not None:
        return Money(money)
    return Amount(item.quantity, item.unit, item.product)


def _ask_how_much(turn: Turn, entry: Entry) -> None:
    values: dict[str, Value] = {"item": items_of(entry.items), "total": Money(entry.total_vnd)}
    unit = entry.items[0].unit if len(entry.items) == 1 else None
    if unit:
        values["unit"] = unit
    lines = (
        Line("returned.entry", {"code": entry.code, **values}),
        Line("returned.how_much", values),
    )
    turn.say(*lines, buttons=strike_buttons(entry.code))


HANDLER = Handler(name="returned", claims=_claims, begin=_begin, assists=True)
