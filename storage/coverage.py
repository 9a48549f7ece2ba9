"""Of whom a report stands for some days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, and_, bindparam, func, or_, select

from domain.decision_468 import INDICATOR
from domain.indicators import INDICATORS
from storage.schema import province_status, report

_STOCKS = [one.key for one in INDICATORS.values() if one.reported and one.kind == "stock"]
_FLOWS = [one.key for one in INDICATORS.values() if one.reported and one.kind == "flow"]
_latest = func.max(report.c.received_at).label("latest")
_within = and_(
    report.c.indicator.in_(_FLOWS),
    report.c.period_from >= bindparam("first"),
    report.c.period_to <= bindparam("last"),
)
_until = and_(report.c.indicator.in_(_STOCKS), report.c.period_to <= bindparam("last"))
_OF_PLATFORM = report.c.platform.in_(bindparam("platforms", expanding=True))
REPORTED = (
    select(report.c.indicator, report.c.province, _latest)
    .where(or_(_within, _until))
    .group_by(report.c.indicator, report.c.province)
)
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
    days = {"first": first, "last": last}
    if platform is None:
        rows = conn.execute(REPORTED, days).all()
    else:
        of_it = {"platforms": ["", platform]}
        rows = conn.execute(REPORTED.where(_OF_PLATFORM), days | of_it).all()
    found = [Reported(*row) for row in rows]
    told = conn.execute(TOLD, {"last": last})
    return found + [Reported(INDICATOR, row.province, row.latest) for row in told]
