"""Commands without the three seconds that importing takes: everything is imported once, each command is a fork.

Reads JSON lines from standard input. A command (`words`, or `code` and its `words`, with `folder`, `env` and
the files `in`, `out`, `err`) is answered by its process id; `ended`, an id, by its exit code; `alive`, an id,
by an empty line or its exit code.
"""

from __future__ import annotations

import gc
import json
import os
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import bot.commands
from bot.__main__ import main
from bot.locales.catalogue import catalogue
from storage import killpoints

for module in Path(bot.commands.__file__).parent.glob("[a-z]*.py"):
    import_module(f"bot.commands.{module.stem}")
catalogue("vi")
gc.collect()
gc.freeze()


def become(asked: dict[str, Any]) -> None:
    """In the forked process: where, with which settings and with which words the command was typed."""
    os.chdir(asked["folder"])
    os.environ.clear()
    os.environ.update(asked["env"])
    for number, name in enumerate(("in", "out", "err")):
        os.dup2(os.open(asked[name], os.O_RDWR | os.O_APPEND), number)
    killpoints.arm(os.environ.get(killpoints.VARIABLE, ""))  # it was read when it was imported
    sys.argv = ["lensan", *asked["words"]]
    if code := asked.get("code"):
        exec(code, {"__name__": "__main__"})
        sys.exit()
    main()  # ends the process


def answered(asked: dict[str, Any]) -> int | str:
    if "words" not in asked:
        way = 0 if "ended" in asked else os.WNOHANG
        pid, status = os.waitpid(asked.get("ended") or asked["alive"], way)
        return os.waitstatus_to_exitcode(status) if pid else ""
    child = os.fork()
    if child == 0:
        become(asked)
    return child


for line in sys.stdin:
    os.write(1, f"{answered(json.loads(line))}\n".encode())
