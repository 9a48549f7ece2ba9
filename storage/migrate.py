"""The schema's version: how far a database is, and to the newest."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

MIGRATIONS = Path(__file__).with_name("migrations")


@cache
def newest() -> str:
    """The newest version that this program knows."""
    return str(ScriptDirectory.from_config(_config()).get_current_head())


@cache
def versions() -> frozenset[str]:
    """Every version that this program can bring to the newest."""
    return frozenset(s.revision for s in ScriptDirectory.from_config(_config()).walk_revisions())


def version(conn: Connection) -> str | None:
    """The database's version; None when it is empty."""
    return MigrationContext.configure(conn).get_current_revision()


def migrate(conn: Connection) -> bool:
    """Bring it to the newest version, in the running transaction. False: it was there already."""
    if version(conn) == newest():
        return False
    config = _config()
    config.attributes["connection"] = conn
    command.upgrade(config, "head")
    return True


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    return config
