"""A picture carried over a sale is the one that a new look at the database gives."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.config import Settings
from bot.dialogue.message import Message, Tap, Text
from bot.handlers import HANDLERS
from bot.runner import Runner
from domain.household import ZONE
from storage.picture import HOUSEHOLD, Pictures, picture
from storage.store import load

START = dt.datetime(2026, 11, 29, 8, 0, tzinfo=ZONE)
FIRST = ["alo", "đồng ý", "cô Ba", "lai vung dong thap"]
SALES = [
    "bán 20 ký cam sành 25k cho chị Lan",
    "bán 3 ký quýt hồng 30k cho chị Lan",
    "bán 2 chục trứng vịt 40k một chục với 3 ký cam sành 26k",
    "bán cam sành được 300 ngàn cho anh Tư",
    "hôm qua bán 5 ký cam sành 27k",
    "tháng trước ngày 3/10 bán 5 ký cam sành 27k",
    "bán 7 ký cam sành 28k cho cô Út trên postmart",
]


class Household:
    """One person who sells; every message comes an hour after the one before."""

    def __init__(self, db) -> None:
        self.runner = Runner(db, Settings(), HANDLERS)
        self.number = 0

    def message(self, content) -> Message:
        self.number += 1
        at = START + dt.timedelta(hours=self.number)
        return Message(f"test:{self.number}", "test", "her", at, content)

    async def say(self, content) -> list[tuple[str, str]]:
        handled = await self.runner.handle(self.message(content))
        return [button for reply in handled.replies for button in reply.worded.buttons]


@pytest.mark.parametrize("order", [SALES, SALES[::-1], SALES[3:] + SALES + SALES[:2]])
async def test_a_carried_picture_is_what_a_new_look_gives(db, order):
    her = Household(db)
    for text in FIRST:
        await her.say(Text(text))
    for text in order:
        buttons = await her.say(Text(text))
        while buttons and not buttons[0][0].startswith("entry."):
            buttons = await her.say(Tap(buttons[0][0]))
        kept = await db.write(lambda tx: load(tx, her.message(Text("")), her.runner._core.pictures))
        fresh = await db.write(lambda tx: load(tx, her.message(Text("")), Pictures()))
        assert kept.household == fresh.household
        assert (
            await db.write(lambda tx, home=fresh.household: _looked_at(tx, home)) == fresh.household
        )


def _looked_at(tx, home):
    return picture(tx, tx.execute(HOUSEHOLD, {"household": home.id}).one())
