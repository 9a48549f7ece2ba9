"""The statuses of provinces under Decision 468, as they were on a day."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, select

from domain.decision_468 import ProvinceStatusReported, Status
from storage.schema import province_status
from storage.upsert import upsert

KEPT = upsert(province_status, ("status", "document", "note", "event", "received_at"))
UNTIL = (
    select(province_status)
    .where(province_status.c.on <= bindparam("day"))
    .order_by(province_status.c.province, province_status.c.on)
)


@dataclass(frozen=True, slots=True)
class Standing:
    """One province's status and since when; `province` is a key of one of the two sets."""

    province: str
    status: Status
    on: dt.date
    document: str | None
    note: str | None


def reported(conn: Connection, event: ProvinceStatusReported) -> None:
    """Keep it; what was said of the same day before stands in the events only."""
    row = {
        "province": event.province,
        "on": event.on,
        "status": event.status,
        "document": event.document,
        "note": event.note,
        "event": event.id,
        "received_at": event.at,
    }
    conn.execute(KEPT, row)


def status_on(conn: Connection, province: str, day: dt.date) -> Standing | None:
    """What was said of this very day."""
    found = statuses(conn, day).get(province)
    return found if found is not None and found.on == day else None


def statuses(conn: Connection, day: dt.date) -> dict[str, Standing]:
    """The latest of each province on or before the day, by province key."""
    rows = conn.execute(UNTIL, {"day": day})
    return {
        row.province: Standing(row.province, row.status, row.on, row.document, row.note)
        for row in rows
    }
