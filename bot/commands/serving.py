"""The long-running processes: web, channels, delivery, figures; in one process or in several."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import socket
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Any

import structlog
import uvicorn

from bot.broadcasts import keep_broadcasting
from bot.commands import beside
from bot.commands.channels import Channel, telegram
from bot.commands.door import work
from bot.commands.output import Mistake, Output
from bot.config import Settings
from bot.locales.spoken import text
from bot.scheduled import keep_scheduled
from bot.services import BehindSchema, Services, opened
from bot.telling import keep_told
from storage.follower import follow, keep_priced, keep_swept
from storage.lock import AlreadyRunning
from web.app import create_app

WAIT = 3.0  # seconds for the process before us to let go of the database
PATIENCE = 5  # seconds for requests under way at the end; open pages wait for ever
BACKLOG = 2_048
KEEP_ALIVE = 75  # seconds a quiet connection stays open: longer than proxies before us keep theirs
COLLECT_AFTER = (
    20_000,
    20,
    20,
)  # objects made, then younger collections, between two of the collector

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Parts:
    """Which parts of the whole a process runs."""

    web: bool = True
    work: bool = True


async def serve(settings: Settings, parts: Parts, out: Output) -> int:
    """Run until SIGTERM or SIGINT, then finish what is under way."""
    listening = _listen(settings) if parts.web else None
    try:
        async with opened(settings, wait=WAIT) as services:
            await _sample(services, out)
            await _run(services, parts, listening, out)
    except AlreadyRunning as running:
        raise Mistake(str(running)) from None
    except BehindSchema as behind:
        raise Mistake(str(behind)) from None
    finally:
        if listening is not None:
            listening.close()
    return 0


async def _run(
    services: Services, parts: Parts, listening: socket.socket | None, out: Output
) -> None:
    async with AsyncExitStack() as stack:
        bots = await _channels(services, parts, stack)
        await stack.enter_async_context(_beside(services))
        background = _Background()
        stack.push_async_callback(background.stop)
        background.start(_tasks(services, parts, bots))
        stopped = _stop_signal()
        _settle_memory()
        if listening is not None:
            await _web(services, bots, listening, stopped, out)
        else:
            out.say("lensan worker: running")
            await stopped.wait()


async def _channels(services: Services, parts: Parts, stack: AsyncExitStack) -> list[Channel]:
    """Those that the settings name; what Zalo alone needs is loaded for Zalo alone."""
    bots = [await stack.enter_async_context(telegram(services, polling=parts.work))]
    if services.settings.zalo_token is not None:
        from bot.commands.zalo_channel import zalo

        bots.append(await stack.enter_async_context(zalo(services, polling=parts.work)))
    return [bot for bot in bots if bot is not None]


def _settle_memory() -> None:
    """What is loaded stays: the collector need not look at it again, nor so often at what a turn makes."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECT_AFTER)


def _tasks(
    services: Services, parts: Parts, bots: Sequence[Channel]
) -> Iterator[Coroutine[Any, Any, None]]:
    if not parts.work:
        return
    yield follow(services.db)
    yield keep_told(services.db, services.runner)
    settings = services.settings
    yield keep_broadcasting(services.db, settings.language, settings.quiet_channels)
    yield keep_swept(services.db, settings.retention_months)
    yield keep_priced(services.db)
    yield keep_scheduled(services.db, settings)
    yield services.ears.listen()
    for bot in bots:
        yield from bot.tasks


@dataclass(slots=True)
class _Background:
    """What goes on beside the web; a task that ends with a fault is told, and the rest goes on."""

    tasks: list[asyncio.Task[None]] = field(default_factory=list)

    def start(self, work: Iterator[Coroutine[Any, Any, None]]) -> None:
        for each in work:
            task = asyncio.create_task(each)
            task.add_done_callback(_tell)
            self.tasks.append(task)

    async def stop(self) -> None:
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)


def _tell(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (fault := task.exception()) is not None:
        log.error("a part of the program ended", part=task.get_name(), exc_info=fault)


@asynccontextmanager
async def _beside(services: Services) -> AsyncIterator[None]:
    """On SQLite other commands are done in this process."""
    file = services.settings.sqlite_file
    if file is None:
        yield
        return

    async def run(command: str, given: Mapping[str, Any], out: Output) -> int:
        return await work(services, command, given, out)

    server = await beside.listen(file.absolute(), run)
    try:
        yield
    finally:
        server.close()
        beside.socket_of(file.absolute()).unlink(missing_ok=True)


def _listen(settings: Settings) -> socket.socket:
    address = (settings.host, settings.port)
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        return socket.create_server(address, family=family, backlog=BACKLOG)
    except OSError as fault:
        raise Mistake(
            f"cannot listen on {settings.host}:{settings.port}: {os.strerror(fault.errno or 0)}"
        ) from None


def _stop_signal() -> asyncio.Event:
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    return stopped


class _Server(uvicorn.Server):
    """Signals are ours: the rest of the process has to end too, after the last request."""

    def __init__(self, config: uvicorn.Config, started: Callable[[], None]) -> None:
        super().__init__(config)
        self._tell = started

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._tell()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def _web(
    services: Services,
    bots: Sequence[Channel],
    listening: socket.socket,
    stopped: asyncio.Event,
    out: Output,
) -> None:
    webhooks = {path: app for bot in bots for path, app in bot.webhooks.items()}
    config = uvicorn.Config(
        create_app(services, webhooks),
        loop="none",
        http="httptools",
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=PATIENCE,
        timeout_keep_alive=KEEP_ALIVE,
    )
    server = _Server(config, lambda: _announce(services.settings, out))
    serving = asyncio.create_task(server.serve([listening]))
    stopping = asyncio.create_task(stopped.wait())
    await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
    server.should_exit = True
    await serving
    stopping.cancel()


def _announce(settings: Settings, out: Output) -> None:
    address = settings.address
    out.say(f"{text('web.name')}: {address}")
    out.say(f"  chat      {address}/chat")
    out.say(f"  worker    {address}/worker/")
    out.say(f"  ministry  {address}/ministry")


async def _sample(services: Services, out: Output) -> None:
    """The sample programme, into an empty database, when the setting asks for it."""
    if not services.settings.sample:
        return
    from bot.sample import load_sample

    if await services.db.write(load_sample):
        out.say("the sample programme was loaded: every figure of it is made up")
