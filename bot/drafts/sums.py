"""Sums and prices as the messages show them."""

from __future__ import annotations

from bot.dialogue.reply import Line, Lines, Money, Value, Words


def total_values(vnd: int) -> dict[str, Value]:
    """A total in digits and in words."""
    return {"total": Money(vnd), "total_words": Words(vnd)}


def rate_values(vnd: int | None, unit: str | None) -> dict[str, Value]:
    """A price and what it is for; zero and nothing when they are not known."""
    return {"unit_price": Money(vnd or 0), "price_unit": unit or ""}


def rate(vnd: int | None, unit: str | None) -> Value:
    """`25.000 đ/kg`."""
    return Lines((Line("rate", rate_values(vnd, unit)),))
