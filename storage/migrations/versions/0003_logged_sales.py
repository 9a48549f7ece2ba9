"""Logged sales that no order was matched with are found by their sum."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

UNMATCHED = sa.text('"order" IS NULL AND struck_at IS NULL')


def upgrade() -> None:
    op.create_index(
        "ix_entry_unmatched",
        "entry",
        ["household", "total_vnd", "date"],
        sqlite_where=UNMATCHED,
        postgresql_where=UNMATCHED,
    )


def downgrade() -> None:
    op.drop_index("ix_entry_unmatched", "entry")
