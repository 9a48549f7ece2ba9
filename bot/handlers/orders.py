"""Orders on the phone: see them, take, refuse or cancel, pack, send, complete; their money, their return."""

from __future__ import annotations

from collections.abc import Callable

from bot.dialogue.handler import Handler
from bot.dialogue.reply import Button
from bot.dialogue.session import Task
from bot.dialogue.turn import Turn
from bot.dialogue.words import requested, said
from bot.drafts import order_steps
from bot.drafts.order_all import ALL, ask_all, ask_cancel_all, cancel_all, keep_all
from bot.drafts.order_card import card, number_of, ref_of
from bot.drafts.order_doubt import ask_doubt, doubtful
from bot.drafts.order_list import (
    Act,
    exactly,
    find,
    meant,
    on_one,
    one_of,
    open_orders,
    tell_list,
)
from bot.language.understanding import Understanding
from domain.household import Order, OrderState
from domain.orders import OPEN

WAITING: tuple[OrderState, ...] = ("placed",)
TO_SEND: tuple[OrderState, ...] = ("confirmed", "packed")
UNDER_WAY: tuple[OrderState, ...] = (*TO_SEND, "shipped")
TO_CANCEL: tuple[OrderState, ...] = (*WAITING, *TO_SEND)

REASONS = {"no_stock": "button.no_stock", "no_time": "button.no_time", "": "button.skip"}


# What the words ask for


def _asks(turn: Turn, order: Order) -> None:
    reason = turn.understood.reason if turn.understood else None
    _cancel(turn, order, reason)


def _accepts(turn: Turn, order: Order) -> None:
    if order.state == "shipped":
        order_steps.ask_done(turn, order)
    else:
        order_steps.accept(turn, order)


def _sees(turn: Turn, order: Order) -> None:
    lines, buttons = card(turn, order)
    turn.say(*lines, buttons=buttons)


ASKED: dict[str, tuple[tuple[OrderState, ...], str, Act]] = {
    "order.packed": (("confirmed",), "order.pack", order_steps.pack),
    "order.shipped": (TO_SEND, "order.sent", order_steps.ship),
    "order.done": (UNDER_WAY, "order.done_ask", order_steps.ask_done),
    "order.returned": (UNDER_WAY, "order.returned", order_steps.ask_returned),
    "order.refuse": (TO_CANCEL, "order.refuse", _asks),
}
"""Of each request: the orders that are meant when none is named, the button of each, what is done."""

SURE = ("order.accept", "order.done", "order.cancel_sure", "order.returned_sure")
LISTS = ("orders.pending", "orders.see", "orders.to_send", "orders.cancel_all")


def _claims(turn: Turn) -> bool:
    words = turn.understood
    if words is None:
        return False
    if requested(turn, "order.paid") and words.order_id is None and not words.buyer:
        return bool(_unpaid(turn))
    if words.intent in ("check_orders", "confirm_order", "cancel_order"):
        return True
    if requested(turn, "order.paid"):
        return words.order_id is not None or bool(_unpaid(turn))
    return requested(turn, *ASKED, *LISTS) or _shown(turn) is not None


def _shown(turn: Turn) -> tuple[str, str] | None:
    """A yes to the card or the question about an order that was shown last: its first button."""
    if said(turn) not in ("yes", "save") or not turn.session.options:
        return None
    action, _, ref = turn.session.options[0][0].partition(":")
    return (action, ref) if action in SURE else None


def _begin(turn: Turn) -> None:
    words = turn.understood
    if words is None:
        return
    if words.request in REQUESTED:
        REQUESTED[words.request](turn)
    elif words.request in ASKED:
        on_one(turn, *ASKED[words.request])
    else:
        _meant(turn, words)


def _meant(turn: Turn, words: Understanding) -> None:
    shown = _shown(turn)
    if words.intent == "cancel_order":
        on_one(turn, TO_CANCEL, "order.refuse", _asks)
    elif words.intent == "confirm_order":
        on_one(turn, WAITING, "order.accept", _accepts)
    elif shown is not None:
        action, ref = shown
        HANDLER.taps[action](turn, ref)
    elif words.order_id or words.buyer:
        on_one(turn, OPEN, "order.see", _sees)
    else:
        _see_waiting(turn)


def _see_waiting(turn: Turn, _ref: str = "") -> None:
    """Those that wait for an answer; when none does, the other open ones; then what is in doubt."""
    waiting = [o for o in open_orders(turn) if o.state in WAITING]
    others = [o for o in open_orders(turn) if not o.doubt]
    unclear = () if others else doubtful(turn)
    if unclear:
        ask_doubt(turn, unclear[0])
    else:
        tell_list(turn, waiting or others, "order.list" if waiting else "order.list_open")


def _see_to_send(turn: Turn) -> None:
    """*đơn nào chưa giao*: taken, and still here."""
    orders = meant(turn, TO_SEND)
    if orders:
        tell_list(turn, orders, "order.list_to_send")
    else:
        turn.tell("order.none_to_send")


