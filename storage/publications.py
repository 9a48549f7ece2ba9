"""What was published, by its months and revision. The figures stand in the event."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, bindparam, func, insert, select

from domain.events import EVENT
from domain.publication_events import SummaryPublished
from storage.causes import keep_causes
from storage.ledger import Origin
from storage.rollups import LOCKED_POSITION, advance
from storage.schema import event, publication

NEW = insert(publication)
_ALL = select(publication)
OF_MONTHS = _ALL.where(
    publication.c.first == bindparam("start"), publication.c.last == bindparam("end")
).order_by(publication.c.revision)
ONE = _ALL.where(
    publication.c.first == bindparam("start"),
    publication.c.last == bindparam("end"),
    publication.c.revision == bindparam("which"),
)
NEWEST_FIRST = _ALL.order_by(publication.c.at.desc(), publication.c.revision.desc()).limit(
    bindparam("most")
)
LATEST = select(func.coalesce(func.max(publication.c.revision), 0)).where(
    publication.c.first == bindparam("start"), publication.c.last == bindparam("end")
)
BODY = select(event.c.body).where(event.c.id == bindparam("which"))


@dataclass(frozen=True, slots=True)
class Publication:
    """One revision of some months (YYYY-MM, both included); its figures stand in the event."""

    start: str
    end: str
    revision: int
    event: UUID
    at: dt.datetime
    reason: str | None = None

    @property
    def id(self) -> str:
        """`2022-08_2023-06_1`."""
        return f"{self.start}_{self.end}_{self.revision}"


class FiguresMoved(Exception):
    """Events were counted between the summary and its publication."""


def published(tx: Connection, fact: SummaryPublished, _: Origin) -> None:
    """Keep it, with the sums by kind of event as they stand. FiguresMoved when they are others by now."""
    reached = tx.execute(LOCKED_POSITION).one()
    if (reached.xact, reached.position) != (fact.xact, fact.position):
        raise FiguresMoved
    row = {
        "first": fact.start,
        "last": fact.end,
        "revision": fact.revision,
        "event": fact.id,
        "at": fact.at,
        "reason": fact.reason,
    }
    tx.execute(NEW, row)
    keep_causes(tx, fact.id, fact.start, fact.end)


def hold_figures(tx: Connection) -> None:
    """Count every event that stands by now; until the transaction ends no other one is."""
    while advance(tx):
        pass


def publications(conn: Connection, start: str, end: str) -> list[Publication]:
    """Every revision of these months, the first one first."""
    return [_of(row) for row in conn.execute(OF_MONTHS, {"start": start, "end": end})]


def latest_revision(conn: Connection, start: str, end: str) -> int:
    """How often these months were published; 0: never."""
    return int(conn.execute(LATEST, {"start": start, "end": end}).scalar_one())


def publication_of(conn: Connection, start: str, end: str, revision: int) -> Publication | None:
    """One revision; None when there is none."""
    row = conn.execute(ONE, {"start": start, "end": end, "which": revision}).one_or_none()
    return _of(row) if row else None


def latest_publications(conn: Connection, most: int) -> list[Publication]:
    """The newest ones, at most so many."""
    return [_of(row) for row in conn.execute(NEWEST_FIRST, {"most": most})]


def published_body(conn: Connection, which: UUID) -> SummaryPublished:
    """The event with the figures."""
    found = EVENT.validate_python(conn.execute(BODY, {"which": which}).scalar_one())
    assert isinstance(found, SummaryPublished)
    return found


def _of(row: object) -> Publication:
    return Publication(*row)  # type: ignore[misc]
