"""How long a loop that fetches updates waits after a fault."""

from __future__ import annotations

from bot.delivery import TooFast

LONGEST = 60.0  # seconds after repeated faults


def seconds_after(fault: Exception, first: float, faults: int) -> float:
    """As long as the service asks, else twice as long each time from `first` on."""
    return fault.seconds if isinstance(fault, TooFast) else grown(first, faults)


def grown(first: float, faults: int) -> float:
    """Seconds after so many faults in a row, one at least."""
    return min(first * 2.0 ** (min(faults, 10) - 1), LONGEST)
