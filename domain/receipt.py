"""A receipt for a buyer: what a line of the ledger says of a sale, without saying who bought."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from domain.facts import SaleItem

ReceiptState = Literal["valid", "corrected", "struck", "returned"]


@dataclass(frozen=True, slots=True)
class Receipt:
    """A sale as its buyer may see it; `seller` and `shop` (a household code) only of who agreed to `public`.

    `address` is the seller's digital one, only of who agreed to that. `corrected`: since the link to it
    was given away.
    """

    code: str
    items: tuple[SaleItem, ...]
    total_vnd: int
    date: dt.date
    province: str
    commune: str
    seller: str | None = None
    shop: str | None = None
    address: str | None = None
    state: ReceiptState = "valid"

    @property
    def holds(self) -> bool:
        """Whether the sale still stands in the book."""
        return self.state in ("valid", "corrected")
