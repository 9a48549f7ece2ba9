"""The steps of an order that the household takes; one that is not allowed is answered with those that are."""

from __future__ import annotations

import datetime as dt

from bot.dialogue.queries import RemindersLeft
from bot.dialogue.reply import Button, Clock, Money, Value
from bot.dialogue.turn import Turn
from bot.drafts.ledger import entry_by_code, month_values
from bot.drafts.order_card import (
    answer_buttons,
    number_of,
    place_of,
    ref_of,
    state_name,
    step_buttons,
)
from bot.drafts.sale_card import items_of
from bot.drafts.sums import total_values
from domain.events import (
    OrderCancelled,
    OrderCompleted,
    OrderConfirmed,
    OrderPacked,
    OrderPaid,
    OrderPutOff,
    OrderReturned,
    OrderShipped,
    SaleFigures,
)
from domain.fold import fold
from domain.household import ZONE, Order
from domain.order_news import after_quiet
from domain.orders import OPEN, Refusal, Step, after, evidence_of, holding

PACKING_HOUR = 18  # of the day, by when a confirmed order is packed, that day or the next
LATE = 14  # of the day; confirmed after this hour: packed the next day
REMIND = dt.timedelta(hours=2)  # after an answer was put off
CROSSED = 8  # cancellations that a session remembers to have told


def may(turn: Turn, order: Order, step: Step) -> bool:
    """Whether the household may take the step now; otherwise the person is told what is so, and what may."""
    if not isinstance(after(order.state, step), Refusal):
        return True
    if order.state == "cancelled" and order.cancelled_by != "household":
        _tell_crossed(turn, order)
    elif order.state == "placed":
        turn.tell("order.must_accept", *answer_buttons(order), order=number_of(order))
    else:
        values: dict[str, Value] = {"order": number_of(order), "state": state_name(order)}
        turn.tell("order.already", *step_buttons(order), **values)
    return False


def _tell_crossed(turn: Turn, order: Order) -> None:
    """The cancellation and the household's answer met on the way: one answer, it is no news any more."""
    turn.session.crossed = [*turn.session.crossed, ref_of(order)][-CROSSED:]
    by_platform = order.cancelled_by == "platform"
    key = "order.crossed_platform" if by_platform else "order.crossed"
    turn.tell(key, *_after_cancelling(turn, order), **cancelled_values(turn, order))


def cancelled_values(turn: Turn, order: Order) -> dict[str, Value]:
    """What is said of a cancellation: the number, where it came from, when, what is there again."""
    today = order.changed_at.astimezone(ZONE).date() == turn.on
    return {
        "order": number_of(order),
        "place": place_of(order),
        "time": Clock(order.changed_at, None if today else turn.on),
        "item": items_of(order.items),
    }


def _after_cancelling(turn: Turn, order: Order) -> tuple[Button, ...]:
    worker = Button("help.human", "button.worker")
    names = {fold(item.product) for item in order.items}
    products = turn.household.products if turn.household else ()
    code = next((p.code for p in products if p.code and fold(p.name) in names), None)
    again = Button(f"product.again:{code}", "button.post_again")
    return (again, worker) if code else (worker,)


def accept(turn: Turn, order: Order) -> None:
    """Take it: its goods are held, its receipt code is given out."""
    if not may(turn, order, "confirm"):
        return
    code = turn.new_code()
    holds = holding(order.items, turn.household.products if turn.household else ())
    turn.fact(OrderConfirmed, order=order.number, platform=order.platform, code=code, holds=holds)
    deadline = Clock(packed_by(turn.at), turn.on)
    sent = Button(f"order.sent:{ref_of(order)}", "button.sent")
    turn.tell("order.accepted", sent, order=number_of(order), code=code, deadline=deadline)


def packed_by(at: dt.datetime) -> dt.datetime:
    """Until when an order taken at this time is to be packed."""
    local = at.astimezone(ZONE)
    day = local if local.hour < LATE else local + dt.timedelta(days=1)
    return day.replace(hour=PACKING_HOUR, minute=0, second=0, microsecond=0)


def later(turn: Turn, order: Order) -> None:
    """[Để sau]: one of the reminders comes then; when none is left, only the deadline is said."""
    if not may(turn, order, "confirm"):
        return
    until = after_quiet(turn.at + REMIND)
    deadline = order.deadline
    if deadline is not None and until >= deadline:
        turn.tell("order.waits", order=number_of(order), deadline=Clock(deadline, turn.on))
    elif turn.query(RemindersLeft(order.platform, order.number)):
        turn.fact(OrderPutOff, order=order.number, platform=order.platform, until=until)
        turn.tell("order.later", time=Clock(until, turn.on))
    else:
        clock = Clock(deadline or until, turn.on)
        turn.tell("order.waits", order=number_of(order), deadline=clock)


def pack(turn: Turn, order: Order) -> None:
    """It is ready to be fetched."""
    if may(turn, order, "pack"):
        turn.fact(OrderPacked, order=order.number, platform=order.platform)
        sent = Button(f"order.sent:{ref_of(order)}", "button.sent")
        turn.tell("order.packed", sent, order=number_of(order))