def _on(act: Act) -> Callable[[Turn, str], None]:
    """What a button does: the order behind it, if there is one."""

    def tap(turn: Turn, ref: str) -> None:
        order = find(turn, ref)
        if order is not None:
            act(turn, order)

    return tap


# Money


def _unpaid(turn: Turn) -> list[Order]:
    """Orders that are not paid yet: under way, or completed lately, of the buyer who was named."""
    completed = [e for e in turn.household.entries if e.order] if turn.household else []
    buyer = turn.understood.buyer if turn.understood else None
    if buyer is not None:
        completed = [e for e in completed if e.buyer_name == buyer]
    found = [exactly(turn, e.platform, e.order or "") for e in completed if e.evidence != "paid"]
    orders = [*meant(turn, UNDER_WAY), *(o for o in found if o is not None)]
    return [o for o in orders if o.paid_at is None]


def _paid(turn: Turn) -> None:
    unpaid = _unpaid(turn)
    if unpaid and turn.understood is not None and turn.understood.order_id is None:
        one_of(turn, unpaid, "order.paid", order_steps.paid)
    else:
        on_one(turn, UNDER_WAY, "order.paid", order_steps.paid)


# Refusing, cancelling


def _cancel(turn: Turn, order: Order, reason: str | None) -> None:
    """Refuse a new order or cancel one that was taken; the latter is asked first, a reason after it."""
    if order.state != "placed":
        order_steps.ask_cancel(turn, order, reason)
    elif reason is None or reason == "buyer_refused":
        # Nothing was sent yet, so it is the household that will not, not the buyer.
        _open_reason(turn, order)
    else:
        _refuse_for(turn, order, reason)


def _open_reason(turn: Turn, order: Order) -> None:
    ref = ref_of(order)
    slots = {"number": ref}
    draft = f"order-{ref}"
    task = Task(handler="order", step="reason", draft=draft, slots=slots, opened_at=turn.at)
    turn.session.open(task)
    _ask(turn, task)


def _ask(turn: Turn, task: Task) -> None:
    if task.step == ALL:
        ask_all(turn, task)
        return
    number = task.slots["number"]
    buttons = [Button(f"order.reason:{number}={reason}", key) for reason, key in REASONS.items()]
    turn.tell("order.refused_why", *buttons)


def _reason(turn: Turn, ref: str) -> None:
    number, _, reason = ref.partition("=")
    turn.session.close(f"order-{number}")
    order = find(turn, number)
    if order is not None and order.state != "placed":
        order_steps.may(turn, order, "confirm")
    elif order is not None:
        _refuse_for(turn, order, reason or None)


def _refuse_for(turn: Turn, order: Order, reason: str | None) -> None:
    order_steps.cancel(turn, order, reason)
    turn.tell("order.refused", order=number_of(order))


def _cancel_sure(turn: Turn, ref: str) -> None:
    which, _, reason = ref.partition("=")
    order = find(turn, which)
    if order is not None and order_steps.may(turn, order, "cancel"):
        order_steps.cancel(turn, order, reason or None)
        turn.tell("order.cancelled_own", order=number_of(order))


def _answer(turn: Turn, task: Task) -> bool:
    """A typed reason is taken as it is: which one it is, not its words."""
    words = turn.understood
    if task.step == ALL:
        return _yes_all(turn, task)
    if words is None or words.intent not in ("other", "cancel_order"):
        return False
    _reason(turn, f"{task.slots['number']}={words.reason or 'other'}")
    return True


def _yes_all(turn: Turn, task: Task) -> bool:
    if said(turn) != "yes":
        return False
    cancel_all(turn, task.draft)
    return True


def _skip(turn: Turn, task: Task) -> bool:
    if task.step == ALL:
        return False
    _reason(turn, f"{task.slots['number']}=")
    return True


REQUESTED: dict[str, Callable[[Turn], None]] = {
    "orders.cancel_all": ask_cancel_all,
    "orders.to_send": _see_to_send,
    "order.paid": _paid,
}

HANDLER = Handler(
    name="order",
    claims=_claims,
    begin=_begin,
    ask=_ask,
    answer=_answer,
    skip=_skip,
    taps={
        "orders.see": _see_waiting,
        "order.see": _on(_sees),
        "order.accept": _on(_accepts),
        "order.later": _on(order_steps.later),
        "order.refuse": _on(lambda turn, order: _cancel(turn, order, None)),
        "order.reason": _reason,
        "order.cancel_sure": _cancel_sure,
        "order.keep": _on(lambda turn, order: turn.tell("order.kept", order=number_of(order))),
        "order.all_sure": cancel_all,
        "order.all_keep": keep_all,
        "order.pack": _on(order_steps.pack),
        "order.sent": _on(order_steps.ship),
        "order.done_ask": _on(order_steps.ask_done),
        "order.done": _on(order_steps.done),
        "order.not_done": lambda turn, _ref: turn.tell("order.not_done"),
        "order.paid": _on(order_steps.paid),
        "order.returned": _on(order_steps.ask_returned),
        "order.returned_sure": _on(order_steps.returned),
    },
    aside=True,
)
