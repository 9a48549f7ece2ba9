"""News of orders: when a household hears of them, whom it reaches, and that it is told once whatever happens."""

from __future__ import annotations

import asyncio
import datetime as dt
import os
import signal
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import uuid5

import pytest
from commands import ROOT, command
from hypothesis import given
from hypothesis import strategies as st
from shops import CODE, GARLIC, SELLER, SPACE, fact, open_shop
from sqlalchemy import func, insert, select, text, update
from sqlalchemy.dialects import sqlite

from bot.config import load_settings
from bot.dialogue.message import Message, Tap
from bot.dialogue.turn import CONSENT_VERSION
from bot.handlers import HANDLERS
from bot.order_intake import take_in
from bot.order_news import tell_due
from bot.runner import Runner
from bot.shop_orders import Buyer, Form, cancel_order, place_order
from bot.telling import keep_told
from domain.events import ConsentGiven, ConsentWithdrawn, MemberJoined
from domain.facts import SaleItem
from domain.household import ZONE
from domain.order_news import QUIET_TO, after_quiet, is_quiet, reminders
from domain.platform_orders import PlatformOrder
from domain.shop import Wish
from storage import order_news
from storage.database import Database
from storage.outbox import NOTICE
from storage.schema import event, household, identity, orders, outbox, product, session
from storage.store import append

NOON = dt.datetime(2026, 11, 21, 12, 0, tzinfo=ZONE)
NIGHT = dt.datetime(2026, 11, 21, 22, 40, tzinfo=ZONE)
MORNING = dt.datetime(2026, 11, 22, 6, 0, tzinfo=ZONE)
HOURS = dt.timedelta(hours=12)
SECOND, THIRD = uuid5(SPACE, "second"), uuid5(SPACE, "third")
WHERE = [("telegram", "100"), ("telegram", "200"), ("web", "300")]
BOUGHT = (
    SaleItem(
        product="tỏi Lý Sơn", quantity=2, unit="kg", unit_price_vnd=120_000, total_vnd=240_000
    ),
)
MOMENTS = st.integers(0, 365 * 24 * 60).map(lambda minutes: NOON + dt.timedelta(minutes=minutes))


# When


@given(MOMENTS)
def test_nothing_goes_out_between_21_and_6(moment):
    later = after_quiet(moment)
    assert not is_quiet(later)
    assert later == moment or (later.hour == QUIET_TO and later - moment <= dt.timedelta(hours=9))


@given(MOMENTS, st.integers(1, 168), st.booleans())
def test_an_order_is_brought_back_to_mind_at_most_twice_and_while_it_can_be_answered(
    arrived, hours, at_night
):
    told, deadline = after_quiet(arrived), arrived + dt.timedelta(hours=hours)
    times = reminders(told, arrived, deadline, at_night=at_night)
    assert len(times) <= 2
    assert all(told < moment < deadline for moment in times)
    assert at_night or not any(map(is_quiet, times))


# Who, and once


def told(number: str = "VS-1", status: str = "placed", **more: Any) -> PlatformOrder:
    return PlatformOrder(
        number, "voso", status, BOUGHT, 240_000, household=CODE, **{"placed_at": NOON, **more}
    )


async def house(db: Database) -> Runner:
    """Three people of one household, each on a machine of their own."""

    def make(tx):
        open_shop(tx)
        for number, member in ((91, SECOND), (94, THIRD)):
            joined = [
                fact(ConsentGiven, number, purpose="ledger", version=CONSENT_VERSION),
                fact(MemberJoined, number + 1),
            ]
            append(tx, [one.model_copy(update={"person": member}) for one in joined])
        who = dict(zip(WHERE, (SELLER, SECOND, THIRD), strict=True))
        rows = [
            {"channel": c, "address": a, "person": p, "since": NOON} for (c, a), p in who.items()
        ]
        tx.execute(insert(identity), rows)

    await db.write(make)
    return Runner(db, load_settings({}, None), HANDLERS)


