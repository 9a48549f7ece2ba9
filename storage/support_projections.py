"""Supports, as events leave them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Connection, bindparam, update

from domain.facts import Fact
from domain.support_events import SupportBegun, SupportEnded
from storage.ledger import Origin
from storage.schema import support
from storage.upsert import insert_new

NEW = insert_new(support)
ENDED = (
    update(support)
    .where(support.c.id == bindparam("which"), support.c.ended_at.is_(None))
    .values(ended_at=bindparam("when"), ended_by=bindparam("who"))
)


def begun(conn: Connection, fact: SupportBegun, _: Origin) -> None:
    """A support that stands."""
    row = {
        "id": fact.id,
        "household": fact.household,
        "worker": fact.person,
        "score": fact.score,
        "began_at": fact.at,
    }
    conn.execute(NEW, row)


def ended(conn: Connection, fact: SupportEnded, _: Origin) -> None:
    """It is over."""
    conn.execute(ENDED, {"which": fact.support, "when": fact.at, "who": fact.person})


OF_SUPPORT: Mapping[type[Fact], Callable[[Connection, Any, Origin], None]] = {
    SupportBegun: begun,
    SupportEnded: ended,
}
