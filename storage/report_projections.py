"""Reports as their events leave them: the figures that stand, what was sent in with its state, news items."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, update

from domain.decision_468 import INDICATOR, ProvinceStatusReported
from domain.events import ReportReceived
from domain.order_news import after_quiet
from domain.report_articles import same_link
from domain.report_events import (
    ArticleListed,
    ProvinceStatusTakenBack,
    ReportAccepted,
    ReportChecked,
    ReportSentBack,
    ReportSubmitted,
    ReportTakenBack,
)
from storage import decision_468
from storage.ledger import Origin
from storage.schema import article, province_status, report, submission, submission_line
from storage.upsert import insert_new, upsert

REPORTED = upsert(report, ("value", "event", "received_at"))
_CELL = (
    report.c.indicator == bindparam("of_indicator"),
    report.c.province == bindparam("of_province"),
    report.c.platform == bindparam("of_platform"),
    report.c.period_from == bindparam("of_from"),
    report.c.period_to == bindparam("of_to"),
)
STANDS_AGAIN = (
    update(report).where(*_CELL).values(value=bindparam("stands"), event=bindparam("made_by"))
)
GONE = delete(report).where(*_CELL)
STATUS_GONE = delete(province_status).where(
    province_status.c.province == bindparam("of_province"),
    province_status.c.on == bindparam("of_day"),
)
NEW_LINE = insert(submission_line)
NEW_SUBMISSION = insert_new(submission)
NEW_ARTICLE = insert_new(article)
_THIS = submission.c.id == bindparam("which")
CHECKED = update(submission).where(_THIS).values(state="checked", doubts=bindparam("how_many"))
ACCEPTED = update(submission).where(_THIS).values(state="accepted")
SENT_BACK = (
    update(submission)
    .where(_THIS)
    .values(
        state="sent_back",
        reason=bindparam("why"),
        decided_by=bindparam("who"),
        decided_at=bindparam("when"),
        due_at=bindparam("due"),
    )
)


def _reported(conn: Connection, event: ReportReceived, _: Origin) -> None:
    figure = {
        "indicator": event.indicator,
        "province": event.province or "",
        "platform": event.platform or "",
        "period_from": event.period_from,
        "period_to": event.period_to,
        "value": event.value,
    }
    conn.execute(REPORTED, figure | {"event": event.id, "received_at": event.at})
    if event.submission is None:
        return
    sent = {"submission": event.submission, "event": event.id, "base": event.replaces}
    said = event.value - (event.replaces or 0) if event.adds else event.value
    conn.execute(NEW_LINE, figure | sent | {"adds": event.adds, "value": said})


def _taken_back(conn: Connection, event: ReportTakenBack, _: Origin) -> None:
    cell = {
        "of_indicator": event.indicator,
        "of_province": event.province or "",
        "of_platform": event.platform or "",
        "of_from": event.period_from,
        "of_to": event.period_to,
    }
    if event.stands is None:
        conn.execute(GONE, cell)
    else:
        conn.execute(STANDS_AGAIN, cell | {"stands": event.stands, "made_by": event.id})


def _status(conn: Connection, event: ProvinceStatusReported, _: Origin) -> None:
    decision_468.reported(conn, event)
    if event.submission is None:
        return
    line = {
        "submission": event.submission,
        "event": event.id,
        "indicator": INDICATOR,
        "province": event.province,
        "platform": "",
        "period_from": event.on,
        "period_to": event.on,
        "value": 0,
        "adds": False,
        "status": event.status,
        "document": event.document,
        "note": event.note,
    }
    conn.execute(NEW_LINE, line)


def _status_gone(conn: Connection, event: ProvinceStatusTakenBack, _: Origin) -> None:
    conn.execute(STATUS_GONE, {"of_province": event.province, "of_day": event.on})


def _submitted(conn: Connection, event: ReportSubmitted, _: Origin) -> None:
    row = {
        "id": event.submission,
        "person": event.person,
        "sender": event.sender,
        "channel": event.channel,
        "at": event.at,
        "lines": event.lines,
        "doubts": 0,
        "state": "received",
    }
    conn.execute(NEW_SUBMISSION, row)


def _checked(conn: Connection, event: ReportChecked, _: Origin) -> None:
    conn.execute(CHECKED, {"which": event.submission, "how_many": event.doubts})


def _accepted(conn: Connection, event: ReportAccepted, _: Origin) -> None:
    conn.execute(ACCEPTED, {"which": event.submission})


def _sent_back(conn: Connection, event: ReportSentBack, _: Origin) -> None:
    values = {
        "which": event.submission,
        "why": event.reason,
        "who": event.person,
        "when": event.at,
        "due": after_quiet(event.at),
    }
    conn.execute(SENT_BACK, values)


def _listed(conn: Connection, event: ArticleListed, _: Origin) -> None:
    row = {
        "id": event.id,
        "submission": event.submission,
        "province": event.province or "",
        "date": event.date,
        "title": event.title,
        "link": event.link,
        "same": same_link(event.link),
    }
    conn.execute(NEW_ARTICLE, row)


OF_REPORTS: dict[type[Any], Any] = {
    ReportReceived: _reported,
    ReportTakenBack: _taken_back,
    ProvinceStatusReported: _status,
    ProvinceStatusTakenBack: _status_gone,
    ReportSubmitted: _submitted,
    ReportChecked: _checked,
    ReportAccepted: _accepted,
    ReportSentBack: _sent_back,
    ArticleListed: _listed,
}
