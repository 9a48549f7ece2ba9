"""From which kinds of events the figures come: sums by cause, now and as they stood at a publication."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, bindparam, insert, select, text

from domain.indicators import INDICATORS
from storage.schema import published_cause

CAUSE_COLUMNS = (
    *("province", "old_province", "platform", "indicator", "source", "cause"),
    *("amount", "events"),
)
_STOCKS = ", ".join(f"'{one.key}'" for one in INDICATORS.values() if one.kind == "stock")
_FLOWS = ", ".join(f"'{one.key}'" for one in INDICATORS.values() if one.kind == "flow")

# Grouped in the order of the key, so that nothing is sorted.
_SUMMED = """
SELECT province, old_province, platform, indicator, source, cause,
       CAST(SUM(amount) AS BIGINT), CAST(SUM(events) AS BIGINT)
FROM rollup_cause
"""
_BY = "GROUP BY indicator, province, old_province, platform, source, cause"
_NOW = text(
    f"""{_SUMMED} WHERE indicator IN ({_FLOWS}) AND month >= :start AND until <= :end {_BY}
    UNION ALL {_SUMMED} WHERE indicator IN ({_STOCKS}) AND until <= :end {_BY}"""
)
_THEN = select(*(published_cause.c[name] for name in CAUSE_COLUMNS)).where(
    published_cause.c.event == bindparam("which")
)
KEPT = insert(published_cause)


@dataclass(frozen=True, slots=True)
class CauseRow:
    """What one kind of event added to a figure: products, transactions, đồng; `events` of them did.

    `province` is a key as roll-ups have it, `old_province` the one of the 63 in it, empty where untold.
    """

    province: str
    old_province: str
    platform: str
    indicator: str
    source: str
    cause: str
    amount: int
    events: int


def causes_now(conn: Connection, start: str, end: str, *, places: bool) -> list[CauseRow]:
    """Of the months from `start` to `end`: flows within them, stocks up to their end.

    Without `places` of the whole country; the rows of a figure add up to it.
    """
    asked = {"start": start, "end": end}
    return _rows(conn.execute(_NOW, asked), places=places)


def causes_then(conn: Connection, publication: UUID, *, places: bool) -> list[CauseRow]:
    """The same as it stood in a publication, named by its event."""
    return _rows(conn.execute(_THEN, {"which": publication}), places=places)


def keep_causes(tx: Connection, publication: UUID, start: str, end: str) -> None:
    """Remember how they stand now; the figures must not move meanwhile."""
    rows = causes_now(tx, start, end, places=True)
    kept = [
        {"event": publication} | {name: getattr(row, name) for name in CAUSE_COLUMNS}
        for row in rows
    ]
    if kept:
        tx.execute(KEPT, kept)


def _rows(found: Iterable[Any], *, places: bool) -> list[CauseRow]:
    if places:
        return [CauseRow(*row) for row in found]
    sums: dict[tuple[str, str, str, str], list[int]] = {}
    for _, _, platform, indicator, source, cause, amount, events in found:
        kept = sums.setdefault((platform, indicator, source, cause), [0, 0])
        kept[0] += amount
        kept[1] += events
    return [CauseRow("", "", *kind, amount, events) for kind, (amount, events) in sums.items()]
