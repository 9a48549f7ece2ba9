"""Units in the words of a language: `<language>/units.csv` gives one and many of each of ours."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from decimal import Decimal
from functools import cache

from bot.dialogue.reply import FIRST
from bot.language.spell import say_unit
from bot.locales.catalogue import folder

BARE = re.compile(
    r"[a-z ]{3,}"
)  # a name that stands for itself, without an explanation or a number


def unit(name: str, language: str, *, southern: bool, count: Decimal | int | None = None) -> str:
    """`trái`, `fruit`, of several `fruits`; a unit that the language has no word for stays as it is."""
    if language == FIRST or not name:
        return say_unit(name, southern)
    one, many = _words(language).get(name, (name, name))
    return one if count is None or count == 1 else many


@cache
def named_units(language: str) -> dict[str, str]:
    """Our unit by each name that the language has for it; of two units of one name the first."""
    named: dict[str, str] = {}
    for ours, names in _words(language).items():
        for name in names:
            bare = name.partition(" (")[0]
            if BARE.fullmatch(bare):
                named.setdefault(bare, ours)
    return named


@cache
def _words(language: str) -> Mapping[str, tuple[str, str]]:
    table = folder(language).joinpath("units.csv")
    if not table.is_file():
        return {}
    with table.open(encoding="utf-8") as lines:
        return {
            row["unit"]: (row["one"], row["many"] or row["one"]) for row in csv.DictReader(lines)
        }
