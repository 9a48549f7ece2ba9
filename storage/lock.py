"""A lock file: one process has a SQLite file open for writing, a second one is told so."""

from __future__ import annotations

import asyncio
import fcntl
import os
from pathlib import Path
from typing import Self

PAUSE = 0.05  # seconds between two tries


class AlreadyRunning(Exception):
    """Another process has this database open."""


class FileLock:
    """Held until released or the process ends, however it ends."""

    def __init__(self, handle: int) -> None:
        self._handle = handle

    @classmethod
    async def take(cls, path: Path, wait: float) -> Self:
        """AlreadyRunning when it is still held after `wait` seconds."""
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        for _ in range(round(wait / PAUSE)):
            if _locked(handle):
                return cls(handle)
            await asyncio.sleep(PAUSE)
        if _locked(handle):
            return cls(handle)
        os.close(handle)
        raise AlreadyRunning(f"{path.with_suffix('')} is open in another process (one at a time)")

    def release(self) -> None:
        """Let the next process in; letting go twice is letting go."""
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1


def _locked(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
