"""The figures by province and by kind of event; all of them are counted again after migrating."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

WHERE = (("indicator", 40), ("province", 10), ("old_province", 10), ("platform", 20))
WHEN = (("month", 7), ("until", 7))
PLACE_KEYS = (*WHERE, ("source", 10), ("evidence", 20), *WHEN)
CAUSE_KEYS = (*WHERE, ("source", 10), ("cause", 40), *WHEN)


def upgrade() -> None:
    _table("rollup_place", PLACE_KEYS, "amount")
    _table("rollup_cause", CAUSE_KEYS, "amount", "events")
    op.execute("DELETE FROM rollup")
    op.execute("UPDATE rollup_position SET xact = 0, position = 0")


def _table(name: str, keys: tuple[tuple[str, int], ...], *amounts: str) -> None:
    op.create_table(
        name,
        *(sa.Column(key, sa.String(length=length), nullable=False) for key, length in keys),
        *(sa.Column(amount, sa.BigInteger(), nullable=False) for amount in amounts),
        sa.PrimaryKeyConstraint(*(key for key, _ in keys), name=op.f(f"pk_{name}")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("rollup_cause")
    op.drop_table("rollup_place")
