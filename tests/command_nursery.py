"""Commands without the two seconds that importing takes: everything is imported once, each command is a fork.

Reads a JSON line for each from standard input (`words`, `folder`, `env`, `out`, `err`), writes its exit code.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from importlib import import_module
from pathlib import Path

import bot.commands
from bot.__main__ import main

for module in Path(bot.commands.__file__).parent.glob("[a-z]*.py"):
    import_module(f"bot.commands.{module.stem}")


def live(asked: dict) -> int:
    os.chdir(asked["folder"])
    os.environ.clear()
    os.environ.update(asked["env"])
    for number, file in enumerate((os.devnull, asked["out"], asked["err"])):
        os.dup2(os.open(file, os.O_RDWR), number)
    sys.argv = ["lensan", *asked["words"]]
    try:
        main()
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    except Exception:  # noqa: BLE001 a fault that is told as Python tells it
        traceback.print_exc()
        return 1
    return 0


for line in sys.stdin:
    child = os.fork()
    if child == 0:
        code = live(json.loads(line))
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    _, status = os.waitpid(child, 0)
    os.write(1, f"{os.waitstatus_to_exitcode(status)}\n".encode())
