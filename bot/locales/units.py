"""Units in the words of a language: `<language>/units.csv` gives one and many of each of ours."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from decimal import Decimal
from functools import cache

from bot.dialogue.reply import FIRST
from bot.language.spell import say_unit
from bot.locales.catalogue import folder


def unit(name: str, language: str, *, southern: bool, count: Decimal | int | None = None) -> str:
    """`trái`, `fruit`, of several `fruits`; a unit that the language has no word for stays as it is."""
    if language == FIRST or not name:
        return say_unit(name, southern)
    one, many = _words(language).get(name, (name, name))
    return one if count is None or count == 1 else many


@cache
def _words(language: str) -> Mapping[str, tuple[str, str]]:
    table = folder(language).joinpath("units.csv")
    if not table.is_file():
        return {}
    with table.open(encoding="utf-8") as lines:
        return {
            row["unit"]: (row["one"], row["many"] or row["one"]) for row in csv.DictReader(lines)
        }
