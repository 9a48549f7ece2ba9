"""The provinces by their status under Decision 468, as the summary tells them."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

from sqlalchemy import Connection

from bot.figures import own_code
from bot.locales.spoken import text
from bot.summary import PlaceName, Question, StatusGroup
from domain.decision_468 import STATUSES
from domain.geography import province
from domain.province_keys import OLD
from storage.decision_468 import statuses


def decision_groups(conn: Connection, question: Question) -> list[StatusGroup]:
    """Of the asked set, at the end of the period, in the order of the published line; empty ones left out.

    A status of one of the 63 says nothing of the one of the 34 that it went into, nor the other way.
    """
    by_status = defaultdict[str, list[str]](list)
    for key, standing in sorted(statuses(conn, _last_day(question.end)).items()):
        code, old = key.removeprefix(OLD), key.startswith(OLD)
        if old == (question.provinces == 63) and own_code(question) in {None, code}:
            by_status[standing.status].append(code)
    return [
        StatusGroup(
            status=status,
            name=text(f"decision_468.{status}"),
            count=len(by_status[status]),
            provinces=[_place(code, question) for code in by_status[status]],
        )
        for status in STATUSES
        if by_status[status]
    ]


def _place(code: str, question: Question) -> PlaceName:
    return PlaceName(code=code, name=province(code, question.provinces).short_name)


def _last_day(month: str) -> dt.date:
    first = dt.date.fromisoformat(f"{month}-01")
    return (first + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)
