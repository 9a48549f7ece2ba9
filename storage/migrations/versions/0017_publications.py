"""Published figures."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "publication",
        sa.Column("first", sa.String(length=7), nullable=False),
        sa.Column("last", sa.String(length=7), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("event", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("first", "last", "revision", name=op.f("pk_publication")),
        sa.UniqueConstraint("event", name=op.f("uq_publication_event")),
    )
    op.create_table(
        "published_cause",
        sa.Column("event", sa.Uuid(), nullable=False),
        sa.Column("province", sa.String(length=10), nullable=False),
        sa.Column("old_province", sa.String(length=10), nullable=False),
        sa.Column("platform", sa.String(length=20), nullable=False),
        sa.Column("indicator", sa.String(length=40), nullable=False),
        sa.Column("source", sa.String(length=10), nullable=False),
        sa.Column("cause", sa.String(length=40), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("events", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint(
            "event",
            "province",
            "old_province",
            "platform",
            "indicator",
            "source",
            "cause",
            name=op.f("pk_published_cause"),
        ),
    )
    op.create_table(
        "fetched",
        sa.Column("reader", sa.String(length=120), nullable=False),
        sa.Column("question", sa.String(length=64), nullable=False),
        sa.Column("xact", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("state", JSON, nullable=False),
        sa.Column("before", JSON, nullable=True),
        sa.PrimaryKeyConstraint("reader", "question", name=op.f("pk_fetched")),
    )


def downgrade() -> None:
    for name in ("fetched", "published_cause", "publication"):
        op.drop_table(name)
