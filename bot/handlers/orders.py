"""Orders on the phone: see them, confirm, refuse or cancel with a reason, send, complete."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from bot.dialogue.handler import Handler
from bot.dialogue.reply import Button, Clock, Money
from bot.dialogue.session import Task
from bot.dialogue.turn import Turn
from bot.dialogue.words import requested
from bot.drafts.order_card import card
from bot.drafts.order_list import (
    TO_SEND,
    WAITING,
    find,
    find_in,
    meant,
    order_buttons,
    tell_list,
)
from bot.drafts.sums import total_values
from domain.events import OrderCancelled, OrderCompleted, OrderConfirmed, OrderShipped
from domain.household import ZONE, Order
from domain.orders import evidence_of, holding

PACKING_HOUR = 18  # of the day, by when a confirmed order is packed, that day or the next
LATE = 14  # of the day; confirmed after this hour: packed the next day
REMIND = dt.timedelta(hours=2)  # after an answer was put off
REFUSABLE = ("placed", *TO_SEND)
UNDER_WAY = (*TO_SEND, "shipped")

REQUESTS = ("orders.pending", "orders.see", "order.refuse", "order.shipped", "order.done")
REASONS = {"no_stock": "button.no_stock", "no_time": "button.no_time", "": "button.skip"}

Act = Callable[[Turn, str], None]


def _claims(turn: Turn) -> bool:
    words = turn.understood
    if words is None:
        return False
    if words.intent in ("check_orders", "confirm_order", "cancel_order"):
        return True
    return requested(turn, *REQUESTS)


def _begin(turn: Turn) -> None:
    words = turn.understood
    if words is None:
        return
    if requested(turn, "order.shipped"):
        _on_one(turn, TO_SEND, _sent)
    elif requested(turn, "order.done"):
        _on_one(turn, UNDER_WAY, _ask_done)
    elif words.intent == "cancel_order" or requested(turn, "order.refuse"):
        _on_one(turn, REFUSABLE, _cancel)
    elif words.intent == "confirm_order":
        _on_one(turn, WAITING, _accept)
    elif words.order_id or words.buyer:
        _on_one(turn, (*WAITING, *UNDER_WAY), _see)
    else:
        tell_list(turn)


def _on_one(turn: Turn, states: tuple[str, ...], act: Act) -> None:
    """Do it to the order that is meant; several: asked, none: said."""
    words = turn.understood
    if words is not None and words.order_id:
        act(turn, words.order_id)
        return
    orders = meant(turn, states)
    if len(orders) == 1:
        act(turn, orders[0].number)
    elif orders:
        turn.tell("ask.order", *order_buttons(orders))
    else:
        turn.tell("order.none")


def _see(turn: Turn, number: str) -> None:
    order = find(turn, number)
    if order is not None:
        lines, buttons = card(turn, order)
        turn.say(*lines, buttons=buttons)


def _accept(turn: Turn, number: str) -> None:
    order = find_in(turn, number, (*WAITING, "shipped"))
    if order is None:
        return
    if order.state == "shipped":
        _ask_arrived(turn, order)
        return
    code = turn.new_code()
    holds = holding(order.items, turn.household.products if turn.household else ())
    turn.fact(OrderConfirmed, order=number, platform=order.platform, code=code, holds=holds)
    deadline = Clock(_packed_by(turn.at), turn.on)
    sent = Button(f"order.sent:{number}", "button.sent")
    turn.tell("order.accepted", sent, order=number, code=code, deadline=deadline)


def _packed_by(at: dt.datetime) -> dt.datetime:
    local = at.astimezone(ZONE)
    day = local if local.hour < LATE else local + dt.timedelta(days=1)
    return day.replace(hour=PACKING_HOUR, minute=0, second=0, microsecond=0)


def _later(turn: Turn, number: str) -> None:
    order = find_in(turn, number, WAITING)
    if order is not None:
        turn.tell("order.later", time=Clock(turn.at + REMIND, turn.on))


def _cancel(turn: Turn, number: str) -> None:
    """Refuse a new order or cancel a confirmed one; the latter is asked first, a reason after it."""
    order = find_in(turn, number, REFUSABLE)
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
    buttons = [Button(f"order.reason:{number}={reason}", key) for reason, key in REASONS.items()]
    turn.tell("order.refused_why", *buttons)


def _reason(turn: Turn, ref: str) -> None:
    number, _, reason = ref.partition("=")
    turn.session.close(f"order-{number}")
    order = find_in(turn, number, WAITING)
    if order is not None:
        _refuse_for(turn, order, reason or None)


def _refuse_for(turn: Turn, order: Order, reason: str | None) -> None:
    _cancelled(turn, order, reason)
    turn.tell("order.refused", order=order.number)


def _cancelled(turn: Turn, order: Order, reason: str | None) -> None:
    turn.fact(
        OrderCancelled,
        order=order.number,
        platform=order.platform,
        by="household",
        reason=reason,
        gives=order.held,
    )


def _cancel_sure(turn: Turn, ref: str) -> None:
    number, _, reason = ref.partition("=")
    order = find_in(turn, number, REFUSABLE)
    if order is not None:
        _cancelled(turn, order, reason or None)
        turn.tell("order.cancelled_own", order=number)


def _answer(turn: Turn, task: Task) -> bool:
    """A typed reason is taken as it is: which one it is, not its words."""
    words = turn.understood
    if words is None or words.intent not in ("other", "cancel_order"):
        return False
    _reason(turn, f"{task.slots['number']}={words.reason or 'other'}")
    return True


def _skip(turn: Turn, task: Task) -> bool:
    _reason(turn, f"{task.slots['number']}=")
    return True


def _sent(turn: Turn, number: str) -> None:
    order = find_in(turn, number, TO_SEND)
    if order is None:
        return
    turn.fact(OrderShipped, order=number, platform=order.platform)
    turn.tell("order.sent", order=number)


def _ask_done(turn: Turn, number: str) -> None:
    order = find_in(turn, number, UNDER_WAY)
    if order is not None:
        _ask_arrived(turn, order)


def _ask_arrived(turn: Turn, order: Order) -> None:
    number = order.number
    buttons = (
        Button(f"order.done:{number}", "button.arrived"),
        Button(f"order.not_done:{number}", "button.not_arrived"),
    )
    turn.tell("order.done_ask", *buttons, order=number, total=Money(order.total_vnd))


def _done(turn: Turn, number: str) -> None:
    """The order is one transaction: it goes into the ledger by itself."""
    order = find_in(turn, number, UNDER_WAY)
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
        evidence=evidence_of(order, "household"),
    )
    turn.tell("order.done", order=number, **total_values(order.total_vnd))


HANDLER = Handler(
    name="order",
    claims=_claims,
    begin=_begin,
    ask=_ask_reason,
    answer=_answer,
    skip=_skip,
    taps={
        "orders.see": lambda turn, _ref: tell_list(turn),
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
