"""The language that a person chose."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("person", sa.Column("language", sa.String(length=20), nullable=True))


def downgrade() -> None:
    op.drop_column("person", "language")
