"""A copy of the whole database in one SQLite file, taken while it is used, from either database.

`restore` checks the file before anything is replaced. From PostgreSQL and into it all tables are copied at
one moment; there the figures are counted again: transaction numbers mean nothing in another database.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, NullPool, create_engine, func, insert, select, text

from storage.database import JSON_OF_OURS
from storage.migrate import migrate, version, versions
from storage.rollups import AMOUNTS, rebuild
from storage.schema import event, metadata, outbox, rollup_position

ROWS = 1_000  # copied at a time
COUNTED_UP = (event, outbox)  # tables whose positions are given by the database


class BadBackup(Exception):
    """This file is no whole backup of ours."""


def copy_sqlite(source: Path, target: Path) -> None:
    """A consistent copy of a SQLite database in use: the online backup, checked, then put in place."""
    with _draft_of(target) as draft:
        with (
            closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)) as old,
            closing(sqlite3.connect(draft)) as new,
        ):
            old.backup(new)
        check(draft)


def copy_out(conn: Connection, target: Path, progress: Callable[[str], None]) -> None:
    """All tables of a PostgreSQL database, as `conn` sees them, into a new SQLite file."""
    with _draft_of(target) as draft:
        with _engine(draft) as engine, engine.begin() as new:
            migrate(new)
            new.execute(rollup_position.delete())
            _copy(conn, new, progress)
        check(draft)


def copy_in(tx: Connection, source: Path, progress: Callable[[str], None]) -> None:
    """Everything in the database is replaced by what the backup holds (PostgreSQL), in this transaction."""
    names = ", ".join(f'"{table.name}"' for table in metadata.sorted_tables)
    tx.execute(text("ALTER TABLE event DISABLE TRIGGER USER"))
    tx.execute(text(f"TRUNCATE {names}"))
    with _newest_copy(source) as copy, _engine(copy) as engine, engine.connect() as old:
        _copy(old, tx, progress)
    tx.execute(text("UPDATE event SET xact = 0"))
    last = select(func.coalesce(func.max(event.c.position), 0)).scalar_subquery()
    tx.execute(rollup_position.update().values(xact=0, position=last))
    for table in COUNTED_UP:
        sequence = f"pg_get_serial_sequence('{table.name}', 'position')"
        tx.execute(text(f"SELECT setval({sequence}, (SELECT max(position) FROM {table.name}))"))  # noqa: S608 names of ours
    tx.execute(text("ALTER TABLE event ENABLE TRIGGER USER"))
    rebuild(tx)


def replace_sqlite(source: Path, database: Path) -> None:
    """The backup in the place of the database, whose lock the caller holds; the whole file or nothing."""
    check(source)
    with _draft_of(database) as draft:
        draft.write_bytes(source.read_bytes())
        for ending in ("-wal", "-shm"):
            database.with_name(database.name + ending).unlink(missing_ok=True)


def check(file: Path) -> None:
    """BadBackup when the file is damaged, not ours, or newer than this program."""
    if not file.is_file():
        raise BadBackup(f"{file}: there is no such file")
    try:
        address = f"{file.absolute().as_uri()}?mode=ro&immutable=1"
        with closing(sqlite3.connect(address, uri=True)) as conn:
            found = conn.execute("PRAGMA integrity_check").fetchall()
            tables = {name for (name,) in conn.execute("SELECT name FROM sqlite_master")}
    except sqlite3.DatabaseError:
        raise BadBackup(f"{file}: is no SQLite file, or a damaged one") from None
    if found != [("ok",)]:
        raise BadBackup(f"{file}: is damaged: {found[0][0]}")
    if not {"event", "alembic_version"} <= tables:
        raise BadBackup(f"{file}: is no backup of lensan")
    with _engine(file) as engine, engine.connect() as kept:
        if (is_at := version(kept)) not in versions():
            raise BadBackup(f"{file}: is of version {is_at}, which this program does not know")


def _copy(source: Connection, target: Connection, progress: Callable[[str], None]) -> None:
    for table in metadata.sorted_tables:
        if table in AMOUNTS and target.dialect.name == "postgresql":
            continue
        columns = [c for c in table.columns if (table.name, c.name) != ("event", "xact")]
        copied = 0
        rows = source.execution_options(yield_per=ROWS).execute(select(*columns)).mappings()
        for part in rows.partitions(ROWS):
            target.execute(insert(table), [dict(row) for row in part])
            copied += len(part)
            progress(f"{table.name}: {copied}")


@contextmanager
def _newest_copy(source: Path) -> Iterator[Path]:
    """The backup in a file of its own, brought to the newest schema."""
    check(source)
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "copy.db"
        shutil.copyfile(source, copy)
        with _engine(copy) as engine, engine.begin() as conn:
            migrate(conn)
        yield copy


@contextmanager
def _draft_of(target: Path) -> Iterator[Path]:
    """A file that takes the place of the target when all went well, and is on the disk by then."""
    handle, name = tempfile.mkstemp(dir=target.absolute().parent, prefix=f".{target.name}.")
    os.close(handle)
    draft = Path(name)
    try:
        yield draft
        with draft.open("rb") as file:
            os.fsync(file.fileno())
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
        for ending in ("-wal", "-shm", "-journal"):
            draft.with_name(draft.name + ending).unlink(missing_ok=True)


@contextmanager
def _engine(file: Path) -> Iterator[Engine]:
    engine = create_engine(f"sqlite:///{file}", poolclass=NullPool, **JSON_OF_OURS)
    try:
        yield engine
    finally:
        engine.dispose()
