"""A number said, with its second reading where there is one."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

_TOO_LONG = 15  # digits


class Number(NamedTuple):
    """A number said. `start` and `end` are token positions.

    `scaled`: a thousand or more was named (`ngàn`, `k`, `triệu`). `digits`: written in digits, `literal`: with
    its thousands. `dozens`: it ended in *chục*, this many. `vague`: *ba bốn*, as likely "three or four".
    `other`: the second reading, where there is one. `shorter`: the same start, ended earlier.
    A named tuple: a message makes many, and a frozen dataclass takes four times as long to make or change.
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


@lru_cache(maxsize=4096)
def in_digits(raw: str, at: int) -> Number | None:
    """The number that this token is; None for runs too long: phone or account numbers."""
    if len(raw) > _TOO_LONG or not raw.isascii():
        return None
    value, literal, other = written(raw)
    return Number(value, at, at + 1, digits=True, literal=literal, other=other)


def written(raw: str) -> tuple[Decimal, bool, Decimal | None]:
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
