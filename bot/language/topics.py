"""What a question to a worker is about, by its words; only looked at when one is sent."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files

from domain.fold import fold

OTHER = "other"


def topic_of(text: str) -> str:
    """The topic of the longest phrase of the table in the text; its marks count where there are any."""
    said = " ".join(text.lower().split())
    phrases = _phrases(marked=said != fold(said))
    found = [(phrase, topic) for phrase, topic in phrases if f" {phrase} " in f" {said} "]
    return max(found, key=lambda each: len(each[0]))[1] if found else OTHER


@cache
def _phrases(*, marked: bool) -> tuple[tuple[str, str], ...]:
    table = files("bot.language").joinpath("topics.csv").read_text("utf-8").splitlines()
    return tuple(
        (phrase if marked else fold(phrase), row["topic"])
        for row in csv.DictReader(table)
        for phrase in row["phrases"].split("|")
    )
