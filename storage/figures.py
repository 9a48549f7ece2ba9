"""Reading the roll-ups: sums by where and when, and which reports a period would have to split."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import Connection, insert, select, text

from domain.indicators import INDICATORS
from storage.schema import event, meta, rollup_position

SAMPLE = "sample"  # the key in `meta` that says so

_STOCKS = ", ".join(f"'{one.key}'" for one in INDICATORS.values() if one.kind == "stock")
_FLOWS = ", ".join(f"'{one.key}'" for one in INDICATORS.values() if one.kind == "flow")

# Months and communes are told apart only where the question needs them.
_WHERE_AND_WHEN = """
SELECT CASE WHEN :months = 1 THEN month ELSE '' END,
       CASE WHEN :months = 1 THEN until ELSE '' END,
       province,
       CASE WHEN :communes = 1 THEN commune ELSE '' END,
       platform, indicator, source, evidence, CAST(SUM(amount) AS BIGINT)
"""

_SUMS = text(
    f"""{_WHERE_AND_WHEN} FROM rollup
    WHERE indicator IN ({_FLOWS}) AND month >= :start AND until <= :end
    GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
    UNION ALL {_WHERE_AND_WHEN} FROM rollup
    WHERE indicator IN ({_STOCKS}) AND until <= :end
    GROUP BY 1, 2, 3, 4, 5, 6, 7, 8"""
)

_STRADDLING = text(
    f"""SELECT month, until, province, platform, indicator FROM rollup
    WHERE source = 'reported' AND indicator IN ({_FLOWS})
      AND month <= :end AND until >= :start AND NOT (month >= :start AND until <= :end)
    GROUP BY month, until, province, platform, indicator
    HAVING SUM(amount) <> 0
    ORDER BY indicator, month, until, province, platform"""  # noqa: S608 - the keys are our own
)

_STANDING = select(
    rollup_position.c.xact, rollup_position.c.position, rollup_position.c.advanced_at, event.c.at
).select_from(rollup_position.outerjoin(event, event.c.position == rollup_position.c.position))
_SAMPLE = select(meta.c.key).where(meta.c.key == SAMPLE)


@dataclass(frozen=True, slots=True)
class FigureRow:
    """A sum of roll-up rows; `month` and `until` are empty where months were not told apart."""

    month: str
    until: str
    province: str
    commune: str
    platform: str
    indicator: str
    source: str
    evidence: str
    amount: int


@dataclass(frozen=True, slots=True)
class Straddling:
    """A reported flow that lies only partly within the asked months."""

    month: str
    until: str
    province: str
    platform: str
    indicator: str


def figure_rows(
    conn: Connection, start: str, end: str, *, months: bool, communes: bool
) -> list[FigureRow]:
    """Flows wholly within the months, both included, and stocks up to the last of them."""
    asked = {"start": start, "end": end, "months": int(months), "communes": int(communes)}
    return [FigureRow(*row) for row in conn.execute(_SUMS, asked)]


def straddling(conn: Connection, start: str, end: str) -> list[Straddling]:
    """Reports that the asked months would have to split."""
    asked = {"start": start, "end": end}
    return [Straddling(*row) for row in conn.execute(_STRADDLING, asked)]


@dataclass(frozen=True, slots=True)
class Standing:
    """How far the roll-ups are: the last event counted and when it was said (None: nothing yet)."""

    xact: int
    position: int
    at: dt.datetime | None


def standing(conn: Connection) -> Standing:
    """What the figures stand on; the same standing gives the same figures."""
    row = conn.execute(_STANDING).one_or_none()
    return (
        Standing(row.xact, row.position, row.at or row.advanced_at) if row else Standing(0, 0, None)
    )


def is_sample(conn: Connection) -> bool:
    """Whether the sample programme was loaded into this database."""
    return conn.execute(_SAMPLE).scalar_one_or_none() is not None


def mark_sample(conn: Connection) -> None:
    """From now on everything shown is labelled as sample."""
    conn.execute(insert(meta), {"key": SAMPLE, "value": True})
