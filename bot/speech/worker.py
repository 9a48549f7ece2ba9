"""The process that recognises: notes come on standard input, what was heard goes out on standard output.

Each note is a length of four bytes and the note itself; each answer a line of JSON. It ends with its input.
"""

from __future__ import annotations

import json
import os
import resource
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, BinaryIO, cast

from bot.speech.engines import Hear, load
from bot.speech.packets import NotSound
from bot.speech.sound import TooLong, samples_of

if TYPE_CHECKING:
    from bot.speech.sound import Samples

GENTLE = 15  # people who write go first
MOST_MEMORY = 3_000_000_000  # bytes of addresses; the engines take under a third
MOST_FILE = 100_000_000
QUICKER = 1.06  # the second reading: as if it had been said a little faster
SHORTEST = 4_000  # samples, a quarter of a second: nothing is said in less
QUIET = 60  # of 32,768: nobody speaks as softly


def main(engine: str) -> None:
    """Serve until the input ends. Nothing that libraries print may reach a log: it could be words."""
    answers = os.fdopen(os.dup(1), "wb")
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)
    os.dup2(silence, 2)
    _bounded()
    hear = load(engine)
    _answer(answers, {"ready": True})
    while (note := _next(sys.stdin.buffer)) is not None:
        _answer(answers, recognised(hear, note))


def recognised(hear: Hear, note: bytes) -> dict[str, str | None]:
    """`text`, and as `other` what a second reading heard; or a `problem`: `long`, `not_sound`."""
    try:
        samples = samples_of(note)
    except TooLong:
        return {"problem": "long"}
    except NotSound:
        return {"problem": "not_sound"}
    if len(samples) < SHORTEST or abs(samples.astype("int32")).max() < QUIET:
        return {"text": ""}
    text = hear(samples)
    return {"text": text, "other": hear(_quicker(samples)) if text else None}


def _quicker(samples: Samples) -> Samples:
    import soxr  # noqa: PLC0415

    return cast("Samples", soxr.resample(samples, QUICKER, 1.0))


def _bounded() -> None:
    os.setpriority(os.PRIO_PROCESS, 0, max(GENTLE, os.getpriority(os.PRIO_PROCESS, 0)))
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (MOST_FILE, MOST_FILE))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a fault leaves no sound behind


def _next(given: BinaryIO) -> bytes | None:
    head = given.read(4)
    return given.read(int.from_bytes(head)) if len(head) == 4 else None


def _answer(answers: BinaryIO, said: Mapping[str, object]) -> None:
    answers.write(json.dumps(said).encode() + b"\n")
    answers.flush()


if __name__ == "__main__":
    main(sys.argv[1])
