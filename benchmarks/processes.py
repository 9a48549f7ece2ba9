"""The programs under measure, each in a process of its own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

SECRET = "benchmark-secret"
HERE = Path(__file__).parent


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


@contextmanager
def started(command: list[str], **env: str) -> Iterator[psutil.Process]:
    """A program until the end of the block."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LENSAN_")}
    process = subprocess.Popen(
        [sys.executable, *command], env=kept | env, stdout=subprocess.DEVNULL
    )
    try:
        yield psutil.Process(process.pid)
    finally:
        process.kill()
        process.wait()


def migrated(settings: dict[str, str]) -> dict[str, str]:
    """The settings, their database at the newest schema: `make run` and the Procfile migrate first, too."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LENSAN_")}
    command = [sys.executable, "-m", "bot", "migrate"]
    subprocess.run(command, env=kept | settings, check=True, stdout=subprocess.DEVNULL)
    return settings


def lensan(folder: Path, api: str, token: str, port: int) -> dict[str, str]:
    """The settings of a whole `lensan run` behind a webhook."""
    return {
        "LENSAN_DATABASE_URL": f"sqlite+aiosqlite:///{folder}/lensan.db",
        "LENSAN_PORT": str(port),
        "LENSAN_TELEGRAM_TOKEN": token,
        "LENSAN_TELEGRAM_API": api,
        "LENSAN_TELEGRAM_WEBHOOK_SECRET": SECRET,
        "LENSAN_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "LENSAN_LOG": "warning",
    }


def cpu_seconds(process: psutil.Process) -> float:
    """User and system time of all its threads."""
    times = process.cpu_times()
    return float(times.user + times.system)


def memory_mib(process: psutil.Process) -> float:
    """Resident memory."""
    return float(process.memory_info().rss / 2**20)
