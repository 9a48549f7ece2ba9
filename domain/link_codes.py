"""Codes that join another machine to a person: known by where their digits stand."""

from __future__ import annotations

import re

from domain.codes import DIGITS, LETTERS

GROUP = 4  # signs; the first is a letter, the second a digit
GROUPS, PAPER_GROUPS = 2, 3
SIGNS = LETTERS + DIGITS

_GROUP = f"[{LETTERS}][{DIGITS}][{SIGNS}]{{2}}"
_SAID = re.compile(
    rf"(?:/start\s+|\w{{2,4}}\s+)?({_GROUP})[\s.–-]?({_GROUP})(?:[\s.–-]?({_GROUP}))?",
    re.IGNORECASE,
)
LONGEST = 24  # signs of a text that can be one


def code_said(text: str) -> str | None:
    """The code that a message is, its signs alone; one short word may stand before it (`mã K7XM-P3QA`)."""
    if len(text) > LONGEST:
        return None
    found = _SAID.fullmatch(text.strip(" .!"))
    return "".join(filter(None, found.groups())).upper() if found else None


def shown(code: str) -> str:
    """As it is read out: `K7XM-P3QA`."""
    return "-".join(code[n : n + GROUP] for n in range(0, len(code), GROUP))


def signs_of(place: int) -> str:
    """What may stand at this place of a code."""
    return (LETTERS, DIGITS, SIGNS, SIGNS)[place % GROUP]
