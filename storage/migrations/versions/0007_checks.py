"""What workers confirmed or disputed, and the certificates of products."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

UNASKED = sa.text("told_at IS NULL AND due_at IS NOT NULL")


def upgrade() -> None:
    op.add_column(
        "product",
        sa.Column("evidence", sa.String(length=20), server_default="said", nullable=False),
    )
    op.create_table(
        "certificate",
        sa.Column("household", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("number", sa.Text(), nullable=True),
        sa.Column("stars", sa.SmallInteger(), nullable=False),
        sa.Column("issued", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("photo", sa.Uuid(), nullable=True),
        sa.Column("told_by", sa.Uuid(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("household", "code", name=op.f("pk_certificate")),
    )
    _decision()


def _decision() -> None:
    op.create_table(
        "decision",
        sa.Column("household", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.String(length=20), nullable=False),
        sa.Column("ref", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=True),
        sa.Column("worker", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("event", sa.Uuid(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("household", "subject", "ref", name=op.f("pk_decision")),
    )
    op.create_index(
        "ix_decision_unasked",
        "decision",
        ["due_at"],
        sqlite_where=UNASKED,
        postgresql_where=UNASKED,
    )


def downgrade() -> None:
    op.drop_table("decision")
    op.drop_table("certificate")
    op.drop_column("product", "evidence")
