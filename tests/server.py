"""The product as its users meet it: a real process, spoken to over HTTP."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from blank import empty_file
from commands import Begun, begin, command
from sqlalchemy import Connection

from storage.database import Database
from storage.migrate import migrate

ROOT = Path(__file__).parent.parent
PATIENCE = 60  # seconds until a process answers
PAUSE = 0.05


@dataclass(frozen=True, slots=True)
class Server:
    """A running process: its address, its environment, its folder."""

    address: str
    env: dict[str, str]
    folder: Path

    def command(self, *words: str, typed: str = "") -> subprocess.CompletedProcess[str]:
        """A `lensan` command beside it."""
        return command(words, self.folder, self.env, typed)


@contextmanager
def running(folder: Path, *, ready: bool = False, **settings: str) -> Iterator[Server]:
    """`lensan run` on a free port, ended by its own id; `ready`: the database named is of the newest schema."""
    port = free_port()
    own = {f"LENSAN_{name.upper()}": value for name, value in settings.items()}
    own |= {"LENSAN_PORT": str(port), "PYTHONPATH": str(ROOT)}
    env = {k: v for k, v in os.environ.items() if not k.startswith("LENSAN_")} | own
    if not {"database_url", "sample"} & settings.keys():
        empty_file(folder / "data" / "lensan.db")
    elif not ready:
        command(("migrate",), folder, env).check_returncode()
    process = begin(("run",), folder, env, folder / "log", folder / "log")
    try:
        address = f"http://127.0.0.1:{port}"
        _wait(address, process, folder / "log")
        yield Server(address, env, folder)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()


@contextmanager
def running_with(folder: Path, *works: Callable[[Connection], object]) -> Iterator[Server]:
    """The same, on a database in which these have been done."""
    url = f"sqlite+aiosqlite:///{folder}/lensan.db"
    with ThreadPoolExecutor(1) as beside:  # Playwright's loop runs in the caller's thread
        beside.submit(asyncio.run, _filled(url, works)).result()
    with running(folder, ready=True, database_url=url) as started:
        yield started


async def _filled(url: str, works: tuple[Callable[[Connection], object], ...]) -> None:
    db = await Database.open(url)
    for work in (migrate, *works):
        await db.write(work)
    await db.close()


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _wait(address: str, process: Begun, log: Path) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        assert process.poll() is None, log.read_text()
        try:
            urllib.request.urlopen(f"{address}/healthz", timeout=5).close()
        except (urllib.error.URLError, ConnectionError):
            time.sleep(PAUSE)
        else:
            return
    raise AssertionError(log.read_text())
