"""Sums of money: what they are for, slang, and those that may be two things."""

from __future__ import annotations

from decimal import Decimal

from bot.language.amount import THOUSAND, Amount
from bot.language.number import Number
from bot.language.packs import Packs
from bot.language.vocabulary import Unit, units

_LETTERS = frozenset("tm")  # right after a number: tons, millions


class Sums(Packs):
    """Reads money."""

    def _per(self, amount: Amount) -> Amount:
        """The unit after a sum: `/kg`, *một ký*, `1kg`, *mỗi ký*, *ký*; a letter stands for the unit said before."""
        at = amount.end
        if at >= self.at.count or at in self.taken:
            return amount
        slash = self.at.raw[at] == "/"
        start = at + slash
        worded = self.at.has(start, "per", "each") or (
            "on_place" in self.at.tags[start] and "per" in self.at.tags[start + 1]
        )
        start += worded + (worded and "on_place" in self.at.tags[start])
        unit = self._letter(start) if slash else None
        end = start + 1
        if unit is None:
            unit = self.unit(start)
            end = self.unit_end(start) if unit else end
        if unit is None or (not (slash or worded) and not self._direct(amount, unit, end)):
            return amount
        return self._with_pack(amount._replace(per=unit, end=end), unit)

    def _with_pack(self, amount: Amount, unit: Unit) -> Amount:
        """`150k/hộp 20 gói`, `70k/chai 500ml`: what one of it holds, unless goods follow."""
        if unit.family not in ("pack", "pair"):
            return amount
        held = self._pack_of(unit, amount.start, amount.end)
        if held is None or self._is_goods(held.end):
            return amount
        return amount._replace(end=held.end, pack=held.pack)

    def _direct(self, amount: Amount, unit: Unit, end: int) -> bool:
        """*120 ngàn ký*; but `25k chai` before more words may begin another product."""
        if amount.kind == "bare":
            return False
        if unit.family in ("weight", "dozen", "thousand", "local") or self._closes(end):
            return True
        return not self._is_goods(end) or "honorific" in self.at.tags[end]

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

    def _unit_before(self, amount: Amount) -> Amount:
        """*giá chai hai trăm hai, hũ 70k*: a unit without a number right before the sum is what it is for."""
        if amount.kind not in ("money", "bare") or amount.per is not None:
            return amount
        start = self._unit_beside(amount.start)
        if start is None or self._counted(start):
            return amount
        unit = self.unit(start)
        counted = self.unit(start - 1) is not None and self._counted(start - 1)
        goods = self.unit(start - 1) is not None and start in self.goods
        if counted or goods or "becomes" in self.at.tags[start]:
            return amount  # 2 lạng yến 3 củ; sửa giá thành 30k
        if self.at.low[start] == "con" and not self.at.has(start - 1, "price", "each"):
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
        return amount._replace(kind="money", per=unit, value=value)

    def _unit_beside(self, end: int) -> int | None:
        """Where the unit of one word or two begins that ends here."""
        for start in (end - 1, end - 2):
            if "unit" in self.at.tags[start] and self._unit_to(start, end):
                return start
        return None

    def _unit_to(self, at: int, end: int) -> bool:
        if self.unit(at) is None or self.unit_end(at) != end:
            return False
        return self.at.tags[at]["unit"].exact or "price" not in self.at.tags[at]

    def _money(self, number: Number) -> Decimal:
        """`35,000` next to money is thirty-five thousand."""
        return number.other if number.digits and number.other is not None else number.value

    def _doubtful(self, number: Number) -> Amount | None:
        """*2 xị* 20.000 or 200.000; *vé* 100 dollars; `5t` tấn, tạ, tỷ or triệu; *củ, chai, lít, tỏi* as money."""
        end, tags = number.end, self.at.tags[number.end]
        letter = self.at.low[end] if end < self.at.count and self.at.glued[end] else ""
        said = letter in _LETTERS or "doubt_money" in tags or "slang" in tags
        if not said or end in self.taken:
            return None
        bare = self.at.bare[end]
        tickets = bare == "ve" and self.at.bare.count("ve") > 1
        if "doubt_money" in tags and not tickets and not self._is_root_or_drink(end + 1):
            steps = (10_000, 100_000) if bare == "xi" else (2_000_000, 2_500_000)
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
        if letter == "t":
            return self._letter_t(number)
        if (
            letter == "m"
            and self.at.raw[end] == "m"
            and self._marker(number.start) in ("got", "total", "price", "money")
        ):
            return self._letter_m(number)
        few = not number.scaled and number.value < THOUSAND
        if few and "slang" in tags and self._is_slang(number):
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
        if marker in ("got", "total", "price", "money") or "money" in self.at.tags[end]:
            options = (value * 10**6, value * 10**9)
            return Amount(
                "money", number.start, end, options[0], options=options, doubt="sum_scale"
            )
        return Amount("quantity", number.start, end, value, units()["tấn"], doubt="unit")

    def _is_slang(self, number: Number) -> bool:
        """Money when it is money *of* something, came *in*, ends the sentence, or goes on as money does."""
        at = self.at.tags[number.end]["slang"].end
        if self._is_unit_elsewhere(number.end):
            return False
        after_marker = self._marker(number.start) in (
            "got",
            "total",
            "money",
            "deposit",
            "owed",
            "price",
        )
        tailed = self.at.has(at, "half", "digit", "tail") or self._digits(at)
        if "money" in self.at.tags[at + tailed]:
            return True
        if self._priced_per(at + tailed) and self._counted_before(number.start):
            return True
        if self._is_root_or_drink(at) or (tailed and self._is_root_or_drink(at + 1)):
            return False
        tail = self._digits(at) and (self.at.glued[at] or at + 1 == self.at.count)
        return (
            after_marker
            or (tail and self._counted_before(number.start))
            or (self._closes(at) and self._counted_before(number.start))
        )

    def _priced_per(self, at: int) -> bool:
        """*hai củ một yến*"""
        return self.at.has(at, "per", "each") and self.unit(at + 1) is not None

    def _is_unit_elsewhere(self, at: int) -> bool:
        """*80 nghìn mỗi chai, còn 9 chai*: a bottle both times."""
        bare = self.at.bare[at]
        return any(
            self.at.bare[p] == bare
            and (self.at.has(p - 1, "per", "each") or self.at.raw[p - 1] == "/")
            for p in self.at.places("slang")
            if 0 < p != at
        )

    def _one_slang(self, at: int) -> Amount | None:
        """*bán được củ hai, thu chai rưỡi*: one million and a part, unsaid."""
        end = at + 1
        told = self._ends(at - 1, "got") or self._ends(at - 1, "sell")
        if not (told and "slang" in self.at.tags[at] and self.at.has(end, "half", "digit", "tail")):
            return None
        if not (self._closes(end + 1) or "money" in self.at.tags[end + 1]):
            return None
        return self._slang(Number(Decimal(1), at, at))._replace(marker="got")

    def _is_root_or_drink(self, at: int) -> bool:
        """A product right after it: a bottle, a litre or a root of that."""
        token = self.at.token(at)
        if token is None or not token.word or self.at.has(at, "half", "buyer_sign", "honorific"):
            return False
        return at in self.names or "noise" not in self.at.tags[at]

    def _slang(self, number: Number) -> Amount:
        tag = self.at.tags[number.end]["slang"]
        size, end, value = Decimal(str(tag.value)), tag.end, number.value
        token = self.at.token(end)
        if "half" in self.at.tags[end]:
            value, end = value + Decimal("0.5"), end + 1
        elif token is not None and token.raw.isdigit() and len(token.raw) <= 3:
            value, end = value + Decimal("0." + token.raw), end + 1
        elif (digit := self.at.value(end, "digit") or self.at.value(end, "tail")) and (
            self._closes(end + 1) or "money" in self.at.tags[end + 1]
        ):
            value, end = value + Decimal(digit) / 10, end + 1
        return self._per(Amount("money", number.start, end, value * size))

    def _bare(self, number: Number) -> Amount:
        amount = Amount(
            "bare", number.start, number.end, self._bare_value(number), literal=number.literal
        )
        verb = self._ends(number.start - 1, "sell") and not number.literal and number.value < 1000
        verb = verb and self.at.token(number.end) is not None and self.at.word[number.end]
        amount = amount._replace(
            options=options_of(number), shorter=number.shorter, after_verb=verb
        )
        if number.vague:
            amount = amount._replace(doubt="vague")
        priced = self._per(amount)
        if priced.per is None:
            return amount
        value = (
            amount.value if amount.literal or amount.value >= THOUSAND else amount.value * THOUSAND
        )
        return priced._replace(kind="money", value=value)

    def _bare_value(self, number: Number) -> Decimal:
        if number.digits and number.other is not None:
            return number.other
        return number.value

    def _of(self, amount: Amount) -> str | None:
        """*38 ngàn tiền rau*: money from something."""
        if amount.kind not in ("money", "bare") or amount.per is not None:
            return None
        left = "becomes" in self.at.tags[amount.start - 1] and "discount" in self.at.kinds
        if left or "round" in self.at.tags[amount.end]:
            return "total"  # bớt 20k còn 430k; lấy 1 triệu chẵn
        return "money" if "money" in self.at.tags[amount.end] else None


def options_of(number: Number) -> tuple[Decimal, ...]:
    """Both readings of a number in words that has two."""
    if number.other is None or number.digits:
        return ()
    return (number.value, number.other)
