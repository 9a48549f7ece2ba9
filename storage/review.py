"""The review list: sentences without names from which the grammar grows, of people who agreed to that."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Connection, delete, select

from bot.dialogue.message import Puzzle
from storage.schema import review, voice_kept

OPEN = select(review).order_by(review.c.at.desc(), review.c.id)
RECORDINGS = select(voice_kept).order_by(voice_kept.c.at, voice_kept.c.id)


def puzzles(
    conn: Connection, since: dt.datetime | None = None, kind: str | None = None
) -> list[Puzzle]:
    """What waits to be looked at, newest first."""
    asked = OPEN
    if since is not None:
        asked = asked.where(review.c.at >= since)
    if kind is not None:
        asked = asked.where(review.c.kind == kind)
    rows = (dict(row) for row in conn.execute(asked).mappings())
    return [Puzzle(**{k: v for k, v in row.items() if k != "person"}) for row in rows]


def recordings(conn: Connection) -> list[tuple[UUID, bytes, str]]:
    """Voice notes of people who let us keep them: id, sound, and what was heard; oldest first."""
    return [(row.id, row.audio, row.text) for row in conn.execute(RECORDINGS)]


def take_off(tx: Connection, ids: Sequence[UUID]) -> int:
    """These have been dealt with; how many there were."""
    return tx.execute(delete(review).where(review.c.id.in_(ids))).rowcount
