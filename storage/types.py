"""Column types that mean the same on SQLite and PostgreSQL."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    ColumnElement,
    Date,
    DateTime,
    Dialect,
    Integer,
    String,
    TypeDecorator,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

Json = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
Number = BigInteger().with_variant(Integer(), "sqlite")
"""64 bits on both; SQLite counts up only an INTEGER."""


class Moment(TypeDecorator[dt.datetime]):
    """A moment, always aware, kept as UTC; a naive one is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any] | None:
        return _to_text if dialect.name == "sqlite" else super().bind_processor(dialect)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any] | None:
        return (
            _from_text if dialect.name == "sqlite" else super().result_processor(dialect, coltype)
        )

    def process_bind_param(
        self, value: dt.datetime | None, _dialect: Dialect
    ) -> dt.datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        return value.astimezone(dt.UTC)


def _to_text(value: dt.datetime | None) -> str | None:
    """As SQLAlchemy writes it for SQLite, which knows no moments; its own way there is six times slower."""
    if value is None:
        return None
    if value.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    there = value if value.tzinfo is dt.UTC else value.astimezone(dt.UTC)
    return there.isoformat(" ", "microseconds")[:26]


def _from_text(value: str | None) -> dt.datetime | None:
    return None if value is None else dt.datetime.fromisoformat(value).replace(tzinfo=dt.UTC)


class Exact(TypeDecorator[Decimal]):
    """A decimal kept to the last digit on both databases."""

    impl = String(40)
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, _dialect: Dialect) -> str | None:
        return None if value is None else str(value)

    def process_result_value(self, value: str | None, _dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(value)


class CurrentTransaction(ColumnElement[int]):
    """The number of the running transaction; 0 on SQLite, where one runs at a time."""

    inherit_cache = True
    type = BigInteger()


@compiles(CurrentTransaction, "postgresql")
def _postgresql(_element: CurrentTransaction, _compiler: SQLCompiler, **_: object) -> str:
    return "(pg_current_xact_id()::text)::bigint"


@compiles(CurrentTransaction)
def _sqlite(_element: CurrentTransaction, _compiler: SQLCompiler, **_: object) -> str:
    return "0"


class MonthStart(FunctionElement[dt.date]):
    """The first day of a day's month."""

    name = "month_start"
    inherit_cache = True
    type = Date()


@compiles(MonthStart, "postgresql")
def _month_start(element: MonthStart, compiler: SQLCompiler, **words: Any) -> str:
    day = compiler.process(element.clauses, **words)
    return f"CAST(date_trunc('month', CAST({day} AS TIMESTAMP)) AS DATE)"


@compiles(MonthStart)
def _month_start_in_text(element: MonthStart, compiler: SQLCompiler, **words: Any) -> str:
    return f"date({compiler.process(element.clauses, **words)}, 'start of month')"


class LocalDay(FunctionElement[dt.date]):
    """The day of a moment in Vietnam, whose clocks have not been moved since 1975."""

    name = "local_day"
    inherit_cache = True
    type = Date()


@compiles(LocalDay, "postgresql")
def _local_day(element: LocalDay, compiler: SQLCompiler, **words: Any) -> str:
    moment = compiler.process(element.clauses, **words)
    return f"CAST({moment} AT TIME ZONE 'Asia/Ho_Chi_Minh' AS DATE)"


@compiles(LocalDay)
def _local_day_in_text(element: LocalDay, compiler: SQLCompiler, **words: Any) -> str:
    return f"date({compiler.process(element.clauses, **words)}, '+7 hours')"


class Seconds(FunctionElement[int]):
    """From the first moment to the second, in whole seconds."""

    name = "seconds"
    inherit_cache = True
    type = Integer()


@compiles(Seconds, "postgresql")
def _seconds(element: Seconds, compiler: SQLCompiler, **words: Any) -> str:
    start, end = (compiler.process(one, **words) for one in element.clauses)
    return f"CAST(extract(epoch FROM {end} - {start}) AS INTEGER)"


@compiles(Seconds)
def _seconds_in_text(element: Seconds, compiler: SQLCompiler, **words: Any) -> str:
    start, end = (compiler.process(one, **words) for one in element.clauses)
    return f"CAST(round((julianday({end}) - julianday({start})) * 86400) AS INTEGER)"


class WeeksBefore(FunctionElement[int]):
    """How many whole weeks the first day lies before the second."""

    name = "weeks_before"
    inherit_cache = True
    type = Integer()


@compiles(WeeksBefore, "postgresql")
def _weeks_before(element: WeeksBefore, compiler: SQLCompiler, **words: Any) -> str:
    day, end = (compiler.process(one, **words) for one in element.clauses)
    return f"((CAST({end} AS DATE) - {day}) / 7)"


@compiles(WeeksBefore)
def _weeks_before_in_text(element: WeeksBefore, compiler: SQLCompiler, **words: Any) -> str:
    day, end = (compiler.process(one, **words) for one in element.clauses)
    return f"CAST((julianday({end}) - julianday({day})) / 7 AS INTEGER)"
