"""An OCOP certificate as it was told: its number, stars and days, and what speaks against them. Pure."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

LONGEST_NUMBER = 40
FIRST_ISSUED = dt.date(2018, 5, 7)  # the programme began with Decision 490/QĐ-TTg
LONGEST_TERM = dt.timedelta(days=5 * 366)  # three years by Decision 148/QĐ-TTg, and room for slips
NUMBER = re.compile(r"[\w./()-]+(?: [\w./()-]+)*")


@dataclass(frozen=True, slots=True)
class Certificate:
    """`code` is its product's; the `number` is missing when nobody told it."""

    code: str
    stars: int
    issued: dt.date
    valid_until: dt.date
    number: str | None = None
    photo: UUID | None = None

    def has_expired(self, today: dt.date) -> bool:
        """Whether it holds no longer."""
        return self.valid_until < today


def number_of(said: str) -> str | None:
    """The number on one line without signs that nobody sees; None for what is none."""
    plain = " ".join("".join(sign if sign.isprintable() else " " for sign in said).split())
    fits = len(plain) <= LONGEST_NUMBER and any(sign.isdecimal() for sign in plain)
    return plain if fits and NUMBER.fullmatch(plain) else None


def day_faults(issued: dt.date, valid_until: dt.date, today: dt.date) -> Iterator[str]:
    """Which of the days can't be so: `issued`, `until`."""
    if not FIRST_ISSUED <= issued <= today:
        yield "issued"
    if not issued < valid_until <= issued + LONGEST_TERM:
        yield "until"
