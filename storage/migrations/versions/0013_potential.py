"""Which households have potential, who supports whom, and what changed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _potential()
    _support()
    op.create_table(
        "support_change",
        sa.Column("support", sa.Uuid(), nullable=False),
        sa.Column("days", sa.SmallInteger(), nullable=False),
        sa.Column("measure", sa.String(length=10), nullable=False),
        sa.Column("before", sa.BigInteger(), nullable=False),
        sa.Column("after", sa.BigInteger(), nullable=False),
        sa.Column("others", sa.BigInteger(), nullable=True),
        sa.Column("peers", sa.SmallInteger(), nullable=False),
        sa.PrimaryKeyConstraint("support", "days", "measure", name=op.f("pk_support_change")),
    )


def _potential() -> None:
    op.create_table(
        "potential",
        sa.Column("household", sa.Uuid(), nullable=False),
        sa.Column("score", sa.SmallInteger(), nullable=False),
        sa.Column("record", JSON, nullable=False),
        sa.PrimaryKeyConstraint("household", name=op.f("pk_potential")),
    )
    op.create_index(op.f("ix_potential_score_household"), "potential", ["score", "household"])


def _support() -> None:
    op.create_table(
        "support",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("household", sa.Uuid(), nullable=False),
        sa.Column("worker", sa.Uuid(), nullable=False),
        sa.Column("score", sa.SmallInteger(), nullable=False),
        sa.Column("began_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("ended_by", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support")),
    )
    op.create_index(op.f("ix_support_household"), "support", ["household"])
    op.create_index(op.f("ix_support_began_at"), "support", ["began_at"])
    still = sa.text("ended_at IS NULL")
    op.create_index(
        "uq_support_open",
        "support",
        ["household"],
        unique=True,
        sqlite_where=still,
        postgresql_where=still,
    )
    op.create_table(
        "support_peer",
        sa.Column("support", sa.Uuid(), nullable=False),
        sa.Column("household", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("support", "household", name=op.f("pk_support_peer")),
    )
    op.create_index(op.f("ix_support_peer_household"), "support_peer", ["household"])


def downgrade() -> None:
    for name in ("support_change", "support_peer", "support", "potential"):
        op.drop_table(name)
