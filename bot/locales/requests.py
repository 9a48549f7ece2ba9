"""What people ask for in another language, in the words of the first: `<language>/requests.csv`.

Rows are whole messages (`all`), beginnings of one (`begins`), or words behind such a beginning (`inside`),
where the names of units count too.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from bot.locales.catalogue import FIRST, folder, languages, text
from bot.locales.format import signs
from bot.locales.units import named_units
from domain.fold import fold

LONGEST = 300  # characters
ENDS = " .!?"
NUMBER = re.compile(
    r"\s*[\d.,]+(?:\s*\S{1,12}){0,3}\s*"
)  # with perhaps a unit and a word behind it


@dataclass(frozen=True, slots=True)
class Requests:
    """What a language asks for, by its words in small letters."""

    whole: Mapping[str, str]
    begins: re.Pattern[str]
    inside: re.Pattern[str]
    means: Mapping[str, str]

    def translated(self, said: str) -> str | None:
        """The same in our words; None: nothing of it is a request that we know."""
        small = " ".join(said.lower().split()).strip(ENDS)
        if (whole := self.whole.get(small)) is not None:
            return whole
        begun = self.begins.match(said.strip())
        if begun is None:
            return None
        rest = self.inside.sub(self._meant, said.strip()[begun.end() :])
        return f"{self._meant(begun)}{rest}"

    def _meant(self, found: re.Match[str]) -> str:
        return self.means[" ".join(found[0].lower().split())]


def in_first_language(said: str, language: str) -> str | None:
    """What a message in this language asks for, as we understand it; None: read it as it is."""
    if language == FIRST or len(said) > LONGEST:
        return None
    requests = _requests(language)
    meant = None if requests is None else requests.translated(said)
    if meant is None and not NUMBER.fullmatch(said):
        return None
    read = _plain_numbers(meant or said, language)
    return None if read == said else read


def _plain_numbers(said: str, language: str) -> str:
    """Without the signs between thousands, which mean a fraction to us: `1,650k` is no `1,65k`."""
    group = signs(language)[0]
    if group == signs(FIRST)[0]:
        return said
    grouped = rf"(?<![\d.,])\d{{1,3}}(?:{re.escape(group)}\d{{3}})+(?![\d,])"
    return re.sub(grouped, lambda found: found[0].replace(group, ""), said)


def asked_for() -> Iterator[tuple[str, tuple[str, ...]]]:
    """Of each language the folded words that choose it; no code: they ask which there are."""
    for language in languages():
        yield language, _phrases("language.words", language)
        yield "", _phrases("language.which", language)


def _phrases(key: str, language: str) -> tuple[str, ...]:
    return tuple(fold(phrase).strip() for phrase in text(key, language).split("|"))


@cache
def _requests(language: str) -> Requests | None:
    table = folder(language).joinpath("requests.csv")
    if not table.is_file():
        return None
    with table.open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    said = {where: _said(rows, where) for where in ("all", "begins", "inside")}
    inside = named_units(language) | said["inside"]
    return Requests(
        said["begins"] | said["all"],
        _any_of(said["begins"]),
        _any_of(inside),
        inside | said["begins"],
    )


def _said(rows: Iterable[Mapping[str, str]], where: str) -> dict[str, str]:
    return {row["said"]: row["means"] for row in rows if row["where"] == where}


def _any_of(phrases: Iterable[str]) -> re.Pattern[str]:
    """The longest of these that stands at a place, between words."""
    spaced = (r"\s+".join(map(re.escape, phrase.split())) for phrase in phrases)
    either = "|".join(sorted(spaced, key=len, reverse=True)) or r"(?!)"
    return re.compile(rf"(?<!\w)(?:{either})(?!\w)", re.IGNORECASE)
