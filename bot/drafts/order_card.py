"""The card of an order: the sum first, then the order, the goods, where they go, until when to answer."""

from __future__ import annotations

from bot.dialogue.reply import Button, Clock, Line, Name, Value
from bot.dialogue.turn import Turn
from bot.drafts.sale_card import item_of
from bot.drafts.sums import rate_values, total_values
from domain.events import SaleItem
from domain.household import Order


def state_name(order: Order) -> Name:
    """The order's state in words."""
    return Name(f"state.{order.state}")


def answer_buttons(order: Order) -> tuple[Button, ...]:
    """[Nhận đơn] [Để sau] [Không nhận]."""
    return (
        Button(f"order.accept:{order.number}", "button.accept"),
        Button(f"order.later:{order.number}", "button.later"),
        Button(f"order.refuse:{order.number}", "button.decline"),
    )


def card(turn: Turn, order: Order) -> tuple[tuple[Line, ...], tuple[Button, ...]]:
    """The lines and the buttons that fit the order's state."""
    head: dict[str, Value] = {"order": order.number, "place": Name(f"platform.{order.platform}")}
    lines = [
        Line("order.total", total_values(order.total_vnd)),
        Line("order.head", head),
        *map(_item_line, order.items),
    ]
    if order.buyer_name:
        lines.append(Line("order.buyer", {"buyer": order.buyer_name}))
    if order.destination:
        lines.append(Line("order.destination", {"destination": order.destination}))
    if order.state == "placed" and order.deadline is not None:
        lines.append(Line("order.ask", {"deadline": Clock(order.deadline, turn.on)}))
    elif order.state != "placed":
        lines.append(Line("order.state", {"state": state_name(order)}))
    return tuple(lines), _buttons(order)


def _buttons(order: Order) -> tuple[Button, ...]:
    if order.state == "placed":
        return answer_buttons(order)
    cancel = Button(f"order.refuse:{order.number}", "button.cancel_order")
    if order.state in ("confirmed", "packed"):
        return (Button(f"order.sent:{order.number}", "button.sent"), cancel)
    if order.state == "shipped":
        return (Button(f"order.done:{order.number}", "button.arrived"),)
    return ()


def _item_line(item: SaleItem) -> Line:
    values: dict[str, Value] = {"item": item_of(item)}
    if item.unit_price_vnd is None:
        return Line("card.item_only", values)
    unit = item.price_unit or item.unit
    return Line("card.item", values | rate_values(item.unit_price_vnd, unit))
