"""Quantities and sums of money as they stand in the sentence, before anything is made of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from bot.language.numbers import Number, Numbers
from bot.language.vocabulary import Unit, units

THOUSAND = Decimal(1000)
MOST_MONEY = Decimal(10) ** 15
_BEFORE = (
    "deposit",
    "owed",
    "discount",
    "fee",
    "gift",
    "total",
    "price",
    "each",
    "got",
    "spent",
    "extra",
    "money",
    "sell",
)
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
_HEAVIEST_PACK = 99  # kg; *can 1 tấn 2* is weighing, not a can
_SURE_GRADES = ("loai", "size", "so", "sdt")
_WEIGHTS = ("weight", "volume", "local", "dozen", "thousand", "area")


@dataclass(frozen=True, slots=True)
class Amount:
    """A quantity, a sum or a bare number. `start` and `end` are token positions, markers left out.

    `kind`: "quantity", "money", "bare" (a number alone), "per" (*mỗi ký, /kg* with no sum), "dozen" (*chục 12*),
    "pack" (*thùng 15kg*), "skip" (a size, a grade). `marker`: the word that tells its role.
    `per`: the unit that a sum is for. `options`: what a doubtful sum may be. `low`, `high`: a range.
    """

    kind: str
    start: int
    end: int
    value: Decimal = Decimal(0)
    unit: Unit | None = None
    per: Unit | None = None
    marker: str | None = None
    pack: tuple[Decimal, Unit] | None = None
    options: tuple[Decimal, ...] = ()
    doubt: str | None = None
    high: Decimal | None = None
    about: bool = False
    literal: bool = False
    shorter: Number | None = None
    piece: Unit | None = None
    percent: bool = False
    after_verb: bool = False  # *bán 5 …*: a bare number right after the verb counts
    implied: bool = False  # *bán con nghé*: one, unsaid


class Amounts:
    """Finds the amounts of one sentence. `taken`: token positions that belong to something else."""

    def __init__(
        self, numbers: Numbers, taken: set[int], goods: set[int], names: set[int], back: set[int]
    ) -> None:
        self.at = numbers
        self.names = names  # where any name of the lexicon begins
        self.back = back  # what a correction takes back; a marker before it still tells
        self.taken = taken
        self._ends_at: dict[int, set[str]] | None = None
        self.goods = goods  # where a product of one word may stand

    def find(self) -> list[Amount]:
        """All amounts from left to right."""
        found: list[Amount] = []
        at = 0
        while at < self.at.count:
            amount = self._read(at, found) if at not in self.taken and self._may_start(at) else None
            if amount is None:
                at += 1
                continue
            found.append(amount)
            at = max(amount.end, at + 1)
        return found

    def _may_start(self, at: int) -> bool:
        return self.at.tokens[at].digits or not self.at.kinds[at].isdisjoint(_STARTS)

    def unit(self, at: int) -> Unit | None:
        tag = self.at.tag(at, "unit") if at not in self.taken else None
        return tag.value if tag is not None and isinstance(tag.value, Unit) else None

    def unit_end(self, at: int) -> int:
        return self.at.tags[at]["unit"].end

    def _read(self, at: int, found: list[Amount]) -> Amount | None:
        return (
            self._vague(at)
            or self._dozen_size(at)
            or self._each(at)
            or self._lot(at)
            or self._one_and_more(at)
            or self._pack(at, found)
            or self._number(at, found)
        )

    # -- words without a number of their own

    def _vague(self, at: int) -> Amount | None:
        """*vài ký, mấy con*: a quantity that is no number."""
        tag = self.at.tag(at, "vague")
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
        if not self.at.has(at, "dozen") or self.at.has(at - 1, "digit") or self._digits(at - 1):
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

    def _digits(self, at: int) -> bool:
        token = self.at.token(at)
        return token is not None and token.digits

    def _each(self, at: int) -> Amount | None:
        """*mỗi thùng mười hai chai* (a pack), *mỗi cây bảy chục* (the sum takes it), *mỗi ký*."""
        if not self.at.has(at, "each"):
            return None
        at_unit = at + 1 + self.at.has(at + 1, "per")
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
            or unit.family not in ("lot", "area", "piece", "pair")
            or not self._ends(at - 1, "sell")
        ):
            return None
        if not self._is_goods(self.unit_end(at)):
            return None
        return Amount("quantity", at, self.unit_end(at), Decimal(1), unit, implied=True)

    def _one_and_more(self, at: int) -> Amount | None:
        """*ký rưỡi tiêu, tạ ba cà phê, cân tư*: one, unsaid, and a part of it."""
        unit = self.unit(at)
        if (
            unit is None
            or unit.family not in ("weight", "volume", "dozen", "local")
            or self._counted(at)
        ):
            return None
        end = self.unit_end(at)
        if (
            end in self.taken
            or self.at.has(at - 1, "each", "per", "price")
            or (end < self.at.count and self.at.tokens[end].digits)
        ):
            return None
        whole = self._quantity_tail(Amount("quantity", at, end, Decimal(1), unit))
        return whole if whole.value != 1 else None

    def _pack(self, at: int, found: list[Amount]) -> Amount | None:
        """*thùng 15kg, bao hai mươi lăm ký, can 20l*: a pack named without a number, and what it holds."""
        unit = self.unit(at)
        if unit is None or unit.family not in ("pack", "pair") or self._counted(at):
            return None
        return self._pack_of(unit, at, self.unit_end(at))

    def _counted(self, at: int) -> bool:
        return self._digits(at - 1) or self.at.has(
            at - 1, "digit", "ten", "tens", "hundred", "dozen", "vague", "tail"
        )

    def _pack_of(self, unit: Unit, start: int, end: int) -> Amount | None:
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

    # -- numbers

    def _number(self, at: int, found: list[Amount]) -> Amount | None:
        if self._is_salt(at):
            return None
        number = self.at.read(at)
        if (
            number is None
            or number.value <= 0
            or any(p in self.taken for p in range(at, number.end))
        ):
            number = self._cut(number)
            if number is None or number.value <= 0:
                return None
        if skipped := self._skip(number):
            return skipped
        amount = self._fraction(number) or self._unit_before(
            self._range(number) or self._one(number, found)
        )
        marker = amount.marker or self._marker(at) or self._of(amount)
        return replace(amount, marker=marker, about=self.at.has(at - 1, "about"))

    def _of(self, amount: Amount) -> str | None:
        """*38 ngàn tiền rau*: money from something."""
        summed = amount.kind in ("money", "bare") and amount.per is None
        return "money" if summed and self.at.has(amount.end, "money") else None

    def _is_salt(self, at: int) -> bool:
        """*3kg muoi 10k*: right after a quantity and before a sum, *muoi* is salt, not ten."""
        ten = self.at.tag(at, "ten")
        return (
            ten is not None
            and not ten.exact
            and self.unit(at - 1) is not None
            and (at + 1 == self.at.count or self._digits(at + 1))
        )

    def _fraction(self, number: Number) -> Amount | None:
        """`1/4 tấn`"""
        sign, below = self.at.token(number.end), self.at.token(number.end + 1)
        if (
            sign is None
            or sign.raw != "/"
            or below is None
            or not below.raw.isdigit()
            or len(below.raw) > 2
        ):
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

    def _unit_before(self, amount: Amount) -> Amount:
        """*giá chai hai trăm hai, hũ 70k*: a unit without a number right before the sum is what it is for."""
        start = next(
            (p for p in (amount.start - 1, amount.start - 2) if self._unit_to(p, amount.start)),
            None,
        )
        if (
            start is None
            or amount.kind not in ("money", "bare")
            or amount.per is not None
            or self._counted(start)
        ):
            return amount
        unit = self.unit(start)
        if start in self.goods and self.unit(start - 1) is not None:
            return amount
        if self.at.tokens[start].low == "con" and not self.at.has(start - 1, "price", "each"):
            return amount  # without marks: còn
        if (
            unit is None
            or unit.family in ("lot", "area", "service")
            or (amount.kind == "bare" and not self.at.has(start - 1, "price", "each"))
        ):
            return amount
        value = (
            amount.value if amount.literal or amount.value >= THOUSAND else amount.value * THOUSAND
        )
        return replace(amount, kind="money", per=unit, value=value)

    def _unit_to(self, at: int, end: int) -> bool:
        if at < 0 or self.unit(at) is None or self.unit_end(at) != end:
            return False
        return self.at.tags[at]["unit"].exact or not self.at.has(at, "price")

    def _cut(self, number: Number | None) -> Number | None:
        while number is not None and any(p in self.taken for p in range(number.start, number.end)):
            number = number.shorter
        return number

    def _skip(self, number: Number) -> Amount | None:
        """Grades, sizes, degrees, stars, percent, order and phone numbers are no amounts."""
        at, end = number.start, number.end
        skip = Amount("skip", at, end, number.value)
        grade = self.at.tag(at - 1, "grade")
        if grade is not None and (grade.exact or self.at.tokens[at - 1].bare in _SURE_GRADES):
            return skip
        after = self.at.token(end)
        if after is None:
            return None
        if after.raw == "%" or self.at.has(end, "percent"):
            return replace(skip, end=end + 1, percent=True, marker=self._marker(at))
        if self.at.has(end, "measure"):
            return replace(skip, end=self.at.tags[end]["measure"].end)
        if after.bare == "x" and after.glued and self._digits(end + 1):
            return replace(skip, end=end + 2)
        return self._size(number) or self._per_weight(number)

    def _size(self, number: Number) -> Amount | None:
        """`1m6 x 2m, 30cm x 45cm`"""
        end = number.end
        while end < self.at.count and end < number.end + 3 and self.at.tokens[end].bare != "x":
            end += 1
        sign = self.at.token(end)
        measured = self.at.tokens[number.end].bare in ("m", "cm", "mm", "x")
        if sign is None or sign.bare != "x" or not self._digits(end + 1) or not measured:
            return None
        end += 2
        while (
            end < self.at.count
            and self.at.tokens[end].glued
            and self.at.tokens[end].raw not in ",.;)"
        ):
            end += 1
        return Amount("skip", number.start, end)

    def _per_weight(self, number: Number) -> Amount | None:
        """`20 con/kg`, `2-3 trái/kg`: how big they are."""
        unit = self.unit(number.end)
        if unit is None or unit.family != "piece":
            return None
        end = self.unit_end(number.end)
        sign = self.at.token(end)
        if sign is None or not (sign.raw == "/" or self.at.has(end, "per")):
            return None
        whole = self.unit(end + 1)
        if whole is None or whole.family != "weight":
            return None
        return Amount("skip", number.start, self.unit_end(end + 1))

    def _range(self, number: Number) -> Amount | None:
        """`30-40kg`, *ba mươi đến bốn mươi ký*, `20-25k`."""
        sign = self.at.token(number.end)
        if (
            sign is None
            or not (sign.raw in "-–~" or self.at.has(number.end, "to"))
            or number.scaled
        ):
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
        if self.at.has(number.end, "dong"):
            end = self.at.tags[number.end]["dong"].end
            return self._per(Amount("money", number.start, end, self._money(number), literal=True))
        doubtful = self._doubtful(number)
        if doubtful is not None:
            return doubtful
        unit = self.unit(number.end)
        if number.dozens is not None:
            return self._dozens(number, unit, found)
        if unit is not None and not self._priced_unit(number, unit, found):
            return self._quantity(number, unit)
        if number.scaled:
            return self._per(
                Amount(
                    "money", number.start, number.end, self._money(number), options=_options(number)
                )
            )
        return self._bare(number)

    def _money(self, number: Number) -> Decimal:
        """`35,000` next to money is thirty-five thousand."""
        whole = number.other if number.digits and number.other is not None else number.value
        return whole

    def _doubtful(self, number: Number) -> Amount | None:
        """*2 xị* 20.000 or 200.000; *vé* 100 dollars; `5t` tấn, tạ, tỷ or triệu; *củ, chai, lít, tỏi* as money."""
        token = self.at.token(number.end)
        if token is None or number.end in self.taken:
            return None
        if self.at.has(number.end, "doubt_money") and not self._is_root_or_drink(number.end + 1):
            steps = (10_000, 100_000) if token.bare == "xi" else (2_000_000, 2_500_000)
            options = tuple(number.value * step for step in steps)
            return self._per(
                Amount(
                    "money",
                    number.start,
                    number.end + 1,
                    options[0],
                    options=options,
                    doubt="sum_scale",
                )
            )
        if token.low == "t" and token.glued:
            return self._letter_t(number)
        if (
            token.raw == "m"
            and token.glued
            and self._marker(number.start) in ("got", "total", "price", "money")
        ):
            return self._letter_m(number)
        if self.at.has(number.end, "slang") and self._is_slang(number):
            return self._slang(number)
        return None

    def _letter_m(self, number: Number) -> Amount:
        """`được 3m5`: millions, where money is told."""
        end, value = number.end + 1, number.value
        tail = self.at.token(end)
        if tail is not None and tail.glued and tail.raw.isdigit() and len(tail.raw) <= 3:
            value, end = value + Decimal("0." + tail.raw), end + 1
        return self._per(Amount("money", number.start, end, value * 10**6))

    def _letter_t(self, number: Number) -> Amount:
        end, value = number.end + 1, number.value
        tail = self.at.token(end)
        if tail is not None and tail.glued and tail.raw.isdigit():
            value, end = value + Decimal("0." + tail.raw), end + 1
        marker = self._marker(number.start)
        if marker in ("got", "total", "price", "money") or self.at.has(end, "money"):
            options = (value * 10**6, value * 10**9)
            return Amount(
                "money", number.start, end, options[0], options=options, doubt="sum_scale"
            )
        return Amount("quantity", number.start, end, value, units()["tấn"], doubt="unit")

    def _is_slang(self, number: Number) -> bool:
        """Money when it is money *of* something, came *in*, ends the sentence, or goes on as money does."""
        at = self.at.tags[number.end]["slang"].end
        after_marker = self._marker(number.start) in (
            "got",
            "total",
            "money",
            "deposit",
            "owed",
            "price",
        )
        tailed = self.at.has(at, "half", "digit", "tail") or self._digits(at)
        if self.at.has(at + tailed, "money"):
            return True
        if self._is_root_or_drink(at):
            return False
        tail = self._digits(at) and (self.at.tokens[at].glued or at + 1 == self.at.count)
        return (
            after_marker
            or (tail and self._counted_before(number.start))
            or (self._closes(at) and self._counted_before(number.start))
        )

    def _is_root_or_drink(self, at: int) -> bool:
        """A product right after it: a bottle, a litre or a root of that."""
        token = self.at.token(at)
        return (
            token is not None
            and token.word
            and not self.at.has(at, "noise", "half", "buyer_sign", "honorific")
        )

    def _closes(self, at: int) -> bool:
        token = self.at.token(at)
        return (
            token is None
            or (not token.word and not token.digits and token.raw != "/")
            or self.at.has(at, "buyer_sign", "half")
        )

    def _counted_before(self, at: int) -> bool:
        return any(self.unit(p) is not None for p in range(at))

    def _slang(self, number: Number) -> Amount:
        tag = self.at.tags[number.end]["slang"]
        size, end, value = Decimal(str(tag.value)), tag.end, number.value
        token = self.at.token(end)
        if self.at.has(end, "half"):
            value, end = value + Decimal("0.5"), end + 1
        elif token is not None and token.raw.isdigit() and len(token.raw) <= 3:
            value, end = value + Decimal("0." + token.raw), end + 1
        elif (digit := self.at.value(end, "digit") or self.at.value(end, "tail")) and (
            self._closes(end + 1) or self.at.has(end + 1, "money")
        ):
            value, end = value + Decimal(digit) / 10, end + 1
        return self._per(Amount("money", number.start, end, value * size))

    def _bare(self, number: Number) -> Amount:
        amount = Amount(
            "bare", number.start, number.end, self._bare_value(number), literal=number.literal
        )
        verb = self._ends(number.start - 1, "sell") and not number.literal and number.value < 1000
        verb = verb and self.at.token(number.end) is not None and self.at.tokens[number.end].word
        amount = replace(amount, options=_options(number), shorter=number.shorter, after_verb=verb)
        if number.vague:
            amount = replace(amount, doubt="vague")
        priced = self._per(amount)
        if priced.per is None:
            return amount
        value = (
            amount.value if amount.literal or amount.value >= THOUSAND else amount.value * THOUSAND
        )
        return replace(priced, kind="money", value=value)

    def _bare_value(self, number: Number) -> Decimal:
        if number.digits and number.other is not None:
            return number.other
        return number.value

    # -- quantities

    def _dozens(self, number: Number, unit: Unit | None, found: list[Amount]) -> Amount:
        """*3 chục ký* is 30 kg, *hai chục cái* 20; *3 chục trứng* stays three *chục*; a price may end in *chục*."""
        dozens = number.dozens or Decimal(1)
        chuc = units()["chục"]
        if self._marker(number.start) in ("price", "each") and not self._is_goods(number.end):
            return Amount("bare", number.start, number.end, number.value)
        if self.at.has(number.end, "per") and self.unit(number.end + 1) is not None:
            return self._per(Amount("money", number.start, number.end, number.value * THOUSAND))
        if unit is None or unit.family == "dozen":
            return Amount("quantity", number.start, number.end, dozens, chuc)
        end = self.unit_end(number.end)
        if unit.name == "quả" and self.at.tokens[number.end].bare != "qua":
            return Amount("quantity", number.start, end, dozens, chuc, piece=unit)
        return Amount("quantity", number.start, end, number.value, unit)

    def _is_goods(self, at: int) -> bool:
        token = self.at.token(at)
        return (
            token is not None and token.word and (at in self.names or not self.at.has(at, "noise"))
        )

    def _priced_unit(self, number: Number, unit: Unit, found: list[Amount]) -> bool:
        """*120 ngàn ký*: the unit after a sum is what the sum is for; *1.200 quả* is a quantity."""
        if not number.scaled:
            return self._marker(number.start) == "price" and unit.family != "dozen"
        if any(a.kind == "quantity" for a in found) or self._marker(number.start) == "price":
            return True
        return not self._money_after(self.unit_end(number.end)) and unit.family == "weight"

    def _money_after(self, at: int) -> bool:
        """Is there a sum or a bare number later on?"""
        for later in range(at, self.at.count):
            if later in self.taken:
                continue
            if self.at.magnitude(later) is not None or self.at.has(later, "hundred", "dong"):
                return True
            if self.at.tokens[later].digits and not self.unit(later + 1):
                return True
        return False

    def _quantity(self, number: Number, unit: Unit) -> Amount:
        end = self.unit_end(number.end)
        value = number.value
        amount = Amount("quantity", number.start, end, value, unit, shorter=number.shorter)
        if number.vague:
            amount = replace(amount, doubt="vague")
        if number.digits and number.other is not None:
            counted = unit.family in ("piece", "pack")
            amount = (
                replace(amount, value=number.other)
                if counted
                else replace(amount, options=(number.value, number.other))
            )
        return self._of_each(self._second_unit(amount) or self._quantity_tail(amount))

    def _of_each(self, amount: Amount) -> Amount:
        """*2kg mỗi con, 18kg/thùng*: what one of them weighs or holds."""
        at = amount.end
        sign = self.at.token(at)
        if (
            sign is None
            or amount.unit is None
            or amount.unit.family not in ("weight", "volume", "piece")
        ):
            return amount
        if sign.raw != "/" and not self.at.has(at, "each", "per"):
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
        at = amount.end + self.at.has(amount.end, "zero_tens")
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
            and not self.at.has(amount.end, "zero_tens")
            and amount.value >= 1
            and smaller.name == "kg"
        ):
            return None  # "2 tạ | 1 kg 30 ngàn"
        kilos = amount.value * amount.unit.kg + number.value * smaller.kg
        return replace(amount, end=self.unit_end(number.end), value=kilos, unit=units()["kg"])

    def _quantity_tail(self, amount: Amount) -> Amount:
        at = amount.end
        if self.at.has(at, "half"):
            return replace(amount, value=amount.value + Decimal("0.5"), end=at + 1)
        token = self.at.token(at)
        if (
            token is None
            or amount.unit is None
            or amount.unit.family not in _WEIGHTS
            or at in self.taken
        ):
            return amount
        tail = self._digit_tail(at) if token.digits else self._word_tail(at)
        return replace(amount, value=amount.value + tail[0], end=tail[1]) if tail else amount

    def _digit_tail(self, at: int) -> tuple[Decimal, int] | None:
        """`6kg4`, `9 ký 350`: a decimal fraction, unless it is a sum, a count or a price of its own."""
        token = self.at.tokens[at]
        if not token.raw.isdigit() or not token.raw.isascii() or self._goes_on(at + 1):
            return None
        if (token.glued and len(token.raw) <= 3) or (
            len(token.raw) in (1, 3) and self._more_money(at + 1)
        ):
            return Decimal("0." + token.raw), at + 1
        return None

    def _more_money(self, at: int) -> bool:
        return self._money_after(at)

    def _goes_on(self, at: int) -> bool:
        """A unit, magnitude or sign after it makes it a number of its own."""
        token = self.at.token(at)
        if token is None:
            return False
        if token.raw in "/-%" or self.at.magnitude(at) is not None:
            return True
        return self.unit(at) is not None or self.at.has(
            at, "hundred", "dozen", "dong", "slang", "doubt_money"
        )

    def _word_tail(self, at: int) -> tuple[Decimal, int] | None:
        """*bốn ký hai, tấn tư*; *năm ký năm trăm* with the price still to come."""
        tail = self.at.value(at, "tail")
        if (
            tail is not None
            and not self._goes_on(at + 1)
            and not (self.at.has(at, "digit") and self.unit(at + 1))
        ):
            return Decimal(tail) / 10, at + 1
        number = self.at.read(at, money=False)
        if number is None or number.scaled or number.digits:
            return None
        if number.end - at == 1 and 1 <= number.value < 10 and not self._goes_on(number.end):
            if number.value == 1 and not self.at.has(at, "tail"):
                return None
            return number.value / 10, number.end
        if (
            100 <= number.value < 1000
            and not self._goes_on(number.end)
            and self._money_after(number.end)
        ):
            return number.value / 1000, number.end
        return None

    # -- what a sum is for

    def _per(self, amount: Amount) -> Amount:
        """The unit after a sum: `/kg`, *một ký*, `1kg`, *mỗi ký*, *ký*; a letter stands for the unit said before."""
        at = amount.end
        token = self.at.token(at)
        if token is None or at in self.taken:
            return amount
        slash = token.raw == "/"
        start = at + slash
        worded = self.at.has(start, "per", "each") or (
            self.at.has(start, "on_place") and self.at.has(start + 1, "per")
        )
        start += worded + (self.at.has(start, "on_place") and worded)
        unit = self._letter(start) if slash else None
        end = start + 1
        if unit is None:
            unit = self.unit(start)
            end = self.unit_end(start) if unit else end
        if unit is None or (not (slash or worded) and not self._direct(amount, unit, end)):
            return amount
        return replace(amount, per=unit, end=end)

    def _direct(self, amount: Amount, unit: Unit, end: int) -> bool:
        """*120 ngàn ký*; but `25k chai` before more words may begin another product."""
        if amount.kind == "bare":
            return False
        return unit.family in ("weight", "dozen", "thousand", "local") or self._closes(end)

    def _letter(self, at: int) -> Unit | None:
        """`110k/c`: the unit said before that begins with this letter."""
        token = self.at.token(at)
        if (
            token is None
            or len(token.raw) != 1
            or not token.word
            or (self.unit(at + 1) and token.bare not in "cbhtq")
        ):
            return None
        for before in range(at):
            unit = self.unit(before)
            if unit is not None and unit.name.startswith(token.low) and self._counted(before):
                return unit
        return None

    # -- what stands before

    def _marker(self, at: int) -> str | None:
        """The class of the nearest telling word before a sum, over filler words and a unit."""
        for before in [p for p in range(at - 1, max(at - 9, -1), -1) if p not in self.back][:4]:
            token = self.at.tokens[before]
            if token.raw in "=→>":
                return "total"
            if token.raw in ",;.+" or token.digits or before in self.taken:
                return None
            if before in self.goods and (
                self._follows_quantity(before) or self._opens_next(before)
            ):
                return None
            kinds = self._endings().get(before)
            telling = [k for k in kinds or () if k != "sell"]
            if telling:
                return min(telling, key=_BEFORE.index)
            if not self._passes(before):
                return None
        return None

    def _opens_next(self, at: int) -> bool:
        """`bán 2kg cam 50k, tra 100k`: after a comma and an earlier sum it is the next thing sold."""
        apart = at > 0 and (self.at.tokens[at - 1].raw in ",;+" or self.at.has(at - 1, "and"))
        earlier = any(self.at.magnitude(p) is not None for p in range(at))
        return apart and earlier and not self.at.tokens[at].marked

    def _follows_quantity(self, at: int) -> bool:
        """Goods stand right after a quantity or the verb: *3kg ca 60k*; a price's unit does not count."""
        if self.at.has(at - 1, "unit") and (
            self.at.has(at - 2, "per") or self.at.tokens[at - 2].raw == "/"
        ):
            return False
        return self.at.has(at - 1, "unit", "sell", "dozen") or self._digits(at - 1)

    def _endings(self) -> dict[int, set[str]]:
        """Where the telling words end: position of their last token -> their classes."""
        if self._ends_at is None:
            self._ends_at = {}
            for kind in _BEFORE:
                for start in self.at.where.get(kind, ()):
                    self._ends_at.setdefault(self.at.tags[start][kind].end - 1, set()).add(kind)
        return self._ends_at

    def _ends(self, at: int, kind: str) -> bool:
        return kind in self._endings().get(at, ())

    def _passes(self, at: int) -> bool:
        return (
            self.at.has(at, "unit", "noise", "self", "honorific", "ago", "just")
            or self.at.tokens[at].raw in ":("
        )


def _options(number: Number) -> tuple[Decimal, ...]:
    if number.other is None or number.digits:
        return ()
    return (number.value, number.other)
