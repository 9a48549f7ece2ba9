"""Constant statements straight on SQLite's driver: SQLAlchemy compiles each one once, and is not asked again.

A statement through SQLAlchemy's own execution costs four times what SQLite needs for it; a turn has a dozen.
Types still go through SQLAlchemy's processors, and whatever is no constant through SQLAlchemy itself.
"""

from __future__ import annotations

import sqlite3
from collections import namedtuple
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Executable
from sqlalchemy.exc import MultipleResultsFound, NoResultFound
from sqlalchemy.sql.compiler import SQLCompiler

Parameters = Mapping[str, Any] | Sequence[Mapping[str, Any]] | None
Process = Callable[[Any], Any] | None


class Rows:
    """What a statement gave: rows by position and by name, or how many it changed."""

    __slots__ = ("_rows", "rowcount")

    def __init__(self, rows: list[Any], rowcount: int) -> None:
        self._rows = rows
        self.rowcount = rowcount

    def __iter__(self) -> Iterator[Any]:
        return iter(self._rows)

    def all(self) -> list[Any]:
        """Every row."""
        return self._rows

    def first(self) -> Any:
        """The first row, or None."""
        return self._rows[0] if self._rows else None

    def one_or_none(self) -> Any:
        """The only row, or None; two are an error."""
        if len(self._rows) > 1:
            raise MultipleResultsFound(f"{len(self._rows)} rows")
        return self.first()

    def one(self) -> Any:
        """The only row; none or two are an error."""
        if not self._rows:
            raise NoResultFound("no row")
        return self.one_or_none()

    def scalar(self) -> Any:
        """The first column of the first row, or None."""
        return self._rows[0][0] if self._rows else None

    def scalar_one(self) -> Any:
        """The first column of the only row."""
        return self.one()[0]

    def scalar_one_or_none(self) -> Any:
        """The first column of the only row, or None."""
        row = self.one_or_none()
        return None if row is None else row[0]

    def scalars(self) -> Rows:
        """The first column alone."""
        return Rows([row[0] for row in self._rows], self.rowcount)


@dataclass(frozen=True, slots=True)
class _Compiled:
    """SQL text; for each sign in it the parameter's name, its processor and what stands when none is given."""

    sql: str
    binds: tuple[tuple[str, Process, Any], ...]
    row: Callable[..., Any] | None
    columns: tuple[Process, ...]

    def values(self, given: Mapping[str, Any]) -> list[Any]:
        values = []
        for name, process, constant in self.binds:
            value = given.get(name, constant)
            values.append(value if process is None else process(value))
        return values

    def rows(self, found: list[tuple[Any, ...]]) -> list[Any]:
        if self.row is None or not found:
            return []
        if not any(self.columns):
            return [self.row(*row) for row in found]
        return [
            self.row(*[v if p is None else p(v) for v, p in zip(row, self.columns, strict=True)])
            for row in found
        ]


class Straight:
    """A connection whose constant statements go straight to the driver; all else is the connection's."""

    def __init__(self, connection: Connection, driver: sqlite3.Connection) -> None:
        self._connection = connection
        self._driver = driver
        self._seen: WeakKeyDictionary[Executable, dict[Any, _Compiled | None]] = WeakKeyDictionary()

    def begin_with(self, connection: Connection) -> None:
        """Another transaction on the same driver's connection."""
        self._connection = connection

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)

    def execute(self, statement: Executable, parameters: Parameters = None) -> Any:
        """As SQLAlchemy's; a statement that comes a second time is a constant."""
        kept = self._seen.get(statement)
        if kept is None:
            self._seen[statement] = {}
            return self._connection.execute(statement, parameters)  # type: ignore[arg-type]
        many = isinstance(parameters, (list, tuple))
        first: Any = (parameters[0] if parameters else {}) if many else parameters or {}
        names = tuple(first)
        if names not in kept:
            kept[names] = self._compiled(statement, names)
        compiled = kept[names]
        if compiled is None or (many and len({*map(tuple, parameters or ())}) > 1):
            return self._connection.execute(statement, parameters)  # type: ignore[arg-type]
        try:
            return self._run(compiled, parameters if many else [first])  # type: ignore[arg-type]
        except sqlite3.Error:
            # Once more the long way, for SQLAlchemy's own error.
            return self._connection.execute(statement, parameters)  # type: ignore[arg-type]

    def _run(self, compiled: _Compiled, parameters: Sequence[Mapping[str, Any]]) -> Rows:
        if len(parameters) == 1:
            cursor = self._driver.execute(compiled.sql, compiled.values(parameters[0]))
        else:
            cursor = self._driver.executemany(compiled.sql, map(compiled.values, parameters))
        found = cursor.fetchall() if compiled.row else []
        return Rows(compiled.rows(found), cursor.rowcount)

    def _compiled(self, statement: Any, names: tuple[str, ...]) -> _Compiled | None:
        """None for what needs SQLAlchemy at run time: expanding lists, defaults made in Python."""
        dialect = self._connection.dialect
        keys = list(names) if getattr(statement, "is_dml", False) else None
        compiled = statement.compile(dialect=dialect, column_keys=keys)
        if not isinstance(compiled, SQLCompiler) or compiled.positiontup is None:
            return None
        if compiled.insert_prefetch or compiled.update_prefetch:
            return None
        if compiled.post_compile_params or compiled.literal_execute_params:
            return None
        binds = tuple(_bind(compiled, name) for name in compiled.positiontup)
        columns = compiled._result_columns  # noqa: SLF001 there is no public way to the types
        row = namedtuple("Row", [c.keyname for c in columns], rename=True) if columns else None
        processors = tuple(
            c.type._cached_result_processor(dialect, None)  # noqa: SLF001 as above
            for c in columns
        )
        return _Compiled(str(compiled), binds, row, processors)


def _bind(compiled: SQLCompiler, name: str) -> tuple[str, Process, Any]:
    process = compiled._bind_processors.get(name)  # noqa: SLF001 as above
    return name, process, compiled.binds[name].effective_value


def straight(connection: Connection) -> Connection:
    """The same connection, quicker for constants: on SQLite's writer; on PostgreSQL it is itself."""
    driver = connection.connection.driver_connection
    if not isinstance(driver, sqlite3.Connection):
        return connection
    kept: Straight | None = connection.info.get(Straight)
    if kept is None:
        kept = connection.info[Straight] = Straight(connection, driver)
    kept.begin_with(connection)
    return cast("Connection", kept)
