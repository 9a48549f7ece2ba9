"""`lensan` commands in processes of their own, as a person types them."""

from __future__ import annotations

import atexit
import json
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path
from threading import Lock

ROOT = Path(__file__).parent.parent
ONE_AT_A_TIME = Lock()


def command(
    words: tuple[str, ...], folder: Path, env: dict[str, str]
) -> subprocess.CompletedProcess[str]:
    """What it says and how it ends, without standard input."""
    with tempfile.TemporaryDirectory() as place, ONE_AT_A_TIME:
        said = [Path(place) / name for name in ("out", "err")]
        for file in said:
            file.touch()
        asked = {"words": words, "folder": str(folder), "env": env}
        asked |= {"out": str(said[0]), "err": str(said[1])}
        nursery = _nursery()
        nursery.stdin.write(json.dumps(asked) + "\n")
        nursery.stdin.flush()
        code = int(nursery.stdout.readline())
        return subprocess.CompletedProcess(words, code, *(file.read_text("utf-8") for file in said))


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
