"""Where a command's words go: a terminal, or the process that asked for it through the socket."""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any, Protocol


class Mistake(Exception):
    """Something the user can put right; its text is all they are shown."""


class Output(Protocol):
    """Results, problems, progress, and the bytes of a file that the user named (None: standard output)."""

    def say(self, line: str) -> None: ...
    def problem(self, line: str) -> None: ...
    def progress(self, line: str) -> None: ...
    def file(self, content: bytes, path: str | None) -> None: ...


Given = Mapping[str, Any]
"""A command's options by name: what JSON can hold, and bytes."""

Run = Callable[[str, Given, Output], Awaitable[int]]
"""Runs a command of this name; its exit code."""


class Terminal:
    """Standard output and standard error of this process."""

    def say(self, line: str) -> None:
        print(line, flush=True)  # a supervisor's log shows at once that the server is up

    def problem(self, line: str) -> None:
        print(f"lensan: {line}", file=sys.stderr)

    def progress(self, line: str) -> None:
        """Shown to somebody who watches, not to a log."""
        if sys.stderr.isatty():
            print(f"\r\033[K{line}", end="", file=sys.stderr, flush=True)

    def file(self, content: bytes, path: str | None) -> None:
        if path is None:
            sys.stdout.buffer.write(content)
            sys.stdout.buffer.flush()
            return
        try:
            Path(path).write_bytes(content)
        except OSError as fault:
            raise Mistake(f"{path}: {fault.strerror}") from None
