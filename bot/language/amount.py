"""A quantity or a sum as it stands in the sentence."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from bot.language.number import Number
from bot.language.vocabulary import Unit

THOUSAND = Decimal(1000)
MOST_MONEY = Decimal(10) ** 15


class Amount(NamedTuple):
    """A quantity, a sum or a bare number. `start` and `end` are token positions, markers left out.

    `kind`: "quantity", "money", "bare" (a number alone), "per" (*mỗi ký, /kg* with no sum), "dozen" (*chục 12*),
    "pack" (*thùng 15kg*), "skip" (a size, a grade). `marker`: the word that tells its role.
    `per`: the unit that a sum is for. `options`: what a doubtful sum may be. `low`, `high`: a range.
    A named tuple for speed, as `Number` is.
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


def money_of(amount: Amount) -> int:
    """A bare price under a thousand is in thousands; a sum with *đ* is as it stands."""
    bare = amount.kind == "bare" and amount.value < 1000 and not amount.literal
    value = amount.value * 1000 if bare else amount.value
    return int(value.to_integral_value())
