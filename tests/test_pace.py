"""How fast a bot sends: no second at the other end sees more than was promised, whatever the network does."""

from __future__ import annotations

import asyncio
import random
from bisect import bisect_left

import pytest

from bot.pace import FOR_REPLIES, MOST, ON_THE_WAY, Pace

MESSAGES = 70


def worst_second(arrived: list[float]) -> int:
    """The most that arrived in any second, its end not counted."""
    moments = sorted(arrived)
    return max(bisect_left(moments, at + 1) - place for place, at in enumerate(moments))


async def sent_by(pace: Pace, seconds: list[tuple[float, float]], **kind: bool) -> list[float]:
    """When each arrived, of messages that take so long to get there, and so long to be answered."""
    clock, arrived = asyncio.get_running_loop().time, []

    async def send(there: float, back: float) -> None:
        async with pace.slot(**kind) as answered:
            await asyncio.sleep(there)
            arrived.append(clock())
            await asyncio.sleep(back)
            answered()

    await asyncio.gather(*(send(*each) for each in seconds))
    return arrived


@pytest.mark.parametrize("slowest", [0.0, 0.3])
async def test_no_second_over_there_sees_more_than_25(slowest):
    """A slow one that arrives together with those begun after it is counted with them."""
    chance = random.Random(25)
    ways = [(chance.uniform(0, slowest), chance.uniform(0, slowest)) for _ in range(MESSAGES)]
    arrived = await sent_by(Pace(), ways)
    assert len(arrived) == MESSAGES
    assert worst_second(arrived) <= MOST


async def test_messages_to_areas_leave_places_for_replies():
    pace = Pace()
    broadcast = await sent_by(pace, [(0, 0)] * MOST, broadcast=True)
    assert worst_second(broadcast) <= MOST - FOR_REPLIES
    assert pace.free() >= FOR_REPLIES


async def test_messages_to_areas_make_room_for_replies_that_went_another_way():
    clock = [0.0]
    pace = Pace(clock=lambda: clock[0])
    for _ in range(MOST):
        pace.beside()
    assert pace.free(broadcast=True) <= 0
    assert pace.free() == MOST, "replies wait for none of them"
    clock[0] = 1.0
    assert pace.free(broadcast=True) == MOST - FOR_REPLIES


async def test_what_never_gets_an_answer_does_not_stop_the_rest():
    clock = [0.0]
    pace = Pace(clock=lambda: clock[0])
    for _ in range(MOST):
        await pace.slot().__aenter__()
    assert pace.free() == 0
    clock[0] = ON_THE_WAY + 0.9
    assert pace.free() == 0
    clock[0] = ON_THE_WAY + 1.1
    assert pace.free() == MOST
