"""The number grammar (rules.md 2): digits, words and both mixed, North, Centre and South.

    number    := scaled* ; scaled := (digits | group) magnitude tail?
    group     := [digit] hundred rest | tens | digit          below a thousand
    tail      := half | one digit | three digits              a part of the last magnitude
A number is read as long as it goes; where a shorter reading is possible it is kept beside it.
"""

from __future__ import annotations

from decimal import Decimal

from bot.language.number import Number
from bot.language.number_groups import NumberGroups
from bot.language.tokens import Token

ZERO = Decimal(0)
# A number in words begins with one of these.
_BEGINS = frozenset(("digit", "ten", "twenty", "hundred", "half_before", "dozen", "magnitude"))


# A number goes on after *nghìn* with one of these, or in digits.
_GOES_ON = _BEGINS | {"tail", "half", "zero_tens"}


class Numbers(NumberGroups):
    """Reads numbers in one tagged sentence. `money`: a closing group after a magnitude is in thousands."""

    def read(self, at: int, *, money: bool = True) -> Number | None:
        """The longest number that starts at this token, or None."""
        if at >= self.count:
            return None
        key = at, money and self.millions
        if key in self._kept:
            return self._kept[key]
        number = self._kept[key] = self._read(at, money=money)
        return number

    def _read(self, at: int, *, money: bool) -> Number | None:
        if self.digits[at]:
            head = self._digits(at)
        else:
            head = None if _BEGINS.isdisjoint(self.tags[at]) else self._head(at)
        if head is None:
            return None
        if "point" in self.kinds:
            return self._point(self._magnitudes(self._point(head), money=money))
        return self._magnitudes(head, money=money) if "magnitude" in self.tags[head.end] else head

    def signed(self, at: int, *, money: bool = True) -> Number | None:
        """As `read`, with *âm*, *trừ* or a minus before it."""
        if at < self.count and ("minus" in self.tags[at] or self.raw[at] == "-"):
            number = self.read(at + 1, money=money)
            return number and number._replace(value=-number.value, start=at)
        return self.read(at, money=money)

    def _point(self, head: Number) -> Number:
        """*hai phẩy năm, sáu mươi chấm hai tư*."""
        if "point" not in self.tags[head.end]:
            return head
        at, places = head.end + 1, ""
        while at < self.count and (place := self._place(at)) is not None:
            places, at = places + place, at + 1
        if not places:
            return head
        return head._replace(
            value=head.value + Decimal("0." + places), end=at, shorter=None, vague=False
        )

    def _place(self, at: int) -> str | None:
        token = self.tokens[at]
        if token.digits:
            return token.raw if token.raw.isdigit() and self._is_point(at - 1) else None
        digit = self.value(at, "digit")
        if digit is None:
            digit = self.value(at, "tail")
        return None if digit is None or self.has(at + 1, "hundred", "tens") else str(digit)

    def _is_point(self, at: int) -> bool:
        return "point" in self.tags[at]

    def _magnitudes(self, head: Number, *, money: bool) -> Number:
        number, group, total = head, head, ZERO
        while (size := self.magnitude(group.end)) is not None:
            total += group.value * size
            end = group.end + 1
            while (bigger := self.magnitude(end)) is not None and bigger >= size:
                total, size, end = total * bigger, bigger, end + 1  # một nghìn tỷ
            number = Number(total, head.start, end, scaled=True, magnitude=Decimal(size))
            written = end < self.count and self.digits[end]
            if not written and _GOES_ON.isdisjoint(self.tags[end]):
                return number
            following = self._continues(number, size)
            if following is None:
                return self._tail(number, size, money=money)
            group = following
        return number

    def _continues(self, number: Number, size: int) -> Number | None:
        """The next group, when a smaller magnitude follows it: *hai triệu | ba trăm nghìn*."""
        at = number.end
        if at >= self.count or (self.digits[at] and self.glued[at] and self._short_tail(at)):
            return None
        at = self._skip_empty(at)
        group = self._head(at) if at < self.count else None
        if group is None or group.end == group.start:
            return None
        if group.other is not None or group.literal:
            return None
        following = self.magnitude(group.end)
        if following is not None and following < size:
            return group
        if (
            group.shorter is not None
            and (smaller := self.magnitude(group.shorter.end)) is not None
            and smaller < size
        ):
            return group.shorter
        return None

    def _short_tail(self, at: int) -> bool:
        return self.magnitude(at + 1) is None

    def _skip_empty(self, at: int) -> int:
        """Past *không trăm* and *linh*: empty places before the next group."""
        if "hundred" in self.tags[at + 1] and self.value(at, "digit") == 0:
            at += 2
        skips = "zero_tens" in self.tags[at] and self.has(at + 1, "digit", "tail", "ten")
        return at + 1 if skips else at

    def _tail(self, number: Number, size: int, *, money: bool) -> Number:
        at = number.end
        if "half" in self.tags[at]:
            return number._replace(value=number.value + Decimal(size) / 2, end=at + 1)
        token = self.token(at)
        if token is None:
            return number
        if (
            token.digits
            and "hundred" in self.tags[at + 1]
            and (group := self._digits(at)) is not None
        ):
            return self._plain_tail(number, group, size, money=money)
        if token.digits:
            return self._digit_tail(number, size, token)
        return self._word_tail(number, size, money=money)

    def _digit_tail(self, number: Number, size: int, token: Token) -> Number:
        """`2tr5`, `4tr380`, `6k9`, `16 nghìn 5`, `2tr05`: a decimal fraction of the magnitude."""
        at = number.end
        abbreviation = self.low[at - 1] == "k"
        if not token.raw.isdigit() or len(token.raw) > 6 or (abbreviation and not token.glued):
            return number
        if (len(token.raw) > 3 and size < 10**6) or (len(token.raw) > 3 and not token.glued):
            return number
        if not token.glued and not self._closes(at + 1):
            return number
        if token.raw == "1" and not token.glued and self._starts_goods(at + 1):
            return number  # 20 ngan | 1 to
        if self._glued(at + 1) and "unit" in self.tags[at + 1] and not token.glued:
            return number
        value = number.value + Decimal("0." + token.raw) * size
        return number._replace(value=value, end=at + 1, shorter=None if token.glued else number)

    def _word_tail(self, number: Number, size: int, *, money: bool) -> Number:
        at = number.end
        skipped = self._skip_empty(at)
        group = self._below_hundred(skipped) or self._group_at(skipped)
        if group is None or group.dozens is not None:
            return number
        if skipped > at:
            return self._plain_tail(number, group, size, money=money)
        if group.end - group.start == 1 and group.value < 10:
            return self._lone_tail(number, group, size)
        if group.value >= 100:
            return self._plain_tail(number, group, size, money=money)
        return self._short_group(number, group, size, money=money)

    def _lone_tail(self, number: Number, group: Number, size: int) -> Number:
        """*nghìn tư* 1.400, *triệu hai* 1.200.000; not *một ngàn | một ký*, not *15 ngàn | 3 ký*."""
        counts = self._starts_unit(group.end) or self._starts_goods(group.end)
        if (
            self._repeats_unit(group.start)
            or group.value == 0
            or (group.value == 1 and not self._says_tail(group.start) and counts)
        ):
            return number
        if "dozen" in self.tags[group.end] or self.magnitude(group.end) is not None:
            return number
        value = number.value + group.value * size / 10
        return number._replace(value=value, end=group.end, shorter=number)

    def _repeats_unit(self, at: int) -> bool:
        """*10 tam tho cam 90k tam*: the unit counted before, not *tám*."""
        token = self.tokens[at]
        if token.marked or "unit" not in self.tags[at]:
            return False
        return any(self.bare[p] == token.bare and self.digits[p - 1] for p in range(1, at))

    def _plain_tail(self, number: Number, group: Number, size: int, *, money: bool) -> Number:
        """*một triệu hai trăm [nghìn]*: in money the missing word is *nghìn*."""
        scale = 1000 if money and size >= 10**6 else 1
        if self.magnitude(group.end) is not None:
            return number
        value = number.value + group.value * scale
        return number._replace(value=value, end=group.end, shorter=number)

    def _short_group(self, number: Number, group: Number, size: int, *, money: bool) -> Number:
        """*một nghìn hai sáu*, *một triệu hai lăm*: 1.026 or 1.260? Both readings are kept."""
        scale = 1000 if money and size >= 10**6 else 1
        if self.magnitude(group.end) is not None:
            return number
        spelled = number.value + group.value * scale
        fraction = number.value + group.value * size / 100
        other = (
            fraction if group.value >= 10 and group.dozens is None and fraction != spelled else None
        )
        return number._replace(value=spelled, end=group.end, shorter=number, other=other)
