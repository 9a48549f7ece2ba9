"""The household's orders in the conversation: finding the one that is meant, listing them."""

from __future__ import annotations

from collections.abc import Sequence

from bot.dialogue.queries import OrderByNumber
from bot.dialogue.reply import Button, Clock, Line, Lines, Money, Value
from bot.dialogue.turn import Turn
from bot.drafts.order_card import answer_buttons, state_name
from bot.drafts.sale_card import items_of
from domain.fold import fold
from domain.household import Order

SHOWN = 6  # orders in a list
WAITING = ("placed",)
TO_SEND = ("confirmed", "packed")


def open_orders(turn: Turn) -> tuple[Order, ...]:
    """The household's open orders, nearest deadline first."""
    return turn.household.orders if turn.household else ()


def find(turn: Turn, number: str) -> Order | None:
    """The order of this number, open or closed; when there is none, the person is told."""
    found = next((o for o in open_orders(turn) if o.number == number), None)
    if found is None and turn.household is not None:
        found = turn.query(OrderByNumber(number))
    if found is None:
        turn.tell("order.not_found", order=number)
    return found


def find_in(turn: Turn, number: str, states: Sequence[str]) -> Order | None:
    """The order, if it is in one of these states; otherwise the person is told what it is."""
    order = find(turn, number)
    if order is None or order.state in states:
        return order
    if order.state == "cancelled" and order.cancelled_by == "buyer":
        _tell_crossed(turn, order)
    elif order.state == "placed":
        turn.tell("order.must_accept", *answer_buttons(order), order=number)
    else:
        turn.tell("order.already", order=number, state=state_name(order))
    return None


def _tell_crossed(turn: Turn, order: Order) -> None:
    """The buyer's cancellation and the household's answer met on the way."""
    values: dict[str, Value] = {"time": Clock(order.changed_at), "item": items_of(order.items)}
    worker = Button("help.human", "button.worker")
    turn.tell("order.crossed", worker, order=order.number, **values)


def meant(turn: Turn, states: Sequence[str]) -> list[Order]:
    """The open orders in these states that the words may mean."""
    words = turn.understood
    orders = [o for o in open_orders(turn) if o.state in states]
    if words is None:
        return orders
    if words.platform:
        orders = [o for o in orders if o.platform == words.platform]
    if words.buyer:
        orders = [o for o in orders if fold(words.buyer) in fold(o.buyer_name or "")]
    names = [fold(item.product) for item in words.items if item.product]
    if names and not words.buyer:
        orders = [o for o in orders if any(_has(o, name) for name in names)] or orders
    return orders


def _has(order: Order, name: str) -> bool:
    return any(name in fold(item.product) or fold(item.product) in name for item in order.items)


def order_buttons(orders: Sequence[Order]) -> list[Button]:
    """One button an order."""
    return [
        Button(f"order.see:{o.number}", "button.order", {"order": o.number}) for o in orders[:SHOWN]
    ]


def tell_list(turn: Turn) -> None:
    """The orders that wait for an answer; when none does, the other open ones."""
    waiting = [o for o in open_orders(turn) if o.state in WAITING]
    orders = waiting or open_orders(turn)
    if not orders:
        turn.tell("order.none")
        return
    lines = tuple(_line(turn, number, o) for number, o in enumerate(orders[:SHOWN], 1))
    key = "order.list" if waiting else "order.list_open"
    turn.tell(key, *order_buttons(orders), count=len(orders), orders=Lines(lines))


def _line(turn: Turn, number: int, order: Order) -> Line:
    total = Money(order.total_vnd)
    values: dict[str, Value] = {"number": number, "order": order.number, "total": total}
    if order.state not in WAITING or order.deadline is None:
        return Line("order.line_state", values | {"state": state_name(order)})
    return Line("order.line", values | {"deadline": Clock(order.deadline, turn.on)})
