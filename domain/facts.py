"""What events are made of: the fact that every one begins as, the items and figures of a sale.

Money is whole đồng; days are the household's own, in Asia/Ho_Chi_Minh; `at` is when it was said.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

Platform = Literal["voso", "postmart", "offline"]
Evidence = Literal["said", "confirmed", "matched", "paid"]
Purpose = Literal[
    "ledger",
    "worker",
    "public",
    "broadcast",
    "improve",
    "voice",  # that their recordings are kept, for hearing better
    "payment",
    "address",  # where the household is, as a code
    "address_shown",  # that buyers see it
]
Group = Literal["food", "beverages", "herbs", "handicrafts", "ornamental", "tourism"]
CancelledBy = Literal["household", "buyer", "platform"]
Actor = Literal["household", "buyer", "platform", "clock"]
OrderSource = Literal["platform", "shop_page", "typed"]

Vnd = Annotated[int, Field(ge=0, le=10**14)]


class Fact(BaseModel):
    """What every event carries; `province` and `commune` are the household's on that day.

    `worker` did it in the place of `person`, whose household it is.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: UUID
    at: AwareDatetime
    household: UUID | None = None
    person: UUID | None = None
    channel: str = "import"
    province: str | None = None
    commune: str | None = None
    sample: bool = False
    worker: UUID | None = None


class SaleItem(BaseModel):
    """One product of a sale or an order; `quantity` and prices are null when only a sum was said."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    product: str
    quantity: Decimal | None = None
    unit: str | None = None
    unit_price_vnd: Vnd | None = None
    price_unit: str | None = None
    total_vnd: Vnd
    pack_size: Decimal | None = None
    pack_unit: str | None = None
    second_quantity: Decimal | None = None
    second_unit: str | None = None


class Standing(BaseModel):
    """What counts of a household as long as it stands: so many OCOP products or shops on a platform."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    indicator: Literal["products", "accounts"]
    platform: Platform
    evidence: Evidence = "said"
    count: Annotated[int, Field(ge=1)] = 1


class SaleFigures(BaseModel):
    """The part of a sale that counts: what a correction takes back and what it puts in its place."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    total_vnd: Vnd
    date: dt.date
    platform: Platform
    evidence: Evidence
    province: str | None = None
    commune: str | None = None
