"""The figures by province, by kind of event and by household; all are counted again after migrating."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

AT = (("province", 10), ("old_province", 10), ("platform", 20))
WHERE = (("indicator", 40), *AT)
MONTH = ("month", 7)
WHEN = (MONTH, ("until", 7))
PLACE_KEYS = (*WHERE, ("source", 10), ("evidence", 20), *WHEN)
CAUSE_KEYS = (*WHERE, ("source", 10), ("cause", 40), *WHEN)
CROWD_KEYS = (("kind", 10), *AT, MONTH)
TO_DATE = ("said", "confirmed", "matched", "paid", "reported", "of_bot", "of_reports")
LARGE, SMALL = sa.BigInteger(), sa.Integer()


def upgrade() -> None:
    _table("rollup_place", _texts(PLACE_KEYS), _numbers(LARGE, "amount"))
    _table("rollup_cause", _texts(CAUSE_KEYS), _numbers(LARGE, "amount", "events"))
    _table("rollup_to_date", _texts((MONTH, *WHERE)), _numbers(LARGE, *TO_DATE))
    whose = sa.Column("household", sa.Uuid(), nullable=False)
    _table("rollup_household", [*_texts(CROWD_KEYS), whose], _numbers(LARGE, "amount"))
    _table("crowd", _texts(CROWD_KEYS), _numbers(SMALL, "step", "households"))
    _index("ix_rollup_place_long", "rollup_place", ["month", "until"], "month <> until")
    _index("ix_rollup_household_stock", "rollup_household", ["household"], "kind <> 'sold'")
    op.create_index(op.f("ix_crowd_households"), "crowd", ["households"])
    op.execute("DELETE FROM rollup")
    op.execute("UPDATE rollup_position SET xact = 0, position = 0")


def _texts(keys: Sequence[tuple[str, int]]) -> list[sa.Column[Any]]:
    return [sa.Column(key, sa.String(length=length), nullable=False) for key, length in keys]


def _numbers(size: sa.Integer, *names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, size, nullable=False) for name in names]


def _table(name: str, keys: list[sa.Column[Any]], amounts: list[sa.Column[Any]]) -> None:
    key = sa.PrimaryKeyConstraint(*(column.name for column in keys), name=op.f(f"pk_{name}"))
    op.create_table(name, *keys, *amounts, key, sqlite_with_rowid=False)


def _index(name: str, table: str, columns: list[str], of: str) -> None:
    where = sa.text(of)
    op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    for name in ("crowd", "rollup_household", "rollup_to_date", "rollup_cause", "rollup_place"):
        op.drop_table(name)
