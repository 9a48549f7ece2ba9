"""A platform's message taken in: what becomes of the order, and the events of it. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any
from uuid import UUID, uuid5

from domain.events import (
    Event,
    Held,
    OrderCancelled,
    OrderCompleted,
    OrderConfirmed,
    OrderExpired,
    OrderMatched,
    OrderPacked,
    OrderPaid,
    OrderPlaced,
    OrderReturned,
    OrderShipped,
)
from domain.facts import SaleFigures
from domain.household import Entry, Order, OrderState
from domain.order_seller import Seller
from domain.orders import (
    OPEN,
    TO,
    Deal,
    Refusal,
    Step,
    evidence_of,
    fits,
    holding,
    local_day,
    steps_to,
    stronger,
)
from domain.platform_orders import PlatformOrder, contradiction, known_state, order_of, refusal_of

ORDERS = UUID(
    "6f0d7a53-5b0e-4c57-8f0e-0d9a3a1c7e21"
)  # namespace of the events of platforms' orders


@dataclass(frozen=True, slots=True)
class Arrival:
    """When and through what the orders come, and until when a new one has to be answered."""

    at: dt.datetime
    channel: str
    deadline: dt.datetime


@dataclass(slots=True)
class Case:
    """One order while a platform's message is taken in: the order as it becomes, and the events of it."""

    said: PlatformOrder
    seller: Seller
    arrival: Arrival
    order: Order
    new: bool
    events: list[Event] = field(default_factory=list)

    def fact(self, kind: type[Any], before: SaleFigures | None = None, **fields: Any) -> None:
        """An event of this order, in the household's place, or where the figures stand that it changes.

        Its id comes of the order and the kind: the database itself lets none happen twice.
        """
        order, seller, name = self.order, self.seller, kind.model_fields["type"].default
        place = before or seller
        fields |= {"before": before} if "before" in kind.model_fields else {}
        event = kind(
            id=uuid5(ORDERS, f"{order.platform}/{order.number}/{name}"),
            at=self.arrival.at,
            household=seller.id,
            channel=self.arrival.channel,
            province=place.province,
            commune=place.commune,
            sample=seller.sample,
            order=order.number,
            platform=order.platform,
            **fields,
        )
        self.events.append(event)

    def become(self, **changes: Any) -> None:
        """The order is now so."""
        self.order = replace(self.order, **changes)


def take(order: Order | None, said: PlatformOrder, seller: Seller, arrival: Arrival) -> Case | str:
    """What the message makes of the order (None: nobody told of it yet), or why it is refused."""
    if order is None:
        case = _first_told(said, seller, arrival)
        if isinstance(case, str):
            return case
    else:
        wrong = contradiction(order, said)
        if wrong is not None:
            return wrong
        case = Case(said, seller, arrival, order, new=False)
    steps = _steps(case.order, said.status)
    if isinstance(steps, Refusal):
        return refusal_of(case.order, said.status)
    if said.paid:
        _paid(case)
    _go(case, steps)
    return case


def _first_told(said: PlatformOrder, seller: Seller, arrival: Arrival) -> Case | str:
    order = order_of(said, arrival.at)
    if isinstance(order, str):
        return order
    waits = said.status == "placed"
    order = replace(order, state="placed", household=seller.id, paid_at=None)
    order = replace(order, deadline=arrival.deadline if waits else None)
    case = Case(said, seller, arrival, order, new=True)
    case.fact(
        OrderPlaced,
        items=order.items,
        total_vnd=order.total_vnd,
        deadline=order.deadline,
        placed_at=order.placed_at,
    )
    return case


def _steps(order: Order, said: OrderState) -> tuple[Step, ...] | Refusal:
    steps = steps_to(known_state(order), said)
    if order.doubt and not isinstance(steps, Refusal):
        return ("complete", *steps) if steps else ()
    return steps


def _paid(case: Case) -> None:
    order = case.order
    if order.paid_at is not None or order.state not in {*OPEN, "completed"}:
        return
    standing = _standing(case) if order.state == "completed" else None
    before = standing.figures if standing else None
    case.fact(OrderPaid, before, code=order.code, by="platform")
    case.become(paid_at=case.arrival.at)
    if standing is not None:
        case.seller.entries[standing.code] = replace(standing, evidence="paid")


