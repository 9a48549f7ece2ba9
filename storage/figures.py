"""Reading the roll-ups: sums by where and when, and which reports a period would have to split."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, text

from domain.indicators import INDICATORS

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
