"""What was sold and how much of it, before its money."""

from __future__ import annotations

from decimal import Decimal

from bot.language.amount import Amount
from bot.language.goods_places import Goods
from bot.language.quantity_of import Converting
from bot.language.understanding import Item
from bot.language.vocabulary import Unit, units

_SERVICE = ("suất", "phần", "người", "khách")
_TOTAL_ONLY = ("area", "lot")
_ONE = Decimal(1)
_TEN = 5  # beyond five times the range or the household's own past, a zero may be wrong


class Counted(Converting):
    """The product and the quantity of one draft."""

    def _base(self) -> Item:
        draft, quantity, second = self.draft, self.draft.quantity, self.draft.second
        item = Item(
            product=_name(draft.goods),
            quantity=_clean(quantity.value) if quantity else None,
            unit=self._unit(quantity) if quantity else None,
            second=(_clean(second.value), second.unit.name) if second and second.unit else None,
            pack=(_clean(draft.pack[0]), draft.pack[1].name) if draft.pack else None,
            dozen=int(draft.dozen) if draft.dozen else None,
        )
        if quantity is not None:
            item = self._doubts(item, quantity)
        kilos = _kilos(item)
        return item if kilos is None else item._replace(base_quantity=kilos)

    def _unit(self, quantity: Amount) -> str | None:
        if quantity.unit is not None:
            return self._of_goods(quantity.unit)
        return self._usual_unit()

    def _of_goods(self, unit: Unit) -> str:
        """*can* of a liquid is a can, otherwise *cân*: typed without marks they look the same."""
        return unit.name

    def _usual_unit(self) -> str | None:
        """The unit of a thing that is counted in one way only: animals, eggs."""
        own = self.product.own if self.product else None
        if own is not None and own.unit:
            return own.unit
        counted = (
            [n for n, _, _ in self.product.prices if n in units() and units()[n].family == "piece"]
            if self.product
            else []
        )
        return (
            counted[0]
            if counted and self.product and self.product.prices[0][0] == counted[0]
            else None
        )

    def _doubts(self, item: Item, quantity: Amount) -> Item:
        if quantity.high is not None:
            item = item._replace(
                quantity=None, quantity_range=(_clean(quantity.value), _clean(quantity.high))
            )
            if not self.listing:
                self._doubt(
                    "quantity", ("low", _clean(quantity.value)), ("high", _clean(quantity.high))
                )
        elif quantity.doubt == "unit":
            self._doubt("unit", *((name, (item.quantity, name)) for name in ("tạ", "tấn")))
            return item._replace(unit=None)
        elif not self.listing and len(quantity.options) > 1:
            self._doubt("quantity", *((str(option), option) for option in quantity.options))
        elif not self.listing and (
            quantity.doubt == "vague" or quantity.about or self._shares_digit(quantity)
        ):
            self._doubt("quantity", ("said", item.quantity))
        unclear = self.draft.unclear_pack and not self._priced_in(quantity.unit)
        if self.draft.clash or unclear:
            self.ask.append("quantity")
        return item

    def _shares_digit(self, quantity: Amount) -> bool:
        """*năm ký tám mười bốn nghìn*: 84 a kilo, or 5,8 kilos for 14? Asked unless goods never cost the less."""
        if quantity.doubt != "shared" or not self.draft.sums:
            return quantity.doubt == "shared"
        price, unit = self.draft.sums[0].value, self._unit(quantity)
        less = price % 10_000
        return any(self._plausible(p, unit) for p in (less, less + 10_000) if p)

    def _priced_in(self, unit: Unit | None) -> bool:
        """*40 khay trứng 30 quả, 88k/khay*: what a tray holds changes nothing."""
        return unit is not None and any(s.per == unit for s in self.draft.sums)

    def _vague(self) -> None:
        if self.draft.vague and self.draft.quantity is None and not self.listing:
            self.ask.append("quantity")


def _name(goods: Goods | None) -> str | None:
    return goods.name if goods else None


def _clean(value: Decimal) -> Decimal:
    """Without trailing zeros, never in powers of ten."""
    whole = value.to_integral_value()
    return whole.quantize(_ONE) if whole == value else value.normalize()


def _kilos(item: Item) -> Decimal | None:
    unit = units().get(item.unit or "")
    if unit is None or unit.kg is None or unit.name in ("kg", "g") or item.quantity is None:
        return None
    return _clean(item.quantity * unit.kg)
