"""A household's shop page: what it offers, and whether what a buyer wants can be taken as it is. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal
from uuid import UUID

from domain.facts import SaleItem

MOST_VND = 1_000_000_000  # of one order; more is arranged on the phone
STEP = Decimal("0.01")  # the finest quantity

WishFault = Literal["gone", "price", "stock"]


@dataclass(frozen=True, slots=True)
class Good:
    """What stands on the page; `stock` in the product's unit, null when nobody said how much there is.

    `weighed`: half a unit of it can be sold.
    """

    code: str
    name: str
    unit: str | None
    unit_price_vnd: int
    stock: Decimal | None = None
    stars: int | None = None
    photo: UUID | None = None
    weighed: bool = False

    @property
    def sold_out(self) -> bool:
        return self.stock is not None and self.stock <= 0

    @property
    def least(self) -> Decimal:
        """The smallest quantity that can be ordered."""
        return STEP if self.weighed else Decimal(1)


@dataclass(frozen=True, slots=True)
class Shop:
    """The page of one household that agreed to have one; `seller` and `phone` are whose yes that was."""

    household: UUID
    code: str
    province: str
    commune: str
    seller: str | None = None
    phone: str | None = None
    goods: tuple[Good, ...] = ()

    def good(self, code: str) -> Good | None:
        """What it offers under this code."""
        return next((good for good in self.goods if good.code == code), None)


@dataclass(frozen=True, slots=True)
class Wish:
    """So much of a product, at the price that the buyer saw."""

    code: str
    quantity: Decimal
    unit_price_vnd: int


def wish_faults(wishes: Iterable[Wish], shop: Shop) -> dict[str, WishFault]:
    """Why some can't be taken, by product code: taken down, another price by now, more than there is."""
    found = {wish.code: _fault(wish, shop.good(wish.code)) for wish in wishes}
    return {code: fault for code, fault in found.items() if fault is not None}


def _fault(wish: Wish, good: Good | None) -> WishFault | None:
    if good is None:
        return "gone"
    if good.stock is not None and wish.quantity > good.stock:
        return "stock"
    return "price" if wish.unit_price_vnd != good.unit_price_vnd else None


def items_of(wishes: Iterable[Wish], shop: Shop) -> tuple[SaleItem, ...]:
    """The lines of the order; what the shop doesn't have is left out."""
    pairs = ((wish, shop.good(wish.code)) for wish in wishes)
    return tuple(_item(wish, good) for wish, good in pairs if good is not None)


def _item(wish: Wish, good: Good) -> SaleItem:
    return SaleItem(
        product=good.name,
        quantity=wish.quantity,
        unit=good.unit,
        unit_price_vnd=good.unit_price_vnd,
        price_unit=good.unit,
        total_vnd=int((wish.quantity * good.unit_price_vnd).to_integral_value()),
    )
