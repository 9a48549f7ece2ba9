"""The first schema: messages, people and households, ledger, orders, events, figures, keys."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
MOMENT = sa.DateTime(timezone=True)
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

APPEND_ONLY = {
    "sqlite": (
        """CREATE TRIGGER event_not_changed BEFORE UPDATE ON event
        BEGIN SELECT RAISE(ABORT, 'events are only added'); END""",
        """CREATE TRIGGER event_not_deleted BEFORE DELETE ON event
        BEGIN SELECT RAISE(ABORT, 'events are only added'); END""",
    ),
    "postgresql": (
        """CREATE FUNCTION events_are_only_added() RETURNS trigger LANGUAGE plpgsql AS
        $$BEGIN RAISE EXCEPTION 'events are only added'; END$$""",
        """CREATE TRIGGER event_not_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON event
        FOR EACH STATEMENT EXECUTE FUNCTION events_are_only_added()""",
    ),
}


def upgrade() -> None:  # noqa: PLR0915 a statement a table
    dialect = op.get_bind().dialect.name
    current_transaction = {"sqlite": "0", "postgresql": "(pg_current_xact_id()::text)::bigint"}
    default = current_transaction[dialect]
    op.create_table(
        "api_key",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("area", sa.String(length=20), nullable=True),
        sa.Column("platform", sa.String(length=20), nullable=True),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=True),
        sa.Column("last_used_at", MOMENT, nullable=True),
        sa.Column("revoked_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_api_key")),
    )
    op.create_table(
        "buyer",
        sa.Column("household", sa.Uuid(), nullable=False),
        sa.Column("ref", sa.String(length=20), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("household", "ref", name=op.f("pk_buyer")),
    )
    op.create_table(
        "consent",
        sa.Column("person", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("given_at", MOMENT, nullable=False),
        sa.Column("withdrawn_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("person", "purpose", "scope", name=op.f("pk_consent")),
    )
    op.create_table(
        "copy_token",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("person", sa.Uuid(), nullable=False),
        sa.Column("household", sa.Uuid(), nullable=True),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_copy_token")),
    )
    op.create_index(op.f("ix_copy_token_expires_at"), "copy_token", ["expires_at"], unique=False)
    op.create_table(
        "entry",
        sa.Column("household", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("draft", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("items", JSON, nullable=False),
        sa.Column("total_vnd", sa.BigInteger(), nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("platform", sa.String(length=20), nullable=False),
        sa.Column("evidence", sa.String(length=20), nullable=False),
        sa.Column("logged_at", MOMENT, nullable=False),
        sa.Column("province", sa.String(length=10), nullable=True),
        sa.Column("commune", sa.String(length=10), nullable=True),
        sa.Column("order", sa.Text(), nullable=True),
        sa.Column("buyer", sa.String(length=20), nullable=True),
        sa.Column("changed_at", MOMENT, nullable=True),
        sa.Column("struck_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("household", "code", name=op.f("pk_entry")),
    )
    op.create_index(op.f("ix_entry_household_date"), "entry", ["household", "date"], unique=False)
    op.create_index(op.f("ix_entry_household_draft"), "entry", ["household", "draft"], unique=False)
    op.create_index(
        op.f("ix_entry_household_logged_at"), "entry", ["household", "logged_at"], unique=False
    )
    op.create_index(
        op.f("ix_entry_household_message"), "entry", ["household", "message"], unique=False
    )
    op.create_table(
        "event",
        sa.Column("position", NUMBER, autoincrement=True, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("type", sa.String(length=30), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("household", sa.Uuid(), nullable=True),
        sa.Column("person", sa.Uuid(), nullable=True),
        sa.Column("province", sa.String(length=10), nullable=True),
        sa.Column("commune", sa.String(length=10), nullable=True),
        sa.Column("month", sa.String(length=7), nullable=True),
        sa.Column("body", JSON, nullable=False),
        sa.Column("xact", sa.BigInteger(), server_default=sa.text(default), nullable=False),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_event")),
        sa.UniqueConstraint("id", name=op.f("uq_event_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        op.f("ix_event_household_position"), "event", ["household", "position"], unique=False
    )
    op.create_index("ix_event_order", "event", ["xact", "position"], unique=False)
    op.create_table(
        "household",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("province", sa.String(length=10), nullable=False),
        sa.Column("commune", sa.String(length=10), nullable=False),
        sa.Column("registered_at", MOMENT, nullable=False),
        sa.Column("codes", sa.Integer(), server_default="0", nullable=False),
        sa.Column("buyer_count", sa.Integer(), server_default="0", nullable=False),
        sa.Column("version", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("sample", sa.Boolean(), nullable=False),
        sa.Column("erased_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_household")),
        sa.UniqueConstraint("code", name=op.f("uq_household_code")),
    )
    op.create_index(
        op.f("ix_household_province_commune"), "household", ["province", "commune"], unique=False
    )
    op.create_table(
        "household_code",
        sa.Column("prefix", sa.String(length=10), nullable=False),
        sa.Column("given", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("prefix", name=op.f("pk_household_code")),
    )
    op.create_table(
        "identity",
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("person", sa.Uuid(), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("channel", "address", name=op.f("pk_identity")),
    )
    op.create_index(op.f("ix_identity_person"), "identity", ["person"], unique=False)
    op.create_table(
        "inbox",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("sender", sa.Text(), nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("said", JSON, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbox")),
    )
    op.create_index(
        op.f("ix_inbox_channel_sender_received_at"),
        "inbox",
        ["channel", "sender", "received_at"],
        unique=False,
    )
    op.create_index(
        "ix_inbox_failed",
        "inbox",
        ["state"],
        unique=False,
        sqlite_where=sa.text("state = 'failed'"),
        postgresql_where=sa.text("state = 'failed'"),
    )
    op.create_index(op.f("ix_inbox_received_at"), "inbox", ["received_at"], unique=False)
    op.create_table(
        "invitation",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("area", sa.String(length=20), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.Column("used_by", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_invitation")),
    )
    op.create_table(
        "listing",
        sa.Column("household", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("platform", sa.String(length=20), nullable=False),
        sa.Column("listed_at", MOMENT, nullable=False),
        sa.Column("withdrawn_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("household", "code", "platform", name=op.f("pk_listing")),
    )
    op.create_table(
        "meta",
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("value", JSON, nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_meta")),
    )
    op.create_table(
        "month_total",
        sa.Column("household", sa.Uuid(), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("total_vnd", sa.BigInteger(), nullable=False),
        sa.Column("sales", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("household", "month", name=op.f("pk_month_total")),
    )
    op.create_table(
        "orders",
        sa.Column("platform", sa.String(length=20), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("household", sa.Uuid(), nullable=True),
        sa.Column("shop", sa.Text(), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("items", JSON, nullable=False),
        sa.Column("total_vnd", sa.BigInteger(), nullable=False),
        sa.Column("placed_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("deadline", MOMENT, nullable=True),
        sa.Column("buyer", sa.String(length=20), nullable=True),
        sa.Column("buyer_name", sa.Text(), nullable=True),
        sa.Column("destination", sa.Text(), nullable=True),
        sa.Column("code", sa.String(length=20), nullable=True),
        sa.Column("cancelled_by", sa.String(length=20), nullable=True),
        sa.PrimaryKeyConstraint("platform", "number", name=op.f("pk_orders")),
    )
    op.create_index(
        op.f("ix_orders_household_state"), "orders", ["household", "state"], unique=False
    )
    op.create_index(op.f("ix_orders_platform_shop"), "orders", ["platform", "shop"], unique=False)
    op.create_table(
        "outbox",
        sa.Column("position", NUMBER, autoincrement=True, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=True),
        sa.Column("urgency", sa.SmallInteger(), nullable=False),
        sa.Column("body", JSON, nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.Column("tries", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("ref", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("forget_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_outbox")),
        sa.UniqueConstraint("id", name=op.f("uq_outbox_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        op.f("ix_outbox_channel_recipient_position"),
        "outbox",
        ["channel", "recipient", "position"],
        unique=False,
    )
    op.create_index(op.f("ix_outbox_made_at"), "outbox", ["made_at"], unique=False)
    op.create_index(op.f("ix_outbox_message"), "outbox", ["message"], unique=False)
    op.create_index(
        "ix_outbox_queue",
        "outbox",
        ["channel", "recipient", "position"],
        unique=False,
        sqlite_where=sa.text("done_at IS NULL"),
        postgresql_where=sa.text("done_at IS NULL"),
    )
    op.create_index(
        "ix_outbox_unsent",
        "outbox",
        ["channel", "urgency", "position"],
        unique=False,
        sqlite_where=sa.text("done_at IS NULL"),
        postgresql_where=sa.text("done_at IS NULL"),
    )
    op.create_table(
        "person",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("household", sa.Uuid(), nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("you", sa.Text(), nullable=True),
        sa.Column("me", sa.Text(), nullable=True),
        sa.Column("southern", sa.Boolean(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
    )
    op.create_index(op.f("ix_person_household"), "person", ["household"], unique=False)
    op.create_table(
        "photo",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("household", sa.Uuid(), nullable=False),
        sa.Column("jpeg", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_photo")),
    )
    op.create_index(op.f("ix_photo_household"), "photo", ["household"], unique=False)
    op.create_table(
        "product",
        sa.Column("household", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=True),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("unit_price_vnd", sa.BigInteger(), nullable=True),
        sa.Column("last_vnd", sa.BigInteger(), nullable=True),
        sa.Column("last_unit", sa.Text(), nullable=True),
        sa.Column("stock", sa.String(40), nullable=True),
        sa.Column("stars", sa.SmallInteger(), nullable=True),
        sa.Column("group", sa.String(length=20), nullable=True),
        sa.Column("photo", sa.Uuid(), nullable=True),
        sa.Column("used_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("household", "key", name=op.f("pk_product")),
    )
    op.create_index(
        op.f("ix_product_household_code"), "product", ["household", "code"], unique=False
    )
    op.create_table(
        "report",
        sa.Column("indicator", sa.String(length=40), nullable=False),
        sa.Column("province", sa.String(length=10), nullable=False),
        sa.Column("platform", sa.String(length=20), nullable=False),
        sa.Column("period_from", sa.Date(), nullable=False),
        sa.Column("period_to", sa.Date(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.Column("event", sa.Uuid(), nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint(
            "indicator", "province", "platform", "period_from", "period_to", name=op.f("pk_report")
        ),
    )
    op.create_table(
        "review",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("understood", JSON, nullable=False),
        sa.Column("corrected", JSON, nullable=True),
        sa.Column("southern", sa.Boolean(), nullable=True),
        sa.Column("province", sa.String(length=10), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review")),
    )
    op.create_index(op.f("ix_review_person"), "review", ["person"], unique=False)
    op.create_index(op.f("ix_review_at"), "review", ["at"], unique=False)
    op.create_table(
        "rollup",
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("until", sa.String(length=7), nullable=False),
        sa.Column("province", sa.String(length=10), nullable=False),
        sa.Column("commune", sa.String(length=10), nullable=False),
        sa.Column("platform", sa.String(length=20), nullable=False),
        sa.Column("indicator", sa.String(length=40), nullable=False),
        sa.Column("source", sa.String(length=10), nullable=False),
        sa.Column("evidence", sa.String(length=20), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint(
            "month",
            "until",
            "province",
            "commune",
            "platform",
            "indicator",
            "source",
            "evidence",
            name=op.f("pk_rollup"),
        ),
    )
    op.create_table(
        "rollup_position",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("xact", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("advanced_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rollup_position")),
    )
    op.create_table(
        "session",
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("contact", sa.Uuid(), nullable=False),
        sa.Column("body", JSON, nullable=False),
        sa.Column("last_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("channel", "address", name=op.f("pk_session")),
    )
    op.create_index(op.f("ix_session_last_at"), "session", ["last_at"], unique=False)
    op.create_table(
        "shop",
        sa.Column("platform", sa.String(length=20), nullable=False),
        sa.Column("shop", sa.Text(), nullable=False),
        sa.Column("household", sa.Uuid(), nullable=False),
        sa.Column("linked_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("platform", "shop", name=op.f("pk_shop")),
    )
    op.create_index(op.f("ix_shop_household"), "shop", ["household"], unique=False)
    op.execute("INSERT INTO rollup_position (id, xact, position) VALUES (1, 0, 0)")
    for statement in APPEND_ONLY[dialect]:
        op.execute(statement)


def downgrade() -> None:
    raise RuntimeError("events are not thrown away; go back with `lensan restore`")
