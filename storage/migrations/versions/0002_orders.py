"""Orders from a tap to a transaction: their steps, their money, their news, the buyer's page."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
MOMENT = sa.DateTime(timezone=True)

# Those that stood before this version ended when they last changed.
ENDED = """UPDATE orders SET ended_at = changed_at
    WHERE state IN ('completed', 'cancelled', 'expired', 'returned')"""
COMPLETED = "UPDATE orders SET completed_at = changed_at WHERE state = 'completed'"


def upgrade() -> None:
    _wider_tables()
    _indexes()
    _new_tables()
    op.execute(ENDED)
    op.execute(COMPLETED)


def _wider_tables() -> None:
    op.add_column("entry", sa.Column("returned_at", MOMENT, nullable=True))
    count = sa.Column("order_count", sa.Integer(), server_default="0", nullable=False)
    op.add_column("household", count)
    op.add_column(
        "household",
        sa.Column("night_news", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    source = sa.Column("source", sa.String(length=10), server_default="platform", nullable=False)
    op.add_column("orders", source)
    for name in ("answered_at", "completed_at", "ended_at", "paid_at", "buyer_forgotten_at"):
        op.add_column("orders", sa.Column(name, MOMENT, nullable=True))
    for name in ("held", "doubt"):
        op.add_column("orders", sa.Column(name, JSON, nullable=True))
    for name in ("cancel_reason", "buyer_phone"):
        op.add_column("orders", sa.Column(name, sa.Text(), nullable=True))


def _indexes() -> None:
    waiting = sa.text("state = 'placed'")
    in_doubt = sa.text("doubt IS NOT NULL")
    named = sa.text("buyer_name IS NOT NULL OR buyer_phone IS NOT NULL OR destination IS NOT NULL")
    for name, column, where in (
        ("ix_orders_deadline", "deadline", waiting),
        ("ix_orders_doubt", "household", in_doubt),
        ("ix_orders_named", "ended_at", named),
    ):
        op.create_index(name, "orders", [column], sqlite_where=where, postgresql_where=where)


def _new_tables() -> None:
    op.create_table(
        "order_link",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("platform", sa.String(length=20), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("form", sa.Uuid(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_order_link")),
        sa.UniqueConstraint("form", name=op.f("uq_order_link_form")),
    )
    op.create_index(op.f("ix_order_link_platform_number"), "order_link", ["platform", "number"])
    op.create_table(
        "order_news",
        sa.Column("platform", sa.String(length=20), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("household", sa.Uuid(), nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("told_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("platform", "number", "kind", name=op.f("pk_order_news")),
    )
    op.create_index(op.f("ix_order_news_household"), "order_news", ["household"])
    untold = sa.text("told_at IS NULL")
    op.create_index(
        "ix_order_news_due",
        "order_news",
        ["due_at"],
        sqlite_where=untold,
        postgresql_where=untold,
    )
    op.create_table(
        "bank_account",
        sa.Column("household", sa.Uuid(), nullable=False),
        sa.Column("bank", sa.String(length=20), nullable=False),
        sa.Column("account", sa.String(length=20), nullable=False),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("person", sa.Uuid(), nullable=False),
        sa.Column("given_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("household", name=op.f("pk_bank_account")),
    )


def downgrade() -> None:
    raise RuntimeError("events are not thrown away; go back with `lensan restore`")
