"""One message -> what it says. The order of reading is the grammar: names, days and people before numbers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from bot.language.explaining import trace_of
from bot.language.intents import intent
from bot.language.meaning import Meaning
from bot.language.names_or_numbers import as_name, either
from bot.language.reading import Parts, read
from bot.language.scene import Scene
from bot.language.understanding import NOBODY, Known, Understanding


def understand(
    text: str, on: date, known: Known = NOBODY, *, explain: bool = False
) -> Understanding:
    """What a message says, read on that day by someone who knows this household. Never raises."""
    parts, rule, said = _one_reading(text, on, known)
    named = as_name(parts)
    if named is not None:
        said = either(said, _one_reading(named, on, known)[2])
    if parts.days and "lunar day" in [day.rule for day in parts.days]:
        said = replace(said, lunar=True)
    return replace(said, trace=trace_of(parts, said, rule)) if explain else said


def _one_reading(text: str, on: date, known: Known) -> tuple[Parts, str, Understanding]:
    """The parts, the rule that decided, and what it says, names and numbers as they are read at first."""
    parts = read(text, on, known)
    scene = Scene(parts, on)
    kind, rule = intent(scene)
    return parts, rule, Meaning(parts, scene, kind, rule, on, known).give()
