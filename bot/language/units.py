"""What a quantity comes to in the unit of its price, and the sum that follows."""

from __future__ import annotations

from decimal import Decimal

from bot.language.understanding import Item
from bot.language.vocabulary import Unit, units

PAIR, THOUSAND = 2, 1000
COMMON_UNITS = ("kg", "quả", "chục")  # in which most things are sold, the commonest first


def line_total(item: Item) -> int | None:
    """Quantity times price in whole đồng; None when one is missing or the units do not convert."""
    if item.quantity is None or item.unit_price_vnd is None:
        return None
    count = count_in(item, item.price_unit)
    return None if count is None else int((count * item.unit_price_vnd).to_integral_value())


def count_in(item: Item, unit: str | None) -> Decimal | None:
    """How many of the price's unit the item's quantity is; None when that is not sure."""
    if item.quantity is None:
        return None
    if unit is None or item.unit is None or unit == item.unit:
        return item.quantity
    if item.second is not None and item.second[1] == unit:
        return item.second[0]
    mine, other = units().get(item.unit), units().get(unit)
    if mine is None or other is None:
        return None
    if mine.kg is not None and other.kg is not None:
        return item.quantity * mine.kg / other.kg
    return _packed(item, other) or _counted(item, mine, other)


def _packed(item: Item, other: Unit) -> Decimal | None:
    """Packs: so many of what each one holds."""
    if item.pack is None or item.quantity is None:
        return None
    size, name = item.pack
    inner = units().get(name)
    if inner is None:
        return None
    if inner.name == other.name:
        return item.quantity * size
    if inner.kg is not None and other.kg is not None:
        return item.quantity * size * inner.kg / other.kg
    return None


def _counted(item: Item, mine: Unit, other: Unit) -> Decimal | None:
    """Pairs, tens and thousands of pieces; a ten only when its size is known."""
    if other.family != "piece" or item.quantity is None:
        return None
    size = {"pair": PAIR, "thousand": THOUSAND, "dozen": item.dozen}.get(mine.family)
    return None if size is None else item.quantity * size
