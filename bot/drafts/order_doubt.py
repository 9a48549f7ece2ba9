"""A platform's completed order that may be a sale logged before: the household says which, one at a time."""

from __future__ import annotations

from bot.dialogue.queries import DoubtfulOrder, OrdersInDoubt
from bot.dialogue.reply import Button, Day, Line, Lines, Money, Value
from bot.dialogue.turn import Turn
from bot.drafts.order_card import number_of, place_of, ref_of
from bot.drafts.sale_card import items_of
from domain.household import Entry, Order

MOST_SALES = 7  # beside the button for none of them


def doubtful(turn: Turn) -> tuple[DoubtfulOrder, ...]:
    """The orders of which it is not known which sale they are, the oldest first."""
    found: tuple[DoubtfulOrder, ...] = turn.query(OrdersInDoubt()) if turn.household else ()
    return found


def ask_doubt(turn: Turn, found: DoubtfulOrder) -> None:
    """Ask which sale it is."""
    order, sales = found.order, found.sales[:MOST_SALES]
    none = Button(f"doubt.none:{ref_of(order)}", "button.another_sale")
    values: dict[str, Value] = {
        "order": number_of(order),
        "place": place_of(order),
        "item": items_of(order.items),
        "total": Money(order.total_vnd),
    }
    lines = Lines(tuple(_line(turn, place, e) for place, e in enumerate(sales, 1)))
    key = "order.doubt_one" if len(sales) == 1 else "order.doubt"
    buttons = [_button(order, entry) for entry in sales]
    turn.tell(key, *buttons, none, sales=lines, **values)


def _line(turn: Turn, place: int, entry: Entry) -> Line:
    values: dict[str, Value] = {"number": place, "code": entry.code, "item": items_of(entry.items)}
    key = "order.doubt_buyer" if entry.buyer_name else "order.doubt_sale"
    if entry.buyer_name:
        values["buyer"] = entry.buyer_name
    return Line(key, values | {"date": Day(entry.date, turn.on)})


def _button(order: Order, entry: Entry) -> Button:
    return Button(
        f"doubt.sale:{ref_of(order)}={entry.code}", "button.sale_code", {"code": entry.code}
    )
