"""The review list as a table, or as lines that a developer labels; and taking off what is dealt with."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.commands.output import Given, Mistake, Output
from bot.commands.recordings import write_recordings
from bot.dialogue.message import Puzzle
from bot.services import Services
from domain.fold import fold, has_marks
from domain.household import ZONE
from storage.review import puzzles, take_off

SHORT = 8  # signs of an id that are shown
DIALECTS = {True: "S", False: "N", None: "-"}
SLOTS = (
    *("product", "quantity", "unit", "unit_price_vnd", "price_unit", "total_vnd"),
    *("buyer", "date", "channel"),
)


@dataclass(frozen=True, slots=True)
class Seen:
    """The same words of one kind, newest first."""

    puzzles: tuple[Puzzle, ...]

    @property
    def newest(self) -> Puzzle:
        return self.puzzles[0]

    @property
    def name(self) -> str:
        """How it is called on the command line."""
        return self.newest.id.hex[:SHORT]

    @property
    def day(self) -> dt.date:
        """When it was said last."""
        return self.newest.at.astimezone(ZONE).date()


async def review(services: Services, given: Given, out: Output) -> int:
    """What waits, the newest first; with `done` it is taken off instead."""
    if folder := given.get("recordings"):
        return await write_recordings(services, folder, out)
    if given["done"]:
        return await _done(services, given["done"], out)
    since = _since(given["since"]) if given["since"] else None
    kept = await services.db.read(lambda conn: puzzles(conn, since, given["only"]))
    lines = _jsonl if given["format"] == "jsonl" else _table
    for line in lines(grouped(kept)):
        out.say(line)
    return 0


async def _done(services: Services, names: Sequence[str], out: Output) -> int:
    groups = grouped(await services.db.read(puzzles))
    meant = [one for name in names for one in _named(name, groups)]
    ids = [puzzle.id for one in meant for puzzle in one.puzzles]
    taken = await services.db.write(lambda tx: take_off(tx, ids))
    out.say(f"{taken} taken off")
    return 0


def _named(name: str, groups: Sequence[Seen]) -> list[Seen]:
    found = [one for one in groups if len(name) >= SHORT and one.newest.id.hex.startswith(name)]
    if not found:
        raise Mistake(f"{name}: nothing on the list is called so; nothing was taken off")
    return found


def _since(text: str) -> dt.datetime:
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        raise Mistake(f"--since: {text} is no day written as 2026-11-21") from None
    return dt.datetime.combine(day, dt.time(), ZONE)


def grouped(kept: Sequence[Puzzle]) -> list[Seen]:
    """Equal words together, however marks, case and spaces were typed; the order stays."""
    groups: dict[tuple[str, str], list[Puzzle]] = {}
    for puzzle in kept:
        groups.setdefault((puzzle.kind, fold(puzzle.text)), []).append(puzzle)
    return [Seen(tuple(same)) for same in groups.values()]


def _table(groups: Sequence[Seen]) -> Iterator[str]:
    if not groups:
        yield "nothing waits"
        return
    yield f"{'id':<{SHORT}}  {'last':<10}  {'seen':>4}  {'kind':<9}  words, and what was made of them"
    for one in groups:
        newest, count = one.newest, len(one.puzzles)
        yield f"{one.name}  {one.day}  {count:>4}  {newest.kind:<9}  {newest.text}"
        for line in _made_of(newest):
            yield f"{'':<{SHORT + 33}}{line}"


def _made_of(puzzle: Puzzle) -> Iterator[str]:
    if puzzle.corrected is None:
        yield f"intent {puzzle.understood.get('intent')}"
        return
    before, after = dict(_flat(puzzle.understood)), dict(_flat(puzzle.corrected))
    for key in before | after:
        if before.get(key) != after.get(key):
            yield f"{key} {before.get(key)} → {after.get(key)}"


def _flat(value: object, path: str = "") -> Iterator[tuple[str, object]]:
    """Every leaf by its path, as `lines.0.quantity`."""
    if isinstance(value, Mapping):
        parts = [(str(key), part) for key, part in value.items()]
    elif isinstance(value, list):
        parts = [(str(number), part) for number, part in enumerate(value)]
    else:
        yield path, value
        return
    for key, part in parts:
        yield from _flat(part, f"{path}.{key}" if path else key)


def _jsonl(groups: Sequence[Seen]) -> Iterator[str]:
    for one in groups:
        yield json.dumps(_unlabelled(one), ensure_ascii=False)


def _unlabelled(one: Seen) -> dict[str, Any]:
    """A line as those of the labelled messages, its labels empty; what follows `note` is for the labeller."""
    newest = one.newest
    return {
        "id": one.name,
        "text": newest.text,
        "ref": one.day.isoformat(),
        "intent": None,
        "slots": dict.fromkeys(SLOTS),
        "ask": [],
        "derived": [],
        "style": "typed" if has_marks(newest.text) else "nodia",
        "dialect": DIALECTS[newest.southern],
        "note": "",
        "kind": newest.kind,
        "seen": len(one.puzzles),
        "understood": newest.understood,
        "corrected": newest.corrected,
    }
