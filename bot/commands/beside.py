"""Commands beside a running `lensan run`: on SQLite it is the only writer, so it does the work.

A Unix socket beside the database, for its owner only. One line of JSON asks, lines of JSON answer: what goes
to standard output, to standard error, into a file, and at last the exit code.
"""

from __future__ import annotations

import asyncio
import base64
import json
import os
import socket
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import structlog

from bot.commands.output import Given, Mistake, Output, Run

LONGEST = 128 * 1024 * 1024  # bytes of one question or answer
GONE = "the running lensan ended before it had answered"


log = structlog.get_logger()


def socket_of(database: Path) -> Path:
    """Where the process that has this database listens."""
    return database.with_name(database.name + ".sock")


class _Asker:
    """The process at the other end, as an Output."""

    def __init__(self, writer: asyncio.StreamWriter) -> None:
        self._writer = writer

    def say(self, line: str) -> None:
        self._tell(say=line)

    def problem(self, line: str) -> None:
        self._tell(problem=line)

    def progress(self, line: str) -> None:
        self._tell(progress=line)

    def file(self, content: bytes, path: str | None) -> None:
        self._tell(file=base64.b64encode(content).decode(), path=path)

    def end(self, code: int) -> None:
        self._tell(exit=code)

    def _tell(self, **what: object) -> None:
        self._writer.write(json.dumps(what).encode() + b"\n")


async def listen(database: Path, run: Run) -> asyncio.Server:
    """Do what other processes ask for, until the server is closed."""
    path = socket_of(database)
    path.unlink(missing_ok=True)
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    mask = os.umask(0o177)
    try:
        _at(path, listening.bind)
    finally:
        os.umask(mask)

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            await _answer(reader, writer, run)
        writer.close()

    return await asyncio.start_unix_server(answer, sock=listening, limit=LONGEST)


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, run: Run) -> None:
    line = await reader.readline()
    if not line:  # somebody only looked whether anybody listens
        return
    asker, asked = _Asker(writer), json.loads(line)
    try:
        code = await run(asked["command"], unpacked(asked["given"]), asker)
    except Exception:
        log.exception("command failed", command=asked["command"])
        asker.problem("that failed; the running lensan has the reason in its log")
        code = 1
    asker.end(code)
    await writer.drain()


def listens(database: Path) -> bool:
    """Whether a process answers there."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as trial:
        try:
            _at(socket_of(database), trial.connect)
        except OSError:
            return False
    return True


def ask(database: Path, command: str, given: Given, out: Output) -> int | None:
    """Have the running process do it; its exit code, or None when no process runs."""
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        _at(socket_of(database), listening.connect)
    except OSError:
        listening.close()
        return None
    with listening, listening.makefile("rwb") as stream:
        asked = {"command": command, "given": packed(given)}
        stream.write(json.dumps(asked).encode() + b"\n")
        stream.flush()
        for line in stream:
            code = _take(json.loads(line), out)
            if code is not None:
                return code
    raise Mistake(GONE)


def _take(told: dict[str, Any], out: Output) -> int | None:
    match told:
        case {"say": line}:
            out.say(line)
        case {"problem": line}:
            out.problem(line)
        case {"progress": line}:
            out.progress(line)
        case {"file": content, "path": path}:
            out.file(base64.b64decode(content), path)
        case {"exit": code}:
            return int(code)
    return None


def packed(given: Given) -> dict[str, Any]:
    """The same with bytes as JSON can hold them."""
    return {
        name: {"bytes": base64.b64encode(value).decode()} if isinstance(value, bytes) else value
        for name, value in given.items()
    }


def unpacked(given: Given) -> dict[str, Any]:
    """What `packed` was given."""
    return {
        name: base64.b64decode(value["bytes"]) if _is_bytes(value) else value
        for name, value in given.items()
    }


def _is_bytes(value: object) -> bool:
    return isinstance(value, dict) and set(value) == {"bytes"}


def _at(path: Path, use: Callable[[str], None]) -> None:
    """A socket's path may have 108 bytes only, a folder's may be longer."""
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        use(f"/proc/self/fd/{folder}/{path.name}")
    finally:
        os.close(folder)
