"""Thousands of rows at once, as the driver takes them: SQLAlchemy's care of each costs more than the row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import chain
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Dialect, Table

from storage.upsert import add_up

ROWS = 400  # in one statement that tells what became of them
Row = tuple[Any, ...]


def add_rows(tx: Connection, table: Table, amounts: tuple[str, ...], rows: Sequence[Row]) -> None:
    """Add these rows, or their amounts to those with the same key; values in the order of the columns."""
    if rows:
        tx.exec_driver_sql(_statement(table, amounts, tx.dialect), rows)


def add_and_tell(
    tx: Connection, table: Table, amounts: tuple[str, ...], rows: Sequence[Row]
) -> Iterator[Row]:
    """The same, of different rows; each as it stands now, in any order."""
    for start in range(0, len(rows), ROWS):
        some = rows[start : start + ROWS]
        statement = _telling(table, amounts, tx.dialect, len(some))
        yield from map(tuple, tx.exec_driver_sql(statement, tuple(chain(*some))))


def as_kept(home: UUID, tx: Connection) -> UUID | str:
    """An id as the driver takes and gives it."""
    return home.hex if tx.dialect.name == "sqlite" else home


def as_id(kept: UUID | str) -> UUID:
    """The id that the driver gave."""
    return UUID(kept) if isinstance(kept, str) else kept


@lru_cache(maxsize=50)
def _statement(table: Table, amounts: tuple[str, ...], dialect: Dialect) -> str:
    return str(add_up(table, amounts).compile(dialect=dialect))


@lru_cache(maxsize=20)
def _telling(table: Table, amounts: tuple[str, ...], dialect: Dialect, rows: int) -> str:
    """The statement's one row of values again and again."""
    start, words, rest = _statement(table, amounts, dialect).partition("VALUES (")
    _, end, rest = rest.partition(")")
    wide = len(table.columns)
    marks = (
        ", ".join(_mark(dialect, row * wide + column) for column in range(wide))
        for row in range(rows)
    )
    return f"{start}{words}{'), ('.join(marks)}{end}{rest} RETURNING *"


def _mark(dialect: Dialect, number: int) -> str:
    return "?" if dialect.name == "sqlite" else f"${number + 1}"
