"""Since when the figures stand as they stand."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Connection, select

from storage.schema import rollup_position

CHANGED = select(rollup_position.c.advanced_at)


def changed_at(conn: Connection) -> dt.datetime | None:
    """When the figures last took in an event, by our clock; None: never."""
    return conn.execute(CHANGED).scalar_one_or_none()