async def placed(db: Database, *said: PlatformOrder, now: dt.datetime = NOON):
    return await db.write(partial(take_in, lines=said or (told(),), now=now, channel="api"))


async def tell(db: Database, runner: Runner, now: dt.datetime) -> list[tuple[str, str, str]]:
    """What is told from now on: (channel, address, first line) of each message, all of them notices."""
    seen = await db.read(lambda tx: tx.scalar(select(func.max(outbox.c.position)))) or 0
    while await tell_due(db, runner, now):
        pass
    return await since(db, seen)


async def since(db: Database, seen: int = 0) -> list[tuple[str, str, str]]:
    fresh = select(outbox).where(outbox.c.position > seen, outbox.c.urgency == NOTICE)
    rows = await db.read(lambda tx: tx.execute(fresh.order_by(outbox.c.position)).all())
    return sorted((r.channel, r.recipient, r.body["text"].partition("\n")[0]) for r in rows)


async def events(db: Database, *kinds: str) -> int:
    many = select(func.count()).where(event.c.type.in_(kinds))
    return await db.read(lambda tx: tx.scalar(many)) or 0


async def state(db: Database, number: str = "VS-1") -> str:
    asked = select(orders.c.state).where(orders.c.number == number)
    return str(await db.read(lambda tx: tx.scalar(asked)))


def tap(button: str, channel: str = "telegram", sender: str = "100", at: dt.datetime = NOON):
    return Message(f"{channel}:{sender}:{button}:{at}", channel, sender, at, Tap(button))


def everybody(line: str) -> list[tuple[str, str, str]]:
    return [(channel, address, line) for channel, address in WHERE]


CARD = "📦 240.000 đ"


async def test_every_member_gets_the_card_once(db):
    runner = await house(db)
    await placed(db)
    assert await tell(db, runner, NOON) == everybody(CARD)
    assert await tell(db, runner, NOON) == []


async def test_an_order_of_the_shop_page_is_told_alike_and_so_is_its_cancellation(db):
    runner = await house(db)
    form = Form(
        uuid5(SPACE, "form"),
        "word",
        (Wish(GARLIC, Decimal(2), 120_000),),
        Buyer("Lan", "+84912345678"),
    )
    assert await db.write(lambda tx: place_order(tx, CODE, form, NOON, 12)) is None
    assert await tell(db, runner, NOON) == everybody(CARD)
    assert await db.write(lambda tx: cancel_order(tx, "word", NOON))
    assert len(await tell(db, runner, NOON)) == len(WHERE)


async def test_two_processes_that_tell_at_once_tell_once(db):
    runner = await house(db)
    await placed(db)
    await asyncio.gather(*(tell_due(db, runner, NOON) for _ in range(4)))
    assert await since(db) == everybody(CARD)


async def test_whoever_took_back_their_consent_is_told_nothing(db):
    runner = await house(db)
    back = fact(ConsentWithdrawn, 97, purpose="ledger", version=CONSENT_VERSION)
    back = back.model_copy(update={"person": SECOND})
    await db.write(partial(append, events=[back]))
    await placed(db)
    assert [a for _, a, _ in await tell(db, runner, NOON)] == ["100", "300"]


async def test_an_order_at_night_waits_for_the_morning_and_says_so(db):
    runner = await house(db)
    await placed(db, told(placed_at=NIGHT), now=NIGHT)
    assert await tell(db, runner, NIGHT) == []
    morning = await tell(db, runner, MORNING)
    waited = "Đơn này tới lúc 22 giờ 40 hôm qua, em chờ sáng mới nhắn."
    assert morning == sorted([*everybody(waited), *everybody(CARD)])


async def test_who_wants_it_hears_of_orders_at_night(db):
    runner = await house(db)
    await db.write(lambda tx: tx.execute(update(household).values(night_news=True)))
    await placed(db, told(placed_at=NIGHT), now=NIGHT)
    assert await tell(db, runner, NIGHT) == everybody(CARD)


