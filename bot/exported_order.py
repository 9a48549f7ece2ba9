"""An order as a platform's export tells it: its goods, what they cost, and whether the numbers agree."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple

from bot.order_columns import CancelledBy
from bot.report_files import Wrong
from domain.household import ZONE, OrderState

ENDED = ("completed", "returned")  # states of which the day of completion must be told
TIMES = 10  # a whole that is so many times its parts, or a part of them so small, is a slip


class BadExport(ValueError):
    """An export that can't be taken; `wrong` names every bad line. Nothing was taken."""

    def __init__(self, wrong: Iterable[Wrong]) -> None:
        self.wrong = tuple(wrong)
        super().__init__("\n".join(map(str, self.wrong)))


class ExportedItem(NamedTuple):
    """One product of an order; `total_vnd` is None where only the whole order's sum is told."""

    product: str
    quantity: Decimal | None
    unit: str | None
    unit_price_vnd: int | None
    total_vnd: int | None


@dataclass(slots=True)
class ExportedOrder:
    """One order as the file tells it; `line` is its first one.

    After `settle` its state, day, sum, and shop or household are there.
    """

    line: int
    order_id: str
    status: OrderState | None = None
    placed_at: dt.datetime | None = None
    shop: str | None = None
    household: str | None = None
    cancelled_by: CancelledBy | None = None
    changed_at: dt.datetime | None = None
    completed_at: dt.datetime | None = None
    total_vnd: int | None = None
    buyer: str | None = None
    phone: str | None = None
    province: str | None = None
    commune: str | None = None
    reason: str | None = None
    paid: bool | None = None
    items: list[ExportedItem] = field(default_factory=list)


def item_of(parts: Mapping[str, Any]) -> ExportedItem:
    """The item of a line's values by field; ValueError where they contradict or can be read in two ways."""
    if "product" not in parts:
        raise ValueError("is missing")
    price, total = parts.get("unit_price_vnd"), parts.get("line_total_vnd")
    quantity = _quantity(parts.get("quantity", ()), price, total)
    if total is None and price is not None and quantity is not None:
        total = _whole(price * quantity)
    elif total is not None and price is not None and quantity is not None:
        _refuse_more(price * quantity, total)
    return ExportedItem(parts["product"], quantity, parts.get("unit"), price, total)


def _quantity(
    readings: tuple[Decimal, ...], price: int | None, total: int | None
) -> Decimal | None:
    """The only reading, or the one that price and sum bear out."""
    if len(readings) < 2:
        return readings[0] if readings else None
    fitting = [q for q in readings if price is not None and price * q == total]
    if len(fitting) != 1:
        raise ValueError(f"the quantity may be {' or '.join(map(_told, readings))}")
    return fitting[0]


def _told(quantity: Decimal) -> str:
    return f"{quantity.normalize():f}"


def _whole(sum_: Decimal) -> int:
    if sum_ != sum_.to_integral_value():
        raise ValueError("quantity and price give no whole VND; the line's sum is needed")
    return int(sum_)


def _refuse_more(computed: Decimal, total: int) -> None:
    """Less is a discount; more is a mistake somewhere."""
    if total > computed:
        raise ValueError(f"costs {total} in sum, but {_told(computed)} by quantity and price")


def settle(order: ExportedOrder) -> list[Wrong]:
    """Fill in what follows from the rest; what keeps the order from being whole."""
    wrong = [
        (name, "is missing") for name in ("status", "placed_at") if getattr(order, name) is None
    ]
    if order.shop is None and order.household is None:
        wrong.append(("shop", "is missing"))
    wrong += [("total_vnd", why) for why in _settle_sum(order)]
    wrong += [("completed_at", why) for why in _wrong_days(order)]
    return [Wrong(order.line, name, why) for name, why in wrong]


def _settle_sum(order: ExportedOrder) -> Iterator[str]:
    """Carriage and discounts may stand between the goods and the whole, but not ten times as much."""
    known = [item.total_vnd for item in order.items if item.total_vnd is not None]
    parts = sum(known)
    if len(known) == len(order.items):
        if order.total_vnd is None:
            order.total_vnd = parts
        elif not parts <= order.total_vnd * TIMES <= parts * TIMES * TIMES:
            yield f"is {order.total_vnd}, but the goods cost {parts}"
    elif len(order.items) > 1 or order.total_vnd is None:
        yield "can't be told: goods stand there without a sum or a price"
    else:
        order.items[0] = order.items[0]._replace(total_vnd=order.total_vnd)


def _wrong_days(order: ExportedOrder) -> Iterator[str]:
    if order.status in ENDED and order.completed_at is None:
        yield "is missing: in which month does it count?"
    if order.completed_at and order.placed_at and _day(order.completed_at) < _day(order.placed_at):
        yield "is before the order was placed"


def _day(moment: dt.datetime) -> dt.date:
    return moment.astimezone(ZONE).date()
