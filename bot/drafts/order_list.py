"""The household's orders in the conversation: finding the one that is meant, listing them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from bot.dialogue.queries import OrderByNumber, OrdersNumbered
from bot.dialogue.reply import Button, Clock, Line, Lines, Money, Value
from bot.dialogue.turn import Turn
from bot.drafts.order_card import LONGEST_REF, number_of, order_button, state_name
from domain.facts import Platform
from domain.fold import fold
from domain.household import Order, OrderState
from domain.orders import OPEN

SHOWN = 6  # orders in a list
PLATFORMS: tuple[Platform, ...] = ("voso", "postmart", "offline")

Act = Callable[[Turn, Order], None]


def open_orders(turn: Turn) -> tuple[Order, ...]:
    """The household's open orders, nearest deadline first."""
    return turn.household.orders if turn.household else ()


def exactly(turn: Turn, platform: Platform, number: str) -> Order | None:
    """The order of this platform's number, open or closed."""
    for order in open_orders(turn):
        if (order.platform, order.number) == (platform, number):
            return order
    if turn.household is None:
        return None
    found: Order | None = turn.query(OrderByNumber(number, platform))
    return found


def find(turn: Turn, ref: str) -> Order | None:
    """The order behind a button; when there is none (any more), the person is told."""
    head, _, tail = ref.partition("/")
    platform = next((p for p in PLATFORMS if p == head), None)
    found = _ending(turn, tail) if platform else numbered(turn, ref)
    order = next((o for o in found if platform in (None, o.platform)), None)
    if order is None:
        turn.tell("order.not_found", order=tail or ref)
    return order


def _ending(turn: Turn, tail: str) -> list[Order]:
    """Orders of this number, or of one so long that a button only holds its end."""
    found = [o for o in open_orders(turn) if o.number[-LONGEST_REF:] == tail]
    return found or [o for o in _asked(turn, tail) if o.number[-LONGEST_REF:] == tail]


def numbered(turn: Turn, said: str) -> list[Order]:
    """The orders that a spoken number may mean: *7* is KX-0412-7, *1187* is VS-1187; open ones first."""
    found = _called(open_orders(turn), said)
    return found or _called(_asked(turn, said), said)[:SHOWN]


def _asked(turn: Turn, said: str) -> tuple[Order, ...]:
    if turn.household is None:
        return ()
    found: tuple[Order, ...] = turn.query(OrdersNumbered(said))
    return found


def _called(orders: Iterable[Order], said: str) -> list[Order]:
    wanted = said.casefold()
    named = [o for o in orders if _ends_with(o.number.casefold(), wanted)]
    return [o for o in named if o.number.casefold() == wanted] or named


def _ends_with(number: str, said: str) -> bool:
    """The end of the number, cut where a group of digits begins."""
    before = number[: len(number) - len(said)][-1:]
    return number.endswith(said) and not (before.isdigit() and said[:1].isdigit())


def meant(turn: Turn, states: Sequence[OrderState]) -> list[Order]:
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


def on_one(turn: Turn, states: Sequence[OrderState], action: str, act: Act) -> None:
    """Do it to the order that is meant; several: asked with buttons that do `action`, none: said."""
    words = turn.understood
    said = words.order_id if words else None
    orders = numbered(turn, said) if said else meant(turn, states) or _named(turn)
    if said and not orders:
        turn.tell("order.not_found", order=said)
    else:
        one_of(turn, orders, action, act)


def one_of(turn: Turn, orders: Sequence[Order], action: str, act: Act) -> None:
    """Do it to the only one of these; several: asked, none: said."""
    if len(orders) == 1:
        act(turn, orders[0])
    elif orders:
        turn.tell("ask.order", *order_buttons(orders, action))
    else:
        turn.tell("order.none")


def _named(turn: Turn) -> list[Order]:
    """Open orders of the buyer who was named, in whatever state: the answer says what is possible."""
    return meant(turn, OPEN) if turn.understood and turn.understood.buyer else []


def order_buttons(orders: Sequence[Order], action: str = "order.see") -> list[Button]:
    """One button an order."""
    return [order_button(order, action) for order in orders[:SHOWN]]


def tell_list(turn: Turn, orders: Sequence[Order], key: str) -> None:
    """These orders, one a line."""
    if not orders:
        turn.tell("order.none")
        return
    lines = tuple(_line(turn, number, o) for number, o in enumerate(orders[:SHOWN], 1))
    turn.tell(key, *order_buttons(orders), count=len(orders), orders=Lines(lines))


def _line(turn: Turn, number: int, order: Order) -> Line:
    total = Money(order.total_vnd)
    values: dict[str, Value] = {"number": number, "order": number_of(order), "total": total}
    if order.state != "placed" or order.deadline is None:
        return Line("order.line_state", values | {"state": state_name(order)})
    return Line("order.line", values | {"deadline": Clock(order.deadline, turn.on)})
