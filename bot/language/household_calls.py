"""Which household a worker names: *hộ chị Lan, hộ DT-0412, DT-0412, 0912 345 678*."""

from __future__ import annotations

import csv
import re
from functools import cache
from importlib.resources import files

from domain.fold import fold
from domain.phones import phone_of

CODE = re.compile(r"[a-z]{2,4}-?\d{3,7}", re.IGNORECASE)
LONGEST_NAME = 4  # words after the call


def household_called(text: str) -> str | None:
    """The name, code or phone that is all there is besides the call; None for any other words."""
    words = text.strip(" .!?").split()
    if phone_of("".join(words)) is not None:
        return "".join(words)
    if len(words) == 1 and CODE.fullmatch(words[0]):
        return words[0]
    folded = fold(" ".join(words))
    for call in _calls():
        if folded.startswith(f"{call} "):
            rest = words[len(call.split()) :]
            return " ".join(rest) if len(rest) <= LONGEST_NAME else None
    return None


@cache
def _calls() -> tuple[str, ...]:
    """The longest first."""
    table = files("bot.language").joinpath("household_calls.csv").read_text("utf-8")
    phrases = [p for row in csv.DictReader(table.splitlines()) for p in row["phrases"].split("|")]
    return tuple(sorted(map(fold, phrases), key=len, reverse=True))
