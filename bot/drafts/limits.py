"""What no sale and no listing can hold, and how the person is told so."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from bot.dialogue.reply import Line
from bot.dialogue.turn import Turn
from bot.dialogue.words import refused_number, text_of

LONGEST_PRODUCT = 60  # characters
LARGEST_QUANTITY = 10_000_000  # of any unit
LARGEST_SUM = 10**13  # đồng; more than this is a slip of the finger


def is_sum(vnd: int) -> bool:
    """Whether this many đồng can be a price or a total."""
    return 0 < vnd <= LARGEST_SUM


def is_quantity(quantity: Decimal) -> bool:
    """Whether so much can be sold."""
    return 0 < quantity <= LARGEST_QUANTITY


def sum_reason(vnd: int | None) -> str | None:
    """Why a sum cannot be taken, as a key; None when it can."""
    if vnd is None or is_sum(vnd):
        return None
    return "check.price_big" if vnd else "check.price_zero"


def quantity_reason(quantity: Decimal | None) -> str | None:
    """Why a quantity cannot be taken, as a key; None when it can."""
    if quantity is None or is_quantity(quantity):
        return None
    return "check.quantity_big" if quantity else "check.quantity_zero"


def reasons(key: str | None) -> tuple[Line, ...]:
    """The reason as a line before the question; none when there is none."""
    return (Line(key),) if key else ()


def refuse_number(kind: str) -> Callable[[Turn, object], Line | None]:
    """What a slot says to a number that cannot be a `price` or a `quantity`."""

    def refuse(turn: Turn, _draft: object) -> Line | None:
        reason = refused_number(turn, kind)
        return Line(reason) if reason else None

    return refuse


def refuse_long(key: str, longest: int) -> Callable[[Turn, object], Line | None]:
    """What a slot says to words of more than `longest` characters."""
    return lambda turn, _draft: Line(key) if len(text_of(turn)) > longest else None


refuse_product = refuse_long("check.product_long", LONGEST_PRODUCT)
