"""Receipt codes that a person can read out: two letters and two digits, without 0 O 1 I."""

from __future__ import annotations

from hashlib import sha1
from uuid import UUID

from domain.fold import fold

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
DIGITS = "23456789"
SHORT = len(LETTERS) ** 2 * len(DIGITS) ** 2  # codes of four signs
STEP = 22_963  # coprime to SHORT and to DIGITS, so that numbers map to codes one to one

ANY_VERSION = ~(0xF000 << 64) & ~(0xC000 << 48)  # without the bits of RFC 9562 that say which
VERSION_5 = 5 << 76 | 0x8000 << 48

SHOPS = UUID("0b7b2c9e-52a1-4b0a-9a51-3f0d5c9b7a10")  # namespace of the references of shops


def derived_id(namespace: UUID, name: str) -> UUID:
    """The id that `uuid.uuid5` gives, in half its time."""
    sign = sha1(namespace.bytes + name.encode(), usedforsecurity=False).digest()
    return UUID(int=int.from_bytes(sign[:16]) & ANY_VERSION | VERSION_5)


def shop_reference(platform: str, name: str) -> str:
    """What stands for a shop's name, which may be a person's: the same name always gives the same signs."""
    return derived_id(SHOPS, f"{platform}/{fold(name)}").hex[:16]


def receipt_code(household: UUID, number: int) -> str:
    """The code of a household's `number`-th receipt (from 0): unlike neighbours, never the same twice."""
    start = household.int % SHORT
    round_, place = divmod(number, SHORT)
    rest = (start + place * STEP) % SHORT
    rest, a = divmod(rest, len(LETTERS))
    rest, b = divmod(rest, len(LETTERS))
    c, d = divmod(rest, len(DIGITS))
    tail = "" if round_ == 0 else _digits(round_ - 1)
    return LETTERS[a] + LETTERS[b] + DIGITS[c] + DIGITS[d] + tail


def _digits(number: int) -> str:
    high, low = divmod(number, len(DIGITS))
    return (_digits(high - 1) if high else "") + DIGITS[low]
