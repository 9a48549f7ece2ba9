"""What a platform tells of an order: the same again, more of it, or what contradicts it.

A platform repeats, reorders and contradicts itself. Pure.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any, Literal

from domain.facts import CancelledBy, Platform, SaleItem
from domain.household import Order, OrderState
from domain.orders import Refusal, steps_to

Result = Literal["created", "updated", "unchanged", "unassigned", "refused"]


@dataclass(frozen=True, slots=True)
class PlatformOrder:
    """One order as a platform tells it; the goods and sums may be left out once they are known.

    `shop` is the shop's reference (`domain.codes.shop_reference`), `household` our code of the household.
    """

    number: str
    platform: Platform
    status: OrderState
    items: tuple[SaleItem, ...] | None = None
    total_vnd: int | None = None
    placed_at: dt.datetime | None = None
    completed_at: dt.datetime | None = None
    shop: str | None = None
    household: str | None = None
    buyer_name: str | None = None
    buyer_phone: str | None = None
    destination: str | None = None
    cancelled_by: CancelledBy | None = None
    reason: str | None = None
    paid: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one order that was told; `reason` says why, for the platform's people."""

    number: str
    result: Result
    reason: str | None = None


def order_of(said: PlatformOrder, now: dt.datetime) -> Order | str:
    """The order as the platform alone tells it; a reason when that is not enough."""
    if not said.items or said.total_vnd is None:
        return "items and total_vnd are needed: this order is not known yet"
    ended = said.status in {"completed", "returned"}
    return Order(
        number=said.number,
        platform=said.platform,
        items=said.items,
        total_vnd=said.total_vnd,
        state=said.status,
        placed_at=said.placed_at or said.completed_at or now,
        changed_at=now,
        buyer_name=said.buyer_name,
        buyer_phone=said.buyer_phone,
        destination=said.destination,
        cancelled_by=said.cancelled_by,
        completed_at=(said.completed_at or now) if ended else None,
        paid_at=now if said.paid else None,
    )


def told_again(order: Order) -> PlatformOrder:
    """The message that tells of an order what is known of it: for one whose shop was linked later."""
    return PlatformOrder(
        number=order.number,
        platform=order.platform,
        status=order.state,
        items=order.items,
        total_vnd=order.total_vnd,
        placed_at=order.placed_at,
        completed_at=order.completed_at,
        buyer_name=order.buyer_name,
        buyer_phone=order.buyer_phone,
        destination=order.destination,
        cancelled_by="buyer" if order.cancelled_by == "buyer" else None,
        paid=order.paid_at is not None,
    )


def told_later(order: Order, said: PlatformOrder, now: dt.datetime) -> Order | str:
    """The order of a shop that nobody linked, after another message about it; a reason when refused."""
    wrong = contradiction(order, said)
    if wrong is not None:
        return wrong
    steps = steps_to(order.state, said.status)
    if isinstance(steps, Refusal):
        return refusal_of(order, said.status)
    paid_at = order.paid_at or (now if said.paid else None)
    if not steps:
        return order if paid_at == order.paid_at else replace(order, paid_at=paid_at)
    ended = said.status in {"completed", "returned"}
    return replace(
        order,
        state=said.status,
        changed_at=now,
        completed_at=order.completed_at or ((said.completed_at or now) if ended else None),
        cancelled_by=said.cancelled_by,
        paid_at=paid_at,
    )


def contradiction(order: Order, said: PlatformOrder) -> str | None:
    """Why the message can't be about the order as it is known: other goods or another sum."""
    if said.total_vnd is not None and said.total_vnd != order.total_vnd:
        return f"total_vnd is {order.total_vnd} since this order was placed"
    if said.items and [_counted(i) for i in said.items] != [_counted(i) for i in order.items]:
        return "items are others than when this order was placed"
    return None


def _counted(item: SaleItem) -> tuple[Any, ...]:
    return item.product.casefold(), item.quantity, item.unit, item.total_vnd


def refusal_of(order: Order, said: OrderState) -> str:
    """The reason in words."""
    return f"the order is {known_state(order)}: it can't become {said} any more"


def known_state(order: Order) -> OrderState:
    """An order in doubt was delivered: only which sale it is has to be asked."""
    return "completed" if order.doubt else order.state
