"""What changed in a summary since it stood otherwise, and because of which kinds of events.

The sums by kind of event are kept as they stood; theirs now less theirs then is the change, to the last đồng,
however many events there were.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Literal, NamedTuple

from bot.figures import UNKNOWN, CellKey, own_code
from bot.locales.catalogue import FIRST, catalogue
from bot.locales.spoken import text
from bot.summary import Figure, Question
from bot.summary_changes import Cause
from domain.indicators import INDICATORS
from domain.province_keys import province_within
from storage.causes import CauseRow

FEW = "few"  # kinds of events put together because each alone came of too few
LATE = "late"
SOURCES: tuple[Literal["bot", "reported"], ...] = ("bot", "reported")


class Part(NamedTuple):
    """What events of one kind added up to, and how many there were."""

    amount: int = 0
    events: int = 0


Parts = dict[tuple[str, str], Part]
"""By source and kind of event."""


def by_cell(rows: Iterable[CauseRow], question: Question) -> dict[CellKey, Parts]:
    """The parts of each cell of the question: its whole, platforms, provinces; not its months."""
    found: dict[CellKey, Parts] = defaultdict(dict)
    for row in rows:
        for key in _keys(row, question):
            parts, kind = found[key], (row.source, row.cause)
            before = parts.get(kind, Part())
            parts[kind] = Part(before.amount + row.amount, before.events + row.events)
    return found


def _keys(row: CauseRow, question: Question) -> Iterator[CellKey]:
    if question.platform not in {None, row.platform}:
        return
    own, place = own_code(question), _place(row, question)
    if own is not None and place != own:
        return
    provinces = [own] if own is not None else [None, place]
    platforms = {question.platform, row.platform or question.platform}
    for province in provinces:
        for platform in platforms:
            yield CellKey(row.indicator, None, province, platform)


def _place(row: CauseRow, question: Question) -> str:
    """The code of the province of the asked set; the rows know theirs of the 63."""
    if question.provinces == 63:
        return row.old_province or UNKNOWN
    return (province_within(row.province, "", 34) or UNKNOWN) if row.province else UNKNOWN


def less(now: Mapping[CellKey, Parts], then: Mapping[CellKey, Parts], key: CellKey) -> Parts:
    """What came since: each kind of event that touched the cell."""
    after, before = now.get(key, {}), then.get(key, {})
    parts = {
        kind: Part(
            after.get(kind, Part()).amount - before.get(kind, Part()).amount,
            after.get(kind, Part()).events - before.get(kind, Part()).events,
        )
        for kind in {**after, **before}
    }
    return {kind: part for kind, part in parts.items() if part != Part()}


def causes(parts: Parts, fewest: int = 0, *, late: bool = False) -> list[Cause]:
    """In words, what the households did first, each kind of event by its size.

    Kinds of fewer than `fewest` events of households are told together: they could point at somebody.
    `late`: what is new came after a publication.
    """
    told: list[Cause] = []
    for source in SOURCES:
        some = {cause: part for (of, cause), part in parts.items() if of == source}
        kinds = _together(some, fewest) if source == "bot" else some
        told += [
            Cause(
                source=source,
                cause=cause,
                name=cause_name(cause, late=late),
                amount=part.amount,
                events=part.events,
            )
            for cause, part in sorted(kinds.items(), key=_size)
        ]
    return told


def _size(one: tuple[str, Part]) -> tuple[int, int, str]:
    cause, part = one
    return -abs(part.amount), -part.events, cause


def _together(parts: dict[str, Part], fewest: int) -> dict[str, Part]:
    """One kind alone would be the difference of the others: then the next smallest goes with it."""
    by_events = sorted(parts, key=lambda cause: (parts[cause].events, cause))
    few = [cause for cause in by_events if parts[cause].events < fewest]
    rest = by_events[len(few) :]
    while few and rest and (len(few) == 1 or _events(parts, few) < fewest):
        few.append(rest.pop(0))
    if len(few) < 2:
        return parts
    amount = sum(parts[cause].amount for cause in few)
    return {FEW: Part(amount, _events(parts, few))} | {cause: parts[cause] for cause in rest}


def _events(parts: Mapping[str, Part], some: Collection[str]) -> int:
    return sum(parts[cause].events for cause in some)


def cause_name(cause: str, *, late: bool = False) -> str:
    """What such events are called when they are counted."""
    known = catalogue(FIRST)
    named = (
        f"cause.{LATE}.{cause}" if late and f"cause.{LATE}.{cause}" in known else f"cause.{cause}"
    )
    return text(named if named in known else "cause.other")


def key_of(figure: Figure) -> CellKey:
    """Which cell a figure is of; a province that can't be told is UNKNOWN."""
    place = figure.province
    province = (place.code or UNKNOWN) if place else None
    return CellKey(figure.indicator, None, province, figure.platform)


def has_causes(indicator: str) -> bool:
    """A ratio has none of its own."""
    return INDICATORS[indicator].kind in {"flow", "stock"}
