"""Reading the roll-ups: sums by where and when, and which reports a period would have to split."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, insert, select, text
from sqlalchemy.sql.elements import TextClause

from domain.indicators import INDICATORS
from storage.schema import event, meta, rollup_position

SAMPLE = "sample"  # the key in `meta` that says so

_STOCKS = ", ".join(f"'{one.key}'" for one in INDICATORS.values() if one.kind == "stock")
_FLOWS = ", ".join(f"'{one.key}'" for one in INDICATORS.values() if one.kind == "flow")
_LONG = "month <> until"

_KIND = "platform, indicator"
_PLACE = f"province, old_province, {_KIND}"
_PARTS = ("said", "confirmed", "matched", "paid")


def _sum(amount: str) -> str:
    return f"CAST(SUM({amount}) AS BIGINT)"


def _parts_of(place: str, where: str) -> str:
    """Sums of single amounts: the bot's by evidence, then what was reported, then how many of each."""
    of_bot, of_reports = (f"CASE WHEN source {is_it} 'reported' THEN" for is_it in ("<>", "="))
    sums = [_sum(f"CASE WHEN evidence = '{part}' THEN amount ELSE 0 END") for part in _PARTS]
    sums += [_sum(f"{of_reports} amount ELSE 0 END")]
    sums += [_sum(f"{one} 1 ELSE 0 END") for one in (of_bot, of_reports)]
    return f"{place}, {', '.join(sums)} FROM rollup_place WHERE {where}"


def _to_date(indicators: str, months: str, amount: str) -> str:
    """Sums of years so far, those of the named months."""
    sums = [_sum(amount.format(name)) for name in (*_PARTS, "reported", "of_bot", "of_reports")]
    return f"""SELECT '', '', {_PLACE}, {", ".join(sums)} FROM rollup_to_date
    WHERE month IN :{months} AND indicator IN ({indicators})
    GROUP BY {_PLACE}
    HAVING SUM({amount.format("of_bot")}) + SUM({amount.format("of_reports")}) <> 0"""  # noqa: S608 - our own words


# Long reports are not grouped: SQLite would walk the whole table for the sake of its order.
_PERIOD = text(
    f"""{_to_date(_FLOWS, "ends", "CASE WHEN month = :before THEN -{0} ELSE {0} END")}
    UNION ALL {_to_date(_STOCKS, "all_ends", "{0}")}
    UNION ALL SELECT '', '', {_PLACE}, 0, 0, 0, 0, amount, 0, 1 FROM rollup_place
    WHERE {_LONG} AND month >= :start AND until <= :end"""  # noqa: S608 - our own words
).bindparams(bindparam("ends", expanding=True), bindparam("all_ends", expanding=True))


def _of_months(place: str, group: str) -> TextClause:
    flows = _parts_of(place, f"indicator IN ({_FLOWS}) AND month >= :start AND until <= :end")
    stocks = _parts_of(place, f"indicator IN ({_STOCKS}) AND until <= :end")
    return text(
        f"""SELECT month, until, {flows} GROUP BY month, until, {group}
        UNION ALL SELECT month, until, {stocks} GROUP BY month, until, {group}"""
    )


_MONTHS = _of_months(_PLACE, _PLACE)
_MONTHS_OF_ALL = _of_months(f"'', '', {_KIND}", _KIND)
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


def figure_rows(
    conn: Connection, start: str, end: str, *, months: bool, provinces: bool
) -> list[FigureRow]:
    """Flows wholly within the months, both included, and stocks up to the last of them.

    `provinces`: whether they are told apart beside the months; they always are where months are not.
    """
    asked: dict[str, object] = {"start": start, "end": end}
    if not months:
        asked |= _ends(conn, start, end)
    apart = _MONTHS if provinces else _MONTHS_OF_ALL
    found = conn.execute(apart if months else _PERIOD, asked).all()
    return [FigureRow._make(row) for row in found]


def _ends(conn: Connection, start: str, end: str) -> dict[str, object]:
    """Of which months' sums so far the period is made: the ends of its years, less what was before it."""
    first = min(conn.execute(_FIRST).scalar() or start, start)
    before = f"{start[:5]}{int(start[5:]) - 1:02d}"  # month 0: nothing is before January
    return {
        "ends": [before, *_year_ends(start, end)],
        "before": before,
        "all_ends": _year_ends(first, end),
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