async def test_an_old_export_sends_no_cards(db):
    runner = await house(db)
    old = [told(f"VS-{n}", placed_at=NOON - 2 * HOURS) for n in range(300)]
    done = [told(f"VS-{n}", "completed", completed_at=NOON) for n in range(300)]
    await placed(db, *old)
    assert await tell(db, runner, NOON) == []
    await placed(db, *done, now=NOON + HOURS / 12)
    assert await tell(db, runner, NOON + HOURS / 12) == []


async def test_two_reminders_at_most_then_it_expires_and_says_so(db):
    runner = await house(db)
    await placed(db)
    heard = []
    for hour in range(48):
        heard += await tell(db, runner, NOON + dt.timedelta(hours=hour))
    lines = [line for channel, _, line in heard if channel == "web"]
    assert lines[0] == CARD
    assert [line.partition(",")[0] for line in lines[1:-1]] in (
        ["📦 Đơn VS-1"],
        ["📦 Đơn VS-1"] * 2,
    )
    assert lines[-1].startswith("Đơn VS-1 hết hạn")
    assert await state(db) == "expired"
    assert await events(db, "order_expired") == 1


async def test_an_answered_order_is_not_brought_to_mind(db):
    runner = await house(db)
    await placed(db)
    await tell(db, runner, NOON)
    await runner.handle(tap("order.accept:voso/VS-1"))
    for hour in range(1, 30):
        assert await tell(db, runner, NOON + dt.timedelta(hours=hour)) == []


async def test_a_cancellation_before_the_card_was_told_is_no_news(db):
    runner = await house(db)
    await placed(db, told(placed_at=NIGHT), now=NIGHT)
    await placed(db, told(status="cancelled", cancelled_by="buyer"), now=NIGHT)
    assert await tell(db, runner, MORNING) == []


async def test_a_cancellation_told_in_the_answer_to_a_tap_is_told_once_to_that_person(db):
    runner = await house(db)
    await placed(db)
    await tell(db, runner, NOON)
    await placed(db, told(status="cancelled", cancelled_by="buyer"))
    answer = await runner.handle(tap("order.accept:voso/VS-1"))
    assert "trước khi" in answer.replies[0].worded.text
    others = await tell(db, runner, NOON)
    assert [address for _, address, _ in others] == ["200", "300"]


async def test_news_makes_nobody_seem_to_have_written(db):
    """Books unused for long are erased by the day on which somebody last wrote."""
    runner = await house(db)
    await runner.handle(tap("orders.see"))
    await placed(db, told(placed_at=NOON + HOURS), now=NOON + HOURS)
    await tell(db, runner, NOON + 2 * HOURS)
    last = select(session.c.last_at).where(session.c.address == "100")
    assert await db.read(lambda tx: tx.scalar(last)) == NOON


async def test_the_program_tells_by_itself_what_another_process_committed(db, monkeypatch):
    """Nobody nudges it."""
    runner = await house(db)
    now = dt.datetime.now(dt.UTC)
    await db.write(lambda tx: tx.execute(update(household).values(night_news=True)))
    monkeypatch.setattr(db, "_committed", lambda: None)
    telling = asyncio.create_task(keep_told(db, runner))
    await placed(db, told(placed_at=now), now=now)
    async with asyncio.timeout(60):
        while len(await since(db)) < len(WHERE):  # noqa: ASYNC110 another process would commit
            await asyncio.sleep(0.05)
    telling.cancel()
    await asyncio.gather(telling, return_exceptions=True)


# Both at once


async def test_two_members_who_tap_at_once_take_it_once(db):
    runner = await house(db)
    await placed(db)
    taps = [tap("order.accept:voso/VS-1", c, a) for c, a in WHERE]
    answers = await asyncio.gather(*map(runner.handle, taps))
    assert await events(db, "order_confirmed") == 1
    said = [one.replies[0].worded.text.partition(",")[0] for one in answers]
    assert sorted(said) == ["Đơn VS-1 đã nhận rồi ạ."] * 2 + ["✅ Đã nhận đơn VS-1"]


