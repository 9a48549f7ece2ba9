"""A summary as SDMX-CSV 2.0: a line for each figure and each of its parts, all by stable ids.

Rules: github.com/sdmx-twg/sdmx-csv; codes of OBS_STATUS and CONF_STATUS as in SDMX's own lists.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from bot.series import COUNTRY, TOTAL, Series, State, parts, series
from bot.summary import Summary

DATAFLOW = "LENSAN:DF_PROGRAMME(1.0.0)"
DIMENSIONS = ("FREQ", "REF_AREA", "INDICATOR", "PLATFORM", "SOURCE", "TIME_PERIOD")
ATTRIBUTES = ("OBS_STATUS", "CONF_STATUS", "UNIT_MEASURE", "DEFINITION_VERSION", "SAMPLE")
COLUMNS = ("STRUCTURE", "STRUCTURE_ID", "ACTION", *DIMENSIONS, "OBS_VALUE", *ATTRIBUTES)
STATUS: Mapping[State, str] = MappingProxyType(
    {"reported": "A", "not_reported": "O", "withheld": "Q"}
)
MONTH, OTHER = "M", "_O"  # a period of several months is asked for, no one frequency
FREE, NOT_FOR_PUBLICATION = "F", "N"


def summary_sdmx(summary: Summary) -> str:
    """UTF-8 without a byte order mark, lines end as in RFC 4180; no value is an empty cell."""
    out = io.StringIO()
    lines = csv.DictWriter(out, COLUMNS, lineterminator="\r\n")
    lines.writeheader()
    same = {"STRUCTURE": "dataflow", "STRUCTURE_ID": DATAFLOW, "ACTION": "I"}
    same["SAMPLE"] = "Y" if summary.sample else "N"
    for row in (*_observations(summary), *_statuses(summary)):
        lines.writerow(same | row)
    return out.getvalue()


def _observations(summary: Summary) -> Iterator[dict[str, str | int | None]]:
    for one in series(summary):
        meant = summary.definitions[one.figure.indicator]
        for source, amount in parts(one.figure).items():
            yield {
                **_when(one.period, summary),
                "REF_AREA": one.area,
                "INDICATOR": one.indicator,
                "PLATFORM": one.platform,
                "SOURCE": source,
                "OBS_VALUE": amount,
                **_status(one, amount),
                "UNIT_MEASURE": meant.unit.upper(),
                "DEFINITION_VERSION": meant.version,
            }


def _status(one: Series, amount: int | None) -> dict[str, str]:
    state = "not_reported" if one.state == "reported" and amount is None else one.state
    secret = NOT_FOR_PUBLICATION if state == "withheld" else FREE
    return {"OBS_STATUS": STATUS[state], "CONF_STATUS": secret}


def _statuses(summary: Summary) -> Iterator[dict[str, str | int | None]]:
    """How many provinces have each status under Decision 468: `DECISION_468_PLAN_MADE`."""
    for group in summary.decision_468:
        yield {
            **_when(f"{summary.start}/{summary.to}", summary),
            "REF_AREA": COUNTRY,
            "INDICATOR": f"DECISION_468_{group.status.upper()}",
            "PLATFORM": TOTAL,
            "SOURCE": TOTAL,
            "OBS_VALUE": group.count,
            "OBS_STATUS": STATUS["reported"],
            "CONF_STATUS": FREE,
            "UNIT_MEASURE": "PROVINCE",
            "DEFINITION_VERSION": summary.definitions["decision_468"].version,
        }


def _when(period: str, summary: Summary) -> dict[str, str]:
    """A month, or a first day and how many months: `2022-08-01/P11M`."""
    if "/" not in period:
        return {"FREQ": MONTH, "TIME_PERIOD": period}
    count = _number(summary.to) - _number(summary.start) + 1
    return {"FREQ": OTHER, "TIME_PERIOD": f"{summary.start}-01/P{count}M"}


def _number(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:])