def ship(turn: Turn, order: Order) -> None:
    """It is on its way."""
    if may(turn, order, "ship"):
        turn.fact(OrderShipped, order=order.number, platform=order.platform)
        turn.tell("order.sent", order=number_of(order))


def ask_done(turn: Turn, order: Order) -> None:
    """Money will count: asked before it does."""
    if may(turn, order, "complete"):
        ref = ref_of(order)
        buttons = (
            Button(f"order.done:{ref}", "button.arrived"),
            Button(f"order.not_done:{ref}", "button.not_arrived"),
        )
        values: dict[str, Value] = {"order": number_of(order), "total": Money(order.total_vnd)}
        turn.tell("order.done_ask", *buttons, **values)


def done(turn: Turn, order: Order) -> None:
    """The order is one transaction: it goes into the ledger by itself."""
    if not may(turn, order, "complete"):
        return
    turn.fact(
        OrderCompleted,
        order=order.number,
        platform=order.platform,
        code=order.code or turn.new_code(),
        total_vnd=order.total_vnd,
        date=turn.on,
        evidence=evidence_of(order, "household"),
    )
    turn.tell("order.done", order=number_of(order), **total_values(order.total_vnd))


# Money


def _standing(turn: Turn, order: Order) -> SaleFigures | None:
    """What the order's line of the ledger counts for; None when there is none or it was struck."""
    entry = entry_by_code(turn, order.code) if order.code else None
    return entry.figures if entry is not None and entry.struck_at is None else None


def said_other_sum(turn: Turn, order: Order) -> bool:
    """Whether another sum was said than the order's."""
    words = turn.understood
    if words is None:
        return False
    sums = {words.amount_vnd, *(s for i in words.items for s in (i.amount_vnd, i.total_vnd))}
    sums.discard(None)
    return bool(sums) and sums != {order.total_vnd}


def paid(turn: Turn, order: Order) -> None:
    """The household has the money; only its own word says so, never a code that was shown."""
    values: dict[str, Value] = {"order": number_of(order), "total": Money(order.total_vnd)}
    if order.paid_at is not None:
        turn.tell("order.paid_already", **values)
    elif order.state in (*OPEN[1:], "completed") and said_other_sum(turn, order):
        sure = Button(f"order.paid:{ref_of(order)}", "button.paid_all")
        keep = Button(f"order.keep:{ref_of(order)}", "button.not_all")
        turn.tell("order.paid_differs", sure, keep, **values)
    elif order.state == "placed" or order.state in ("cancelled", "expired", "returned"):
        may(turn, order, "complete")
    else:
        before = _standing(turn, order) if order.state == "completed" else None
        code = order.code if before else None
        turn.fact(OrderPaid, order=order.number, platform=order.platform, code=code, before=before)
        turn.tell("order.paid", **values)


def ask_returned(turn: Turn, order: Order) -> None:
    """What came back before it was over is a cancellation; a transaction is taken out when it is sure."""
    if order.state in ("confirmed", "packed", "shipped"):
        ask_cancel(turn, order, "buyer_refused")
    elif may(turn, order, "return"):
        buttons = (
            Button(f"order.returned_sure:{ref_of(order)}", "button.deduct"),
            Button(f"order.keep:{ref_of(order)}", "button.leave"),
        )
        values: dict[str, Value] = {"order": number_of(order), "total": Money(order.total_vnd)}
        turn.tell("order.returned_ask", *buttons, **values)


def returned(turn: Turn, order: Order) -> None:
    """The transaction leaves the period in which it counted."""
    if not may(turn, order, "return"):
        return
    before = _standing(turn, order)
    turn.fact(
        OrderReturned,
        order=order.number,
        platform=order.platform,
        code=order.code,
        before=before,
        gives=order.held,
    )
    values: dict[str, Value] = {"order": number_of(order), "total": Money(order.total_vnd)}
    if before is None:
        turn.tell("order.returned_free", **values)
        return
    month = month_values(turn, before.date, vnd=-before.total_vnd, sales=-1)
    turn.tell("order.returned", **values, **month)


# The household does not want it, or cannot keep it


def ask_cancel(turn: Turn, order: Order, reason: str | None) -> None:
    """One that was taken is cancelled only after a question."""
    if may(turn, order, "cancel"):
        ref = ref_of(order)
        buttons = (
            Button(f"order.cancel_sure:{ref}={reason or ''}", "button.cancel_order"),
            Button(f"order.keep:{ref}", "button.leave"),
        )
        values: dict[str, Value] = {"order": number_of(order), "total": Money(order.total_vnd)}
        turn.tell("order.cancel_ask", *buttons, **values)


def cancel(turn: Turn, order: Order, reason: str | None) -> None:
    """What was held for it goes back into the stock."""
    turn.fact(
        OrderCancelled,
        order=order.number,
        platform=order.platform,
        by="household",
        reason=reason,
        gives=order.held,
    )
