"""Links to receipts, which households send to their buyers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "receipt_link",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("household", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("shown", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_receipt_link")),
    )
    op.create_index(op.f("ix_receipt_link_household"), "receipt_link", ["household"])


def downgrade() -> None:
    op.drop_table("receipt_link")
