"""What a thing costs: by the household's own past, else the lexicon, else any sum."""

from __future__ import annotations

from decimal import Decimal

from bot.language.amount import Amount
from bot.language.drafts import Apart, Draft
from bot.language.lexicon import Product
from bot.language.understanding import Item, Known
from bot.language.vocabulary import units

_WIDE = Decimal(2)  # how far outside the lexicon's range a price is still plausible
_LEAST_SALE = 5000  # đồng; a whole sale for less is asked


class Plausible:
    """Judges prices of one draft of an item. `northern`: a *chục* is ten here."""

    def __init__(
        self, draft: Draft, apart: Apart, known: Known, *, listing: bool, northern: bool
    ) -> None:
        self.draft = draft
        self.apart = apart
        self.known = known
        self.listing = listing
        self.northern = northern
        self.product = draft.goods.product if draft.goods else None
        self.ask: list[str] = []
        self.readings: list[tuple[str, str, object]] = []
        self.rule = ""

    def _weighs(self, quantity: Amount) -> bool:
        return (
            quantity.unit is not None
            and quantity.unit.kg is not None
            and quantity.unit.name != "kg"
        )

    def _is_one(self) -> bool:
        quantity = self.draft.quantity
        return quantity is not None and quantity.value == 1 and not self._weighs(quantity)

    def _weighs_item(self) -> bool:
        return self.draft.quantity is not None and self._weighs(self.draft.quantity)

    def _price_units(self, item: Item) -> list[str]:
        """*2 tạ giá 25*: of a kilo or of a hundredweight."""
        unit = units().get(item.unit or "")
        if unit is not None and unit.kg is not None and unit.kg > 1:
            return [unit.name, "kg"]
        if item.unit and item.pack is not None:
            inner = units().get(item.pack[1])
            kilo = (
                ["kg"] if inner is not None and inner.kg is not None and inner.name != "kg" else []
            )
            return [item.unit, item.pack[1], *kilo]
        return [item.unit] if item.unit else []

    def _plausible(self, price: Decimal, unit: str | None) -> bool:
        """Is this a price that one unit fetches? By the household's own past, else the lexicon, else any."""
        bounds = self._bounds(unit)
        if bounds is None:
            return price >= self._least(unit)
        low, high = bounds
        return low / _WIDE <= price <= high * _WIDE

    def _least(self, unit: str | None) -> int:
        return 1000 if unit in ("kg", "lít", "thùng", "con", "hộp", "bao") else 200

    def _bounds(self, unit: str | None) -> tuple[Decimal, Decimal] | None:
        if unit is None or self.product is None:
            return None
        own = self.product.own
        if own is not None and own.unit_price_vnd and own.unit == unit:
            return Decimal(own.unit_price_vnd), Decimal(own.unit_price_vnd)
        packed = self._pack_bounds(self.product, unit)
        if packed is not None:
            return packed
        direct = self.product.range(unit)
        if direct is not None:
            return Decimal(direct[0]), Decimal(direct[1])
        return self._converted_bounds(self.product, unit)

    def _pack_bounds(self, product: Product, unit: str) -> tuple[Decimal, Decimal] | None:
        """What a pack of known size fetches: its weight times the price of a kilo."""
        quantity, pack = self.draft.quantity, self.draft.pack
        if pack is None or quantity is None or quantity.unit is None or quantity.unit.name != unit:
            return None
        inner = product.range(pack[1].name) or self._converted_bounds(product, pack[1].name)
        return (inner[0] * pack[0], inner[1] * pack[0]) if inner else None

    def _converted_bounds(self, product: Product, unit: str) -> tuple[Decimal, Decimal] | None:
        wanted = units().get(unit)
        if wanted is None or wanted.kg is None:
            return None
        for name, low, high in product.prices:
            factor = units()[name].kg if name in units() else None
            if factor:
                return low * wanted.kg / factor, high * wanted.kg / factor
        return None

    def _fetches(self, price: int) -> bool:
        """Is this what one unit of it costs? Then *bán cam 25k* may be a price as well."""
        prices = self.product.prices[:1] if self.product else ()
        return any(price <= high for _, _, high in prices) or price < _LEAST_SALE

    def _doubt(self, slot: str, *readings: tuple[str, object]) -> None:
        self.ask.append(slot)
        self.readings += [(slot, key, value) for key, value in readings]
