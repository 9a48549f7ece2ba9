"""Quantities: a number and its unit, tails, fractions, packs; and sizes, which are none."""

from __future__ import annotations

from decimal import Decimal

from bot.language.amount import Amount
from bot.language.number import Number
from bot.language.surroundings import Surroundings
from bot.language.vocabulary import Unit, units

_SURE_GRADES = ("loai", "size", "so", "sdt")
_WEIGHTS = ("weight", "volume", "local", "dozen", "thousand", "area")

_LENGTHS = frozenset(("m", "cm", "mm", "x"))
_PHONE_START = 4  # digits of its first group


class Quantities(Surroundings):
    """Reads how much of something there is."""

    def _quantity(self, number: Number, unit: Unit) -> Amount:
        end = self.unit_end(number.end)
        value = number.value
        amount = Amount("quantity", number.start, end, value, unit, shorter=number.shorter)
        if number.vague:
            amount = amount._replace(doubt="vague")
        if number.digits and number.other is not None:
            counted = unit.family in ("piece", "pack")
            amount = (
                amount._replace(value=number.other)
                if counted
                else amount._replace(options=(number.value, number.other))
            )
        return self._of_each(self._second_unit(amount) or self._quantity_tail(amount))

    def _of_each(self, amount: Amount) -> Amount:
        """*2kg mỗi con, 18kg/thùng*: what one of them weighs or holds."""
        at = amount.end
        if at >= self.at.count:
            return amount
        if self.at.raw[at] != "/" and not self.at.has(at, "each", "per"):
            return amount
        if amount.unit is None or amount.unit.family not in ("weight", "volume", "piece"):
            return amount
        held = self.unit(at + 1) if at + 1 < self.at.count else None
        if (
            held is None
            or held.family not in ("piece", "pack", "pair")
            or held.name == amount.unit.name
        ):
            return amount
        return Amount(
            "pack", amount.start, self.unit_end(at + 1), unit=held, pack=(amount.value, amount.unit)
        )

    def _second_unit(self, amount: Amount) -> Amount | None:
        """*1 tấn 420 ký, 5 ký lẻ 2 lạng*: one quantity in kg."""
        at = amount.end + ("zero_tens" in self.at.tags[amount.end])
        if amount.unit is None or amount.unit.kg is None or at >= self.at.count or at in self.taken:
            return None
        number = self.at.read(at, money=False)
        smaller = self.unit(number.end) if number else None
        if (
            number is None
            or smaller is None
            or smaller.kg is None
            or smaller.kg >= amount.unit.kg
            or number.scaled
        ):
            return None
        if (
            number.value == 1
            and "zero_tens" not in self.at.tags[amount.end]
            and amount.value >= 1
            and smaller.name == "kg"
        ):
            return None  # "2 tạ | 1 kg 30 ngàn"
        kilos = amount.value * amount.unit.kg + number.value * smaller.kg
        return amount._replace(end=self.unit_end(number.end), value=kilos, unit=units()["kg"])

    def _quantity_tail(self, amount: Amount) -> Amount:
        at = amount.end
        if "half" in self.at.tags[at]:
            return amount._replace(value=amount.value + Decimal("0.5"), end=at + 1)
        unit = _weighing(amount.unit)
        if at >= self.at.count or at in self.taken or unit is None or unit.family not in _WEIGHTS:
            return amount
        tail = self._digit_tail(at) if self.at.digits[at] else self._word_tail(at)
        if tail is None:
            return amount._replace(doubt="shared") if self._shared_digit(at) else amount
        return amount._replace(value=amount.value + tail[0], end=tail[1], unit=unit)

    def _digit_tail(self, at: int) -> tuple[Decimal, int] | None:
        """`6kg4`, `9 ký 350`: a decimal fraction, unless it is a sum, a count or a price of its own."""
        token = self.at.tokens[at]
        if not token.raw.isdigit() or not token.raw.isascii():
            return None
        tied = token.glued and len(token.raw) <= 3 and not self._tied(at + 1)
        if not tied and self._goes_on(at + 1):
            return None
        if (token.glued and len(token.raw) <= 3) or (
            len(token.raw) in (1, 3) and self._money_after(at + 1)
        ):
            return Decimal("0." + token.raw), at + 1
        return None

    def _shared_digit(self, at: int) -> bool:
        """*bốn cân | tám tám nghìn* or *bốn cân tám | tám nghìn*; *ký tám mười bốn nghìn*"""
        if "digit" not in self.at.tags[at]:
            return False
        if "digit" in self.at.tags[at + 1]:
            return self.at.magnitude(at + 2) is not None
        ten = "ten" in self.at.tags[at + 1] and "tens" not in self.at.tags[at + 1]
        return ten and any(self.at.magnitude(p) is not None for p in (at + 2, at + 3))

    def _tied(self, at: int) -> bool:
        token = self.at.token(at)
        return token is not None and token.glued

    def _goes_on(self, at: int) -> bool:
        """A unit, magnitude or sign after it makes it a number of its own."""
        token = self.at.token(at)
        if token is None:
            return False
        if token.raw in "/-%" or self.at.magnitude(at) is not None:
            return True
        unit = self.unit(at)
        if unit is not None and not ("price" in self.at.tags[at] and not self.at.marked[at]):
            return True  # gia without marks is giá sooner than giạ
        if "slang" in self.at.tags[at] and at in self.names:
            return False  # cân tư | tỏi
        return self.at.has(at, "hundred", "dozen", "dong", "slang", "doubt_money")

    def _word_tail(self, at: int) -> tuple[Decimal, int] | None:
        """*bốn ký hai, tấn tư*; *năm ký năm trăm* with the price still to come."""
        tail = self.at.value(at, "tail")
        if (
            tail is not None
            and not self._goes_on(at + 1)
            and not ("digit" in self.at.tags[at] and self.unit(at + 1))
        ):
            return Decimal(tail) / 10, at + 1
        number = self.at.read(at, money=False)
        if number is None or number.scaled or number.digits:
            return None
        if number.end - at == 1 and 1 <= number.value < 10 and not self._goes_on(number.end):
            if number.value == 1 and "tail" not in self.at.tags[at]:
                return None
            return number.value / 10, number.end
        if (
            100 <= number.value < 1000
            and not self._goes_on(number.end)
            and self._money_after(number.end)
        ):
            return number.value / 1000, number.end
        return None

    def _skip(self, number: Number) -> Amount | None:
        """Grades, sizes, degrees, stars, percent, order and phone numbers are no amounts."""
        at, end, value = number.start, number.end, number.value
        phone = self._phone_end(at) if self.at.raw[at][0] == "0" else None
        if phone or self._is_label(number):
            return Amount("skip", at, phone or end, value)
        return self._measured(number) if end < self.at.count else None

    def _is_label(self, number: Number) -> bool:
        """What is before it tells that it counts nothing."""
        at = number.start
        if "grade" in self.at.tags[at - 1] and self._is_graded(at):
            return True
        if self.at.glued[at] and self._is_district(at):
            return True
        return self.conditional and self._is_condition(number)

    def _measured(self, number: Number) -> Amount | None:
        """What is after it tells that it counts nothing."""
        at, end = number.start, number.end
        tags, value = self.at.tags[end], number.value
        if self.at.raw[end] == "%" or "percent" in tags:
            return Amount("skip", at, end + 1, value, percent=True, marker=self._marker(at))
        if "measure" in tags:
            return Amount("skip", at, tags["measure"].end, value)
        if self.at.bare[end] in _LENGTHS:
            cross = self.at.bare[end] == "x" and self.at.glued[end] and self._digits(end + 1)
            return Amount("skip", at, end + 2, value) if cross else self._sized(number)
        return self._per_weight(number) if "unit" in tags else None

    def _sized(self, number: Number) -> Amount | None:
        return self._size(number) or self._per_weight(number)

    def _is_graded(self, at: int) -> bool:
        """*loại 2, size 3*"""
        if at - 1 in self.taken:
            return False
        grade = self.at.tags[at - 1]["grade"]
        return grade.exact or (self.at.plain and self.at.bare[at - 1] in _SURE_GRADES)

    def _phone_end(self, at: int) -> int | None:
        """`0912345678, 0912 345 678`: where a phone number ends; no sum begins with a zero like that."""
        first = self.at.raw[at]
        if not first.isdigit() or len(first) < _PHONE_START:
            return None
        end = at + 1
        while end < self.at.count and _is_phone_group(self.at.raw[end]):
            end += 1
        return end

    def _is_district(self, at: int) -> bool:
        """`q7, p12`: a part of a town."""
        return self.at.low[at - 1] in ("q", "p")

    def _is_condition(self, number: Number) -> bool:
        """*lấy từ 50 kg trở lên*, *đặt trước 5 ngày*: no quantity."""
        unit = self.unit(number.end)
        if unit is None:
            return False
        if "from_up" in self.at.kinds and self._is_least(number):
            return True
        return unit.name in ("ngày", "giờ") and self.at.bare[number.start - 1] == "truoc"

    def _is_least(self, number: Number) -> bool:
        least = "from_up" in self.at.tags[self.unit_end(number.end)]
        return least or self._ends(number.start - 1, "from_up")

    def _size(self, number: Number) -> Amount | None:
        """`1m6 x 2m, 30cm x 45cm`"""
        end = number.end
        while end < self.at.count and end < number.end + 3 and self.at.bare[end] != "x":
            end += 1
        sign = self.at.token(end)
        if sign is None or sign.bare != "x" or not self._digits(end + 1):
            return None
        end += 2
        while end < self.at.count and self.at.glued[end] and self.at.raw[end] not in ",.;)":
            end += 1
        return Amount("skip", number.start, end)

    def _per_weight(self, number: Number) -> Amount | None:
        """`20 con/kg`, `2-3 trái/kg`: how big they are."""
        unit = self.unit(number.end)
        if unit is None or unit.family != "piece":
            return None
        end = self.unit_end(number.end)
        if end >= self.at.count or not (self.at.raw[end] == "/" or "per" in self.at.tags[end]):
            return None
        whole = self.unit(end + 1)
        if whole is None or whole.family != "weight":
            return None
        return Amount("skip", number.start, self.unit_end(end + 1))


def _weighing(unit: Unit | None) -> Unit | None:
    """`25can2`: what has a tail is weighed, *cân*, and no *can*."""
    return units()["kg"] if unit is not None and unit.name == "can" else unit


def _is_phone_group(raw: str) -> bool:
    return raw.isdigit() and len(raw) in (3, 4)
