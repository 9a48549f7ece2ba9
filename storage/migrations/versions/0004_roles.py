"""Roles of people in an area, sign-in to their pages, names to search by."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from domain.fold import fold

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("invitation", sa.Column("made_by", sa.Uuid()))
    op.add_column("invitation", sa.Column("withdrawn_at", MOMENT))
    op.create_table(
        "role",
        sa.Column("person", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("area", sa.String(length=20), nullable=False),
        sa.Column("given_at", MOMENT, nullable=False),
        sa.Column("given_by", sa.Uuid()),
        sa.Column("withdrawn_at", MOMENT),
        sa.PrimaryKeyConstraint("person", "kind", "area", name=op.f("pk_role")),
    )
    _tokens("sign_in_link", sa.Column("used_at", MOMENT))
    _tokens("signed_in", sa.Column("since", MOMENT, nullable=False))
    op.add_column("person", sa.Column("name_key", sa.Text()))
    _fold_names()


def _tokens(name: str, more: sa.Column[object]) -> None:
    op.create_table(
        name,
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("person", sa.Uuid(), nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        more,
        sa.PrimaryKeyConstraint("hash", name=op.f(f"pk_{name}")),
    )
    op.create_index(op.f(f"ix_{name}_person"), name, ["person"])


def _fold_names() -> None:
    person = sa.table("person", sa.column("id", sa.Uuid), sa.column("name"), sa.column("name_key"))
    conn = op.get_bind()
    named = sa.select(person.c.id, person.c.name).where(person.c.name.is_not(None))
    for row in conn.execute(named).all():
        folded = sa.update(person).where(person.c.id == row.id).values(name_key=fold(row.name))
        conn.execute(folded)


def downgrade() -> None:
    op.drop_column("person", "name_key")
    for table in ("signed_in", "sign_in_link", "role"):
        op.drop_table(table)
    op.drop_column("invitation", "withdrawn_at")
    op.drop_column("invitation", "made_by")
