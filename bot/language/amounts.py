"""Quantities and sums of money as they stand in the sentence, before anything is made of them."""

# ruff: noqa: SLF001 the table names readers of the class below

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from bot.language.amount import THOUSAND, Amount
from bot.language.number import Number
from bot.language.packs import Packs
from bot.language.sums import Sums, options_of
from bot.language.vocabulary import Unit, units

# An amount can only start with a word of these classes, or with digits.
_STARTS = frozenset(
    [
        "vague",
        "dozen",
        "each",
        "unit",
        "digit",
        "ten",
        "twenty",
        "hundred",
        "half_before",
        "magnitude",
        "tail",
    ]
)


_BY_WORD: tuple[tuple[str, Callable[[Packs, int], Amount | None]], ...] = (
    ("vague", Packs._vague),
    ("dozen", Packs._dozen_size),
    ("each", Packs._each),
)


class Amounts(Sums):
    """Finds the amounts of one sentence. `taken`: token positions that belong to something else."""

    def find(self) -> list[Amount]:
        """All amounts from left to right."""
        found: list[Amount] = []
        end = 0
        for at in self._beginnings():
            amount = self._read(at, found) if at >= end else None
            if amount is not None:
                found.append(amount)
                end = amount.end
        return found

    def _beginnings(self) -> list[int]:
        tags, taken = self.at.tags, self.taken
        return [
            at
            for at, digits in enumerate(self.at.digits)
            if at not in taken and (digits or not _STARTS.isdisjoint(tags[at]))
        ]

    def _read(self, at: int, found: list[Amount]) -> Amount | None:
        worded = self._worded(at, found) if self.at.tags[at] else None
        return worded or self._number(at, found)

    def _worded(self, at: int, before: list[Amount]) -> Amount | None:
        tags = self.at.tags[at]
        for kind, read in _BY_WORD:
            if kind in tags and (found := read(self, at)):
                return found
        if "unit" not in tags:
            return self._one_pack(at, before) if "per" in tags else None
        return self._one_slang(at) or self._lot(at) or self._one_and_more(at) or self._pack(at)

    def _number(self, at: int, found: list[Amount]) -> Amount | None:
        tags = self.at.tags
        if "ten" in tags[at] and self._is_salt(at):
            return None
        number = self.at.read(at)
        if number is not None and number.end > at + 1:
            number = self._cut(number)
        if number is None or number.value <= 0:
            return None
        if skipped := self._skip(number):
            return skipped
        amount = self._signed(number) or self._unit_before(self._one(number, found))
        marker = amount.marker or self._marker(at) or self._of(amount)
        if marker is None and self._is_lone_word(amount):
            return None
        about = "about" in tags[at - 1] and at - 1 not in self.taken
        if not about and marker == amount.marker:
            return amount
        return amount._replace(marker=marker, about=about)

    def _is_lone_word(self, amount: Amount) -> bool:
        """*trại Năm, chị Ba*: a lone small number in words that counts nothing is no sum."""
        if amount.kind != "bare" or amount.after_verb or amount.end - amount.start > 1:
            return False
        if self.at.digits[amount.start] or amount.value >= 10:
            return False
        return amount.end not in self.names and not self.at.says("wrong", "right_is", "not_that")

    def _is_salt(self, at: int) -> bool:
        """*3kg muoi 10k*: right after a quantity and before a sum, *muoi* is salt, not ten."""
        ten = self.at.tags[at].get("ten")
        return (
            ten is not None
            and not ten.exact
            and self.unit(at - 1) is not None
            and (at + 1 == self.at.count or self._digits(at + 1))
        )

    def _cut(self, number: Number | None) -> Number | None:
        while number is not None and not self.taken.isdisjoint(range(number.start, number.end)):
            number = number.shorter
        return number

    def _signed(self, number: Number) -> Amount | None:
        """A fraction or a range, by the sign or the word after the number."""
        end = number.end
        if end >= self.at.count:
            return None
        sign = self.at.raw[end]
        if sign == "/":
            return self._fraction(number)
        if sign not in "-–~" and "to" not in self.at.tags[end]:
            return None
        span = self._range(number)
        return span and self._unit_before(span)

    def _range(self, number: Number) -> Amount | None:
        """`30-40kg`, *ba mươi đến bốn mươi ký*, `20-25k`."""
        if number.scaled or self.unit(number.end) is not None:  # 1 qua: one, of fruit
            return None
        high = self.at.read(number.end + 1) if number.end + 1 < self.at.count else None
        if high is None or high.value <= number.value:
            return None
        unit = self.unit(high.end)
        if unit is not None:
            return Amount(
                "quantity",
                number.start,
                self.unit_end(high.end),
                number.value,
                unit,
                high=high.value,
            )
        if high.scaled:
            low = number.value * (high.magnitude if number.value < 1000 else 1)
            return self._per(Amount("money", number.start, high.end, low, high=high.value))
        return None

    def _one(self, number: Number, found: list[Amount]) -> Amount:
        if "dong" in self.at.tags[number.end]:
            end = self.at.tags[number.end]["dong"].end
            return self._per(Amount("money", number.start, end, self._money(number), literal=True))
        doubtful = self._doubtful(number)
        if doubtful is not None:
            return doubtful
        unit = self.unit(number.end)
        if number.dozens is not None:
            return self._dozens(number, unit)
        return self._undoubted(number, unit, found)

    def _undoubted(self, number: Number, unit: Unit | None, found: list[Amount]) -> Amount:
        if unit is not None and self._prices_again(number, unit, found):
            end = self.unit_end(number.end)
            return Amount("money", number.start, end, self._money(number), per=unit)
        if unit is not None and not self._priced_unit(number, unit, found):
            return self._quantity(number, unit)
        if number.scaled:
            return self._per(
                Amount(
                    "money",
                    number.start,
                    number.end,
                    self._money(number),
                    options=options_of(number),
                )
            )
        return self._bare(number)

    def _dozens(self, number: Number, unit: Unit | None) -> Amount:
        """*3 chục ký* is 30 kg, *hai chục cái* 20; *3 chục trứng* stays three *chục*; a price may end in *chục*."""
        dozens = number.dozens or Decimal(1)
        chuc = units()["chục"]
        if self._marker(number.start) in ("price", "each") and not self._is_goods(number.end):
            return Amount("bare", number.start, number.end, number.value)
        if "per" in self.at.tags[number.end] and self.unit(number.end + 1) is not None:
            return self._per(Amount("money", number.start, number.end, number.value * THOUSAND))
        if unit is None or unit.family == "dozen":
            return Amount("quantity", number.start, number.end, dozens, chuc)
        end = self.unit_end(number.end)
        if unit.name == "quả" and self.at.bare[number.end] != "qua":
            return Amount("quantity", number.start, end, dozens, chuc, piece=unit)
        return Amount("quantity", number.start, end, number.value, unit)

    def _prices_again(self, number: Number, unit: Unit, found: list[Amount]) -> bool:
        """*6 kg ngô, 7.000 kg*: the same unit right after its quantity, with what one of it costs."""
        last = found[-1] if found else None
        if last is None or last.kind != "quantity" or last.unit is None or number.value < THOUSAND:
            return False
        if number.scaled or last.unit.name != unit.name:
            return False
        end = self.unit_end(number.end)
        return not self._is_goods(end) and "total" not in self.at.tags[end]

    def _priced_unit(self, number: Number, unit: Unit, found: list[Amount]) -> bool:
        """*120 ngàn ký*: the unit after a sum is what the sum is for; *1.200 quả* is a quantity."""
        if not number.scaled:
            return self._marker(number.start) == "price" and unit.family != "dozen"
        if any(a.kind == "quantity" for a in found) or self._marker(number.start) == "price":
            return True
        return not self._money_after(self.unit_end(number.end)) and unit.family == "weight"
