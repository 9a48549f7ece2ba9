"""Column types that mean the same on SQLite and PostgreSQL."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from sqlalchemy import (
    JSON,
    BigInteger,
    ColumnElement,
    DateTime,
    Dialect,
    Integer,
    String,
    TypeDecorator,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler

Json = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
Number = BigInteger().with_variant(Integer(), "sqlite")
"""64 bits on both; SQLite counts up only an INTEGER."""


class Moment(TypeDecorator[dt.datetime]):
    """A moment, always aware, kept as UTC; a naive one is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(
        self, value: dt.datetime | None, _dialect: Dialect
    ) -> dt.datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        return value.astimezone(dt.UTC)

    def process_result_value(
        self, value: dt.datetime | None, _dialect: Dialect
    ) -> dt.datetime | None:
        if value is None or value.tzinfo is not None:
            return value
        return value.replace(tzinfo=dt.UTC)


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
