"""What an operator watches: how long turns take, and how many faults there were."""

from __future__ import annotations

import logging

from prometheus_client import Counter, Histogram

TURN_SECONDS = Histogram(
    "lensan_turn_seconds",
    "Seconds from a message to its commit, by channel; the count is that of the turns.",
    ["channel"],
    buckets=(0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)
FAULTS = Counter("lensan_faults_total", "Errors written to the log.")


class _Counting(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:  # noqa: ARG002 logging's signature
        FAULTS.inc()


_COUNTING = _Counting(logging.ERROR)


def count_faults() -> None:
    """From now on every error in the log is counted; called again it changes nothing."""
    logging.getLogger().addHandler(_COUNTING)
