"""Of whom a report stands for some days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, func, select

from domain.decision_468 import INDICATOR
from domain.indicators import INDICATORS
from storage.schema import province_status, report

_STOCKS = [one.key for one in INDICATORS.values() if one.reported and one.kind == "stock"]
_FLOWS = [one.key for one in INDICATORS.values() if one.reported and one.kind == "flow"]
_latest = func.max(report.c.received_at).label("latest")
_PLACES = select(report.c.indicator, report.c.province, _latest).group_by(
    report.c.indicator, report.c.province
)
WITHIN = _PLACES.where(
    report.c.indicator.in_(_FLOWS),
    report.c.period_to.between(bindparam("first"), bindparam("last")),
    report.c.period_from >= bindparam("first"),
)
UNTIL = _PLACES.where(report.c.indicator.in_(_STOCKS), report.c.period_to <= bindparam("last"))
_OF_PLATFORM = report.c.platform.in_(bindparam("platforms", expanding=True))
TOLD = (
    select(province_status.c.province, func.max(province_status.c.received_at).label("latest"))
    .where(province_status.c.on <= bindparam("last"))
    .group_by(province_status.c.province)
)


@dataclass(frozen=True, slots=True)
class Reported:
    """Somebody's reports: a province key, empty for the country; `latest`: when the newest came."""

    indicator: str
    province: str
    latest: dt.datetime


def reported_within(
    conn: Connection, first: dt.date, last: dt.date, platform: str | None = None
) -> Sequence[Reported]:
    """Flows wholly within the days, both included; stocks and statuses up to the last of them."""
    asked: dict[str, object] = {"first": first, "last": last}
    if platform is not None:
        asked["platforms"] = ["", platform]
    found = []
    for statement in (WITHIN, UNTIL):
        of_it = statement if platform is None else statement.where(_OF_PLATFORM)
        found += [Reported(*row) for row in conn.execute(of_it, asked)]
    told = conn.execute(TOLD, {"last": last})
    return found + [Reported(INDICATOR, row.province, row.latest) for row in told]
