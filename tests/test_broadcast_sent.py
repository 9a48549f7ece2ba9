"""One message to many over real sockets, a real process killed in the middle: nobody without it, nobody thrice."""

from __future__ import annotations

from statistics import median

import pytest
from broadcast_run import Run, broadcast_through

RUN = Run(people=800, blocked=40, too_fast=3, timeouts=12, most=150, questions=8)
MEMORY = 10 * 1024  # KiB

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


async def test_a_message_to_many_survives_refusals_silence_and_a_kill(url):
    seen = await broadcast_through(url, RUN)
    assert len(seen.kept) == RUN.people
    assert set(seen.kept.values()) == {1}, "each person once by the outbox's record"
    assert seen.states.keys() <= {"sent", "blocked", "unsure"}
    assert seen.states["blocked"] == RUN.blocked
    assert len(seen.arrived) == RUN.people - RUN.blocked
    assert set(seen.arrived.values()) <= {1, 2}, "at least once, at most twice"
    assert seen.worst <= RUN.most
    assert median(seen.passed) < RUN.most, "a question waits for less than a second's messages"
    assert seen.memory < MEMORY
