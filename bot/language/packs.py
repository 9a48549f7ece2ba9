"""Quantities without a number of their own: packs and what they hold, *mỗi, vài, ký rưỡi, một xe*."""

from __future__ import annotations

from decimal import Decimal

from bot.language.amount import Amount
from bot.language.number import Number
from bot.language.quantities import Quantities
from bot.language.vocabulary import Unit

_HEAVIEST_PACK = 99  # kg; *can 1 tấn 2* is weighing, not a can


class Packs(Quantities):
    """Reads what is counted by a word."""

    def _pack(self, at: int) -> Amount | None:
        """*thùng 15kg, bao hai mươi lăm ký, can 20l*: a pack named without a number, and what it holds."""
        unit = self.unit(at)
        if unit is None or unit.family not in ("pack", "pair") or self._counted(at):
            return None
        if at > 0 and self.at.bare[at - 1] == "con":
            return None  # 2 con lon 45kg
        return self._pack_of(unit, at, self.unit_end(at))

    def _one_pack(self, at: int, found: list[Amount]) -> Amount | None:
        """*6 thùng nước yến, 1 thùng 30 hũ*: what one of the packs said before holds."""
        unit = self.unit(at + 1) if "per" in self.at.tags[at] else None
        if unit is None or unit.family not in ("pack", "pair"):
            return None
        if not any(a.kind == "quantity" and a.unit == unit for a in found):
            return None
        held = self._pack_of(unit, at, self.unit_end(at + 1))
        return held if held is not None and not self._is_goods(held.end) else None

    def _pack_of(self, unit: Unit, start: int, end: int) -> Amount | None:
        end += "have" in self.at.tags[end]
        if end >= self.at.count or end in self.taken:
            return None
        number = self.at.read(end, money=False)
        holds = self.unit(number.end) if number else None
        if number is None or holds is None or number.scaled or holds.name == unit.name:
            return None
        if holds.family not in ("weight", "volume", "piece", "pack") or number.dozens is not None:
            return None
        quantity = self._quantity(number, holds)
        if quantity.unit is None or (
            quantity.value * (quantity.unit.kg or 0) > _HEAVIEST_PACK and unit.name != "xe"
        ):
            return None
        return Amount("pack", start, quantity.end, unit=unit, pack=(quantity.value, quantity.unit))

    def _each(self, at: int) -> Amount | None:
        """*mỗi thùng mười hai chai* (a pack), *mỗi cây bảy chục* (the sum takes it), *mỗi ký*."""
        if "each" not in self.at.tags[at]:
            return None
        at_unit = at + 1 + ("per" in self.at.tags[at + 1])
        unit = self.unit(at_unit)
        if unit is None:
            return None
        end = self.unit_end(at_unit)
        pack = self._pack_of(unit, at, end)
        return pack or Amount("per", at, end, unit=unit, per=unit, marker="each")

    def _lot(self, at: int) -> Amount | None:
        """*bán xe dưa, bán mớ cá*: one of it, unsaid."""
        unit = self.unit(at)
        if (
            unit is None
            or "digit" in self.at.tags[at]
            or unit.family not in ("lot", "area", "piece", "pair", "pack")
            or not self._ends(at - 1, "sell")
        ):
            return None
        end = self.unit_end(at)
        if (end in self.taken and end not in self.names) or not self._is_goods(end):
            return None
        return Amount("quantity", at, self.unit_end(at), Decimal(1), unit, implied=True)

    def _vague(self, at: int) -> Amount | None:
        """*vài ký, mấy con*: a quantity that is no number."""
        tag = self.at.tags[at].get("vague")
        unit = self.unit(tag.end) if tag is not None else None
        if (
            tag is None
            or unit is None
            or self.at.has(at - 1, "digit", "ten", "tens")
            or self._digits(at - 1)
        ):
            return None
        return Amount("vague", at, self.unit_end(tag.end), unit=unit)

    def _dozen_size(self, at: int) -> Amount | None:
        """*chục 12 trái, chục mười bốn*"""
        if (
            "dozen" not in self.at.tags[at]
            or "digit" in self.at.tags[at - 1]
            or self._digits(at - 1)
        ):
            return None
        number = self.at.read(at + 1, money=False) if at + 1 < self.at.count else None
        if (
            number is None
            or not 10 <= number.value <= 16
            or number.scaled
            or number.dozens is not None
        ):
            return None
        unit = self.unit(number.end)
        if self.at.magnitude(number.end) is not None or (
            unit is not None and unit.family != "piece"
        ):
            return None
        end = self.unit_end(number.end) if unit else number.end
        return Amount("dozen", at, end, number.value)

    def _one_and_more(self, at: int) -> Amount | None:
        """*ký rưỡi tiêu, tạ ba cà phê, cân tư*: one, unsaid, and a part of it."""
        unit = self.unit(at)
        if (
            unit is None
            or unit.family not in ("weight", "volume", "dozen", "local", "thousand")
            or self._counted(at)
        ):
            return None
        end = self.unit_end(at)
        if (
            end in self.taken
            or self.at.has(at - 1, "each", "per", "price")
            or (end < self.at.count and self.at.digits[end])
        ):
            return None
        whole = self._quantity_tail(Amount("quantity", at, end, Decimal(1), unit))
        return whole if whole.value != 1 else None

    def _fraction(self, number: Number) -> Amount | None:
        """`1/4 tấn`"""
        below = self.at.token(number.end + 1)
        if below is None or not below.raw.isdigit() or len(below.raw) > 2:
            return None
        unit = self.unit(number.end + 2)
        if unit is None or int(below.raw) < 2 or number.value >= int(below.raw):
            return None
        return Amount(
            "quantity",
            number.start,
            self.unit_end(number.end + 2),
            number.value / int(below.raw),
            unit,
        )
