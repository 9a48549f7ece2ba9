"""Numbers below a thousand, in digits or words (rules.md 2.1-2.4)."""

from __future__ import annotations

from decimal import Decimal

from bot.language.number import Number, in_digits
from bot.language.number_words import NumberWords

_HUNDRED = Decimal(100)
_AFTER_DIGITS = frozenset(("hundred", "dozen", "half"))
_TELLS = ("unit", "magnitude", "hundred", "tens", "dozen", "half", "buyer_sign", "dong", "digit")


class NumberGroups(NumberWords):
    """Reads one group: *hai trăm linh năm, hăm bảy, trăm rưỡi, 27.800*."""

    def _head(self, at: int) -> Number | None:
        if self.digits[at]:
            return self._digits(at)
        if "numeral_name" in self.tags[at]:
            return None
        return self._maybe_unit(self._group(at)) or self._bare_magnitude(at)

    def _digits(self, at: int) -> Number | None:
        number = in_digits(self.raw[at], at)
        if number is None or _AFTER_DIGITS.isdisjoint(self.tags[at + 1]):
            return number
        value = number.value
        if "hundred" in self.tags[at + 1] and value < 100:
            hundreds = number._replace(
                value=value * 100, end=at + 2, digits=False, magnitude=_HUNDRED
            )
            return self._after_hundred(hundreds)
        if "dozen" in self.tags[at + 1]:
            return self._dozens(number)
        if "half" in self.tags[at + 1] and not self._glued(at + 1):
            return number._replace(value=value + Decimal("0.5"), end=at + 2)
        return number

    def _group(self, at: int) -> Number | None:
        here = self.tags[at]
        if "twenty" in here:
            return self._ones(Number(Decimal(self.value(at, "twenty") or 0), at, at + 1))
        if "ten" in here:
            return self._ones(Number(Decimal(10), at, at + 1))
        if "digit" not in here:
            return self._bare_hundred(at)
        digit = self.value(at, "digit") or 0
        if "hundred" in self.tags[at + 1]:
            return self._after_hundred(Number(Decimal(100 * digit), at, at + 2, magnitude=_HUNDRED))
        return self._half_one(self._tens(at, digit)) if digit else self._tens(at, digit)

    def _tens(self, at: int, digit: int) -> Number:
        one = Number(Decimal(digit), at, at + 1)
        if digit >= 2 and self.has(at + 1, "tens", "ten"):
            return self._ones(Number(Decimal(10 * digit), at, at + 2, shorter=None))
        if digit >= 1 and "dozen" in self.tags[at + 1]:
            return self._dozens(one)
        if digit >= 2:
            second = self._dropped(at + 1)
            if second is not None:
                vague = second == digit + 1 and self.value(at + 1, "digit") is not None
                return Number(Decimal(10 * digit + second), at, at + 2, vague=vague, shorter=one)
        return one

    def _dropped(self, at: int) -> int | None:
        """The second digit of *hai lăm, ba mốt, sáu bảy*; *một* and *năm* would have been *mốt, lăm*."""
        if self._says_tail(at):
            return self.value(at, "tail")
        if self.has(at + 1, "tens", "hundred", "dozen"):
            return None
        digit = self.value(at, "digit")
        if self._counts_goods(at):
            return None
        return digit if digit is not None and digit not in (0, 1, 5) else None

    def _maybe_unit(self, number: Number | None) -> Number | None:
        """*hai tam la co*: 28, or two sheets? A filler word after it does not tell."""
        if number is None or number.end - number.start < 2:
            return number
        unit = self.tags[number.end - 1].get("unit")
        if unit is None or unit.exact:
            return number
        following = self.token(number.end)
        tells = following is None or not following.word or self.has(number.end, *_TELLS)
        return number if tells else number._replace(vague=True)

    def _counts_goods(self, at: int) -> bool:
        """*nam tam phen*: without marks *tam* is tấm, not tám, where goods follow it."""
        unit = self.tags[at].get("unit")
        return (
            unit is not None
            and not unit.exact
            and self._starts_goods(at + 1)
            and not self.has(at + 1, "unit", "magnitude")
        )

    def _ones(self, tens: Number) -> Number:
        """The digit after *mươi* or *mười*. *mười một ký* may also be ten, and "một ký"."""
        at = tens.end
        if not self.tags[at] or self.has(at + 1, "tens", "hundred"):
            return tens
        tail, digit = self.value(at, "tail"), self.value(at, "digit")
        ones = tail if self._says_tail(at) else digit
        if not ones or self._glued(at) or self._counts_goods(at):
            return self._half_one(tens)
        if digit == 1 and self._starts_unit(at + 1) and tens.value != 10:
            return tens._replace(other=None)
        longer = self._half_one(Number(tens.value + ones, tens.start, at + 1))
        return longer._replace(shorter=tens) if digit == 1 and self._starts_unit(at + 1) else longer

    def _half_one(self, number: Number) -> Number:
        """*hai mươi hai rưỡi*: 22,5; a half that was read already is not read twice."""
        if "half" not in self.tags[number.end] or number.dozens is not None:
            return number
        if number.value != number.value.to_integral_value():
            return number
        return number._replace(value=number.value + Decimal("0.5"), end=number.end + 1)

    def _dozens(self, number: Number) -> Number:
        """*bảy chục, bảy chục hai, 3 chục rưỡi*: tens, and how many of them."""
        dozens, at = number.value, number.end + 1
        if "half" in self.tags[at]:
            dozens, at = dozens + Decimal("0.5"), at + 1
        closed = Number(
            dozens * 10,
            number.start,
            at,
            dozens=dozens,
            digits=number.digits,
            magnitude=Decimal(10),
        )
        ones = self.value(at, "digit") if self.magnitude(at + 1) else None
        if ones:
            return Number(closed.value + ones, number.start, at + 1)
        return closed

    def _bare_hundred(self, at: int) -> Number | None:
        """*trăm ba, trăm rưỡi*: one hundred, unsaid. Without anything after it, it is no number."""
        here = self.tags[at]
        if "half_before" in here and (self._starts_unit(at + 1) or "dozen" in self.tags[at + 1]):
            return Number(Decimal("0.5"), at, at + 1)
        if "hundred" not in here:
            return None
        number = self._after_hundred(Number(_HUNDRED, at, at + 1, magnitude=_HUNDRED))
        closed = number.end > at + 1 or self.magnitude(at + 1)
        return number if closed or self.marked[at] else None

    def _after_hundred(self, number: Number) -> Number:
        at = number.end
        if "half" in self.tags[at]:
            return number._replace(value=number.value + 50, end=at + 1)
        if "zero_tens" in self.tags[at]:
            return self._after_linh(number)
        if self.value(at, "digit") == 0:
            return number
        return self._rest_of_hundred(number)

    def _after_linh(self, number: Number) -> Number:
        at = number.end + 1
        ones = self.value(at, "digit") if "digit" in self.tags[at] else self.value(at, "tail")
        if not ones and self.tokens[at : at + 1] and self.digits[at] and len(self.raw[at]) == 1:
            ones = int(self.raw[at])
        return number._replace(value=number.value + ones, end=at + 1) if ones else number

    def _rest_of_hundred(self, number: Number) -> Number:
        at = number.end
        rest = self._below_hundred(at)
        if rest is None:
            return self._written_rest(number)
        if rest.end - rest.start == 1 and rest.value < 10:
            return self._lone(number, rest)
        longer = number._replace(value=number.value + rest.value, end=rest.end, vague=False)
        if rest.dozens is not None:
            longer = longer._replace(dozens=longer.value / 10, magnitude=Decimal(10))
        if rest.shorter is not None:
            short = self._lone(number, rest.shorter) if rest.shorter.value < 10 else None
            kept = short or number._replace(
                value=number.value + rest.shorter.value, end=rest.shorter.end
            )
            longer = longer._replace(shorter=kept)
        return longer

    def _below_hundred(self, at: int) -> Number | None:
        if at >= self.count or self.digits[at]:
            return None
        if self._says_tail(at):
            return Number(Decimal(self.value(at, "tail") or 0), at, at + 1)
        if "hundred" in self.tags[at]:
            return None
        if "hundred" in self.tags[at + 1] and "digit" in self.tags[at]:
            return None
        return self._group(at)

    def _lone(self, number: Number, rest: Number) -> Number:
        """*hai trăm hai* 220, *bốn trăm mốt* 410; but not *một trăm | một ký*."""
        if rest.value == 1 and not self._says_tail(rest.start):
            return number
        longer = number._replace(
            value=number.value + rest.value * 10, end=rest.end, magnitude=Decimal(10)
        )
        return longer._replace(shorter=number)

    def _written_rest(self, number: Number) -> Number:
        """*2 trăm 5*, *1 trăm 50*: the rest in digits."""
        token = self.token(number.end)
        if (
            token is None
            or not token.digits
            or not token.raw.isdigit()
            or not self._closes(number.end + 1)
        ):
            return number
        rest = int(token.raw)
        if len(token.raw) == 1:
            rest *= 10
        if rest >= 100:
            return number
        return number._replace(value=number.value + rest, end=number.end + 1, shorter=number)

    def _bare_magnitude(self, at: int) -> Number | None:
        """*nghìn tư, triệu hai, chục rưỡi*: one of it, unsaid."""
        if "dozen" in self.tags[at] and "digit" not in self.tags[at - 1]:
            return self._bare_dozen(at)
        size = self.magnitude(at)
        if (
            size is None
            or size < 1000
            or not self._bare_tail(at + 1)
            or self.low[at] in ("k", "m", "tr")
        ):
            return None
        return Number(Decimal(1), at, at)

    def _bare_tail(self, at: int) -> bool:
        return self.has(at, "digit", "tail", "half") and not self._starts_unit(at)

    def _bare_dozen(self, at: int) -> Number:
        dozens = Decimal("1.5") if "half" in self.tags[at + 1] else Decimal(1)
        end = at + 1 + (dozens != 1)
        return Number(dozens * 10, at, end, dozens=dozens, magnitude=Decimal(10))

    def _group_at(self, at: int) -> Number | None:
        return self._group(at) if at < self.count and not self.digits[at] else None
