"""From which kinds of events the figures come: sums by cause, now and as they stood at a publication."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, bindparam, insert, text

from domain.indicators import INDICATORS
from storage.schema import published_cause

_STOCKS = ", ".join(f"'{one.key}'" for one in INDICATORS.values() if one.kind == "stock")
_FLOWS = ", ".join(f"'{one.key}'" for one in INDICATORS.values() if one.kind == "flow")

_PLACES = "CASE WHEN :places = 1 THEN province ELSE '' END"
_OLD_PLACES = "CASE WHEN :places = 1 THEN old_province ELSE '' END"
_SUMMED = f"""
SELECT {_PLACES}, {_OLD_PLACES}, platform, indicator, source, cause,
       CAST(SUM(amount) AS BIGINT), CAST(SUM(events) AS BIGINT)
"""
_NOW = text(
    f"""{_SUMMED} FROM rollup_cause
    WHERE indicator IN ({_FLOWS}) AND month >= :start AND until <= :end
    GROUP BY 1, 2, 3, 4, 5, 6
    UNION ALL {_SUMMED} FROM rollup_cause
    WHERE indicator IN ({_STOCKS}) AND until <= :end
    GROUP BY 1, 2, 3, 4, 5, 6"""
)
_THEN = text(
    f"""{_SUMMED} FROM published_cause WHERE event = :event
    GROUP BY 1, 2, 3, 4, 5, 6"""
).bindparams(bindparam("event", type_=published_cause.c.event.type))
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
    asked = {"start": start, "end": end, "places": int(places)}
    return _rows(conn.execute(_NOW, asked))


def causes_then(conn: Connection, publication: UUID, *, places: bool) -> list[CauseRow]:
    """The same as it stood in a publication, named by its event."""
    return _rows(conn.execute(_THEN, {"event": publication, "places": int(places)}))


def keep_causes(tx: Connection, publication: UUID, start: str, end: str) -> None:
    """Remember how they stand now; the figures must not move meanwhile."""
    rows = causes_now(tx, start, end, places=True)
    kept = [
        {"event": publication} | {name: getattr(row, name) for name in CauseRow.__slots__}
        for row in rows
    ]
    if kept:
        tx.execute(KEPT, kept)


def _rows(found: Iterable[Any]) -> list[CauseRow]:
    return [CauseRow(*row) for row in found]
