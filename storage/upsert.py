"""`INSERT … ON CONFLICT` for both databases: PostgreSQL's construct renders words that SQLite knows."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Table
from sqlalchemy.dialects.postgresql import Insert, insert


def insert_new(table: Table) -> Insert:
    """Adds a row, or leaves the one that stands there."""
    return insert(table).inline().on_conflict_do_nothing()


def upsert(table: Table, columns: Sequence[str]) -> Insert:
    """Adds a row, or changes these columns of the one with the same key."""
    new = insert(table).inline()
    changed = {name: new.excluded[name] for name in columns}
    return new.on_conflict_do_update(index_elements=table.primary_key.columns, set_=changed)


def add_up(table: Table, columns: Sequence[str]) -> Insert:
    """Adds a row, or adds its amounts in these columns to the one with the same key."""
    new = insert(table).inline()
    sums = {name: table.c[name] + new.excluded[name] for name in columns}
    return new.on_conflict_do_update(index_elements=table.primary_key.columns, set_=sums)
