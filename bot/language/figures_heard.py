"""Sums, quantities and order numbers in words that were heard, to be held against a second hearing."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from bot.language.amount import money_of
from bot.language.reading import read
from bot.language.understand import understand
from bot.language.understanding import Known

SUMS = ("money", "bare")
SAME = "yes"  # *lưu* and *ừ* answer a card alike


class Figure(NamedTuple):
    """A sum in đồng (`unit` None, `money`), or a quantity."""

    money: bool
    value: Decimal
    unit: str | None = None


class Figures(NamedTuple):
    """What must be heard right."""

    figures: tuple[Figure, ...]
    order: str | None
    answer: str | None


def figures_heard(text: str, on: date, known: Known) -> Figures:
    """In the order in which they were said; `answer` is the short answer that the words are."""
    words = understand(text, on, known)
    amounts = [a for a in read(text, on, known).amounts if a.kind != "skip"]
    found = (
        Figure(money=True, value=Decimal(money_of(a)))
        if a.kind in SUMS
        else Figure(False, a.value, a.unit.name if a.unit else None)
        for a in amounts
    )
    answer = SAME if words.answer == "save" else words.answer
    return Figures(tuple(found), words.order_id, answer)
