"""Constant statements straight on SQLite's driver: SQLAlchemy compiles each one once, and is not asked again.

A statement through SQLAlchemy's own execution costs four times what SQLite needs for it; a turn has a dozen.
Types still go through SQLAlchemy's processors, and whatever is no constant through SQLAlchemy itself.
"""

from __future__ import annotations

import sqlite3
from collections import namedtuple
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, cast
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Executable, TextClause
from sqlalchemy.exc import MultipleResultsFound, NoResultFound
from sqlalchemy.sql.compiler import SQLCompiler

Parameters = Mapping[str, Any] | list[Mapping[str, Any]] | None
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
    """SQL text; the names of its signs in order, its own constants among them, and what some go through."""

    sql: str
    named: Callable[[Mapping[str, Any]], tuple[Any, ...]]
    constants: Mapping[str, Any]
    binds: tuple[tuple[int, Callable[[Any], Any]], ...]
    row: Callable[..., Any] | None
    columns: tuple[Process, ...]

    def values(self, given: Mapping[str, Any]) -> Sequence[Any]:
        found = self.named({**self.constants, **given} if self.constants else given)
        if not self.binds:
            return found
        values = list(found)
        for place, process in self.binds:
            values[place] = process(values[place])
        return values

    def rows(self, cursor: sqlite3.Cursor) -> Rows:
        """What the cursor found, through the processors of its columns."""
        row = self.row
        if row is None:
            return Rows([], cursor.rowcount)
        found = [
            row(*[v if p is None else p(v) for v, p in zip(one, self.columns, strict=True)])
            for one in cursor.fetchall()
        ]
        return Rows(found, cursor.rowcount)


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
            return self._the_long_way(statement, parameters)
        given = parameters if isinstance(parameters, list) else (parameters or {},)
        names = tuple(given[0]) if given else ()
        if names not in kept:
            kept[names] = self._compiled(statement, names)
        compiled = kept[names]
        if compiled is None or not _alike(given, names):
            return self._the_long_way(statement, parameters)
        try:
            return compiled.rows(self._run(compiled, given))
        except sqlite3.Error:
            return self._the_long_way(statement, parameters)  # for SQLAlchemy's own error

    def _the_long_way(self, statement: Executable, parameters: Any) -> Any:
        return self._connection.execute(statement, parameters)

    def _run(self, compiled: _Compiled, given: Sequence[Mapping[str, Any]]) -> sqlite3.Cursor:
        if len(given) == 1:
            return self._driver.execute(compiled.sql, compiled.values(given[0]))
        return self._driver.executemany(compiled.sql, map(compiled.values, given))

    def _compiled(self, statement: Any, names: tuple[str, ...]) -> _Compiled | None:
        """None for what needs SQLAlchemy at run time: expanding lists, defaults made in Python, bare text."""
        if isinstance(statement, TextClause):
            return None  # nobody knows its columns
        dialect = self._connection.dialect
        keys = list(names) if getattr(statement, "is_dml", False) else None
        compiled = statement.compile(dialect=dialect, column_keys=keys)
        if not isinstance(compiled, SQLCompiler) or compiled.positiontup is None:
            return None
        if compiled.insert_prefetch or compiled.update_prefetch:
            return None
        if compiled.post_compile_params or compiled.literal_execute_params:
            return None
        order = compiled.positiontup
        constants = {name: compiled.binds[name].effective_value for name in order}
        columns = compiled._result_columns  # noqa: SLF001 there is no public way to the types
        row = _row(c.keyname for c in columns) if columns else None
        processors = tuple(
            c.type._cached_result_processor(dialect, None)  # noqa: SLF001 as above
            for c in columns
        )
        return _Compiled(
            str(compiled),
            _in_order(order),
            {name: value for name, value in constants.items() if name not in names},
            tuple(_binds(compiled, order)),
            row,
            processors,
        )


def _alike(given: Sequence[Mapping[str, Any]], names: tuple[str, ...]) -> bool:
    return len(given) == 1 or all(tuple(row) == names for row in given)


def _in_order(names: Sequence[str]) -> Callable[[Mapping[str, Any]], tuple[Any, ...]]:
    """The values of these names; `itemgetter` gives no tuple of a single one."""
    if len(names) > 1:
        return itemgetter(*names)
    return lambda given: tuple(given[name] for name in names)


def _binds(
    compiled: SQLCompiler, names: Sequence[str]
) -> Iterator[tuple[int, Callable[[Any], Any]]]:
    """Places of values that go through a processor."""
    processors = compiled._bind_processors  # noqa: SLF001 as below
    for place, name in enumerate(names):
        process = cast("Process", processors.get(name))
        if process is not None:
            yield place, process


def _row(names: Iterable[str]) -> Callable[..., Any]:
    """A class of rows with these columns, which are known at run time only."""
    return namedtuple("Row", list(names), rename=True)  # noqa: PYI024


def straight(connection: Connection) -> Connection:
    """The same connection, quicker for constants: on SQLite's writer; on PostgreSQL it is itself."""
    if isinstance(connection, Straight):
        return cast("Connection", connection)
    driver = connection.connection.driver_connection
    if not isinstance(driver, sqlite3.Connection):
        return connection
    kept: Straight | None = connection.info.get(Straight)
    if kept is None:
        kept = connection.info[Straight] = Straight(connection, driver)
    kept.begin_with(connection)
    return cast("Connection", kept)
