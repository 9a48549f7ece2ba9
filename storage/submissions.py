"""What was sent in, as it is looked at: lists with states, who is to be told, what sending back changes."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, Select, and_, bindparam, func, select, update

from bot.dialogue.report_queries import ReportCase, ReportSeen, StatusBack, StatusSaid
from domain.decision_468 import INDICATOR
from domain.report_series import Change, Period, Sent, Series, what_stands
from storage.recipients import Address, of_person
from storage.reports import lock_reports, standing_of
from storage.schema import article, person, submission, submission_line

BATCH = 50  # pieces of news a round

_line = submission_line.alias()
_first = (
    select(func.min(submission_line.c.position))
    .where(submission_line.c.submission == submission.c.id)
    .scalar_subquery()
)
SEEN: Select[Any] = (
    select(
        *(submission.c.id, submission.c.at, submission.c.lines, submission.c.state),
        *(submission.c.reason, submission.c.decided_at, submission.c.decided_by),
        func.coalesce(person.c.name, submission.c.sender).label("who"),
        *(_line.c.indicator, _line.c.province, _line.c.platform, _line.c.value, _line.c.status),
        *(_line.c.period_from, _line.c.period_to, article.c.title),
    )
    .join_from(submission, _line, _line.c.position == _first)
    .outerjoin(person, person.c.id == submission.c.person)
    .outerjoin(article, article.c.submission == submission.c.id)
    .order_by(submission.c.at.desc(), _line.c.position.desc())
)
NEWEST = SEEN.limit(bindparam("most"))
OF_PERSON = SEEN.where(submission.c.person == bindparam("whose")).limit(bindparam("most"))
OF_KEY = SEEN.where(submission.c.sender == bindparam("whose")).limit(bindparam("most"))
ONE = SEEN.where(submission.c.id == bindparam("which"))
OWN = ONE.where(submission.c.person == bindparam("whose"))
LOCKED = select(submission.c.id).where(submission.c.id == bindparam("which")).with_for_update()
DUE = (
    select(submission.c.id, submission.c.person)
    .where(
        submission.c.told_at.is_(None),
        submission.c.due_at.is_not(None),
        submission.c.due_at <= bindparam("now"),
        submission.c.person.is_not(None),
    )
    .order_by(submission.c.due_at, submission.c.id)
    .limit(BATCH)
)
TOLD = (
    update(submission).where(submission.c.id == bindparam("which")).values(told_at=bindparam("now"))
)
NAME = select(person.c.name).where(person.c.id == bindparam("who"))
_own, _all = submission_line.alias(), submission_line.alias()
SAME_CELLS: Select[Any] = (
    select(_all, submission.c.state)
    .join_from(
        _own,
        _all,
        and_(
            _own.c.indicator == _all.c.indicator,
            _own.c.province == _all.c.province,
            _own.c.platform == _all.c.platform,
            _own.c.period_from == _all.c.period_from,
            _own.c.period_to == _all.c.period_to,
        ),
    )
    .join(submission, submission.c.id == _all.c.submission)
    .where(_own.c.submission == bindparam("which"))
    .order_by(_all.c.position)
)

_Cell = tuple[Series, Period]


def of_own(conn: Connection, who: UUID, most: int) -> tuple[ReportSeen, ...]:
    """The last ones of a person, newest first."""
    return tuple(map(_seen, conn.execute(OF_PERSON, {"whose": who, "most": most})))


def of_key(conn: Connection, name: str, most: int) -> tuple[ReportSeen, ...]:
    """The last ones that came with the key of this name."""
    return tuple(map(_seen, conn.execute(OF_KEY, {"whose": name, "most": most})))


def of_all(conn: Connection, most: int) -> tuple[ReportSeen, ...]:
    """The last ones of everybody."""
    return tuple(map(_seen, conn.execute(NEWEST, {"most": most})))


def one(conn: Connection, which: UUID, whose: UUID) -> ReportSeen | None:
    """The one with this id, if this person sent it."""
    row = conn.execute(OWN, {"which": which, "whose": whose}).first()
    return None if row is None else _seen(row)


def _seen(row: Row[Any]) -> ReportSeen:
    series = Series(row.indicator, row.platform or None, row.province or None)
    return ReportSeen(
        id=row.id,
        at=row.at,
        who=row.who,
        lines=row.lines,
        state=row.state,
        reason=row.reason,
        series=series,
        period=Period(row.period_from, row.period_to),
        value=row.value,
        status=row.status,
        title=row.title,
    )


# Sending back


def case(tx: Connection, which: UUID) -> ReportCase | None:
    """The report, locked, with what it changes that it goes; who decided already, when it is gone."""
    lock_reports(tx)
    if tx.execute(LOCKED, {"which": which}).first() is None:
        return None
    row = tx.execute(ONE, {"which": which}).first()
    if row is None:
        return None
    if row.state == "sent_back":
        by = tx.execute(NAME, {"who": row.decided_by}).scalar_one_or_none()
        return ReportCase(_seen(row), by=by, at=row.decided_at)
    lines = tx.execute(SAME_CELLS, {"which": which}).all()
    changes, overlap = _without(tx, which, [line for line in lines if line.indicator != INDICATOR])
    statuses = _statuses(which, [line for line in lines if line.indicator == INDICATOR])
    return ReportCase(_seen(row), tuple(changes), tuple(statuses), overlap)


def _without(
    tx: Connection, which: UUID, lines: Iterable[Row[Any]]
) -> tuple[list[tuple[Series, Change]], Period | None]:
    """What stands again where it is gone; the days of a flow that would then be counted twice."""
    cells = _by_cell(lines)
    standing = standing_of(tx, {series for series, _ in cells})
    changes = []
    for (series, period), sent in cells.items():
        change = standing[series].take_back(period, _left(which, sent))
        changes += [(series, change)] if change is not None else []
    twice = (standing[series].overlapping(change.period) for series, change in changes)
    return changes, next(filter(None, twice), None)


def _by_cell(lines: Iterable[Row[Any]]) -> dict[_Cell, list[Row[Any]]]:
    """In the order in which they came; a cell that the submission has twice is there once."""
    cells: dict[_Cell, dict[int, Row[Any]]] = defaultdict(dict)
    for line in lines:
        series = Series(line.indicator, line.platform or None, line.province or None)
        cells[series, Period(line.period_from, line.period_to)][line.position] = line
    return {cell: list(sent.values()) for cell, sent in cells.items()}


def _left(which: UUID, sent: Sequence[Row[Any]]) -> int | None:
    kept = (Sent(line.value, line.adds) for line in sent if _stays(which, line))
    return what_stands(sent[0].base, kept)


def _stays(which: UUID, line: Row[Any]) -> bool:
    return bool(line.submission != which and line.state != "sent_back")


def _statuses(which: UUID, lines: Iterable[Row[Any]]) -> Iterable[StatusBack]:
    for (series, _), sent in _by_cell(lines).items():
        left = [line for line in sent if _stays(which, line)]
        now = [line for line in sent if line.state != "sent_back"]
        if series.province and now and now[-1].submission == which:
            yield StatusBack(series.province, _said(now[-1]), _said(left[-1]) if left else None)


def _said(line: Row[Any]) -> StatusSaid:
    return StatusSaid(line.status, line.period_to, line.document, line.note)


# Telling who sent it


def due(conn: Connection, now: dt.datetime) -> list[tuple[UUID, list[Address]]]:
    """Those sent back whose sender was not told yet, each with where it goes."""
    rows = conn.execute(DUE, {"now": now}).all()
    return [(row.id, of_person(conn, row.person)[:1]) for row in rows]


def told(tx: Connection, which: UUID, now: dt.datetime) -> None:
    """It is not told again."""
    tx.execute(TOLD, {"which": which, "now": now})
