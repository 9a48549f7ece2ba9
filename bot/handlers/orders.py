"""Orders on the phone: see them, confirm, refuse or cancel with a reason, send, complete."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from bot.dialogue.handler import Handler
from bot.dialogue.queries import OrderByNumber
from bot.dialogue.reply import Button, Clock, Line, Lines, Money, Value, Words
from bot.dialogue.session import Task
from bot.dialogue.turn import Turn
from bot.dialogue.words import requested, said
from bot.drafts.order_card import answer_buttons, card, state_name
from bot.drafts.sale_card import items_of
from domain.events import OrderCancelled, OrderCompleted, OrderConfirmed, OrderShipped
from domain.fold import fold
from domain.household import ZONE, Order

SHOWN = 6  # orders in a list
PACKING_HOUR = 18  # by when a confirmed order is packed, that day or the next
LATE = 14  # confirmed after this hour: packed the next day
REMIND = dt.timedelta(hours=2)
WAITING = ("placed",)
TO_SEND = ("confirmed", "packed")

Act = Callable[[Turn, str], None]


def _orders(turn: Turn) -> tuple[Order, ...]:
    return turn.household.orders if turn.household else ()


def _find(turn: Turn, number: str) -> Order | None:
    found = next((o for o in _orders(turn) if o.number == number), None)
    if found is None and turn.household is not None:
        found = turn.query(OrderByNumber(number))
    return found


def _claims(turn: Turn) -> bool:
    words = turn.understood
    if words is None:
        return False
    if words.intent in ("check_orders", "confirm_order", "cancel_order"):
        return True
    return requested(
        turn, "orders.pending", "orders.see", "order.refuse", "order.shipped", "order.done"
    )


def _begin(turn: Turn) -> None:
    words = turn.understood
    if words is None:
        return
    if requested(turn, "order.shipped"):
        _on_one(turn, TO_SEND, _sent)
    elif requested(turn, "order.done"):
        _on_one(turn, (*TO_SEND, "shipped"), _ask_done)
    elif words.intent == "cancel_order" or requested(turn, "order.refuse"):
        _on_one(turn, ("placed", *TO_SEND), _cancel)
    elif words.intent == "confirm_order":
        _on_one(turn, WAITING, _accept)
    elif words.order_id or words.buyer:
        _on_one(turn, ("placed", *TO_SEND, "shipped"), _see)
    else:
        _list(turn)


def _meant(turn: Turn, states: tuple[str, ...]) -> list[Order]:
    """The open orders in these states that the words may mean."""
    words = turn.understood
    orders = [o for o in _orders(turn) if o.state in states]
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


def _on_one(turn: Turn, states: tuple[str, ...], act: Act) -> None:
    """Do it to the order that is meant; several: asked, none: said."""
    words = turn.understood
    if words is not None and words.order_id:
        order = _find(turn, words.order_id)
        if order is None:
            turn.tell("order.not_found", order=words.order_id)
            return
        act(turn, order.number)
        return
    meant = _meant(turn, states)
    if len(meant) == 1:
        act(turn, meant[0].number)
    elif meant:
        _ask_which(turn, meant)
    else:
        turn.tell("order.none")


def _ask_which(turn: Turn, orders: list[Order]) -> None:
    buttons = [
        Button(f"order.see:{o.number}", "button.order", {"order": o.number}) for o in orders[:SHOWN]
    ]
    turn.tell("ask.order", *buttons)


def _list(turn: Turn) -> None:
    waiting = [o for o in _orders(turn) if o.state in WAITING]
    others = [o for o in _orders(turn) if o.state not in WAITING]
    if waiting:
        lines = [_list_line(turn, number, o) for number, o in enumerate(waiting[:SHOWN], 1)]
        _say_list(turn, "order.list", waiting, lines)
    elif others:
        lines = [_state_line(number, o) for number, o in enumerate(others[:SHOWN], 1)]
        _say_list(turn, "order.list_open", others, lines)
    else:
        turn.tell("order.none")


def _say_list(turn: Turn, key: str, orders: list[Order], lines: list[Line]) -> None:
    buttons = [
        Button(f"order.see:{o.number}", "button.order", {"order": o.number}) for o in orders[:SHOWN]
    ]
    turn.tell(key, *buttons, count=len(orders), orders=Lines(tuple(lines)))


def _list_line(turn: Turn, number: int, order: Order) -> Line:
    values: dict[str, Value] = {
        "number": number,
        "order": order.number,
        "total": Money(order.total_vnd),
    }
    if order.deadline is None:
        return Line("order.line_state", {**values, "state": state_name(order)})
    return Line("order.line", {**values, "deadline": Clock(order.deadline, turn.on)})


def _state_line(number: int, order: Order) -> Line:
    values: dict[str, Value] = {
        "number": number,
        "order": order.number,
        "total": Money(order.total_vnd),
    }
    return Line("order.line_state", {**values, "state": state_name(order)})


def _see(turn: Turn, number: str) -> None:
    order = _find(turn, number)
    if order is None:
        turn.tell("order.not_found", order=number)
        return
    lines, buttons = card(turn, order)
    turn.say(*lines, buttons=buttons)


def _not_now(turn: Turn, number: str, states: tuple[str, ...]) -> Order | None:
    """The order, if it is in one of these states; otherwise the person is told what it is."""
    order = _find(turn, number)
    if order is None:
        turn.tell("order.not_found", order=number)
        return None
    if order.state in states:
        return order
    if order.state == "cancelled" and order.cancelled_by == "buyer":
        _crossed(turn, order)
    elif order.state == "placed":
        turn.tell("order.must_accept", *answer_buttons(order), order=number)
    else:
        turn.tell("order.already", order=number, state=state_name(order))
    return None


def _crossed(turn: Turn, order: Order) -> None:
    buttons = (Button("help.human", "button.worker"),)
    item = items_of(order.items)
    turn.tell(
        "order.crossed", *buttons, order=order.number, time=Clock(order.changed_at), item=item
    )


def _accept(turn: Turn, number: str) -> None:
    known = _find(turn, number)
    if known is not None and known.state == "shipped":
        _ask_done(turn, number)
        return
    order = _not_now(turn, number, WAITING)
    if order is None:
        return
    code = turn.new_code()
    turn.fact(OrderConfirmed, order=number, platform=order.platform, code=code)
    deadline = Clock(_packed_by(turn.at), turn.on)
    sent = Button(f"order.sent:{number}", "button.sent")
    turn.tell("order.accepted", sent, order=number, code=code, deadline=deadline)


def _packed_by(at: dt.datetime) -> dt.datetime:
    local = at.astimezone(ZONE)
    day = local if local.hour < LATE else local + dt.timedelta(days=1)
    return day.replace(hour=PACKING_HOUR, minute=0, second=0, microsecond=0)


def _later(turn: Turn, number: str) -> None:
    order = _not_now(turn, number, WAITING)
    if order is not None:
        turn.tell("order.later", time=Clock(turn.at + REMIND, turn.on))


def _cancel(turn: Turn, number: str) -> None:
    """Refuse a new order or cancel a confirmed one; the latter is asked first, a reason after it."""
    order = _not_now(turn, number, ("placed", *TO_SEND))
    if order is None:
        return
    reason = turn.understood.reason if turn.understood else None
    if order.state == "placed":
        # Nothing was sent yet, so it is the household that will not, not the buyer.
        _refused(turn, order, None if reason == "buyer_refused" else reason)
        return
    buttons = (
        Button(f"order.cancel_sure:{number}={reason or ''}", "button.cancel_order"),
        Button(f"order.keep:{number}", "button.leave"),
    )
    turn.tell("order.cancel_ask", *buttons, order=number, total=Money(order.total_vnd))


def _refused(turn: Turn, order: Order, reason: str | None) -> None:
    if reason is None:
        task = Task(
            handler="order",
            step="reason",
            draft=f"order-{order.number}",
            slots={"number": order.number},
            opened_at=turn.at,
        )
        turn.session.open(task)
        _ask_reason(turn, task)
        return
    _refuse_for(turn, order, reason)


def _ask_reason(turn: Turn, task: Task) -> None:
    number = task.slots["number"]
    buttons = [
        Button(f"order.reason:{number}={reason}", key)
        for reason, key in (
            ("no_stock", "button.no_stock"),
            ("no_time", "button.no_time"),
            ("", "button.skip"),
        )
    ]
    turn.tell("order.refused_why", *buttons)


def _reason(turn: Turn, ref: str) -> None:
    number, _, reason = ref.partition("=")
    turn.session.close(f"order-{number}")
    order = _not_now(turn, number, WAITING)
    if order is not None:
        _refuse_for(turn, order, reason or None)


def _refuse_for(turn: Turn, order: Order, reason: str | None) -> None:
    _cancelled(turn, order, reason)
    turn.tell("order.refused", order=order.number)


def _cancelled(turn: Turn, order: Order, reason: str | None) -> None:
    turn.fact(
        OrderCancelled, order=order.number, platform=order.platform, by="household", reason=reason
    )


def _cancel_sure(turn: Turn, ref: str) -> None:
    number, _, reason = ref.partition("=")
    order = _not_now(turn, number, ("placed", *TO_SEND))
    if order is not None:
        _cancelled(turn, order, reason or None)
        turn.tell("order.cancelled_own", order=number)


def _answer(turn: Turn, task: Task) -> bool:
    """A typed reason is taken as it is: which one it is, not its words."""
    order = _find(turn, task.slots["number"])
    if order is None or said(turn) in ("cancel", "back"):
        return False
    words = turn.understood
    if words is not None and words.intent not in ("other", "cancel_order"):
        return False
    turn.session.close(task.draft)
    _refuse_for(turn, order, (words.reason if words else None) or "other")
    return True


def _skip(turn: Turn, task: Task) -> bool:
    _reason(turn, f"{task.slots['number']}=")
    return True


def _sent(turn: Turn, number: str) -> None:
    order = _not_now(turn, number, TO_SEND)
    if order is None:
        return
    turn.fact(OrderShipped, order=number, platform=order.platform)
    turn.tell("order.sent", order=number)


def _ask_done(turn: Turn, number: str) -> None:
    order = _not_now(turn, number, (*TO_SEND, "shipped"))
    if order is None:
        return
    buttons = (
        Button(f"order.done:{number}", "button.arrived"),
        Button(f"order.not_done:{number}", "button.not_arrived"),
    )
    turn.tell("order.done_ask", *buttons, order=number, total=Money(order.total_vnd))


def _done(turn: Turn, number: str) -> None:
    """The order is one transaction: it goes into the ledger by itself."""
    order = _not_now(turn, number, (*TO_SEND, "shipped"))
    if order is None:
        return
    code = order.code or turn.new_code()
    turn.fact(
        OrderCompleted,
        order=number,
        platform=order.platform,
        code=code,
        total_vnd=order.total_vnd,
        date=turn.on,
        evidence="confirmed",
    )
    total: dict[str, Value] = {
        "total": Money(order.total_vnd),
        "total_words": Words(order.total_vnd),
    }
    turn.tell("order.done", order=number, **total)


HANDLER = Handler(
    name="order",
    claims=_claims,
    begin=_begin,
    ask=_ask_reason,
    answer=_answer,
    skip=_skip,
    taps={
        "orders.see": lambda turn, _ref: _list(turn),
        "order.see": _see,
        "order.accept": _accept,
        "order.later": _later,
        "order.refuse": _cancel,
        "order.reason": _reason,
        "order.cancel_sure": _cancel_sure,
        "order.keep": lambda turn, ref: turn.tell("order.kept", order=ref),
        "order.sent": _sent,
        "order.done": _done,
        "order.not_done": lambda turn, _ref: turn.tell("order.not_done"),
    },
    aside=True,
)
