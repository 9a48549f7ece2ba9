"""The reported figures that stand, by series; `storage.report_projections` writes them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select, text

from domain.report_checks import related
from domain.report_series import Period, Series, Standing
from storage.schema import report, submission

_SERIES = (
    select(report.c.period_from, report.c.period_to, report.c.value)
    .where(report.c.indicator == bindparam("indicator"))
    .where(report.c.province == bindparam("province"))
    .where(report.c.platform == bindparam("platform"))
    .order_by(report.c.period_to, report.c.period_from)
)
_PROVINCES = (
    select(report.c.province)
    .distinct()
    .where(report.c.indicator == bindparam("indicator"))
    .where(report.c.platform == bindparam("platform"))
    .where(report.c.province != "")
)
UNTIL = select(
    *(report.c.indicator, report.c.province, report.c.platform),
    *(report.c.period_from, report.c.period_to),
).where(report.c.period_to <= bindparam("last"))
SENT_BACK = select(submission.c.id).where(submission.c.state == "sent_back").limit(1)
_ONE_AT_A_TIME = text("LOCK TABLE report IN SHARE ROW EXCLUSIVE MODE")


def lock_reports(conn: Connection) -> None:
    """Until the transaction ends nobody else takes in reports: each must see the ones before it."""
    if conn.dialect.name == "postgresql":
        conn.execute(_ONE_AT_A_TIME)


def standing_reports(
    conn: Connection, indicator: str, province: str | None, platform: str | None
) -> dict[tuple[dt.date, dt.date], int]:
    """The figures of one series by period, the earliest end first."""
    series = {"indicator": indicator, "province": province or "", "platform": platform or ""}
    return {(row.period_from, row.period_to): row.value for row in conn.execute(_SERIES, series)}


def standing_of(conn: Connection, several: Iterable[Series]) -> dict[Series, Standing]:
    """The figures of several series, each with its periods."""
    return {series: _standing(conn, series) for series in several}


def compared_with(conn: Connection, several: Iterable[Series]) -> dict[Series, Standing]:
    """All that figures of these series are compared with: the related ones, the country's provinces."""
    asked = set(several)
    found = {other for one in asked for other in related(one)}
    for one in asked:
        if one.province is None:
            found.update(replace(one, province=key) for key in _provinces(conn, one))
    return standing_of(conn, found)


def _provinces(conn: Connection, series: Series) -> Iterable[str]:
    """Those that reported this ever."""
    values = {"indicator": series.indicator, "platform": series.platform or ""}
    return conn.execute(_PROVINCES, values).scalars()


def _standing(conn: Connection, series: Series) -> Standing:
    kept = standing_reports(conn, series.indicator, series.province, series.platform)
    return Standing(series, {Period(*days): value for days, value in kept.items()})


def reports_until(conn: Connection, last: dt.date) -> Iterable[Row[Any]]:
    """Of what and which days the reports are that end on that day or before."""
    return conn.execute(UNTIL, {"last": last})


def any_sent_back(conn: Connection) -> bool:
    """Whether any report was sent back ever."""
    return conn.execute(SENT_BACK).first() is not None
