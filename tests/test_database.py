"""Nothing is lost, nothing doubled, whoever writes at the same time; on both databases."""

from __future__ import annotations

import asyncio
import datetime as dt
import subprocess
import sys
from contextvars import ContextVar
from uuid import uuid4

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, insert, select, text, update
from sqlalchemy.exc import DBAPIError, StatementError

from domain.events import ContactStarted
from storage.database import Database
from storage.lock import AlreadyRunning
from storage.migrate import MIGRATIONS, migrate, newest, version, versions
from storage.schema import household_code, meta, metadata, rollup_position
from storage.store import append

OPEN = """
import asyncio, sys
from storage.database import Database
async def main():
    await Database.open(sys.argv[1])
    print("open", flush=True)
    await asyncio.sleep(60)
asyncio.run(main())
"""


def start(tx):
    tx.execute(insert(household_code), {"prefix": "n", "given": 0})


def read_then_write(tx):
    locked = select(household_code.c.given).with_for_update()
    given = tx.execute(locked).scalar_one()
    tx.execute(update(household_code).values(given=given + 1))
    return given


def count(conn) -> int:
    return conn.execute(select(household_code.c.given)).scalar_one()


async def test_500_increments_at_once_lose_nothing(db):
    await db.write(start)
    seen = await asyncio.gather(*(db.write(read_then_write) for _ in range(500)))
    assert sorted(seen) == list(range(500))
    assert await db.read(count) == 500


async def test_a_turn_that_fails_takes_no_other_with_it(db):
    await db.write(start)

    def fail(tx):
        read_then_write(tx)
        raise LookupError("this one")

    works = [fail if n % 10 == 3 else read_then_write for n in range(50)]
    done = await asyncio.gather(*map(db.write, works), return_exceptions=True)
    assert sum(isinstance(one, LookupError) for one in done) == 5
    assert sorted(one for one in done if isinstance(one, int)) == list(range(45))
    assert await db.read(count) == 45


async def test_a_statement_that_fails_takes_no_other_turn_with_it(db):
    await db.write(start)
    done = await asyncio.gather(
        db.write(read_then_write),
        db.write(start),
        db.write(read_then_write),
        return_exceptions=True,
    )
    assert isinstance(done[1], DBAPIError)
    assert await db.read(count) == 2


async def test_who_has_the_result_can_read_what_was_written(db):
    await db.write(start)
    for expected in range(1, 20):
        await db.write(read_then_write)
        assert await db.read(count) == expected


async def test_a_look_cannot_write(db):
    with pytest.raises(DBAPIError, match=r"readonly|read-only"):
        await db.read(start)


async def test_a_look_sees_one_moment(db):
    await db.write(start)
    looking = db._readers.connect()
    if isinstance(looking, Connection):
        with looking as conn:
            before = count(conn)
            await db.write(read_then_write)
            assert count(conn) == before == 0
    else:
        async with looking as conn:
            before = await conn.run_sync(count)
            await db.write(read_then_write)
            assert await conn.run_sync(count) == before == 0
    assert await db.read(count) == 1


async def test_a_look_knows_the_context_of_whoever_asks(db):
    """The language of a page is such a variable."""
    language = ContextVar("language", default="first")
    language.set("second")
    assert await db.read(lambda _: language.get()) == "second"


async def test_a_look_that_ends_in_stop_iteration_is_a_fault_and_not_a_wait_for_ever(db):
    with pytest.raises(RuntimeError):
        async with asyncio.timeout(30):
            await db.read(lambda _: next(iter(())))


async def test_commits_are_told(db):
    told = []
    db.commits.append(lambda: told.append(1))
    await db.write(start)
    await asyncio.sleep(0)
    assert told


async def test_a_moment_without_a_time_zone_is_refused(db):
    naive = dt.datetime(2026, 11, 21, 8, 0)  # noqa: DTZ001
    with pytest.raises(StatementError, match="time zone"):
        await db.write(lambda tx: tx.execute(update(rollup_position).values(advanced_at=naive)))


async def test_moments_come_back_as_the_same_moment(db):
    at = dt.datetime(2026, 11, 21, 23, 59, 59, 1, dt.timezone(dt.timedelta(hours=7)))
    await db.write(lambda tx: tx.execute(update(rollup_position).values(advanced_at=at)))
    kept = await db.read(lambda c: c.execute(select(rollup_position.c.advanced_at)).scalar_one())
    assert kept == at
    assert kept.tzinfo is not None


