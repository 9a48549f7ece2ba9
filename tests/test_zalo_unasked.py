"""On Zalo nobody is written to unasked unless a setting allows it: news goes elsewhere, or waits and stays true."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import Any

import pytest
from crowd import AREA, appoint, crowd, draft, start
from crowd import TEXT as MEETING
from in_memory import Memory
from shops import CODE, SELLER, open_shop
from sqlalchemy import func, insert, select, update

from bot.broadcasts import feed_round
from bot.config import load_settings
from bot.dialogue.message import Message, Text
from bot.handlers import HANDLERS
from bot.locales.render import Worded
from bot.order_intake import take_in
from bot.order_news import tell_due
from bot.runner import Runner
from domain.facts import SaleItem
from domain.household import ZONE
from domain.platform_orders import PlatformOrder
from storage import broadcast_lease, sweep
from storage import outbox as sending
from storage.personal import erase_talk
from storage.schema import event, held_news, identity, outbox

NOON = dt.datetime(2026, 11, 21, 12, 0, tzinfo=ZONE)
ON_ZALO, ON_TELEGRAM = ("zalo", "z" * 20), ("telegram", "77")
QUIET = frozenset({"zalo"})
BOUGHT = (
    SaleItem(
        product="tỏi Lý Sơn", quantity=2, unit="kg", unit_price_vnd=120_000, total_vnd=240_000
    ),
)


@pytest.fixture
def db() -> Memory:
    return Memory()


async def shop(db: Memory, *machines: tuple[str, str], **settings: str) -> Runner:
    """A household whose seller uses these machines."""

    def make(tx: Any) -> None:
        open_shop(tx)
        for number, (channel, address) in enumerate(machines):
            since = NOON + dt.timedelta(minutes=number)
            row = {"channel": channel, "address": address, "person": SELLER, "since": since}
            tx.execute(insert(identity), row)

    await db.write(make)
    return Runner(db, load_settings(settings, None), HANDLERS)


async def placed(db: Memory, number: str = "VS-1", status: str = "placed") -> None:
    order = PlatformOrder(number, "voso", status, BOUGHT, 240_000, household=CODE, placed_at=NOON)
    await db.write(partial(take_in, lines=[order], now=NOON, channel="api"))


async def tell(db: Memory, runner: Runner, now: dt.datetime = NOON) -> None:
    while await tell_due(db, runner, now):
        pass


async def say(runner: Runner, said: str, at: dt.datetime) -> None:
    """A message on Zalo; its replies wait in the outbox."""
    id_ = f"zalo:9191:{at.timestamp()}:{said}"
    await runner.handle(Message(id_, *ON_ZALO, at, Text(said)))


async def told(db: Memory, machine: tuple[str, str] = ON_ZALO) -> list[Worded]:
    """What is sent to a machine, in the order in which it goes."""
    whose = outbox.c.channel == machine[0], outbox.c.recipient == machine[1]
    asked = select(outbox.c.body).where(*whose).order_by(outbox.c.urgency, outbox.c.position)
    rows = await db.read(lambda tx: tx.execute(asked).all())
    return [Worded.from_json(row.body) for row in rows]


async def count(db: Memory, table: Any, *where: Any) -> int:
    return await db.read(
        lambda tx: tx.scalar(select(func.count()).select_from(table).where(*where))
    )


async def confirmed(db: Memory) -> int:
    return await count(db, event, event.c.type == "order_confirmed")


async def test_news_waits_and_is_told_after_the_answer_to_the_next_message(db):
    runner = await shop(db, ON_ZALO)
    await placed(db)
    await tell(db, runner)
    await tell(db, runner)
    assert await told(db) == []
    assert await count(db, held_news) == 1
    await say(runner, "cảm ơn em", NOON + dt.timedelta(minutes=5))
    first, *_, last = await told(db)
    assert first.buttons == ()
    assert last.text.startswith("📦")
    assert await count(db, held_news) == 0


async def test_what_waited_is_told_once(db):
    runner = await shop(db, ON_ZALO)
    await placed(db)
    await tell(db, runner)
    for minute in (5, 6):
        await say(runner, "cảm ơn em", NOON + dt.timedelta(minutes=minute))
        await tell(db, runner)
    news = [each for each in await told(db) if each.text.startswith("📦")]
    assert len(news) == 1


async def test_a_number_never_answers_what_was_not_shown_yet(db):
    """*1* before the news has arrived is not [Nhận đơn]; after it, it is."""
    runner = await shop(db, ON_ZALO)
    await placed(db)
    await tell(db, runner)
    await say(runner, "1", NOON + dt.timedelta(minutes=5))
    assert await confirmed(db) == 0
    *_, last = await told(db)
    assert last.numbered
    await say(runner, "1", NOON + dt.timedelta(minutes=6))
    assert await confirmed(db) == 1


async def test_what_is_no_longer_true_is_not_told(db):
    runner = await shop(db, ON_ZALO)
    await placed(db)
    await tell(db, runner)
    await placed(db, status="cancelled")
    await say(runner, "cảm ơn em", NOON + dt.timedelta(minutes=5))
    assert not any("[Nhận đơn]" in label for w in await told(db) for _, label in w.buttons)
    assert await count(db, held_news) == 0


async def test_it_goes_to_another_machine_of_theirs_at_once(db):
    runner = await shop(db, ON_TELEGRAM, ON_ZALO)
    await placed(db)
    await tell(db, runner)
    assert len(await told(db, ON_TELEGRAM)) == 1
    assert (await told(db), await count(db, held_news)) == ([], 0)


async def test_a_machine_that_lets_nothing_through_is_no_other_machine(db):
    runner = await shop(db, ON_TELEGRAM, ON_ZALO)
    blocked = update(identity).where(identity.c.channel == "telegram").values(blocked_at=NOON)
    await db.write(lambda tx: tx.execute(blocked))
    await say(runner, "cảm ơn em", NOON)
    await placed(db)
    await tell(db, runner)
    assert (await told(db, ON_TELEGRAM), await count(db, held_news)) == ([], 1)


async def test_where_it_is_allowed_it_goes_at_once(db):
    runner = await shop(db, ON_ZALO, LENSAN_ZALO_UNASKED="1")
    await placed(db)
    await tell(db, runner)
    (news,) = await told(db)
    assert news.text.startswith("📦")
    assert await count(db, held_news) == 0


async def test_a_number_typed_before_news_came_is_not_its_answer(db):
    """It was on its way when the news went out."""
    runner = await shop(db, ON_ZALO, LENSAN_ZALO_UNASKED="1")
    await placed(db)
    await tell(db, runner)
    await say(runner, "1", NOON - dt.timedelta(seconds=1))
    assert await confirmed(db) == 0
    await tell(db, runner)
    await say(runner, "nhận đơn", NOON + dt.timedelta(minutes=1))
    assert await confirmed(db) == 1


async def test_after_a_week_it_is_no_news(db):
    runner = await shop(db, ON_ZALO)
    await placed(db)
    await tell(db, runner)
    late = NOON + dt.timedelta(days=8)
    await db.write(lambda tx: sweep.sweep(tx, late))
    assert await count(db, held_news) == 0
    await say(runner, "cảm ơn em", late)
    assert not any(w.text.startswith("📦") for w in await told(db))


async def test_it_is_erased_with_the_talk(db):
    runner = await shop(db, ON_ZALO)
    await placed(db)
    await tell(db, runner)
    await db.write(lambda tx: erase_talk(tx, {ON_ZALO}, NOON))
    assert await count(db, held_news) == 0


async def test_a_message_to_an_area_goes_after_the_answer_and_has_no_numbers(db):
    """A number means the question that was asked last, and nobody asked for this one."""

    def make(tx: Any) -> None:
        crowd(tx, range(1, 3), area=AREA, channel="zalo")
        appoint(tx)
        start(tx, draft(tx, NOON), NOON)

    await db.write(make)
    runner = Runner(db, load_settings({}, None), HANDLERS)
    for _ in range(3):
        await feed_round(db, NOON, quiet=QUIET)
    waits = select(func.count()).where(outbox.c.urgency == sending.BROADCAST)
    assert await db.read(lambda tx: tx.scalar(waits)) == 2
    assert await leased(db) == []
    at = NOON + dt.timedelta(minutes=1)
    await runner.handle(Message("zalo:9191:1:x", "zalo", "1", at, Text("cảm ơn em")))
    assert await leased(db) == []  # the answer goes first
    await answers_sent(db)
    (row,) = await leased(db)
    assert row.recipient == "1"
    shown = Worded.from_json(row.body)
    assert MEETING.partition("[")[0] in shown.text
    assert not shown.numbered


async def answers_sent(db: Memory) -> None:
    unsent = outbox.c.urgency == sending.REPLY
    done = update(outbox).where(unsent).values(state="sent", done_at=NOON)
    await db.write(lambda tx: tx.execute(done))


async def leased(db: Memory) -> list[sending.OutboxRow]:
    later = NOON + dt.timedelta(minutes=2)
    return await db.write(
        partial(broadcast_lease.lease, channel="zalo", holder=SELLER, now=later, limit=9)
    )
