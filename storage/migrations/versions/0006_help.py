"""Questions to workers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

WAITS_FOR_WORKER = sa.text("waits = 'worker'")
UNTOLD = sa.text("told_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "help_thread",
        sa.Column("help", sa.String(length=20), nullable=False),
        sa.Column("household", sa.Uuid(), nullable=False),
        sa.Column("person", sa.Uuid(), nullable=False),
        sa.Column("worker", sa.Uuid(), nullable=True),
        sa.Column("waits", sa.String(length=10), nullable=True),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("help", name=op.f("pk_help_thread")),
    )
    op.create_index(op.f("ix_help_thread_household"), "help_thread", ["household"])
    op.create_index(
        "ix_help_thread_waiting",
        "help_thread",
        ["since"],
        sqlite_where=WAITS_FOR_WORKER,
        postgresql_where=WAITS_FOR_WORKER,
    )
    op.create_table(
        "help_message",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("help", sa.String(length=20), nullable=False),
        sa.Column("household", sa.Uuid(), nullable=False),
        sa.Column("person", sa.Uuid(), nullable=False),
        sa.Column("side", sa.String(length=10), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_help_message")),
    )
    op.create_index(op.f("ix_help_message_help_at"), "help_message", ["help", "at"])
    op.create_index(op.f("ix_help_message_household"), "help_message", ["household"])
    op.create_table(
        "help_news",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("help", sa.String(length=20), nullable=False),
        sa.Column("household", sa.Uuid(), nullable=False),
        sa.Column("person", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("message", sa.Uuid(), nullable=True),
        sa.Column("worker", sa.Uuid(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_help_news")),
    )
    op.create_index(op.f("ix_help_news_help"), "help_news", ["help"])
    op.create_index(op.f("ix_help_news_household"), "help_news", ["household"])
    op.create_index(
        "ix_help_news_untold",
        "help_news",
        ["due_at"],
        sqlite_where=UNTOLD,
        postgresql_where=UNTOLD,
    )


def downgrade() -> None:
    op.drop_table("help_news")
    op.drop_table("help_message")
    op.drop_table("help_thread")
