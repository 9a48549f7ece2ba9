"""Summaries that are sent by themselves, and those opened by a link."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "scheduled",
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("period", sa.String(length=10), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("figures", JSON, nullable=True),
        sa.Column("body", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("kind", "period", name=op.f("pk_scheduled")),
    )
    _parts()
    op.create_table(
        "summary_choice",
        sa.Column("person", sa.Uuid(), nullable=False),
        sa.Column("wanted", sa.Boolean(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("person", name=op.f("pk_summary_choice")),
    )
    op.create_table(
        "summary_link",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("person", sa.Uuid(), nullable=False),
        sa.Column("question", JSON, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_summary_link")),
    )
    op.create_index(op.f("ix_summary_link_person"), "summary_link", ["person"])
    op.create_index(op.f("ix_summary_link_expires_at"), "summary_link", ["expires_at"])


def _parts() -> None:
    op.create_table(
        "scheduled_part",
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("period", sa.String(length=10), nullable=False),
        sa.Column("target", sa.String(length=80), nullable=False),
        sa.Column("person", sa.Uuid(), nullable=True),
        sa.Column("area", sa.String(length=20), nullable=True),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("tries", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("kind", "period", "target", name=op.f("pk_scheduled_part")),
    )
    op.create_index(op.f("ix_scheduled_part_person"), "scheduled_part", ["person"])
    unsent = sa.text("done_at IS NULL")
    op.create_index(
        "ix_scheduled_part_unsent",
        "scheduled_part",
        ["due_at"],
        sqlite_where=unsent,
        postgresql_where=unsent,
    )


def downgrade() -> None:
    for name in ("summary_link", "summary_choice", "scheduled_part", "scheduled"):
        op.drop_table(name)
