"""Reading the roll-ups: sums by where and when, and which reports a period would have to split."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, insert, select, text

from domain.indicators import INDICATORS
from storage.schema import event, meta, rollup_position

SAMPLE = "sample"  # the key in `meta` that says so

_STOCKS = ", ".join(f"'{one.key}'" for one in INDICATORS.values() if one.kind == "stock")
_FLOWS = ", ".join(f"'{one.key}'" for one in INDICATORS.values() if one.kind == "flow")
_LONG = "month <> until"

_PLACES = ("province", "old_province", "platform", "indicator")
_PARTS = ("said", "confirmed", "matched", "paid")


def _sum(amount: str) -> str:
    return f"CAST(SUM({amount}) AS BIGINT)"


def _parts_of(where: str) -> str:
    """Sums of single amounts: the bot's by evidence, then what was reported, then how many of each."""
    of_bot, of_reports = (f"CASE WHEN source {is_it} 'reported' THEN" for is_it in ("<>", "="))
    sums = [_sum(f"CASE WHEN evidence = '{part}' THEN amount ELSE 0 END") for part in _PARTS]
    sums += [_sum(f"{of_reports} amount ELSE 0 END")]
    sums += [_sum(f"{one} 1 ELSE 0 END") for one in (of_bot, of_reports)]
    return f"{', '.join(_PLACES)}, {', '.join(sums)} FROM rollup_place WHERE {where}"


def _to_date(indicators: str, added: str, taken: str) -> str:
    """Sums of years so far: those of the months `added`, without the month `taken`."""
    names = (*_PARTS, "reported", "of_bot", "of_reports")
    sums = [_sum(f"CASE WHEN month = :{taken} THEN -{name} ELSE {name} END") for name in names]
    return f"""SELECT '', '', {", ".join(_PLACES)}, {", ".join(sums)} FROM rollup_to_date
    WHERE (month = :{taken} OR month IN :{added}) AND indicator IN ({indicators})
    GROUP BY {", ".join(_PLACES)}
    HAVING SUM(CASE WHEN month = :{taken} THEN -of_bot - of_reports
                    ELSE of_bot + of_reports END) <> 0"""  # noqa: S608 - our own words


_PERIOD = text(
    f"""{_to_date(_FLOWS, "ends", "before")}
    UNION ALL {_to_date(_STOCKS, "all_ends", "never")}
    UNION ALL SELECT '', '', {_parts_of(f"{_LONG} AND month >= :start AND until <= :end")}
    GROUP BY {", ".join(_PLACES)}"""
).bindparams(bindparam("ends", expanding=True), bindparam("all_ends", expanding=True))

_MONTHS = text(
    f"""SELECT month, until,
        {_parts_of(f"indicator IN ({_FLOWS}) AND month >= :start AND until <= :end")}
    GROUP BY month, until, {", ".join(_PLACES)}
    UNION ALL SELECT month, until, {_parts_of(f"indicator IN ({_STOCKS}) AND until <= :end")}
    GROUP BY month, until, {", ".join(_PLACES)}"""
)
_FIRST = text("SELECT MIN(month) FROM rollup_to_date")

_STRADDLING = text(
    f"""SELECT month, until, province, old_province, platform, indicator FROM rollup_place
    WHERE source = 'reported' AND indicator IN ({_FLOWS}) AND {_LONG}
      AND month <= :end AND until >= :start AND NOT (month >= :start AND until <= :end)
    GROUP BY month, until, province, old_province, platform, indicator
    HAVING SUM(amount) <> 0
    ORDER BY indicator, month, until, province, platform"""  # noqa: S608 - the keys are our own
)

_STANDING = select(
    rollup_position.c.xact, rollup_position.c.position, rollup_position.c.advanced_at, event.c.at
).select_from(rollup_position.outerjoin(event, event.c.position == rollup_position.c.position))
_SAMPLE = select(meta.c.key).where(meta.c.key == SAMPLE)


class FigureRow(NamedTuple):
    """Sums of one place; `month` and `until` are empty where months were not told apart.

    The bot's part by evidence, and what was reported; `of_bot`, `of_reports`: sums of so many amounts.
    """

    month: str
    until: str
    province: str
    old_province: str
    platform: str
    indicator: str
    said: int
    confirmed: int
    matched: int
    paid: int
    reported: int
    of_bot: int
    of_reports: int


@dataclass(frozen=True, slots=True)
class Straddling:
    """A reported flow that lies only partly within the asked months."""

    month: str
    until: str
    province: str
    old_province: str
    platform: str
    indicator: str


def figure_rows(conn: Connection, start: str, end: str, *, months: bool) -> list[FigureRow]:
    """Flows wholly within the months, both included, and stocks up to the last of them."""
    asked: dict[str, object] = {"start": start, "end": end}
    if not months:
        asked |= _ends(conn, start, end)
    return [FigureRow._make(row) for row in conn.execute(_MONTHS if months else _PERIOD, asked)]


def _ends(conn: Connection, start: str, end: str) -> dict[str, object]:
    """Of which months' sums so far the period is made: the ends of its years, less what was before it."""
    first = min(conn.execute(_FIRST).scalar() or start, start)
    before = f"{start[:5]}{int(start[5:]) - 1:02d}"  # month 0: nothing is before January
    return {
        "ends": _year_ends(start, end),
        "before": before,
        "all_ends": _year_ends(first, end),
        "never": "",
    }


def _year_ends(start: str, end: str) -> list[str]:
    return [*(f"{year:04d}-12" for year in range(int(start[:4]), int(end[:4]))), end]


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
