"""The product as its users meet it: a real process, spoken to over HTTP."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
PATIENCE = 60  # seconds until a process answers
PAUSE = 0.05


@dataclass(frozen=True, slots=True)
class Server:
    """A running process: its address, its environment, its folder."""

    address: str
    env: dict[str, str]
    folder: Path

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        """A `lensan` command beside it."""
        line = [sys.executable, "-m", "bot", *words]
        return subprocess.run(
            line, cwd=self.folder, env=self.env, capture_output=True, text=True, check=False
        )


@contextmanager
def running(folder: Path, **settings: str) -> Iterator[Server]:
    """`lensan run` on a free port, ended by its own id."""
    port = free_port()
    own = {f"LENSAN_{name.upper()}": value for name, value in settings.items()}
    own |= {"LENSAN_PORT": str(port), "PYTHONPATH": str(ROOT)}
    env = {k: v for k, v in os.environ.items() if not k.startswith("LENSAN_")} | own
    subprocess.run([sys.executable, "-m", "bot", "migrate"], cwd=folder, env=env, check=True)
    with (folder / "log").open("w") as log:
        line = [sys.executable, "-m", "bot", "run"]
        process = subprocess.Popen(line, cwd=folder, env=env, stdout=log, stderr=log)
    try:
        address = f"http://127.0.0.1:{port}"
        _wait(address, process, folder / "log")
        yield Server(address, env, folder)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(PATIENCE)


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _wait(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
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
