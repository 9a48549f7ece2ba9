"""What the figures of a summary mean: each definition in the version that is in force, in both languages."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterable, Iterator

from bot.locales.spoken import text, written_day
from bot.summary import Definition, Question
from domain.definitions import Meaning, changes, in_force, meanings
from domain.indicators import INDICATORS


def definitions(day: dt.date, keys: Iterable[str] = INDICATORS) -> dict[str, Definition]:
    """What each of these figures means on that day, in the order of the programme."""
    wanted = set(keys)
    return {key: _told(in_force(meanings()[key], day)) for key in INDICATORS if key in wanted}


def versions(key: str) -> list[Definition]:
    """Every version of an indicator's definition, the oldest first."""
    return [_told(one) for one in meanings()[key]]


def last_day(question: Question) -> dt.date:
    """The day whose definitions the summary prints: the last one of the period."""
    year, month = int(question.end[:4]), int(question.end[5:])
    return dt.date(year, month, calendar.monthrange(year, month)[1])


def changed_within(question: Question, keys: Iterable[str]) -> Iterator[str]:
    """A note for each definition that changed within the period."""
    first = dt.date.fromisoformat(f"{question.start}-01")
    for key in keys:
        for before, after in changes(meanings()[key], first, last_day(question)):
            yield text("summary.note.definition").format(
                indicator=text(f"indicator.name.{key}"),
                before=before.version,
                version=after.version,
                since=written_day(after.since),
            )


def _told(meaning: Meaning) -> Definition:
    key, indicator = meaning.key, INDICATORS[meaning.key]
    return Definition(
        name=text(f"indicator.name.{key}"),
        definition=text(f"indicator.definition.{key}.{meaning.version}"),
        name_en=meaning.name_en,
        definition_en=meaning.definition_en,
        kind=indicator.kind,
        unit=indicator.unit,
        version=meaning.version,
        since=meaning.since,
        until=meaning.until,
    )
