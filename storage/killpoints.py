"""Named points of a turn at which a test kills the process; nothing happens unless a test asks for it.

`LENSAN_TEST_KILL_AT=<point>:<n>`, tests only: SIGKILL at the n-th time (from 1) the point is passed.
"""

from __future__ import annotations

import os
import signal
from dataclasses import dataclass

VARIABLE = "LENSAN_TEST_KILL_AT"
POINTS = (
    "after_claim",
    "after_respond",
    "before_commit",
    "after_commit",
    "before_send",
    "after_send",
    "mid_rollup",
)


@dataclass(slots=True)
class _Kill:
    point: str
    left: int


def _asked(setting: str) -> _Kill | None:
    if not setting:
        return None
    point, _, times = setting.partition(":")
    if point not in POINTS:
        raise ValueError(f"{VARIABLE}: there is no point {point!r}; there are {', '.join(POINTS)}")
    return _Kill(point, int(times or 1))


_kill = _asked(os.environ.get(VARIABLE, ""))


def arm(setting: str) -> None:
    """The same as the variable, in a process that runs already; empty: no kill."""
    global _kill  # noqa: PLW0603 a process has one
    _kill = _asked(setting)


def passing(point: str) -> None:
    """This point is being passed."""
    if _kill is None or _kill.point != point:
        return
    _kill.left -= 1
    if _kill.left <= 0:
        os.kill(os.getpid(), signal.SIGKILL)
