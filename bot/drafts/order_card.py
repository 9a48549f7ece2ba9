"""The card of an order: the sum first, then the order, the goods, where they go, until when to answer."""

from __future__ import annotations

from bot.dialogue.address_queries import OwnDigitalAddress
from bot.dialogue.reply import Button, Clock, Day, Line, Name, Value
from bot.dialogue.turn import Turn
from bot.drafts.sale_card import item_of
from bot.drafts.sums import rate_values, total_values
from domain.digital_address import DigitalAddress
from domain.events import SaleItem
from domain.facts import Platform
from domain.household import Order
from domain.orders import local_day

LONGEST_REF = 22  # signs of an order's number in a button, which holds 64 bytes in all

TO_FETCH = ("confirmed", "packed")  # whose parcel is still at home
SOURCES = {"shop_page": "source.shop_page", "typed": "source.typed"}


def state_name(order: Order) -> Name:
    """The order's state in words."""
    return Name(f"state.{order.state}")


def number_of(order: Order) -> str:
    """The number as the household says it: of its own orders only the count."""
    return number_in(order.platform, order.number)


def number_in(platform: Platform, number: str) -> str:
    """The same, of a number on a platform."""
    return number.rpartition("-")[2] if platform == "offline" else number


def place_of(order: Order) -> Name:
    """Where the order came from."""
    return Name(SOURCES.get(order.source, f"platform.{order.platform}"))


def ref_of(order: Order) -> str:
    """The order in a button."""
    return f"{order.platform}/{order.number[-LONGEST_REF:]}"


def order_button(order: Order, action: str) -> Button:
    """[Đơn 1187], to choose among several."""
    return Button(f"{action}:{ref_of(order)}", "button.order", {"order": number_of(order)})


def answer_buttons(order: Order) -> tuple[Button, ...]:
    """[Nhận đơn] [Để sau] [Không nhận]."""
    ref = ref_of(order)
    return (
        Button(f"order.accept:{ref}", "button.accept"),
        Button(f"order.later:{ref}", "button.later"),
        Button(f"order.refuse:{ref}", "button.decline"),
    )


def card(turn: Turn, order: Order) -> tuple[tuple[Line, ...], tuple[Button, ...]]:
    """The lines and the buttons that fit the order's state."""
    head: dict[str, Value] = {"order": number_of(order), "place": place_of(order)}
    lines = [
        Line("order.total", total_values(order.total_vnd)),
        Line("order.head", head),
        *map(_item_line, order.items),
    ]
    if order.buyer_name:
        lines.append(Line("order.buyer", {"buyer": order.buyer_name}))
    if order.destination:
        lines.append(Line("order.destination", {"destination": order.destination}))
    if order.state in TO_FETCH:
        lines.append(_pickup(turn))
    if order.source == "typed" and order.deadline is not None:
        lines.append(Line("card.ordered", {"date": Day(local_day(order.deadline), turn.on)}))
    if order.paid_at:
        lines.append(Line("order.paid_line"))
    if order.state == "placed" and order.deadline is not None:
        lines.append(Line("order.ask", {"deadline": Clock(order.deadline, turn.on)}))
    elif order.state != "placed":
        lines.append(Line("order.state", {"state": state_name(order)}))
    return tuple(lines), step_buttons(order)


def _pickup(turn: Turn) -> Line:
    """Where the parcel is fetched, for who brings it; left out while there is no digital address."""
    address: DigitalAddress | None = None
    if "address" in turn.person.consents:
        address = turn.query(OwnDigitalAddress())
    return Line("order.pickup", {"code": address.code if address else ""})


def step_buttons(order: Order) -> tuple[Button, ...]:
    """What the household may do with it now."""
    if order.state == "placed":
        return answer_buttons(order)
    ref = ref_of(order)
    cancel = Button(f"order.refuse:{ref}", "button.cancel_order")
    if order.state in ("confirmed", "packed"):
        return (Button(f"order.sent:{ref}", "button.sent"), cancel)
    if order.state == "shipped":
        return (Button(f"order.done:{ref}", "button.arrived"),)
    if order.state == "completed":
        return (Button(f"order.returned:{ref}", "button.came_back"),)
    return ()


def _item_line(item: SaleItem) -> Line:
    values: dict[str, Value] = {"item": item_of(item)}
    if item.unit_price_vnd is None:
        return Line("card.item_only", values)
    unit = item.price_unit or item.unit
    return Line("card.item", values | rate_values(item.unit_price_vnd, unit))
