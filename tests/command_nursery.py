"""Commands without the two seconds that importing takes: everything is imported once, each command is a fork.

Reads a JSON line for each from standard input (`words`, `folder`, `env`, `out`, `err`), writes its exit code.
"""

from __future__ import annotations

import json
import os
import sys
from importlib import import_module
from pathlib import Path

import bot.commands
from bot.__main__ import main

for module in Path(bot.commands.__file__).parent.glob("[a-z]*.py"):
    import_module(f"bot.commands.{module.stem}")


def begin(asked: dict) -> None:
    """In the forked process: where, with which settings and with which words the command was typed."""
    os.chdir(asked["folder"])
    os.environ.clear()
    os.environ.update(asked["env"])
    for number, file in enumerate((os.devnull, asked["out"], asked["err"])):
        os.dup2(os.open(file, os.O_RDWR), number)
    sys.argv = ["lensan", *asked["words"]]


for line in sys.stdin:
    child = os.fork()
    if child == 0:
        begin(json.loads(line))
        main()  # ends the process
    _, status = os.waitpid(child, 0)
    os.write(1, f"{os.waitstatus_to_exitcode(status)}\n".encode())
