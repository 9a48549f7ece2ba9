"""How figures stood when somebody fetched them last, so that the next time says what changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlalchemy import Connection, bindparam, delete, select

from storage.figures import Standing
from storage.schema import fetched
from storage.upsert import upsert

LAST = select(fetched.c.xact, fetched.c.position, fetched.c.state, fetched.c.before).where(
    fetched.c.reader == bindparam("who"), fetched.c.question == bindparam("asked")
)
KEPT = upsert(fetched, ("xact", "position", "state", "before"))


class FetchedFigure(BaseModel):
    """One figure as it was shown; `value` None: not reported, or withheld."""

    model_config = ConfigDict(frozen=True)

    indicator: str
    platform: str | None = None
    value: int | None = None
    withheld: bool = False


class FetchedCause(BaseModel):
    """What one kind of event had added to it."""

    model_config = ConfigDict(frozen=True)

    indicator: str
    platform: str | None = None
    cause: str
    amount: int
    events: int
    source: str


class FetchedState(BaseModel):
    """The whole and the platforms of a question, at `at`."""

    model_config = ConfigDict(frozen=True)

    at: dt.datetime
    figures: tuple[FetchedFigure, ...]
    causes: tuple[FetchedCause, ...]


def last_fetched(
    conn: Connection, reader: str, question: str, now: Standing
) -> tuple[bool, FetchedState | None]:
    """Whether the reader has this question as of now already, and what they had before that.

    Asked twice at one standing, the answer is the same both times.
    """
    row = conn.execute(LAST, {"who": reader, "asked": question}).one_or_none()
    if row is None:
        return False, None
    if (row.xact, row.position) == (now.xact, now.position):
        return True, _state(row.before)
    return False, _state(row.state)


def keep_fetched(
    tx: Connection, reader: str, question: str, now: Standing, state: FetchedState
) -> None:
    """The reader has seen this; what they saw before it stays for comparison."""
    row = tx.execute(LAST, {"who": reader, "asked": question}).one_or_none()
    if row is not None and (row.xact, row.position) >= (now.xact, now.position):
        return
    new = {"reader": reader, "question": question, "xact": now.xact, "position": now.position}
    tx.execute(KEPT, new | {"state": state, "before": row.state if row else None})


def reader_of(person: UUID) -> str:
    """A person who looks, beside the keys."""
    return f"person:{person}"


def forget_readers(tx: Connection, people: Iterable[UUID]) -> None:
    """What these people have seen is no longer known."""
    tx.execute(delete(fetched).where(fetched.c.reader.in_(map(reader_of, people))))


def _state(kept: Any) -> FetchedState | None:
    return None if kept is None else FetchedState.model_validate(kept)
