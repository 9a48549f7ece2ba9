"""What conversations ask about local reports, answered in their transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import Connection, bindparam, select

from bot.dialogue.report_queries import (
    ArticleKnown,
    OwnReport,
    ReportAnswer,
    ReportCase,
    ReportGround,
    ReportSeen,
    ReportsSent,
    ReportToDecide,
    StatusKnown,
    StatusSaid,
)
from domain.report_checks import Figure, Ground
from domain.roles import COUNTRY, Role
from storage import submissions
from storage.decision_468 import statuses
from storage.report_ground import listed_articles, own_figures
from storage.reports import compared_with, lock_reports
from storage.roles import roles_of
from storage.schema import article, submission

DECIDES = Role("officer", COUNTRY)
LISTED = (
    select(article.c.id)
    .join_from(article, submission, submission.c.id == article.c.submission)
    .where(article.c.same == bindparam("link"), submission.c.state != "sent_back")
    .limit(1)
)


class Asker(Protocol):
    """Who asks, and when."""

    @property
    def person(self) -> UUID: ...
    @property
    def at(self) -> dt.datetime: ...


def _ground(tx: Connection, query: ReportGround, _: Asker) -> Ground:
    lock_reports(tx)
    figures = [Figure(query.series, query.period, query.value)]
    standing = compared_with(tx, [query.series])
    return Ground(standing, own_figures(tx, figures), listed_articles(tx, figures))


def _article(tx: Connection, query: ArticleKnown, _: Asker) -> bool:
    lock_reports(tx)
    return tx.execute(LISTED, {"link": query.same}).first() is not None


def _status(tx: Connection, query: StatusKnown, _: Asker) -> StatusSaid | None:
    lock_reports(tx)
    found = statuses(tx, query.on).get(query.province)
    if found is None:
        return None
    return StatusSaid(found.status, found.on, found.document, found.note)


def _sent(tx: Connection, query: ReportsSent, asker: Asker) -> tuple[ReportSeen, ...]:
    if DECIDES in roles_of(tx, asker.person):
        return submissions.of_all(tx, query.most)
    return submissions.of_own(tx, asker.person, query.most)


def _own(tx: Connection, query: OwnReport, asker: Asker) -> ReportSeen | None:
    return submissions.one(tx, query.submission, asker.person)


def _case(tx: Connection, query: ReportToDecide, asker: Asker) -> ReportCase | None:
    """Only for who may decide it."""
    if DECIDES not in roles_of(tx, asker.person):
        return None
    return submissions.case(tx, query.submission)


REPORT_ANSWERS: Mapping[type[Any], Callable[[Connection, Any, Asker], ReportAnswer | None]] = (
    MappingProxyType(
        {
            ReportGround: _ground,
            ArticleKnown: _article,
            StatusKnown: _status,
            ReportsSent: _sent,
            OwnReport: _own,
            ReportToDecide: _case,
        }
    )
)