# One process for a SQLite file


async def test_a_second_process_is_refused_in_one_line(tmp_path):
    url = f"sqlite+aiosqlite:///{tmp_path}/a.db"
    first = subprocess.Popen(  # noqa: ASYNC220 it says its line at once
        [sys.executable, "-c", OPEN, url], stdout=subprocess.PIPE, text=True
    )
    try:
        assert first.stdout.readline() == "open\n"
        with pytest.raises(
            AlreadyRunning, match=r"^/.*a\.db is open in another process"
        ) as refused:
            await Database.open(url)
        assert "\n" not in str(refused.value)
    finally:
        first.kill()
        first.communicate()
    db = await Database.open(url, wait=5)  # a killed process holds nothing
    await db.close()


async def test_a_closed_database_lets_the_next_one_in(tmp_path):
    url = f"sqlite+aiosqlite:///{tmp_path}/a.db"
    for _ in range(3):
        db = await Database.open(url)
        await db.close()


async def test_what_waits_at_the_end_is_still_committed(tmp_path):
    url = f"sqlite+aiosqlite:///{tmp_path}/a.db"
    db = await Database.open(url)
    await db.write(migrate)
    await db.write(start)
    waiting = [asyncio.ensure_future(db.write(read_then_write)) for _ in range(100)]
    await asyncio.sleep(0)
    await db.close()
    await asyncio.gather(*waiting)
    db = await Database.open(url)
    assert await db.read(count) == 100
    await db.close()


async def test_after_the_end_nothing_is_taken(tmp_path):
    db = await Database.open(f"sqlite+aiosqlite:///{tmp_path}/a.db")
    await db.close()
    with pytest.raises(RuntimeError, match="closed"):
        await db.write(start)


async def test_every_commit_reaches_the_disk(tmp_path):
    db = await Database.open(f"sqlite+aiosqlite:///{tmp_path}/a.db")
    pragmas = await db.write(
        lambda tx: [
            tx.exec_driver_sql(f"PRAGMA {p}").scalar() for p in ("journal_mode", "synchronous")
        ]
    )
    assert pragmas == ["wal", 2]
    await db.close()


# The schema


async def test_migrations_give_the_schema(db):
    def differences(tx):
        return compare_metadata(
            MigrationContext.configure(tx, opts={"compare_type": True}), metadata
        )

    assert await db.write(differences) == []


async def test_migrating_twice_changes_nothing(db):
    assert await db.write(migrate) is False
    assert await db.read(version) == newest()


def test_files_of_migrations_are_called_as_their_versions():
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    history = ScriptDirectory.from_config(config)
    assert newest() == history.get_current_head()
    assert set(versions()) == {script.revision for script in history.walk_revisions()}


@pytest.mark.parametrize("change", ["UPDATE event SET type = 'x'", "DELETE FROM event"])
async def test_events_are_only_added(db, change):
    event = ContactStarted(id=uuid4(), at=dt.datetime.now(dt.UTC))
    await db.write(lambda tx: append(tx, [event]))
    with pytest.raises(DBAPIError, match="events are only added"):
        await db.write(lambda tx: tx.execute(text(change)))


async def test_an_event_is_there_once(db):
    event = ContactStarted(id=uuid4(), at=dt.datetime.now(dt.UTC))
    await db.write(lambda tx: append(tx, [event]))
    with pytest.raises(DBAPIError):
        await db.write(lambda tx: append(tx, [event]))


async def test_open_ended_values_come_back_as_they_were(db):
    value = {"a": [1, "hai", None], "b": {"c": True}}
    await db.write(lambda tx: tx.execute(insert(meta), {"key": "k", "value": value}))
    assert await db.read(lambda c: c.execute(select(meta.c.value)).scalar_one()) == value


async def test_whatever_a_piece_of_work_ends_in_whoever_waits_hears_of_it(db):
    """A StopIteration, too, which no future carries."""
    with pytest.raises(Exception, match="StopIteration"):
        await asyncio.wait_for(db.write(lambda _: next(iter(()))), timeout=60)
