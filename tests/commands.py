"""`lensan` commands in processes of their own, as a person types them."""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

ROOT = Path(__file__).parent.parent
ONE_AT_A_TIME = Lock()


@dataclass(slots=True)
class Begun:
    """A command under way."""

    pid: int
    code: int | None = None  # with which it ended

    def poll(self) -> int | None:
        if self.code is None and (said := _asked({"alive": self.pid})):
            self.code = int(said)
        return self.code

    def wait(self) -> int:
        if self.code is None:
            self.code = int(_asked({"ended": self.pid}))
        return self.code

    def send_signal(self, number: int) -> None:
        """Its id stays its own until somebody has waited for it."""
        if self.code is None:
            os.kill(self.pid, number)


def begin(
    words: tuple[str, ...], folder: Path, env: dict[str, str], out: Path, err: Path, **more: str
) -> Begun:
    """Its output goes into these files; `in`: a file that is typed, `code`: Python instead of `lensan`."""
    asked = {"words": words, "folder": str(folder), "env": env, "out": str(out), "err": str(err)}
    for file in (out, err):
        file.touch()
    return Begun(int(_asked({"in": os.devnull} | asked | more)))


def command(
    words: tuple[str, ...], folder: Path, env: dict[str, str], typed: str = "", **more: str
) -> subprocess.CompletedProcess[str]:
    """What it says and how it ends."""
    with tempfile.TemporaryDirectory() as place:
        out, err, read = (Path(place) / name for name in ("out", "err", "in"))
        read.write_text(typed, "utf-8")
        code = begin(words, folder, env, out, err, **more, **{"in": str(read)}).wait()
        return subprocess.CompletedProcess(words, code, out.read_text("utf-8"), err.read_text())


def _asked(question: dict[str, Any]) -> str:
    with ONE_AT_A_TIME:
        nursery = _nursery()
        nursery.stdin.write(json.dumps(question) + "\n")
        nursery.stdin.flush()
        return nursery.stdout.readline().strip()


@cache
def _nursery() -> subprocess.Popen[str]:
    line = [sys.executable, str(ROOT / "tests" / "command_nursery.py")]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    started = subprocess.Popen(line, text=True, cwd=ROOT, env={"PYTHONPATH": str(ROOT)}, **pipes)
    atexit.register(_end, started)
    return started


def _end(nursery: subprocess.Popen[str]) -> None:
    nursery.stdin.close()
    nursery.wait()
    nursery.stdout.close()
