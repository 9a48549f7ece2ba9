"""Messages to an area."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "broadcast",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("area", sa.String(length=20), nullable=False),
        sa.Column("platform", sa.String(length=20)),
        sa.Column("quiet", sa.SmallInteger()),
        sa.Column("step", sa.String(length=20)),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("started_at", MOMENT),
        sa.Column("ended_at", MOMENT),
        sa.Column("recipients", sa.Integer()),
        sa.Column("handed_on", sa.Integer(), server_default="0", nullable=False),
        sa.Column("left_out", sa.Integer(), server_default="0", nullable=False),
        sa.Column("fed_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_broadcast")),
    )
    op.create_index(op.f("ix_broadcast_person_made_at"), "broadcast", ["person", "made_at"])
    _partial("ix_broadcast_sending", "broadcast", ["fed_at"], "state = 'sending'")
    op.create_table(
        "broadcast_part",
        sa.Column("broadcast", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("people", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("broadcast", "number", name=op.f("pk_broadcast_part")),
    )
    op.create_table(
        "broadcast_turn",
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("holder", sa.Uuid(), nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("channel", name=op.f("pk_broadcast_turn")),
    )
    op.add_column("identity", sa.Column("blocked_at", MOMENT))
    op.add_column("outbox", sa.Column("broadcast", sa.Uuid()))
    op.add_column(
        "outbox", sa.Column("doubts", sa.SmallInteger(), server_default="0", nullable=False)
    )
    _partial("ix_outbox_broadcast", "outbox", ["broadcast", "state"], "broadcast IS NOT NULL")


def _partial(name: str, table: str, columns: list[str], where: str) -> None:
    only = sa.text(where)
    op.create_index(name, table, columns, sqlite_where=only, postgresql_where=only)


def downgrade() -> None:
    op.drop_index("ix_outbox_broadcast", table_name="outbox")
    op.drop_column("outbox", "doubts")
    op.drop_column("outbox", "broadcast")
    op.drop_column("identity", "blocked_at")
    for table in ("broadcast_turn", "broadcast_part", "broadcast"):
        op.drop_table(table)
