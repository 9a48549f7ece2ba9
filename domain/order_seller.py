"""A household as its orders come in from outside: its codes, its stock, its logged sales. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from uuid import UUID

from domain.codes import receipt_code
from domain.events import Held
from domain.household import Entry, Product


@dataclass(slots=True)
class Seller:
    """A household as its orders come in: its stock and the sales that an order may be, kept up to date."""

    id: UUID
    code: str
    province: str
    commune: str
    sample: bool = False
    codes: int = 0  # receipt codes handed out before
    new_codes: int = 0
    code_of: Callable[[UUID, int], str] = receipt_code
    products: dict[str, Product] = field(default_factory=dict)
    entries: dict[str, Entry] = field(default_factory=dict)

    def new_code(self) -> str:
        """The household's next receipt code."""
        code = self.code_of(self.id, self.codes + self.new_codes)
        self.new_codes += 1
        return code

    def stock_by(self, parts: tuple[Held, ...], sign: int) -> None:
        """As the store will have it."""
        for part in parts:
            product = self.products.get(part.code)
            if product is not None and product.stock is not None:
                left = max(product.stock + sign * part.quantity, Decimal())
                self.products[part.code] = replace(product, stock=left)
