"""Sums in English words, as they are read aloud."""

from __future__ import annotations

from collections.abc import Iterator

_SMALL = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen"),
    *("eighteen", "nineteen"),
)
_TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_GROUPS = ((10**12, "trillion"), (10**9, "billion"), (10**6, "million"), (10**3, "thousand"))


def spelled(number: int) -> str:
    """2,005,000 -> *two million and five thousand*; ValueError below zero."""
    if number < 0:
        raise ValueError("a sum is not negative")
    return " ".join(_parts(number)) or _SMALL[0]


def _parts(number: int) -> Iterator[str]:
    said, rest = False, number
    for size, name in _GROUPS:
        group, rest = divmod(rest, size)
        if group:
            if said and not rest and group < 100:
                yield "and"
            yield f"{spelled(group)} {name}"
            said = True
    if rest:
        if said and rest < 100:
            yield "and"
        yield _below_thousand(rest)


def _below_thousand(number: int) -> str:
    hundreds, rest = divmod(number, 100)
    if not hundreds:
        return _below_hundred(rest)
    head = f"{_SMALL[hundreds]} hundred"
    return f"{head} and {_below_hundred(rest)}" if rest else head


def _below_hundred(number: int) -> str:
    if number < len(_SMALL):
        return _SMALL[number]
    tens, ones = divmod(number, 10)
    return f"{_TENS[tens]}-{_SMALL[ones]}" if ones else _TENS[tens]
