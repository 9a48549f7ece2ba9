"""What localities send in, with its state."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

UNTOLD = sa.text("told_at IS NULL AND due_at IS NOT NULL")


def upgrade() -> None:
    _submissions()
    _lines()
    _articles()
    op.create_index(
        "ix_report_period",
        "report",
        ["indicator", "period_to", "period_from", "province", "platform", "received_at"],
    )


def _submissions() -> None:
    op.create_table(
        "submission",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person", sa.Uuid(), nullable=True),
        sa.Column("sender", sa.Text(), nullable=True),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("doubts", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submission")),
    )
    op.create_index(op.f("ix_submission_at"), "submission", ["at"])
    op.create_index(op.f("ix_submission_person_at"), "submission", ["person", "at"])
    op.create_index(op.f("ix_submission_sender_at"), "submission", ["sender", "at"])
    op.create_index(
        "ix_submission_due", "submission", ["due_at"], sqlite_where=UNTOLD, postgresql_where=UNTOLD
    )


def _lines() -> None:
    op.create_table(
        "submission_line",
        sa.Column(
            "position",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("submission", sa.Uuid(), nullable=False),
        sa.Column("event", sa.Uuid(), nullable=False),
        sa.Column("indicator", sa.String(length=40), nullable=False),
        sa.Column("province", sa.String(length=10), nullable=False),
        sa.Column("platform", sa.String(length=20), nullable=False),
        sa.Column("period_from", sa.Date(), nullable=False),
        sa.Column("period_to", sa.Date(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.Column("adds", sa.Boolean(), nullable=False),
        sa.Column("base", sa.BigInteger(), nullable=True),
        sa.Column("status", sa.String(length=20), nullable=True),
        sa.Column("document", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_submission_line")),
    )
    op.create_index(op.f("ix_submission_line_submission"), "submission_line", ["submission"])
    op.create_index(
        "ix_submission_line_cell",
        "submission_line",
        ["indicator", "province", "platform", "period_to"],
    )


def _articles() -> None:
    op.create_table(
        "article",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("submission", sa.Uuid(), nullable=False),
        sa.Column("province", sa.String(length=10), nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("same", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article")),
    )
    op.create_index(op.f("ix_article_same"), "article", ["same"])
    op.create_index(op.f("ix_article_date"), "article", ["date"])


def downgrade() -> None:
    op.drop_index("ix_report_period", "report")
    op.drop_table("article")
    op.drop_table("submission_line")
    op.drop_table("submission")
