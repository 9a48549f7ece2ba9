"""Decision 468/QĐ-TTg: how far each province is with handing the work to a public postal enterprise.

A status, not a number: the latest one on or before a day holds. The order is that of the published line.
"""

from __future__ import annotations

import datetime as dt
from typing import Literal, get_args
from uuid import UUID

from domain.facts import Fact

Status = Literal["plan_made", "plan_under_way", "studying", "considering", "not_assigned"]
STATUSES: tuple[Status, ...] = get_args(Status)

INDICATOR = "decision_468"


class ProvinceStatusReported(Fact):
    """What a locality says of itself from the day `on`; `province` is its key as figures keep it.

    `document`: the number of the paper that says so. A later report for the same day takes its place.
    `submission` is with what it was sent in.
    """

    type: Literal["province_status_reported"] = "province_status_reported"
    status: Status
    on: dt.date
    document: str | None = None
    reporter: str | None = None
    note: str | None = None
    submission: UUID | None = None
