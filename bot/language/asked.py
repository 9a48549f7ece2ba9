"""What was asked of a person, and what they said to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bot.language.amount import Amount
from bot.language.reading import Parts
from bot.language.understanding import Item


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked, and what was said to it."""

    parts: Parts
    on: date
    item: Item | None

    @property
    def text(self) -> str:
        return self.parts.sentence.text.strip()

    def sums(self) -> list[Amount]:
        """Sums and bare numbers, the last one said first: *dư số 0, 165 thôi*."""
        return [
            a for a in reversed(self.parts.amounts) if a.kind in ("money", "bare") and a.value > 0
        ]


def short(value: Decimal) -> Decimal:
    """Without zeros at the end."""
    bare = value.normalize()
    return bare.quantize(Decimal(1)) if bare == bare.to_integral_value() else bare


def numbers(asked: Asked) -> list[Decimal]:
    """Every number said, whatever stands after it."""
    at, found, position = asked.parts.at, [], 0
    while position < at.count:
        number = None if _names(asked, position) else at.read(position, money=False)
        if number is None or number.end == number.start or number.value <= 0:
            position += 1
            continue
        found.append(short(number.value))
        position = number.end
    return found


def _names(asked: Asked, position: int) -> bool:
    """*anh Ba trả rồi*: a name, unless what is counted comes next."""
    at = asked.parts.at
    form = at.tag(position - 1, "honorific")
    called = form is not None and form.exact and form.value != "con"
    return called and at.word[position] and not at.has(position + 1, "unit")
