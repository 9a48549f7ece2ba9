"""A receipt for the buyer: picture and link of one sale, to be sent on; of the last one if none is named."""

from __future__ import annotations

from bot.dialogue.handler import Handler
from bot.dialogue.reply import Button, Day
from bot.dialogue.turn import Turn
from bot.dialogue.words import requested
from bot.drafts.ledger import entry_by_code
from bot.drafts.order_card import number_of
from bot.drafts.order_list import find, numbered, order_buttons
from bot.drafts.receipts import ask_which, coded, fitting, names_any, send, standing, told
from bot.language.past_sale import PastSale
from domain.household import ZONE, Entry, Order


def _claims(turn: Turn) -> bool:
    return requested(turn, "receipt") and not _sells(turn)


def _sells(turn: Turn) -> bool:
    """*bán chị Lan 5 ký cam, chị xin hóa đơn* is a sale first."""
    words = turn.understood
    counted = words is not None and any(item.quantity is not None for item in words.items)
    return counted and words is not None and words.intent == "log_sale"


def _begin(turn: Turn) -> None:
    said = told(turn)
    entry = coded(turn, said)
    order = turn.understood.order_id if turn.understood else None
    if entry is not None:
        _send(turn, entry)
    elif order and numbered(turn, order):
        _of_orders(turn, numbered(turn, order))
    elif said.code:
        turn.tell("change.not_found", code=said.code)
    elif order:
        turn.tell("order.not_found", order=order)
    else:
        _of_words(turn, said)


def _of_words(turn: Turn, said: PastSale) -> None:
    """By buyer, goods or day; several fit: asked. Nothing of it said: the last sale."""
    last = standing(turn)
    found = fitting(turn, said)
    if not last:
        turn.tell("slip.none")
    elif not names_any(turn, said):
        _send(turn, last[0])
    elif len(found) == 1:
        _send(turn, found[0])
    elif found:
        ask_which(turn, "slip.which", found)
    else:
        ask_which(turn, "slip.not_found", last)


def _of_orders(turn: Turn, orders: list[Order]) -> None:
    if len(orders) > 1:
        turn.tell("ask.order", *order_buttons(orders, "slip.order"))
    else:
        _of_order(turn, orders[0])


def _of_order(turn: Turn, order: Order) -> None:
    """Of an order that is in the book; before that nothing was sold."""
    entry = entry_by_code(turn, order.code) if order.code else None
    if entry is None:
        turn.tell("slip.order_open", order=number_of(order))
    else:
        _send(turn, entry)


def _picked_order(turn: Turn, ref: str) -> None:
    order = find(turn, ref)
    if order is not None:
        _of_order(turn, order)


def _picked(turn: Turn, ref: str) -> None:
    entry = entry_by_code(turn, ref)
    if entry is None:
        turn.tell("change.not_found", code=ref)
    else:
        _send(turn, entry)


def _send(turn: Turn, entry: Entry) -> None:
    """What was struck has none; it can be brought back first."""
    if entry.returned_at is not None:
        turn.tell("undo.returned", order=entry.order or entry.code)
    elif entry.struck_at is not None:
        back = Button(f"entry.restore:{entry.code}", "button.restore")
        day = Day(entry.struck_at.astimezone(ZONE).date(), turn.on)
        turn.tell("old.struck", back, date=day, code=entry.code)
    else:
        send(turn, entry)


def _which(turn: Turn, _ref: str) -> None:
    """[Gửi biên lai] under the book: one sale needs no question."""
    last = standing(turn)
    if len(last) > 1:
        ask_which(turn, "slip.which", last)
    elif last:
        _send(turn, last[0])
    else:
        turn.tell("slip.none")


HANDLER = Handler(
    name="receipts",
    claims=_claims,
    begin=_begin,
    taps={"slip.of": _picked, "slip.order": _picked_order, "slip.which": _which},
    aside=True,
)
