"""How many of the price's unit were sold, and what that comes to."""

from __future__ import annotations

from decimal import Decimal

from bot.language.plausible import Plausible
from bot.language.understanding import Item
from bot.language.vocabulary import Unit, units

_SERVICE = ("suất", "phần", "người", "khách")


class Converting(Plausible):
    """Converts weights, packs, pairs, dozens; asks where it cannot be known."""

    def _multiplied(self, item: Item, price: int, unit: str | None) -> Item:
        count = self._count_in(item, unit) if "unit" not in self.ask else None
        if count is None:
            return item
        total = (count * price).to_integral_value()
        return item._replace(total_vnd=int(total))

    def _count_in(self, item: Item, unit: str | None) -> Decimal | None:
        """How many of the price's unit were sold; None (and a question) when that cannot be known."""
        if item.quantity is None:
            return None
        if unit is None or unit == item.unit:
            return item.quantity
        mine, other = units().get(item.unit or ""), units().get(unit)
        if mine is not None and other is not None:
            count = self._converted(item, mine, other)
            if count is not None:
                return count
        if item.unit is None and other is None:
            return item.quantity
        if item.unit is None:
            self.ask.append("unit")
            return None
        if "dozen" not in self.ask:
            self.ask.append("quantity")
        return None

    def _converted(self, item: Item, mine: Unit, other: Unit) -> Decimal | None:
        quantity = item.quantity or Decimal(0)
        if mine.kg is not None and other.kg is not None:
            return quantity * mine.kg / other.kg
        held = self._held(item, other)
        if held is not None:
            return quantity * held
        if item.second is not None and item.second[1] == other.name:
            return self._beside(item, mine, other)
        if mine.name in _SERVICE and other.name in _SERVICE:
            return quantity
        return self._pieces(item, mine) if other.family == "piece" else None

    def _held(self, item: Item, other: Unit) -> Decimal | None:
        """What one pack holds, in the price's unit."""
        inner = units().get(item.pack[1]) if item.pack is not None else None
        if item.pack is None or inner is None:
            return None
        if inner.name == other.name:
            return item.pack[0]
        weighed = inner.kg is not None and other.kg is not None
        return item.pack[0] * inner.kg / other.kg if weighed and inner.kg and other.kg else None

    def _beside(self, item: Item, mine: Unit, other: Unit) -> Decimal | None:
        """The count beside the quantity. *3 phòng 2 đêm 400k/đêm*: of one room, or of all?"""
        second = item.second[0] if item.second else Decimal(0)
        if mine.family == other.family == "service" and (item.quantity or 0) > 1 and second > 1:
            self.ask.append("total_vnd")
            return None
        return second

    def _pieces(self, item: Item, mine: Unit) -> Decimal | None:
        """How many pieces pairs, thousands and *chục* are."""
        quantity = item.quantity or Decimal(0)
        size = {"pair": 2, "thousand": 1000}.get(mine.family)
        if size is not None:
            return quantity * size
        return self._of_dozens(item) if mine.family == "dozen" else None

    def _of_dozens(self, item: Item) -> Decimal | None:
        """*N chục*: as said, ten in the North, otherwise asked."""
        quantity = item.quantity or Decimal(0)
        if item.dozen:
            return quantity * item.dozen
        if self.northern:
            return quantity * 10
        self.ask.append("dozen")
        price = item.unit_price_vnd or 0
        for size in (10, 12, 14):
            total = int(quantity * size * price)
            self.readings.append(
                ("dozen", str(size), (item._replace(dozen=size, total_vnd=total),))
            )
        return None

    def _counts(self, unit: str | None) -> bool:
        """*bán 5 tặng 1, 100k/hộp*: five boxes; but *5 cam 25k/kg* may be five fruits."""
        priced = units().get(unit or "")
        return priced is not None and priced.family in ("piece", "pack", "pair", "service")
