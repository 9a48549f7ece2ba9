"""The schema's version: how far a database is, and to the newest. Alembic is loaded only to migrate."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from storage.rollups import advance

MIGRATIONS = Path(__file__).with_name("migrations")


def versions() -> list[str]:
    """Every version that this program can bring to the newest, in order: what the files are called."""
    return sorted(file.name.partition("_")[0] for file in MIGRATIONS.glob("versions/0*.py"))


def newest() -> str:
    """The newest version that this program knows."""
    return versions()[-1]


def version(conn: Connection) -> str | None:
    """The database's version; None when it is empty."""
    if not inspect(conn).has_table("alembic_version"):
        return None
    found: str | None = conn.scalar(text("SELECT version_num FROM alembic_version"))
    return found


def migrate(conn: Connection) -> bool:
    """Bring it to the newest version, in the running transaction. False: it was there already.

    Figures that a version counts otherwise than the one before are counted again before anybody sees them.
    """
    if version(conn) == newest():
        return False
    from alembic import command  # noqa: PLC0415 a third of a second that only this needs
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = conn
    command.upgrade(config, "head")
    while advance(conn):
        pass
    return True
