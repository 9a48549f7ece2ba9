"""Named points of a turn at which a test kills the process; nothing happens unless a test asks for it.

`LENSAN_TEST_KILL_AT=<point>:<n>`, tests only: SIGKILL at the n-th time (from 1) the point is passed.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable

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


def _pass(_point: str) -> None:
    """Nobody asked for a kill."""


def _killer(wanted: str, times: int) -> Callable[[str], None]:
    left = times

    def pass_or_die(point: str) -> None:
        nonlocal left
        if point == wanted:
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    return pass_or_die


def _asked(setting: str) -> Callable[[str], None]:
    point, _, times = setting.partition(":")
    if point not in POINTS:
        raise ValueError(f"{VARIABLE}: there is no point {point!r}; there are {', '.join(POINTS)}")
    return _killer(point, int(times or 1))


passing: Callable[[str], None] = _asked(os.environ[VARIABLE]) if VARIABLE in os.environ else _pass
"""Called with the name of the point that is being passed."""
