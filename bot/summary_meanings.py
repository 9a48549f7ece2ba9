"""What the figures of a summary mean, at the end of its text and on its sheet of definitions."""

from __future__ import annotations

from collections.abc import Iterator

from bot.locales.spoken import text, written_day
from bot.summary import Definition, Summary

COLUMNS = (
    *("indicator", "name", "definition", "name_en", "definition_en"),
    *("kind", "unit", "version", "since", "until"),
)


def meaning_lines(summary: Summary) -> list[str]:
    """A heading and, indented, each definition with its version and the day from which it holds."""
    said = [f"  {_meaning(one)}" for one in summary.definitions.values()]
    return ["", text("summary.meanings"), *said]


def _meaning(one: Definition) -> str:
    return text("summary.meaning").format(
        name=one.name,
        version=one.version,
        since=written_day(one.since),
        definition=one.definition,
    )


def meaning_rows(summary: Summary) -> Iterator[tuple[str | None, ...]]:
    """Each definition as `COLUMNS`."""
    for key, one in summary.definitions.items():
        until = str(one.until) if one.until else None
        yield (
            *(key, one.name, one.definition, one.name_en, one.definition_en),
            *(one.kind, one.unit, one.version, str(one.since), until),
        )