def _standing(case: Case) -> Entry | None:
    """The order's line in the ledger, unless it was struck."""
    entry = case.seller.entries.get(case.order.code or "")
    return entry if entry is not None and entry.struck_at is None else None


def _go(case: Case, steps: tuple[Step, ...]) -> None:
    for step in steps:
        if step in {"confirm", "pack", "ship"} and case.order.code is None:
            _confirm(case, case.seller.new_code())
        if step == "complete":
            _complete(case, returned="return" in steps)
        elif step != "confirm":
            STEPS[step](case)
            case.become(state=TO[step])


def _confirm(case: Case, code: str) -> None:
    """On the platform itself; the stock is held all the same."""
    products = tuple(case.seller.products.values())
    holds = holding(case.order.items, products)
    case.fact(OrderConfirmed, code=code, by="platform", holds=holds)
    case.seller.stock_by(holds, -1)
    case.become(state="confirmed", code=code, held=holds)


def _complete(case: Case, *, returned: bool) -> None:
    """One transaction, or the sale that was logged for it; when that is not sure, nothing yet."""
    done = case.said.completed_at or case.order.completed_at or case.arrival.at
    case.become(completed_at=done)
    found = _logged(case)
    if returned and len(found) > 1:
        found = []  # it came back before anybody could be asked which sale it was
    if len(found) > 1:
        case.become(doubt=tuple(entry.code for entry in found))
        return
    code = found[0].code if found else case.order.code or case.seller.new_code()
    if case.order.code is None and not case.new:
        _confirm(case, code)  # known here before it was over: its goods were still in the stock
    if found:
        _match(case, found[0])
    else:
        _count(case, code, local_day(done))
    case.become(state="completed", code=code, doubt=())


def _logged(case: Case) -> list[Entry]:
    """The sales that the household logged and that this order may be."""
    order = case.order
    done = local_day(order.completed_at or case.arrival.at)
    placed = local_day(order.placed_at)
    deal = Deal(order.platform, order.items, order.total_vnd, placed, done)
    return [entry for entry in case.seller.entries.values() if fits(deal, entry)]


def _match(case: Case, entry: Entry) -> None:
    evidence = stronger(entry.evidence, evidence_of(case.order, "platform"))
    case.fact(OrderMatched, entry.figures, code=entry.code, evidence=evidence)
    proven = replace(entry, evidence=evidence, order=case.order.number)
    case.seller.entries[entry.code] = proven


def _count(case: Case, code: str, day: dt.date) -> None:
    order, seller = case.order, case.seller
    evidence = evidence_of(order, "platform")
    case.fact(
        OrderCompleted,
        code=code,
        total_vnd=order.total_vnd,
        date=day,
        evidence=evidence,
        by="platform",
    )
    seller.entries[code] = Entry(
        code=code,
        draft="",
        message="",
        items=order.items,
        total_vnd=order.total_vnd,
        date=day,
        platform=order.platform,
        evidence=evidence,
        logged_at=case.arrival.at,
        province=seller.province,
        commune=seller.commune,
        order=order.number,
    )


def _give_back(case: Case) -> tuple[Held, ...]:
    gives = case.order.held
    case.seller.stock_by(gives, 1)
    case.become(held=())
    return gives


def _cancel(case: Case) -> None:
    by = case.said.cancelled_by or "platform"
    case.fact(OrderCancelled, by=by, gives=_give_back(case))
    case.become(cancelled_by=by)


def _return(case: Case) -> None:
    standing, now = _standing(case), case.arrival.at
    before = standing.figures if standing else None
    gives = _give_back(case)
    case.fact(OrderReturned, before, code=case.order.code, by="platform", gives=gives)
    if standing is not None:
        struck = replace(standing, struck_at=now, returned_at=now)
        case.seller.entries[standing.code] = struck


STEPS: Mapping[Step, Callable[[Case], None]] = MappingProxyType(
    {
        "pack": lambda case: case.fact(OrderPacked, by="platform"),
        "ship": lambda case: case.fact(OrderShipped, by="platform"),
        "cancel": _cancel,
        "expire": lambda case: case.fact(OrderExpired, by="platform"),
        "return": _return,
    }
)
