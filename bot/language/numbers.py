"""The number grammar (rules.md 2): digits, words and both mixed, North, Centre and South.

    number    := scaled* ; scaled := (digits | group) magnitude tail?
    group     := [digit] hundred rest | tens | digit          below a thousand
    tail      := half | one digit | three digits              a part of the last magnitude
A number is read as long as it goes; where a shorter reading is possible it is kept beside it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from bot.language.tokens import Sentence, Token
from bot.language.vocabulary import Tag, Tags

ZERO = Decimal(0)
_TOO_LONG = 15  # digits; longer runs are phone or account numbers


@dataclass(frozen=True, slots=True)
class Number:
    """A number said. `start` and `end` are token positions.

    `scaled`: a thousand or more was named (`ngàn`, `k`, `triệu`). `digits`: written in digits, `literal`: with
    its thousands. `dozens`: it ended in *chục*, this many. `vague`: *ba bốn*, as likely "three or four".
    `other`: the second reading, where there is one. `shorter`: the same start, ended earlier.
    """

    value: Decimal
    start: int
    end: int
    scaled: bool = False
    digits: bool = False
    literal: bool = False
    dozens: Decimal | None = None
    vague: bool = False
    other: Decimal | None = None
    shorter: Number | None = None
    magnitude: Decimal = Decimal(1)  # the last one named


class Numbers:
    """Reads numbers in one tagged sentence. `money`: a closing group after a magnitude is in thousands."""

    def __init__(self, sentence: Sentence, tags: Tags) -> None:
        self.text = sentence.text
        self.tokens = sentence.tokens
        self.tags = tags
        self.count = len(sentence.tokens)
        self.kinds = tuple(tag.keys() for tag in tags)
        self.where: dict[str, list[int]] = {}  # class -> positions, from left to right
        for at, here in enumerate(tags):
            for kind in here:
                self.where.setdefault(kind, []).append(at)
        self._kept: dict[tuple[int, bool], Number | None] = {}

    def read(self, at: int, money: bool = True) -> Number | None:
        """The longest number that starts at this token, or None."""
        if at >= self.count:
            return None
        key = at, money
        if key not in self._kept:
            head = self._head(at)
            self._kept[key] = head and self._point(self._magnitudes(self._point(head), money))
        return self._kept[key]

    def signed(self, at: int, money: bool = True) -> Number | None:
        """As `read`, with *âm*, *trừ* or a minus before it."""
        if at < self.count and (self.has(at, "minus") or self.tokens[at].raw == "-"):
            number = self.read(at + 1, money)
            return number and replace(number, value=-number.value, start=at)
        return self.read(at, money)

    # -- what stands where

    def value(self, at: int, kind: str) -> int | None:
        tag = self.tag(at, kind)
        return None if tag is None else int(str(tag.value))

    def tag(self, at: int, kind: str) -> Tag | None:
        return self.tags[at].get(kind) if 0 <= at < self.count else None

    def says(self, *kinds: str) -> bool:
        """Is a word of these classes anywhere in the sentence?"""
        return any(kind in self.where for kind in kinds)

    def has(self, at: int, *kinds: str) -> bool:
        return 0 <= at < self.count and not self.kinds[at].isdisjoint(kinds)

    def token(self, at: int) -> Token | None:
        return self.tokens[at] if 0 <= at < self.count else None

    def _glued(self, at: int) -> bool:
        return 0 <= at < self.count and self.tokens[at].glued

    def magnitude(self, at: int) -> int | None:
        """1.000, 1.000.000, 10⁹ at this token. A bare *k* belongs to the digit before it."""
        tag = self.tag(at, "magnitude")
        if tag is None:
            return None
        if (self.tokens[at].low == "k" and not self._is_thousand(at)) or self.tokens[at].raw == "m":
            return None
        return int(str(tag.value))

    def _is_thousand(self, at: int) -> bool:
        before = self.token(at - 1)
        return before is not None and before.digits

    # -- heads: digits, or a group of words below a thousand

    def _head(self, at: int) -> Number | None:
        if self.tokens[at].digits:
            return self._digits(at)
        return self._group(at) or self._bare_magnitude(at)

    def _digits(self, at: int) -> Number | None:
        raw = self.tokens[at].raw
        if len(raw) > _TOO_LONG or not raw.isascii():
            return None
        value, literal, other = _written(raw)
        number = Number(value, at, at + 1, digits=True, literal=literal, other=other)
        if self.has(at + 1, "hundred") and value < 100:
            return self._after_hundred(replace(number, value=value * 100, end=at + 2, digits=False))
        if self.has(at + 1, "dozen"):
            return self._dozens(number)
        if self.has(at + 1, "half") and not self._glued(at + 1):
            return replace(number, value=value + Decimal("0.5"), end=at + 2)
        return number

    def _group(self, at: int) -> Number | None:
        digit = self.value(at, "digit")
        if self.has(at, "twenty"):
            return self._ones(Number(Decimal(self.value(at, "twenty") or 0), at, at + 1))
        if self.has(at, "ten"):
            return self._ones(Number(Decimal(10), at, at + 1))
        if digit is None:
            return self._bare_hundred(at)
        if self.has(at + 1, "hundred"):
            return self._after_hundred(Number(Decimal(100 * digit), at, at + 2))
        return self._tens(at, digit)

    def _tens(self, at: int, digit: int) -> Number:
        one = Number(Decimal(digit), at, at + 1)
        if digit >= 2 and self.has(at + 1, "tens", "ten"):
            return self._ones(Number(Decimal(10 * digit), at, at + 2, shorter=None))
        if digit >= 1 and self.has(at + 1, "dozen"):
            return self._dozens(one)
        if digit >= 2:
            second = self._dropped(at + 1)
            if second is not None:
                vague = second == digit + 1 and self.value(at + 1, "digit") is not None
                return Number(Decimal(10 * digit + second), at, at + 2, vague=vague, shorter=one)
        return one

    def _dropped(self, at: int) -> int | None:
        """The second digit of *hai lăm, ba mốt, sáu bảy*; *một* and *năm* would have been *mốt, lăm*."""
        if self.has(at + 1, "tens", "hundred", "dozen"):
            return None
        if self._says_tail(at):
            return self.value(at, "tail")
        digit = self.value(at, "digit")
        return digit if digit is not None and digit not in (0, 1, 5) else None

    def _says_tail(self, at: int) -> bool:
        """*mốt, tư, lăm*. Without marks *mot* before a unit is *một*: *ngan | mot ky*."""
        if not self.has(at, "tail") or self.has(at + 1, "hundred", "tens", "dozen"):
            return False
        return self.tokens[at].marked or not self.has(at, "digit") or not self._starts_unit(at + 1)

    def _starts_unit(self, at: int) -> bool:
        """A unit, and not a number word that only looks like one without marks: *tam* tám, tấm."""
        unit = self.tag(at, "unit")
        return (
            unit is not None
            and not self.has(at, "magnitude")
            and (unit.exact or not self.has(at, "digit"))
        )

    def _ones(self, tens: Number) -> Number:
        """The digit after *mươi* or *mười*. *mười một ký* may also be ten, and "một ký"."""
        at = tens.end
        if self.has(at + 1, "tens", "hundred", "dozen"):
            return tens
        tail, digit = self.value(at, "tail"), self.value(at, "digit")
        ones = tail if self._says_tail(at) else digit
        if not ones or self._glued(at):
            return self._half_one(tens)
        if digit == 1 and self._starts_unit(at + 1) and tens.value != 10:
            return replace(tens, other=None)
        longer = Number(tens.value + ones, tens.start, at + 1)
        return replace(longer, shorter=tens) if digit == 1 and self._starts_unit(at + 1) else longer

    def _half_one(self, number: Number) -> Number:
        if self.has(number.end, "half"):
            return replace(number, value=number.value + Decimal("0.5"), end=number.end + 1)
        return number

    def _dozens(self, number: Number) -> Number:
        """*bảy chục, bảy chục hai, 3 chục rưỡi*: tens, and how many of them."""
        dozens, at = number.value, number.end + 1
        if self.has(at, "half"):
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
        if self.has(at, "half_before") and (self._starts_unit(at + 1) or self.has(at + 1, "dozen")):
            return Number(Decimal("0.5"), at, at + 1)
        if not self.has(at, "hundred"):
            return None
        number = self._after_hundred(Number(Decimal(100), at, at + 1))
        closed = number.end > at + 1 or self.magnitude(at + 1)
        return number if closed or self.tokens[at].marked else None

    def _after_hundred(self, hundred: Number) -> Number:
        at = hundred.end
        number = replace(hundred, magnitude=Decimal(100))
        if self.has(at, "half"):
            return replace(number, value=number.value + 50, end=at + 1)
        if self.has(at, "zero_tens"):
            return self._after_linh(number)
        if self.value(at, "digit") == 0:
            return number
        return self._rest_of_hundred(number)

    def _after_linh(self, number: Number) -> Number:
        at = number.end + 1
        ones = self.value(at, "digit") if self.has(at, "digit") else self.value(at, "tail")
        if (
            not ones
            and self.tokens[at : at + 1]
            and self.tokens[at].digits
            and len(self.tokens[at].raw) == 1
        ):
            ones = int(self.tokens[at].raw)
        return replace(number, value=number.value + ones, end=at + 1) if ones else number

    def _rest_of_hundred(self, number: Number) -> Number:
        at = number.end
        rest = self._below_hundred(at)
        if rest is None:
            return self._written_rest(number)
        if rest.end - rest.start == 1 and rest.value < 10:
            return self._lone(number, rest)
        longer = replace(number, value=number.value + rest.value, end=rest.end, vague=False)
        if rest.dozens is not None:
            longer = replace(longer, dozens=longer.value / 10, magnitude=Decimal(10))
        if rest.shorter is not None:
            short = self._lone(number, rest.shorter) if rest.shorter.value < 10 else None
            kept = short or replace(
                number, value=number.value + rest.shorter.value, end=rest.shorter.end
            )
            longer = replace(longer, shorter=kept)
        return longer

    def _below_hundred(self, at: int) -> Number | None:
        if at >= self.count or self.tokens[at].digits:
            return None
        if self._says_tail(at):
            return Number(Decimal(self.value(at, "tail") or 0), at, at + 1)
        if self.has(at, "hundred"):
            return None
        if self.has(at + 1, "hundred") and self.has(at, "digit"):
            return None
        return self._group(at)

    def _lone(self, number: Number, rest: Number) -> Number:
        """*hai trăm hai* 220, *bốn trăm mốt* 410; but not *một trăm | một ký*."""
        if rest.value == 1 and not self._says_tail(rest.start):
            return number
        longer = replace(
            number, value=number.value + rest.value * 10, end=rest.end, magnitude=Decimal(10)
        )
        return replace(longer, shorter=number)

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
        return replace(number, value=number.value + rest, end=number.end + 1, shorter=number)

    def _closes(self, at: int) -> bool:
        return not self._starts_unit(at) and not self.has(at, "tens", "dozen")

    def _bare_magnitude(self, at: int) -> Number | None:
        """*nghìn tư, triệu hai, chục rưỡi*: one of it, unsaid."""
        if self.has(at, "dozen") and not self.has(at - 1, "digit"):
            return self._bare_dozen(at)
        size = self.magnitude(at)
        if (
            size is None
            or size < 1000
            or not self._bare_tail(at + 1)
            or self.tokens[at].low in ("k", "m", "tr")
        ):
            return None
        return Number(Decimal(1), at, at)

    def _bare_tail(self, at: int) -> bool:
        return self.has(at, "digit", "tail", "half") and not self._starts_unit(at)

    def _bare_dozen(self, at: int) -> Number:
        dozens = Decimal("1.5") if self.has(at + 1, "half") else Decimal(1)
        end = at + 1 + (dozens != 1)
        return Number(dozens * 10, at, end, dozens=dozens, magnitude=Decimal(10))

    # -- decimals in words

    def _point(self, head: Number) -> Number:
        """*hai phẩy năm, sáu mươi chấm hai tư*."""
        if not self.has(head.end, "point"):
            return head
        at, places = head.end + 1, ""
        while at < self.count and (place := self._place(at)) is not None:
            places, at = places + place, at + 1
        if not places:
            return head
        return replace(
            head, value=head.value + Decimal("0." + places), end=at, shorter=None, vague=False
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
        return self.has(at, "point")

    # -- magnitudes and what follows them

    def _magnitudes(self, head: Number, money: bool) -> Number:
        number, group, total = head, head, ZERO
        while (size := self.magnitude(group.end)) is not None:
            total += group.value * size
            end = group.end + 1
            while (bigger := self.magnitude(end)) is not None and bigger >= size:
                total, size, end = total * bigger, bigger, end + 1  # một nghìn tỷ
            number = Number(total, head.start, end, scaled=True, magnitude=Decimal(size))
            following = self._continues(number, size)
            if following is None:
                return self._tail(number, size, money)
            group = following
        return number

    def _continues(self, number: Number, size: int) -> Number | None:
        """The next group, when a smaller magnitude follows it: *hai triệu | ba trăm nghìn*."""
        at = number.end
        if at >= self.count or (
            self.tokens[at].digits and self.tokens[at].glued and self._short_tail(at)
        ):
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
        if self.value(at, "digit") == 0 and self.has(at + 1, "hundred"):
            at += 2
        return (
            at + 1 if self.has(at, "zero_tens") and self.has(at + 1, "digit", "tail", "ten") else at
        )

    def _tail(self, number: Number, size: int, money: bool) -> Number:
        at = number.end
        if self.has(at, "half"):
            return replace(number, value=number.value + Decimal(size) / 2, end=at + 1)
        token = self.token(at)
        if token is None:
            return number
        if token.digits and self.has(at + 1, "hundred") and (group := self._digits(at)) is not None:
            return self._plain_tail(number, group, size, money)
        if token.digits:
            return self._digit_tail(number, size, token)
        return self._word_tail(number, size, money)

    def _digit_tail(self, number: Number, size: int, token: Token) -> Number:
        """`2tr5`, `4tr380`, `6k9`, `16 nghìn 5`, `2tr05`: a decimal fraction of the magnitude."""
        at = number.end
        abbreviation = self.tokens[at - 1].low == "k"
        if not token.raw.isdigit() or len(token.raw) > 6 or (abbreviation and not token.glued):
            return number
        if (len(token.raw) > 3 and size < 10**6) or (len(token.raw) > 3 and not token.glued):
            return number
        if not token.glued and not self._closes(at + 1):
            return number
        if self._glued(at + 1) and self.has(at + 1, "unit") and not token.glued:
            return number
        value = number.value + Decimal("0." + token.raw) * size
        return replace(number, value=value, end=at + 1, shorter=None if token.glued else number)

    def _word_tail(self, number: Number, size: int, money: bool) -> Number:
        at = number.end
        skipped = self._skip_empty(at)
        group = self._below_hundred(skipped) or self._group_at(skipped)
        if group is None or group.dozens is not None:
            return number
        if skipped > at:
            return self._plain_tail(number, group, size, money)
        if group.end - group.start == 1 and group.value < 10:
            return self._lone_tail(number, group, size)
        if group.value >= 100:
            return self._plain_tail(number, group, size, money)
        return self._short_group(number, group, size, money)

    def _group_at(self, at: int) -> Number | None:
        return self._group(at) if at < self.count and not self.tokens[at].digits else None

    def _lone_tail(self, number: Number, group: Number, size: int) -> Number:
        """*nghìn tư* 1.400, *triệu hai* 1.200.000; not *một ngàn | một ký*, not *15 ngàn | 3 ký*."""
        if group.value == 0 or (
            group.value == 1 and not self._says_tail(group.start) and self._starts_unit(group.end)
        ):
            return number
        if self.has(group.end, "dozen") or self.magnitude(group.end) is not None:
            return number
        longer = replace(
            number, value=number.value + group.value * size / 10, end=group.end, shorter=number
        )
        return longer

    def _plain_tail(self, number: Number, group: Number, size: int, money: bool) -> Number:
        """*một triệu hai trăm [nghìn]*: in money the missing word is *nghìn*."""
        scale = 1000 if money and size >= 10**6 else 1
        if self.magnitude(group.end) is not None:
            return number
        value = number.value + group.value * scale
        return replace(number, value=value, end=group.end, shorter=number)

    def _short_group(self, number: Number, group: Number, size: int, money: bool) -> Number:
        """*một nghìn hai sáu*, *một triệu hai lăm*: 1.026 or 1.260? Both readings are kept."""
        scale = 1000 if money and size >= 10**6 else 1
        if self.magnitude(group.end) is not None:
            return number
        spelled = number.value + group.value * scale
        fraction = number.value + group.value * size / 100
        other = (
            fraction if group.value >= 10 and group.dozens is None and fraction != spelled else None
        )
        return replace(number, value=spelled, end=group.end, shorter=number, other=other)


def _written(raw: str) -> tuple[Decimal, bool, Decimal | None]:
    """Digits with signs -> value, whether thousands were marked, and the other reading of `35,000`."""
    if raw.isdigit():
        return Decimal(raw), False, None
    whole, *groups = raw.replace(",", ".").split(".")
    thousands = whole != "0" and len(whole) <= 3 and all(len(g) == 3 for g in groups)
    if ("," not in raw and thousands) or ("." not in raw and thousands and len(groups) > 1):
        return Decimal(whole + "".join(groups)), True, None
    if thousands and "." not in raw:
        return Decimal(f"{whole}.{groups[0]}"), False, Decimal(whole + groups[0])
    return _mixed(raw), "." in raw and "," in raw, None


def _mixed(raw: str) -> Decimal:
    """The last sign is the decimal one when both stand there or it stands alone."""
    at = max(raw.rfind("."), raw.rfind(","))
    whole = raw[:at].replace(".", "").replace(",", "")
    return Decimal(f"{whole}.{raw[at + 1 :]}")
