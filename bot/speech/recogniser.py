"""Processes that recognise, as the server sees them: begun with the first note, ended when nothing comes."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any, Literal

PATIENCE = 600.0  # seconds for a note: a minute of speech takes some 20 here
TO_BEGIN = 120.0
IDLE = 300.0  # seconds without a note after which a process ends: it holds 250 to 600 MB
LONGEST_LINE = 1_000_000

Problem = Literal["long", "not_sound"]


class Unheard(Exception):
    """The process ended, or took too long: the note may be tried again."""


@dataclass(frozen=True, slots=True)
class Said:
    """What was heard, and in a second reading; or why there is nothing."""

    text: str = ""
    other: str | None = None
    problem: Problem | None = None


@dataclass(slots=True)
class Recogniser:
    """One process at most for each core but one, each with one note at a time.

    `command`: what is begun as a process instead of `bot.speech.worker`, for tests.
    """

    engine: str
    command: tuple[str, ...] = ()
    idle: float = IDLE
    at_once: int = field(default_factory=lambda: max(1, len(os.sched_getaffinity(0)) - 1))
    _free: list[Process] = field(default_factory=list)
    _all: set[Process] = field(default_factory=set)
    _leaving: set[Process] = field(default_factory=set)  # told to end, not seen to
    _ending: asyncio.TimerHandle | None = None

    @property
    def processes(self) -> tuple[int, ...]:
        """Their ids."""
        return tuple(each.pid for each in self._all)

    async def hear(self, note: bytes) -> Said:
        """Recognise it; the caller sees to it that no more than `at_once` are under way."""
        async with self._process() as process:
            assert process.stdin is not None
            process.stdin.write(len(note).to_bytes(4) + note)
            await process.stdin.drain()
            return Said(**await _line(process, PATIENCE))

    @contextlib.asynccontextmanager
    async def _process(self) -> AsyncIterator[Process]:
        """A process of one's own; one that failed is ended."""
        self._wake()
        process = self._free.pop() if self._free else await self._begin()
        try:
            yield process
        except (OSError, ValueError, TypeError, TimeoutError) as fault:
            await self._end(process)
            raise Unheard(type(fault).__name__) from None
        except BaseException:
            await self._end(process)
            raise
        self._free.append(process)
        self._rest()

    async def _begin(self) -> Process:
        command = self.command or (sys.executable, "-m", "bot.speech.worker", self.engine)
        environment = {**os.environ, "OMP_NUM_THREADS": "1"}
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=PIPE,
            stdout=PIPE,
            stderr=DEVNULL,
            limit=LONGEST_LINE,
            env=environment,
            start_new_session=True,  # a Ctrl-C is for the server, which ends it
        )
        self._all.add(process)
        try:
            await _line(process, TO_BEGIN)
        except BaseException as fault:
            await self._end(process)
            if isinstance(fault, OSError | ValueError | TimeoutError):
                raise Unheard("does not begin") from None
            raise
        return process

    def _wake(self) -> None:
        if self._ending is not None:
            self._ending.cancel()
            self._ending = None

    def _rest(self) -> None:
        if len(self._free) == len(self._all):
            loop = asyncio.get_running_loop()
            self._ending = loop.call_later(self.idle, self._end_free)

    def _end_free(self) -> None:
        """Without input they end by themselves."""
        self._leaving = {each for each in self._leaving if each.returncode is None}
        for process in self._free:
            assert process.stdin is not None
            process.stdin.close()
            self._all.discard(process)
            self._leaving.add(process)
        self._free.clear()

    async def _end(self, process: Process) -> None:
        self._all.discard(process)
        self._leaving.discard(process)
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        assert process.stdin is not None
        process.stdin.close()
        await process.communicate()  # until its pipes are closed as well

    async def stop(self) -> None:
        """End them all."""
        self._wake()
        self._free.clear()
        for process in (*self._all, *self._leaving):
            await self._end(process)


async def _line(process: Process, patience: float) -> dict[str, Any]:
    assert process.stdout is not None
    async with asyncio.timeout(patience):
        line = await process.stdout.readline()
    if not line:
        raise OSError("ended")
    found: dict[str, Any] = json.loads(line)
    return found
