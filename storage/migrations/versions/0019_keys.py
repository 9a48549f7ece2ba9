"""What a key may do."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    scope = sa.Column("scope", sa.String(length=40), server_default="", nullable=False)
    op.add_column("api_key", scope)
    # Keys that were made before may go on with what their role may.
    op.execute("UPDATE api_key SET scope = 'read report' WHERE role IN ('ministry', 'department')")
    op.execute("UPDATE api_key SET scope = 'read report orders' WHERE role = 'platform'")


def downgrade() -> None:
    op.drop_column("api_key", "scope")
