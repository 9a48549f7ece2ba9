"""A book that nobody has used for as long as the consent says is erased; its figures stay."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select

from bot.config import Settings
from bot.dialogue.message import Message, Tap, Text
from bot.handlers import HANDLERS
from bot.runner import Runner
from domain.household import ZONE
from storage.retention import LONGEST_MONTH, forget_unused
from storage.rollups import advance, rebuild_check
from storage.schema import buyer, event, identity, month_total, person

START = dt.datetime(2026, 11, 21, 8, 0, tzinfo=ZONE)
MONTHS = 24
FIRST = ["alo", "đồng ý", "cô Ba", "lai vung dong thap"]
SALE = "bán 20 ký cam sành 25k cho chị Lan trên postmart"


async def sold_something(db) -> None:
    runner, buttons = Runner(db, Settings(), HANDLERS), []
    for number, text in enumerate([*FIRST, SALE, None]):
        content = Text(text) if text else Tap(buttons[0][0])
        at = START + dt.timedelta(minutes=number)
        handled = await runner.handle(Message(f"test:{number}", "test", "her", at, content))
        buttons = handled.replies[-1].worded.buttons


async def kept(db) -> dict[str, int]:
    def count(tx):
        tables = (person, identity, buyer, month_total)
        return {t.name: len(tx.execute(select(t)).all()) for t in tables}

    return await db.write(count)


async def test_a_book_is_kept_to_the_last_day_and_then_erased_with_its_figures_left(db):
    await sold_something(db)
    before = await kept(db)
    assert all(before.values())

    last_day = START + MONTHS * LONGEST_MONTH
    await db.write(lambda tx: forget_unused(tx, last_day, MONTHS))
    assert await kept(db) == before

    await db.write(lambda tx: forget_unused(tx, last_day + dt.timedelta(days=1), MONTHS))
    assert not any((await kept(db)).values())
    types = await db.write(lambda tx: list(tx.execute(select(event.c.type)).scalars()))
    assert types[-1] == "personal_data_erased"
    assert "sale_logged" in types
    while await db.write(lambda tx: advance(tx, 100)):
        pass
    assert not await db.write(rebuild_check)


async def test_erasing_what_was_erased_finds_nothing(db):
    await sold_something(db)
    later = START + (MONTHS + 1) * LONGEST_MONTH
    for _ in range(2):
        assert not await db.write(lambda tx: forget_unused(tx, later, MONTHS))
    types = await db.write(lambda tx: list(tx.execute(select(event.c.type)).scalars()))
    assert types.count("personal_data_erased") == 1
