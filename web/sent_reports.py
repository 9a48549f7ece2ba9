"""What a key sent in, with its state: a body learns here that a report was sent back, and why."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel

from bot.dialogue.report_queries import ReportSeen, ReportState
from domain.report_events import SendBackReason
from storage.submissions import of_key
from web.keys import Caller, Open, reports_of

MOST = 100

router = APIRouter(prefix="/api/v1", tags=["figures"])


class SentReport(BaseModel):
    """Figures that came in together; `indicator`, `province` and days are those of the first."""

    id: UUID
    at: dt.datetime
    state: ReportState
    reason: SendBackReason | None
    lines: int
    indicator: str
    platform: str | None
    province: str | None
    period_from: dt.date
    period_to: dt.date


@router.get("/reports/sent", response_model=list[SentReport])
async def sent_reports(services: Open, key: Caller) -> list[SentReport]:
    """The last hundred reports of this key, newest first, each with its state."""
    reports_of(key)
    found = await services.db.read(lambda conn: of_key(conn, key.name, MOST))
    return [_sent(one) for one in found]


def _sent(one: ReportSeen) -> SentReport:
    return SentReport(
        id=one.id,
        at=one.at,
        state=one.state,
        reason=one.reason,
        lines=one.lines,
        indicator=one.series.indicator,
        platform=one.series.platform,
        province=one.series.province,
        period_from=one.period.start,
        period_to=one.period.end,
    )
