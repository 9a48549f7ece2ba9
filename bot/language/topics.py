"""What a question to a worker is about, by its words; only looked at when one is sent."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files

from domain.fold import fold

OTHER = "other"


def topic_of(text: str) -> str:
    """The topic of the longest phrase of the table that stands in the text."""
    words = f" {' '.join(fold(text).split())} "
    found = [(len(phrase), topic) for phrase, topic in _phrases() if phrase in words]
    return max(found)[1] if found else OTHER


@cache
def _phrases() -> tuple[tuple[str, str], ...]:
    table = files("bot.language").joinpath("topics.csv").read_text("utf-8").splitlines()
    rows = csv.DictReader(table)
    return tuple(
        (f" {fold(phrase)} ", row["topic"]) for row in rows for phrase in row["phrases"].split("|")
    )
