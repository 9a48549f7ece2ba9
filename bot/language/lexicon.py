"""The farm products we know of.

`lexicon.csv`: name, group, region, spellings, prices (`unit low high|…`, đồng).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from bot.language.tokens import tokenize
from bot.language.understanding import KnownProduct


@dataclass(frozen=True, slots=True)
class Product:
    """A product we know of. `prices`: unit -> lowest and highest plausible đồng. `own`: of this household."""

    name: str
    group: str = ""
    region: str = ""
    prices: tuple[tuple[str, int, int], ...] = ()
    own: KnownProduct | None = None

    def range(self, unit: str | None) -> tuple[int, int] | None:
        """The plausible price of one unit, or None when the table has none."""
        return next(((low, high) for name, low, high in self.prices if name == unit), None)


@dataclass(frozen=True, slots=True)
class Entry:
    """One name or spelling, small letters."""

    words: tuple[str, ...]
    spelling: str
    product: Product
    main: bool  # the name itself, not a spelling


Index = dict[tuple[str, ...], tuple[Entry, ...]]
_ENDS_IN_I = re.compile("(?<=[bcdđghklmnprstvx])[yýỳỷỹỵiíìỉĩị]\\b|(?<=qu)[ýí](?=t\\b)")
_OTHER_I = str.maketrans("yýỳỷỹỵiíìỉĩị", "iíìỉĩịyýỳỷỹỵ")


@cache
def packaged() -> tuple[Product, ...]:
    """All products of the lexicon, in the file's order."""
    return tuple(product for product, _ in _rows())


def _rows() -> Iterator[tuple[Product, tuple[str, ...]]]:
    with files(__package__).joinpath("lexicon.csv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            spellings = tuple(s for s in row["spellings"].split("|") if s)
            yield (
                Product(row["name"], row["group"], row["region"], _prices(row["prices"])),
                spellings,
            )


def _prices(cell: str) -> tuple[tuple[str, int, int], ...]:
    parts = (part.rsplit(" ", 2) for part in cell.split("|") if part)
    return tuple((unit, int(low), int(high)) for unit, low, high in parts)


def _with_other_i(names: tuple[str, ...]) -> Iterator[str]:
    """*quýt* is also written *quít*, *mỳ* also *mì*."""
    for name in names:
        other = _ENDS_IN_I.sub(lambda found: found[0].translate(_OTHER_I), name)
        if other != name and other not in names:
            yield other


def index_of(rows: Iterable[tuple[Product, tuple[str, ...]]]) -> Index:
    """Names and spellings by their folded words, the names themselves first."""
    index: dict[tuple[str, ...], list[Entry]] = {}
    for product, spellings in rows:
        names = (product.name, *spellings)
        for number, spelling in enumerate((*names, *_with_other_i(names))):
            tokens = tokenize(spelling).tokens
            shown = product.name if product.own else spelling
            entry = Entry(tuple(t.low for t in tokens), shown, product, number == 0)
            kept = index.setdefault(tuple(t.bare for t in tokens), [])
            if all(other.product is not product or other.words != entry.words for other in kept):
                kept.append(entry)
    return {key: tuple(sorted(entries, key=lambda e: not e.main)) for key, entries in index.items()}


@cache
def packaged_index() -> Index:
    """The lexicon by the folded words of its names and spellings."""
    return index_of(_rows())


def spelling_of(product: Product, said: str) -> str:
    """The product's spelling that has these letters, marks aside; its name where none has."""
    key = tuple(token.bare for token in tokenize(said).tokens)
    entries = packaged_index().get(key, ())
    return next((e.spelling for e in entries if e.product is product), product.name)
