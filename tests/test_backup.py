"""A backup is whole though everybody writes, and nothing is replaced by one that is not."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import sqlite3
from contextlib import closing
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from databases import new_postgres
from sqlalchemy import select, text

from domain.events import HouseholdRegistered, SaleItem, SaleLogged
from storage import rollups
from storage.backup import BadBackup, check, copy_in, copy_out, copy_sqlite, replace_sqlite
from storage.database import Database
from storage.migrate import migrate
from storage.schema import entry, event, metadata
from storage.store import append

AT = dt.datetime(2026, 11, 21, 8, 0, tzinfo=dt.UTC)
HOME = UUID(int=7)


def sale(number: int) -> SaleLogged:
    item = SaleItem(product="cam sành", total_vnd=1_000)
    return SaleLogged(
        id=uuid4(),
        at=AT + dt.timedelta(microseconds=number),
        household=HOME,
        province="82",
        commune="30226",
        code=f"S{number}",
        items=(item,),
        total_vnd=1_000,
        buyer="b1",
        date=AT.date(),
        platform="voso",
    )


async def fill(db: Database, many: int, start: int = 0) -> None:
    for number in range(start, start + many):
        await db.write(lambda tx, n=number: append(tx, [sale(n)]))


async def settle(db: Database) -> None:
    while await db.write(rollups.advance):
        pass


async def contents(db: Database) -> dict[str, list[tuple]]:
    def rows(conn):
        return {
            table.name: sorted(map(_text, conn.execute(select(*_columns(table)))))
            for table in metadata.sorted_tables
            if table.name != "rollup_position"
        }

    return await db.read(rows)


def _text(row) -> str:
    return json.dumps(tuple(row), default=str, sort_keys=True)


def _columns(table):
    return [column for column in table.columns if column.name != "xact"]


@pytest.fixture
async def sqlite(tmp_path):
    db = await Database.open(f"sqlite+aiosqlite:///{tmp_path}/lensan.db")
    await db.write(migrate)
    yield db
    await db.close()


async def test_a_backup_taken_while_everybody_writes_is_of_one_moment(sqlite, tmp_path):
    """An entry and its event are one transaction: the copy has both or neither."""
    await fill(sqlite, 50)
    writing = asyncio.create_task(fill(sqlite, 300, 50))
    copies = []
    while not writing.done():
        copies.append(tmp_path / f"copy{len(copies)}.db")
        await asyncio.to_thread(copy_sqlite, tmp_path / "lensan.db", copies[-1])
    await writing
    counted = [_counted(copy) for copy in copies]
    assert all(events == entries for events, entries in counted)
    assert counted == sorted(counted)
    assert counted[-1][0] >= 50


def _counted(copy: Path) -> tuple[int, int]:
    with closing(sqlite3.connect(copy)) as conn:
        return tuple(
            conn.execute(f"SELECT count(*) FROM {table.name}").fetchone()[0]
            for table in (event, entry)
        )


async def test_back_from_a_backup_everything_is_as_it_was(sqlite, tmp_path):
    await fill(sqlite, 5)
    await settle(sqlite)
    before = await contents(sqlite)
    copy_sqlite(tmp_path / "lensan.db", tmp_path / "copy.db")
    await fill(sqlite, 5, 5)
    await sqlite.close()
    replace_sqlite(tmp_path / "copy.db", tmp_path / "lensan.db")
    db = await Database.open(f"sqlite+aiosqlite:///{tmp_path}/lensan.db")
    assert await contents(db) == before
    await fill(db, 1, 5)
    await settle(db)
    assert await db.read(rollups.rebuild_check) == []
    await db.close()


@pytest.mark.parametrize("bad", ["missing", "text", "empty", "cut", "foreign", "newer"])
async def test_a_bad_backup_replaces_nothing(sqlite, tmp_path, bad):
    await fill(sqlite, 60)
    good, file = tmp_path / "good.db", tmp_path / f"{bad}.db"
    copy_sqlite(tmp_path / "lensan.db", good)
    await sqlite.close()
    before = (tmp_path / "lensan.db").read_bytes()
    _spoil(bad, good, file)
    with pytest.raises(BadBackup, match=f"{bad}.db"):
        replace_sqlite(file, tmp_path / "lensan.db")
    assert (tmp_path / "lensan.db").read_bytes() == before
    left = {one.name for one in tmp_path.iterdir()}
    assert left <= {
        "lensan.db",
        "lensan.db-wal",
        "lensan.db-shm",
        "lensan.db.lock",
        good.name,
        file.name,
    }


def _spoil(how: str, good: Path, file: Path) -> None:
    match how:
        case "text":
            file.write_text("no database" * 1000)
        case "empty":
            file.write_bytes(b"")
        case "cut":
            file.write_bytes(good.read_bytes()[: good.stat().st_size // 2])
        case "foreign":
            with closing(sqlite3.connect(file)) as conn:
                conn.execute("CREATE TABLE a (b)")
        case "newer":
            file.write_bytes(good.read_bytes())
            with closing(sqlite3.connect(file)) as conn:
                conn.execute("UPDATE alembic_version SET version_num = '9999'")
                conn.commit()


async def test_a_backup_goes_from_one_database_into_the_other_and_back(postgres, sqlite, tmp_path):

    home = HouseholdRegistered(
        id=uuid4(),
        at=AT,
        household=HOME,
        person=UUID(int=8),
        province="82",
        commune="1",
        code="DT-1",
    )
    await sqlite.write(lambda tx: append(tx, [home]))
    await fill(sqlite, 30)
    await settle(sqlite)
    before = await contents(sqlite)
    first, second = tmp_path / "first.db", tmp_path / "second.db"
    copy_sqlite(tmp_path / "lensan.db", first)
    url = await new_postgres(postgres)
    pg = await Database.open(url)
    try:
        await fill(pg, 3, 900)  # which goes
        await pg.write(lambda tx: copy_in(tx, first, lambda _: None))
        assert await contents(pg) == before
        await pg.read(lambda conn: copy_out(conn, second, lambda _: None))
        await fill(pg, 1, 30)  # positions go on where they were
        await settle(pg)
        assert await pg.read(rollups.rebuild_check) == []
        with pytest.raises(Exception, match="events are only added"):
            await pg.write(lambda tx: tx.execute(text("DELETE FROM event")))
    finally:
        await pg.close()
    check(second)
    back = await Database.open(f"sqlite+aiosqlite:///{second}")
    assert await contents(back) == before
    assert await back.read(rollups.rebuild_check) == []
    await back.close()


async def test_a_bad_backup_replaces_nothing_on_postgresql_either(postgres, tmp_path):

    pg = await Database.open(await new_postgres(postgres))
    try:
        await fill(pg, 3)
        before = await contents(pg)
        bad = tmp_path / "bad.db"
        bad.write_text("no database" * 1000)
        with pytest.raises(BadBackup):
            await pg.write(lambda tx: copy_in(tx, bad, lambda _: None))
        assert await contents(pg) == before
    finally:
        await pg.close()
