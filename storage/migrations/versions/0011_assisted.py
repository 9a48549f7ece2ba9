"""Households that are helped by a worker, and codes that join two channels."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "link_code",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("person", sa.Uuid(), nullable=False),
        sa.Column("paper", sa.Boolean(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_link_code")),
    )
    op.create_index(op.f("ix_link_code_person"), "link_code", ["person"])
    op.create_index(op.f("ix_link_code_expires_at"), "link_code", ["expires_at"])
    op.add_column("identity", sa.Column("chosen_at", MOMENT))
    op.add_column("consent", sa.Column("paper", sa.Uuid()))
    op.add_column("entry", sa.Column("worker", sa.Uuid()))
    op.add_column("entry", sa.Column("answer", sa.String(length=10)))


def downgrade() -> None:
    for table, column in (
        ("entry", "answer"),
        ("entry", "worker"),
        ("consent", "paper"),
        ("identity", "chosen_at"),
    ):
        op.drop_column(table, column)
    op.drop_table("link_code")
