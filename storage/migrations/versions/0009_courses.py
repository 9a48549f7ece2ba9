"""Training courses."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from domain.phones import phone_of

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
UNCOUNTED = sa.text("came > 0 AND held_at IS NULL AND cancelled_at IS NULL")
UNTOLD = sa.text("told_at IS NULL")
NAMED = sa.text("name IS NOT NULL OR phone IS NOT NULL")


def upgrade() -> None:
    _course()
    _who_came()
    _told()
    _phones()


def _course() -> None:
    op.create_table(
        "course",
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("form", sa.Uuid(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("venue", sa.Text(), nullable=False),
        sa.Column("province", sa.String(length=10), nullable=False),
        sa.Column("commune", sa.String(length=10), nullable=False),
        sa.Column("starts", MOMENT, nullable=False),
        sa.Column("ends", MOMENT, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("platform", sa.String(length=20)),
        sa.Column("capacity", sa.Integer()),
        sa.Column("by", sa.Uuid(), nullable=False),
        sa.Column("sign", sa.String(length=4), nullable=False),
        sa.Column("word", sa.String(length=30), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("came", sa.Integer(), server_default="0", nullable=False),
        sa.Column("unnamed", sa.Integer(), server_default="0", nullable=False),
        *(sa.Column(f"{name}_at", MOMENT) for name in ("called", "held", "cancelled")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_course")),
        sa.UniqueConstraint("form", name=op.f("uq_course_form")),
        sa.UniqueConstraint("word", name=op.f("uq_course_word")),
    )
    op.create_index("uq_course_sign", "course", ["province", "day", "sign"], unique=True)
    op.create_index(op.f("ix_course_commune_day"), "course", ["commune", "day"])
    _partial("ix_course_uncounted", "course", "ends", UNCOUNTED)


def _who_came() -> None:
    op.create_table(
        "course_person",
        sa.Column("course", sa.String(length=20), nullable=False),
        sa.Column("person", sa.Uuid(), nullable=False),
        sa.Column("answer", sa.String(length=10)),
        sa.Column("attended_at", MOMENT),
        sa.Column("rating", sa.String(length=10)),
        sa.Column("wish", sa.Text()),
        sa.PrimaryKeyConstraint("course", "person", name=op.f("pk_course_person")),
    )
    op.create_index(op.f("ix_course_person_person"), "course_person", ["person"])
    op.create_table(
        "attendee",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("course", sa.String(length=20), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text()),
        sa.Column("phone", sa.Text()),
        sa.Column("person", sa.Uuid()),
        sa.Column("by", sa.Uuid()),
        sa.Column("people", sa.SmallInteger(), nullable=False),
        sa.Column("listed_at", MOMENT, nullable=False),
        sa.Column("struck_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendee")),
    )
    op.create_index("uq_attendee_course_key", "attendee", ["course", "key"], unique=True)
    for column in ("phone", "person"):
        op.create_index(op.f(f"ix_attendee_{column}"), "attendee", [column])
    _partial("ix_attendee_named", "attendee", "listed_at", NAMED)


def _told() -> None:
    op.create_table(
        "course_news",
        sa.Column("course", sa.String(length=20), nullable=False),
        sa.Column("person", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("told_at", MOMENT),
        sa.PrimaryKeyConstraint("course", "person", "kind", name=op.f("pk_course_news")),
    )
    op.create_index(op.f("ix_course_news_person"), "course_news", ["person"])
    _partial("ix_course_news_due", "course_news", "due_at", UNTOLD)
    op.create_table(
        "wrong_code",
        sa.Column("person", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("count", sa.SmallInteger(), nullable=False),
        sa.PrimaryKeyConstraint("person", "day", name=op.f("pk_wrong_code")),
    )


def _phones() -> None:
    """Numbers as they are written from now on, so that one typed at a course is known."""
    person = sa.table("person", sa.column("id", sa.Uuid), sa.column("phone"))
    conn = op.get_bind()
    for row in conn.execute(sa.select(person).where(person.c.phone.is_not(None))).all():
        phone = phone_of(row.phone)
        if phone is not None and phone != row.phone:
            conn.execute(sa.update(person).where(person.c.id == row.id).values(phone=phone))


def _partial(name: str, table: str, column: str, where: sa.TextClause) -> None:
    op.create_index(name, table, [column], sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    raise RuntimeError("events are not thrown away; go back with `lensan restore`")
