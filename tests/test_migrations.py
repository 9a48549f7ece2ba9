"""A database of an earlier version comes to the newest one with everything that stood in it."""

from __future__ import annotations

import asyncio
import datetime as dt
from uuid import UUID, uuid4

import asyncpg
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from databases import url_of
from sqlalchemy import Connection, select, text

from domain.household import Household
from storage.database import Database
from storage.migrate import MIGRATIONS, migrate, newest, version
from storage.picture import HOUSEHOLD, picture
from storage.rollups import rebuild_check
from storage.schema import metadata, rollup_place

HOME = UUID(int=1)
NOW = dt.datetime(2026, 11, 20, 3, tzinfo=dt.UTC)
OLD_ROWS = [
    """INSERT INTO household (id, code, province, commune, registered_at, sample)
    VALUES (:home, 'DT-0001', '82', '30226', :now, :no)""",
    """INSERT INTO event (id, type, at, household, body) VALUES (:home, 'household_registered',
    :now, :home, '{"type": "household_registered", "code": "DT-0001"}')""",
    """INSERT INTO product (household, key, name, code, unit, stock, used_at)
    VALUES (:home, 'buoi', 'buoi', 'AB22', 'kg', '50', :now)""",
    *(
        f"""INSERT INTO orders (platform, number, household, state, items, total_vnd, placed_at,
        changed_at, buyer_name) VALUES ('voso', '{number}', :home, '{state}',
        '[{{"product": "buoi", "total_vnd": 700000}}]', 700000, :now, :now, 'Lan')"""
        for number, state in (("1", "placed"), ("2", "completed"), ("3", "cancelled"))
    ),
    """INSERT INTO entry (household, code, draft, message, items, total_vnd, date, platform,
    evidence, logged_at, "order") VALUES (:home, 'KX42', '', '',
    '[{"product": "buoi", "total_vnd": 700000}]', 700000, '2026-11-20', 'voso', 'confirmed', :now,
    '2')""",
]


@pytest.fixture(params=["sqlite", "postgresql"])
def old(request, tmp_path) -> str:
    """The URL of an empty database."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path}/old.db"
    server, name = request.getfixturevalue("postgres"), f"o{uuid4().hex}"
    asyncio.run(_create(server, name))
    return url_of(server, name)


async def _create(server: str, name: str) -> None:
    conn = await asyncpg.connect(server)
    await conn.execute(f"CREATE DATABASE {name}")
    await conn.close()


def to_first(tx: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = tx
    command.upgrade(config, "0001")


def fill(tx: Connection) -> None:
    """Rows as SQLAlchemy wrote them then, without the tables of today."""
    plain = tx.dialect.name == "sqlite"
    home = HOME.hex if plain else HOME
    now = NOW.strftime("%Y-%m-%d %H:%M:%S.%f") if plain else NOW
    for statement in OLD_ROWS:
        tx.execute(text(statement), {"home": home, "now": now, "no": False})


async def test_a_database_of_the_first_version_keeps_all_that_stood_in_it(old):
    db = await Database.open(old)
    await db.write(to_first)
    assert await db.read(version) == "0001"
    await db.write(fill)
    assert await db.write(migrate) is True
    assert await db.read(version) == newest()

    def differences(tx: Connection) -> list[object]:
        compared = {"compare_type": True}
        return compare_metadata(MigrationContext.configure(tx, opts=compared), metadata)

    def seen(conn: Connection) -> Household:
        return picture(conn, conn.execute(HOUSEHOLD, {"household": HOME}).one())

    assert await db.write(differences) == []
    home = await db.read(seen)
    (waiting,) = home.orders
    assert (waiting.number, waiting.source, waiting.held, waiting.doubt) == (
        "1",
        "platform",
        (),
        (),
    )
    assert [(e.code, e.order, e.returned_at) for e in home.entries] == [("KX42", "2", None)]
    ended = text("SELECT number FROM orders WHERE ended_at IS NOT NULL ORDER BY number")
    assert (await db.read(lambda c: c.execute(ended).scalars().all())) == ["2", "3"]
    assert await db.read(lambda c: c.scalar(text("SELECT count(*) FROM event"))) == 1
    await db.close()


SOLD = """INSERT INTO event (id, type, at, household, body) VALUES (:home, 'sale_logged', :now, :home,
'{"type": "sale_logged", "id": "00000000-0000-0000-0000-000000000001", "code": "KX42", "items": [],
"at": "2026-11-20T03:00:00Z", "household": "00000000-0000-0000-0000-000000000001", "province": "82",
"commune": "30226", "date": "2026-11-20", "platform": "voso", "total_vnd": 700000}')"""
WRONG = """INSERT INTO rollup VALUES
('2026-11', '2026-11', '82', '30226', 'voso', 'value', 'bot', 'said', 1)"""


async def test_what_a_version_counts_otherwise_is_counted_again_before_the_migration_ends(old):
    db = await Database.open(old)
    await db.write(to_first)

    def sold(tx: Connection) -> None:
        plain = tx.dialect.name == "sqlite"
        now = NOW.strftime("%Y-%m-%d %H:%M:%S.%f") if plain else NOW
        tx.execute(text(SOLD), {"home": HOME.hex if plain else HOME, "now": now})
        tx.execute(text(WRONG))
        tx.execute(text("UPDATE rollup_position SET position = 1"))

    await db.write(sold)
    await db.write(migrate)
    rows = await db.read(lambda c: c.execute(select(rollup_place)).all())
    found = {(row.indicator, row.province, row.old_province): row.amount for row in rows}
    assert found == {("transactions", "82", "87"): 1, ("value", "82", "87"): 700_000}
    assert await db.read(rebuild_check) == []
    await db.close()
