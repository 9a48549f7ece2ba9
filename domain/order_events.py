"""What happens to a buyer's order. Its buyer's name, phone and address stand with the order, never here."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from domain.facts import (
    Actor,
    CancelledBy,
    Evidence,
    Fact,
    OrderSource,
    Platform,
    SaleFigures,
    SaleItem,
    Vnd,
)


class Held(BaseModel):
    """So much of a listed product's stock, in the product's own unit, is kept for an order."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str
    quantity: Annotated[Decimal, Field(gt=0)]


class OrderPlaced(Fact):
    """A buyer's order, from `source`; `placed_at` is when, `deadline` when the answer is due.

    Of an order that the household typed, `deadline` is when it is to be handed over.
    """

    type: Literal["order_placed"] = "order_placed"
    order: str
    platform: Platform
    items: tuple[SaleItem, ...]
    total_vnd: Vnd
    buyer: str | None = None
    deadline: AwareDatetime | None = None
    source: OrderSource = "platform"
    placed_at: AwareDatetime | None = None


class OrderConfirmed(Fact):
    """Taken, under the receipt code that its transaction will have; `holds` is taken from the stock."""

    type: Literal["order_confirmed"] = "order_confirmed"
    order: str
    platform: Platform
    code: str
    evidence: Evidence = "confirmed"
    by: Actor = "household"
    holds: tuple[Held, ...] = ()


class OrderPacked(Fact):
    type: Literal["order_packed"] = "order_packed"
    order: str
    platform: Platform
    by: Actor = "household"


class OrderShipped(Fact):
    type: Literal["order_shipped"] = "order_shipped"
    order: str
    platform: Platform
    by: Actor = "household"


class OrderCancelled(Fact):
    """`gives` is what goes back into the stock: what its confirmation held."""

    type: Literal["order_cancelled"] = "order_cancelled"
    order: str
    platform: Platform
    by: CancelledBy
    reason: str | None = None
    gives: tuple[Held, ...] = ()


class OrderPutOff(Fact):
    """The household wants to be asked again, not before `until`."""

    type: Literal["order_put_off"] = "order_put_off"
    order: str
    platform: Platform
    until: AwareDatetime


class OrderExpired(Fact):
    """Nobody answered before the deadline."""

    type: Literal["order_expired"] = "order_expired"
    order: str
    platform: Platform
    by: Actor = "clock"


class OrderCompleted(Fact):
    """One transaction: it is never logged a second time as a sale."""

    type: Literal["order_completed"] = "order_completed"
    order: str
    platform: Platform
    code: str
    total_vnd: Vnd
    date: dt.date
    evidence: Evidence
    by: Actor = "household"


class OrderMatched(Fact):
    """A completed order is the sale `code` that was logged already: its evidence rises, nothing is added.

    `before` are the sale's figures until now.
    """

    type: Literal["order_matched"] = "order_matched"
    order: str
    platform: Platform
    code: str
    evidence: Evidence = "matched"
    before: SaleFigures
    by: Actor = "platform"


class OrderPaid(Fact):
    """The money is there. `before`: the transaction's figures until now, null while there is none."""

    type: Literal["order_paid"] = "order_paid"
    order: str
    platform: Platform
    code: str | None = None
    evidence: Evidence = "paid"
    before: SaleFigures | None = None
    by: Actor = "household"


class OrderReturned(Fact):
    """The goods came back. `before`: the figures that are taken out, null when they were struck before."""

    type: Literal["order_returned"] = "order_returned"
    order: str
    platform: Platform
    code: str | None = None
    reason: str | None = None
    before: SaleFigures | None = None
    by: Actor = "household"
    gives: tuple[Held, ...] = ()


OrderEvent = (
    OrderPlaced
    | OrderPutOff
    | OrderConfirmed
    | OrderPacked
    | OrderShipped
    | OrderCancelled
    | OrderExpired
    | OrderCompleted
    | OrderMatched
    | OrderPaid
    | OrderReturned
)
