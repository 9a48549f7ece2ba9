"""Orders as platforms send them, JSON objects, into what the intake takes; nothing is believed unchecked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
    ValidationError,
)

from bot.report_cells import ReportPlatform
from bot.report_files import Wrong
from domain.codes import shop_reference
from domain.events import SaleItem
from domain.facts import CancelledBy
from domain.household import OrderState
from domain.platform_orders import PlatformOrder

MOST_ORDERS = 1_000
MOST_ITEMS = 100
MOST_WRONG = 100  # faults that are told at once
FIRST_DAY = dt.datetime(2015, 1, 1, tzinfo=dt.UTC)  # before it no platform of ours was there
AHEAD = dt.timedelta(days=1)  # that another's clock may be ahead


class BadOrders(ValueError):
    """Orders that can't be read; `wrong` names every bad field. Nothing was taken."""

    def __init__(self, wrong: Sequence[Wrong]) -> None:
        super().__init__("\n".join(map(str, wrong)))
        self.wrong = tuple(wrong)


def _plain(text: str) -> str:
    """One line without signs that can't be seen."""
    line = " ".join(text.split())
    if not line.isprintable():
        raise ValueError("has signs that can't be shown")
    return line


def _or_none(value: object) -> object:
    return None if value == "" else value


def _known_time(moment: dt.datetime) -> dt.datetime:
    if moment < FIRST_DAY:
        raise ValueError("is before any platform was there")
    return moment


Vnd = Annotated[StrictInt, Field(ge=0, le=10**12)]
Line = Annotated[str, AfterValidator(_plain)]
Short = Annotated[Line, Field(max_length=30)] | None
Long = Annotated[Annotated[Line, Field(max_length=200)] | None, BeforeValidator(_or_none)]
Time = Annotated[AwareDatetime, AfterValidator(_known_time)]
Number = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._/#-]{0,39}$")]
Amount = Annotated[Decimal, Field(gt=0, le=10**9, decimal_places=6, allow_inf_nan=False)]


class _Told(BaseModel):
    """A platform may say more than we ask for."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class ToldItem(_Told):
    product: Annotated[Line, Field(min_length=1, max_length=200)]
    quantity: Amount | None = None
    unit: Short = None
    unit_price_vnd: Vnd | None = None
    total_vnd: Vnd


class ToldBuyer(_Told):
    name: Long = None
    phone: Short = None


class ToldPlace(_Told):
    province: Long = None
    commune: Long = None


class ToldOrder(_Told):
    """The body of `POST /api/v1/orders`, one of it."""

    order_id: Number
    platform: Literal["voso", "postmart"] | None = None
    shop: Long = None
    household: Short = None
    status: OrderState
    placed_at: Time | None = None
    completed_at: Time | None = None
    items: Annotated[list[ToldItem], Field(min_length=1, max_length=MOST_ITEMS)] | None = None
    total_vnd: Vnd | None = None
    buyer: ToldBuyer | None = None
    ship_to: ToldPlace | None = None
    cancelled_by: CancelledBy | None = None
    reason: Long = None
    paid: StrictBool = False


def order_lines(
    rows: object, now: dt.datetime, platform: ReportPlatform | None = None
) -> list[PlatformOrder]:
    """One order or a list of them; BadOrders names what is wrong with each. `platform`: of the sender."""
    listed = [rows] if isinstance(rows, dict) else rows
    if not isinstance(listed, list) or not listed:
        raise BadOrders([Wrong(0, "", "must be an order or a list of orders, each an object")])
    if len(listed) > MOST_ORDERS:
        raise BadOrders([Wrong(0, "", f"has more than {MOST_ORDERS} orders")])
    lines: list[PlatformOrder] = []
    wrong: list[Wrong] = []
    for number, row in enumerate(listed, 1):
        try:
            told = ToldOrder.model_validate(row)
        except ValidationError as fault:
            wrong += [_wrong(number, error) for error in fault.errors(include_input=False)]
            continue
        wrong += [Wrong(number, *found) for found in _odd(told, now, platform)]
        lines.append(_line(told, platform))
    if wrong:
        raise BadOrders(wrong[:MOST_WRONG])
    return lines


def _wrong(number: int, error: Any) -> Wrong:
    return Wrong(number, ".".join(str(part) for part in error["loc"])[:60], error["msg"])


def _odd(
    told: ToldOrder, now: dt.datetime, platform: ReportPlatform | None
) -> list[tuple[str, str]]:
    """Fields that can each be read but not together, or not now."""
    found = []
    if told.platform is None and platform is None:
        found.append(("platform", "is missing"))
    for name, moment in (("placed_at", told.placed_at), ("completed_at", told.completed_at)):
        if moment is not None and moment > now + AHEAD:
            found.append((name, "is still to come"))
    if told.placed_at and told.completed_at and told.completed_at < told.placed_at:
        found.append(("completed_at", "is before placed_at"))
    return found


def _line(told: ToldOrder, platform: ReportPlatform | None) -> PlatformOrder:
    where = told.platform or platform or "voso"
    buyer, place = told.buyer or ToldBuyer(), told.ship_to or ToldPlace()
    return PlatformOrder(
        number=told.order_id,
        platform=where,
        status=told.status,
        items=tuple(map(_item, told.items)) if told.items else None,
        total_vnd=told.total_vnd,
        placed_at=told.placed_at,
        completed_at=told.completed_at,
        shop=shop_reference(where, told.shop) if told.shop else None,
        household=told.household or None,
        buyer_name=buyer.name,
        buyer_phone=buyer.phone,
        destination=", ".join(part for part in (place.commune, place.province) if part) or None,
        cancelled_by=told.cancelled_by,
        reason=told.reason,
        paid=told.paid,
    )


def _item(told: ToldItem) -> SaleItem:
    unit = told.unit or None
    return SaleItem(
        product=told.product,
        quantity=told.quantity,
        unit=unit,
        unit_price_vnd=told.unit_price_vnd,
        price_unit=unit if told.unit_price_vnd is not None else None,
        total_vnd=told.total_vnd,
    )