async def test_a_cancellation_that_crosses_a_confirmation_leaves_it_cancelled_and_the_stock_whole(
    db,
):
    runner = await house(db)
    await placed(db)
    cancelled = told(status="cancelled", cancelled_by="buyer")
    await asyncio.gather(
        runner.handle(tap("order.accept:voso/VS-1")), placed(db, cancelled), return_exceptions=True
    )
    assert await state(db) == "cancelled"
    assert await events(db, "order_cancelled") == 1
    stock = select(product.c.stock).where(product.c.code == "TL62")
    assert await db.read(lambda tx: tx.scalar(stock)) == 50


async def test_an_answer_at_the_deadline_and_the_clock_make_one_end(db):
    runner = await house(db)
    await placed(db)
    late = NOON + HOURS
    await asyncio.gather(
        runner.handle(tap("order.accept:voso/VS-1", at=late)),
        *(tell_due(db, runner, late) for _ in range(3)),
    )
    assert await events(db, "order_confirmed", "order_expired") == 1
    assert await state(db) in {"confirmed", "expired"}


# Whatever happens


KILLED = """
import asyncio, datetime as dt, sys
from bot.config import load_settings
from bot.handlers import HANDLERS
from bot.order_news import tell_due
from bot.runner import Runner
from bot.shop_orders import Buyer, Form, cancel_order, place_order
from storage import killpoints
from storage.database import Database

async def main(url, point, now):
    db = await Database.open(url)
    runner = Runner(db, load_settings({}, None), HANDLERS)
    killpoints.arm(point)
    await tell_due(db, runner, dt.datetime.fromisoformat(now))

asyncio.run(main(*sys.argv[1:]))
"""


@pytest.mark.parametrize(
    "point",
    ["after_claim:2", "after_respond:1", "before_commit:2", "after_commit:1", "after_commit:3"],
)
async def test_a_process_killed_while_it_tells_loses_and_doubles_nothing(url, point):
    db = await Database.open(url)
    await house(db)
    await placed(db)
    await db.close()
    words = (url, point, NOON.isoformat())
    ended = await asyncio.to_thread(command, words, ROOT, dict(os.environ), code=KILLED)
    assert ended.returncode == -signal.SIGKILL
    db = await Database.open(url, wait=5)
    runner = Runner(db, load_settings({}, None), HANDLERS)
    await tell(db, runner, NOON)
    assert await since(db) == everybody(CARD)
    await db.close()


async def test_what_was_told_before_a_kill_makes_its_cancellation_news(db, monkeypatch):
    runner = await house(db)
    await placed(db)

    def dies(*_: object, **__: object) -> None:
        raise ConnectionError

    with monkeypatch.context() as broken:
        broken.setattr(order_news, "told", dies)
        with pytest.raises(ConnectionError):
            await tell_due(db, runner, NOON)
    await placed(db, told(status="cancelled", cancelled_by="buyer"))
    assert [line.partition(".")[0] for _, _, line in await tell(db, runner, NOON)] == [
        "📦 Khách hủy đơn VS-1 lúc 12 giờ"
    ] * len(WHERE)


async def test_looking_for_what_is_due_reads_only_what_waits(empty_sqlite):
    """By its two partial indexes, however many orders there are."""
    db = await Database.open(f"sqlite+aiosqlite:///{empty_sqlite}")
    dialect = sqlite.dialect(paramstyle="named")
    values = {"now": NOON.isoformat()}
    shown = order_news.DUE.params(values).compile(
        dialect=dialect, compile_kwargs={"render_postcompile": True}
    )
    plan = await db.read(
        lambda tx: tx.execute(text(f"EXPLAIN QUERY PLAN {shown}"), dict(shown.params)).all()
    )
    await db.close()
    steps = [row.detail for row in plan]
    assert any("ix_order_news_due" in step for step in steps), steps
    assert any("ix_orders_deadline" in step for step in steps), steps
    assert not [s for s in steps if s in {"SCAN orders", "SCAN order_news"}], steps
