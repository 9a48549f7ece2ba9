"""Keeping the database: its schema, copies of it, and whether all is well."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Awaitable, Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, func, select

from bot.commands import letters
from bot.commands.output import Given, Mistake, Output
from bot.config import Settings
from bot.services import Services
from bot.voice_notes import engine_of
from storage import rollups
from storage.backup import BadBackup, copy_in, copy_out, copy_sqlite, replace_sqlite
from storage.database import Database
from storage.lock import AlreadyRunning
from storage.migrate import migrate as bring_to_newest
from storage.migrate import newest, version
from storage.schema import inbox, outbox

LATE = dt.timedelta(minutes=5)  # a message that waits longer to be sent is a trouble
FAR_BEHIND = 10_000  # events that the figures may not know yet
PATIENCE = 10.0  # seconds for a service to say that it knows us


async def migrate(settings: Settings, out: Output) -> int:
    """The schema to its newest version."""
    try:
        db = await Database.open(settings.database_url)
    except AlreadyRunning:
        out.say(f"lensan runs: its database is at version {newest()}")
        return 0
    try:
        changed = await db.write(bring_to_newest)
    finally:
        await db.close()
    out.say(f"{'now' if changed else 'already'} at version {newest()}")
    return 0


async def backup(services: Services, given: Given, out: Output) -> int:
    """A consistent copy while everything goes on."""
    target = Path(given["file"])
    file = services.settings.sqlite_file
    try:
        if file is None:
            await services.db.read(lambda conn: copy_out(conn, target, out.progress))
        else:
            await asyncio.to_thread(copy_sqlite, file.absolute(), target)
    except OSError as fault:
        raise Mistake(f"{target}: {fault.strerror}") from None
    out.say(f"{target}: written and checked")
    return 0


async def restore(settings: Settings, given: Given, out: Output) -> int:
    """The database as the backup has it; whatever is there now is replaced."""
    source = Path(given["file"])
    try:
        if settings.sqlite_file is None:
            await _restore_postgresql(settings, source, out)
        else:
            await _restore_sqlite(settings, source)
    except BadBackup as bad:
        raise Mistake(f"{bad}; nothing was replaced") from None
    out.say(f"restored from {source}")
    return 0


async def _restore_sqlite(settings: Settings, source: Path) -> None:
    from sqlalchemy import make_url

    from storage.database import lock_of
    from storage.lock import FileLock

    assert settings.sqlite_file is not None
    try:
        lock = await FileLock.take(lock_of(make_url(settings.database_url)), 0)
    except AlreadyRunning:
        raise Mistake("stop the running lensan first") from None
    try:
        replace_sqlite(source, settings.sqlite_file.absolute())
    finally:
        lock.release()


async def _restore_postgresql(settings: Settings, source: Path, out: Output) -> None:
    db = await Database.open(settings.database_url)

    def replace(tx: Connection) -> None:
        bring_to_newest(tx)
        copy_in(tx, source, out.progress)

    try:
        await db.write(replace)
    finally:
        await db.close()


async def doctor(services: Services, _: Given, out: Output) -> int:
    """What is configured, reachable and behind; 1 when something is wrong."""
    found = await services.db.read(_look)
    troubles = list(_troubles(found))
    for line in (*_configured(services.settings), *_state(found)):
        out.say(line)
    troubles += await _channel_troubles(services.settings)
    troubles += await letters.troubles(services.db, services.settings)
    for trouble in troubles:
        out.problem(trouble)
    out.say("something is wrong" if troubles else "all is well")
    return 1 if troubles else 0


def _look(conn: Connection) -> dict[str, Any]:
    late = dt.datetime.now(dt.UTC) - LATE
    waiting = select(func.count()).select_from(outbox).where(outbox.c.done_at.is_(None))
    failed = select(func.count()).select_from(inbox).where(inbox.c.state == "failed")
    return {
        "version": version(conn),
        "behind": rollups.behind(conn),
        "waiting": conn.execute(waiting).scalar_one(),
        "late": conn.execute(waiting.where(outbox.c.due_at < late)).scalar_one(),
        "failed": conn.execute(failed).scalar_one(),
    }


def _configured(settings: Settings) -> Iterator[str]:
    database = settings.sqlite_file or "PostgreSQL"
    yield f"database    {database}"
    yield f"address     {settings.address}"
    yield f"telegram    {_how(settings.telegram_token, settings.telegram_webhook_secret)}"
    yield f"zalo        {_how(settings.zalo_token, settings.zalo_webhook_secret)}"
    yield f"voice       {engine_of(settings) or 'off'}"
    yield from letters.configured(settings)
    yield f"controller  {settings.controller or 'not set: LENSAN_CONTROLLER'}"


def _how(token: object, secret: object) -> str:
    if token is None:
        return "off"
    return "webhook" if secret else "polling"


def _state(found: dict[str, Any]) -> Iterator[str]:
    yield f"schema      {found['version']}, newest {newest()}"
    yield f"figures     {found['behind']} events behind"
    yield f"outbox      {found['waiting']} waiting"
    yield f"inbox       {found['failed']} failed"


def _troubles(found: dict[str, Any]) -> Iterator[str]:
    if found["version"] != newest():
        yield "the schema is not the newest: lensan migrate"
    if found["behind"] > FAR_BEHIND:
        yield f"the figures are {found['behind']} events behind: does lensan run or a worker run?"
    if found["late"]:
        yield f"{found['late']} messages wait to be sent for more than {LATE.seconds // 60} minutes"
    if found["failed"]:
        yield f"{found['failed']} messages could not be answered; the log says why"


async def _channel_troubles(settings: Settings) -> list[str]:
    """Whether the services know their tokens."""
    found = [await _telegram_trouble(settings), await _zalo_trouble(settings)]
    return [trouble for trouble in found if trouble is not None]


async def _telegram_trouble(settings: Settings) -> str | None:
    if settings.telegram_token is None:
        return None
    from bot.channels.telegram_client import TelegramApi

    async with TelegramApi(
        settings.telegram_api, settings.telegram_token.get_secret_value()
    ) as api:
        return await _unknown("Telegram", api.call("getMe", patience=PATIENCE))


async def _zalo_trouble(settings: Settings) -> str | None:
    if settings.zalo_token is None:
        return None
    from bot.channels.zalo_client import ZaloApi

    async with ZaloApi(settings.zalo_api, settings.zalo_token.get_secret_value()) as api:
        return await _unknown("Zalo", api.call("getMe", patience=PATIENCE))


async def _unknown(service: str, asked: Awaitable[object]) -> str | None:
    from bot.delivery import NotSent

    try:
        await asked
    except NotSent as fault:
        return f"{service} does not answer: {type(fault).__name__}"
    return None
