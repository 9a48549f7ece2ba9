"""The life of an order: which step is allowed to whom, what it holds of the stock, which sale it is. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Literal

from domain.facts import Actor, Evidence, Platform, SaleItem
from domain.fold import fold
from domain.household import ZONE, Entry, Order, OrderState, Product
from domain.order_events import Held

Step = Literal["confirm", "pack", "ship", "complete", "cancel", "expire", "return"]

WAY: tuple[OrderState, ...] = ("placed", "confirmed", "packed", "shipped", "completed")
OPEN: tuple[OrderState, ...] = WAY[:-1]
OVER: tuple[OrderState, ...] = ("completed", "cancelled", "expired", "returned")
NEAR = dt.timedelta(days=2)  # between a logged sale and the order that it is

TO: Mapping[Step, OrderState] = MappingProxyType(
    {
        "confirm": "confirmed",
        "pack": "packed",
        "ship": "shipped",
        "complete": "completed",
        "cancel": "cancelled",
        "expire": "expired",
        "return": "returned",
    }
)
_FORWARD: tuple[Step, ...] = ("confirm", "pack", "ship", "complete")

# A household may leave out packing and sending: goods are handed over at the gate, too.
ALLOWED: Mapping[Actor, Mapping[OrderState, tuple[Step, ...]]] = MappingProxyType(
    {
        "household": {
            "placed": ("confirm", "cancel"),
            "confirmed": ("pack", "ship", "complete", "cancel"),
            "packed": ("ship", "complete", "cancel"),
            "shipped": ("complete", "cancel"),
            "completed": ("return",),
        },
        "buyer": {"placed": ("cancel",)},
        "clock": {"placed": ("expire",)},
        # Our clock knows less than the platform: there an order may have been answered in time.
        "platform": {
            "placed": (*_FORWARD, "cancel", "expire"),
            "confirmed": (*_FORWARD[1:], "cancel"),
            "packed": (*_FORWARD[2:], "cancel"),
            "shipped": ("complete", "cancel"),
            "completed": ("return",),
            "expired": (*_FORWARD, "cancel"),
        },
    }
)


@dataclass(frozen=True, slots=True)
class Refusal:
    """A step that is not allowed in this state, and those that are."""

    state: OrderState
    step: Step
    allowed: tuple[Step, ...] = ()


def after(state: OrderState, step: Step, by: Actor = "household") -> OrderState | Refusal:
    """The state that the step leads to."""
    allowed = ALLOWED[by].get(state, ())
    return TO[step] if step in allowed else Refusal(state, step, allowed)


def steps_to(state: OrderState, said: OrderState) -> tuple[Step, ...] | Refusal:
    """The steps that a platform's message asks for; none when it says what is known or is an older one.

    A platform may leave steps out; it never leads back. What contradicts the end is refused.
    """
    if said == state or _is_older(state, said):
        return ()
    if said == "returned" and state in (*OPEN, "expired"):
        return ("complete", "return")
    step = next(step for step, to in TO.items() if to == said)
    reached = after(state, step, "platform")
    return reached if isinstance(reached, Refusal) else (step,)


def _is_older(state: OrderState, said: OrderState) -> bool:
    if said in OPEN:
        later = WAY[WAY.index(said) :]
        return state in (*later, "cancelled", "returned") or (state, said) == ("expired", "placed")
    # Goods that come back after a cancellation change no sum.
    return (state, said) in {("returned", "completed"), ("cancelled", "returned")} or (
        said == "expired" and state in (*WAY[1:], "cancelled", "returned")
    )


# Stock


def holding(items: Sequence[SaleItem], products: Iterable[Product]) -> tuple[Held, ...]:
    """What the items take from the stock: in the product's unit, never more than there is."""
    listed = {fold(p.name): p for p in products if p.code and p.stock is not None}
    left = {key: p.stock or Decimal() for key, p in listed.items()}
    held: list[Held] = []
    for item in items:
        key = fold(item.product)
        product = listed.get(key)
        if product is None or product.code is None or not _same_unit(item, product):
            continue
        taken = min(item.quantity or Decimal(), left[key])
        left[key] -= taken
        held += [Held(code=product.code, quantity=taken)] if taken > 0 else []
    return tuple(held)


def _same_unit(item: SaleItem, product: Product) -> bool:
    return item.quantity is not None and fold(item.unit or "") == fold(product.unit or "")


# Which evidence, which sale

_RISING: tuple[Evidence, ...] = ("said", "confirmed", "matched", "paid")


def stronger(one: Evidence, other: Evidence) -> Evidence:
    """Evidence never falls: the stronger of the two."""
    return max(one, other, key=_RISING.index)


def evidence_of(order: Order, by: Actor) -> Evidence:
    """What stands behind the transaction of an order that `by` completes."""
    own: Evidence = "said" if order.source == "typed" else "confirmed"
    known: Evidence = "matched" if by == "platform" else own
    return "paid" if order.paid_at else known


def local_day(moment: dt.datetime) -> dt.date:
    """The day of a moment in Vietnam."""
    return moment.astimezone(ZONE).date()


@dataclass(frozen=True, slots=True)
class Deal:
    """What an order and a logged sale have in common when they are one: from its placing to its end."""

    platform: Platform
    items: tuple[SaleItem, ...]
    total_vnd: int
    placed: dt.date
    completed: dt.date


def fits(deal: Deal, entry: Entry) -> bool:
    """Whether the logged sale may be this order: same platform, sum and goods, at most two days off."""
    return (
        entry.platform == deal.platform
        and entry.total_vnd == deal.total_vnd
        and entry.order is None
        and entry.struck_at is None
        and min(deal.placed, deal.completed) - NEAR <= entry.date <= deal.completed + NEAR
        and same_goods(deal.items, entry.items)
    )


def same_goods(some: Sequence[SaleItem], others: Sequence[SaleItem]) -> bool:
    """Each product of the one list is one of the other; a platform's name may say more of it."""
    return len(some) == len(others) and all(
        any(_same_name(one.product, other.product) for other in others) for one in some
    )


def _same_name(one: str, other: str) -> bool:
    mine, theirs = set(fold(one).split()), set(fold(other).split())
    return mine <= theirs or theirs <= mine


def own_number(household_code: str, count: int) -> str:
    """The number of an order that no platform has numbered, `count` from 1: `KX-0412-7`, said as 7."""
    return f"{household_code}-{count}"
