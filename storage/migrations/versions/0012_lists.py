"""What the list of 50,000 households is sorted and filtered by, counted for those that are there."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
NUMBERS = ("listings", "products", "unpictured", "far_prices", "unanswered")
DAYS = ("first_sold_on", "last_sold_on", "month_from", "before_from")
MOMENTS = ("first_listed_at", "first_ordered_at")

SALES = """SELECT date FROM entry WHERE entry.household = household.id AND struck_at IS NULL"""
FIRST, LAST = f"({SALES} ORDER BY date LIMIT 1)", f"({SALES} ORDER BY date DESC LIMIT 1)"
MONTH = {
    "sqlite": "date({}, 'start of month')",
    "postgresql": "CAST(date_trunc('month', CAST({} AS timestamp)) AS date)",
}
JOINED = {
    "sqlite": "date(registered_at, '+7 hours')",
    "postgresql": "CAST(registered_at AT TIME ZONE 'Asia/Ho_Chi_Minh' AS date)",
}
COUNTED = (
    ("listings", "listing WHERE listing.household = household.id AND withdrawn_at IS NULL"),
    ("products", "product WHERE product.household = household.id AND code IS NOT NULL"),
    (
        "unpictured",
        "product WHERE product.household = household.id AND code IS NOT NULL AND photo IS NULL",
    ),
    ("unanswered", "orders WHERE orders.household = household.id AND state = 'placed'"),
)
LISTED = """SELECT MIN(at) FROM event WHERE event.household = household.id
    AND type = 'product_listed'"""
ORDERED = """SELECT MIN(placed_at) FROM orders WHERE orders.household = household.id
    AND platform <> 'offline'"""
NEWEST = """SELECT total_vnd FROM month_total WHERE month_total.household = household.id
    AND sales > 0 ORDER BY month DESC LIMIT 1"""
AGREED = """SELECT 1 FROM person JOIN consent ON consent.person = person.id
    WHERE person.household = household.id AND purpose = 'worker' AND scope = ''
    AND withdrawn_at IS NULL"""


def upgrade() -> None:
    op.create_table(
        "usual_price",
        sa.Column("province", sa.String(length=10), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("vnd", sa.BigInteger(), nullable=False),
        sa.Column("homes", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("province", "key", "unit", name=op.f("pk_usual_price")),
    )
    for column in _columns():
        op.add_column("household", column)
    op.create_index(op.f("ix_orders_household_placed_at"), "orders", ["household", "placed_at"])
    op.create_index(
        "ix_orders_answers", "orders", ["placed_at", "deadline", "answered_at", "state"]
    )
    for statement in _counts(op.get_bind().dialect.name):
        op.execute(statement)
    op.create_index(op.f("ix_household_commune"), "household", ["commune"])


def _columns() -> list[sa.Column[Any]]:
    return [
        sa.Column("seen", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("quiet_since", sa.Date(), nullable=False, server_default="2000-01-01"),
        sa.Column("month_vnd", sa.BigInteger(), nullable=False, server_default="0"),
        *(sa.Column(name, sa.Integer(), nullable=False, server_default="0") for name in NUMBERS),
        *(sa.Column(name, sa.Date()) for name in DAYS),
        *(sa.Column(name, MOMENT) for name in MOMENTS),
    ]


def _counts(dialect: str) -> list[str]:
    """First the ends of the book, then what is found from them."""
    month, joined = MONTH[dialect], JOINED[dialect]
    of_month = f"({SALES} AND date >= {month.format('last_sold_on')} ORDER BY date LIMIT 1)"
    earlier = f"({SALES} AND date < {month.format('last_sold_on')} ORDER BY date DESC LIMIT 1)"
    before = f"({SALES} AND date >= {month.format(earlier)} ORDER BY date LIMIT 1)"
    first = [
        *(f"{name} = (SELECT COUNT(*) FROM {those})" for name, those in COUNTED),  # noqa: S608
        f"first_sold_on = {FIRST}, last_sold_on = {LAST}",
        f"first_listed_at = ({LISTED}), first_ordered_at = ({ORDERED})",
        f"month_vnd = COALESCE(({NEWEST}), 0), seen = EXISTS ({AGREED}), quiet_since = {joined}",
    ]
    then = f"quiet_since = CASE WHEN last_sold_on > {joined} THEN last_sold_on ELSE {joined} END"
    return [
        f"UPDATE household SET {', '.join(first)}",  # noqa: S608 our own words
        f"""UPDATE household SET {then}, month_from = {of_month}, before_from = {before}
        WHERE last_sold_on IS NOT NULL""",  # noqa: S608 our own words
    ]


def downgrade() -> None:
    op.drop_index(op.f("ix_household_commune"), "household")
    op.drop_index("ix_orders_answers", "orders")
    op.drop_index(op.f("ix_orders_household_placed_at"), "orders")
    for column in reversed(_columns()):
        op.drop_column("household", column.name)
    op.drop_table("usual_price")
