"""Plus codes (Open Location Code): a square of the earth as ten signs, about 14 m wide in Vietnam.

An open algorithm: https://github.com/google/open-location-code/blob/main/Documentation/Specification.
Ten signs, not eleven: a phone knows its place to some ten metres, so 3 m would be made up, and ten are what
maps show and people copy.
"""

from __future__ import annotations

import math
import re

SIGNS = "23456789CFGHJMPQRVWX"
BASE = len(SIGNS)
LETTERS = frozenset("CFGHJMPQRVW")  # that stand in no sum
PAIRS = 5  # of a latitude's and a longitude's sign
SQUARES = 8_000  # in a degree: 20 to the third
FINEST = 25_000_000  # of a degree of latitude: where the rounding of all lengths of code begins
BEFORE = 8  # signs before the plus
LEFT_OUT = 4  # signs that a short code lacks: what stands before it is known from a place nearby
DEGREES = 1  # in which a code without these signs stands once

_CODE = re.compile(
    rf"(?<![\w+])((?:[{SIGNS}]{{4}})?[{SIGNS}]{{4}})\+([{SIGNS}]{{2}})[{SIGNS}]?(?![\w+])",
    re.IGNORECASE | re.ASCII,
)


def plus_code(latitude: float, longitude: float) -> str:
    """The code of ten signs of a point in degrees WGS 84; ValueError for a point that is not on earth."""
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise ValueError(f"no such point: {latitude}, {longitude}")
    row = min(_square(latitude + 90), 180 * SQUARES - 1)
    column = _square(longitude + 180) % (360 * SQUARES)
    signs = ""
    for _ in range(PAIRS):
        signs = SIGNS[row % BASE] + SIGNS[column % BASE] + signs
        row, column = row // BASE, column // BASE
    return f"{signs[:BEFORE]}+{signs[BEFORE:]}"


def _square(degrees: float) -> int:
    """Counted from the south pole or the date line; rounded first, so that 20.37 is no 20.36999…"""
    return int(round(degrees * FINEST, 3)) * SQUARES // FINEST


def centre_of(code: str) -> tuple[float, float]:
    """Latitude and longitude of the middle of a code's square; ValueError for what is no whole code."""
    found = _CODE.fullmatch(code)
    if found is None or len(found[1]) != BEFORE:
        raise ValueError(f"no whole code: {code}")
    signs = (found[1] + found[2]).upper()
    latitude, longitude = _degrees(signs[::2]) - 90, _degrees(signs[1::2]) - 180
    if latitude > 90 or longitude > 180:
        raise ValueError(f"a code of no place: {code}")
    return latitude, longitude


def _degrees(signs: str) -> float:
    count = 0
    for sign in signs:
        count = count * BASE + SIGNS.index(sign)
    return (count + 0.5) / SQUARES


def code_in(text: str) -> str | None:
    """The first code in a text, whole or short, with ten or six signs; the sum *22x5+35* is none."""
    if "+" not in text:
        return None
    for found in _CODE.finditer(text):
        if len(found[1]) == BEFORE or set((found[1] + found[2]).upper()) & LETTERS:
            return f"{found[1]}+{found[2]}".upper()
    return None


def is_short(code: str) -> bool:
    """Whether the first four signs are left out: *PQPG+2V* of a place that is known."""
    return code.index("+") == BEFORE - LEFT_OUT


def near(short: str, latitude: float, longitude: float) -> str:
    """The whole code nearest to a point that this short one stands for; right within half a degree of it."""
    here = plus_code(latitude, longitude)[:LEFT_OUT]
    there = centre_of(here + short)
    return plus_code(*map(_nearer, there, (latitude, longitude)))


def _nearer(there: float, here: float) -> float:
    """A degree up or down when that is nearer."""
    return there - DEGREES * math.floor((there - here) / DEGREES + 0.5)
