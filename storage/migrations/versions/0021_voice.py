"""Voice notes that wait to be recognised, and those that people let us keep."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.types import Moment, Number

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "voice_note",
        sa.Column("position", Number, autoincrement=True, nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("sender", sa.Text(), nullable=False),
        sa.Column("sent_at", Moment(), nullable=False),
        sa.Column("taken_at", Moment(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=10)),
        sa.Column("source", sa.Text()),
        sa.Column("audio", sa.LargeBinary()),
        sa.Column("tries", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("due_at", Moment(), nullable=False),
        sa.Column("told", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.PrimaryKeyConstraint("position", name="pk_voice_note"),
        sa.UniqueConstraint("id", name="uq_voice_note_id"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_voice_note_channel_sender_position", "voice_note", ["channel", "sender", "position"]
    )
    op.create_table(
        "voice_kept",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person", sa.Uuid(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("audio", sa.LargeBinary(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("engine", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_voice_kept"),
    )
    op.create_index("ix_voice_kept_person", "voice_kept", ["person"])
    op.create_index("ix_voice_kept_at", "voice_kept", ["at"])


def downgrade() -> None:
    op.drop_table("voice_kept")
    op.drop_table("voice_note")
