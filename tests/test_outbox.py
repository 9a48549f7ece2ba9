"""What waits to be sent: each to its recipient in order, by one sender at a time, never forgotten."""

from __future__ import annotations

import asyncio
import datetime as dt
from uuid import UUID, uuid4

from sqlalchemy import select

from storage import outbox
from storage.outbox import BROADCAST, LEASE, NOTICE, REPLY
from storage.schema import outbox as table

NOW = dt.datetime(2026, 11, 21, 8, 0, tzinfo=dt.UTC)
SECOND = dt.timedelta(seconds=1)


def row(to: str, text: str, urgency: int = REPLY, due_at: dt.datetime | None = None) -> dict:
    body = {"text": text}
    return outbox.row(uuid4(), "telegram", to, body, NOW, urgency=urgency, due_at=due_at)


async def put(db, *rows: dict) -> list[UUID]:
    await db.write(lambda tx: outbox.put(tx, rows))
    return [each["id"] for each in rows]


async def lease(db, now=NOW, limit=10, channel="telegram") -> list[str]:
    found = await db.write(lambda tx: outbox.lease(tx, channel, now, limit))
    return [f"{each.recipient} {each.body['text']}" for each in found]


async def sent(db, which: UUID) -> None:
    await db.write(lambda tx: outbox.sent(tx, which, "7"))


async def failed(db, which: UUID, retry_at: dt.datetime | None) -> None:
    await db.write(lambda tx: outbox.failed(tx, which, retry_at, "timeout"))


async def test_one_recipients_messages_go_one_after_the_other(db):
    first, second, _ = await put(db, row("lan", "1"), row("lan", "2"), row("ba", "1"))
    assert await lease(db) == ["lan 1", "ba 1"]
    assert await lease(db) == []
    await sent(db, first)
    assert await lease(db) == ["lan 2"]
    await sent(db, second)
    assert await lease(db) == []


async def test_a_message_that_failed_holds_those_behind_it(db):
    first, _ = await put(db, row("lan", "1"), row("lan", "2"))
    assert await lease(db) == ["lan 1"]
    await failed(db, first, NOW + 5 * SECOND)
    assert await lease(db, NOW + SECOND) == []
    assert await lease(db, NOW + 5 * SECOND) == ["lan 1"]


async def test_a_message_given_up_lets_the_next_one_go(db):
    first, _ = await put(db, row("lan", "1"), row("lan", "2"))
    await lease(db)
    await failed(db, first, None)
    assert await lease(db) == ["lan 2"]


async def test_failed_tries_are_counted(db):
    (first,) = await put(db, row("lan", "1"))
    for tries in range(3):
        (leased,) = await db.write(lambda tx: outbox.lease(tx, "telegram", NOW, 1))
        assert leased.tries == tries
        await failed(db, first, NOW)


async def test_a_reply_passes_a_broadcast_but_no_other_reply(db):
    await put(db, row("lan", "news", BROADCAST), row("ba", "news", BROADCAST), row("lan", "reply"))
    assert await lease(db, limit=1) == ["lan reply"]
    assert await lease(db) == ["ba news"]


async def test_a_broadcast_waits_behind_a_reply(db):
    await put(db, row("lan", "reply"), row("lan", "news", BROADCAST))
    assert await lease(db) == ["lan reply"]
    assert await lease(db) == []


async def test_what_is_due_in_the_morning_holds_no_reply_at_night(db):
    await put(db, row("lan", "order", NOTICE, NOW + 3600 * SECOND), row("lan", "reply"))
    assert await lease(db) == ["lan reply"]
    assert await lease(db, NOW + 3600 * SECOND) == ["lan reply"]  # its lease ran out too


async def test_a_lease_that_ran_out_gives_the_message_to_the_next_who_asks(db):
    await put(db, row("lan", "1"))
    assert await lease(db) == ["lan 1"]
    assert await lease(db, NOW + LEASE - SECOND) == []
    assert await lease(db, NOW + LEASE) == ["lan 1"]


async def test_a_lease_given_back_goes_to_the_next_who_asks(db):
    ids = await put(db, row("lan", "1"))
    await lease(db)
    await db.write(lambda tx: outbox.release(tx, ids, NOW))
    assert await lease(db) == ["lan 1"]


async def test_what_was_sent_is_not_given_back(db):
    ids = await put(db, row("lan", "1"))
    await lease(db)
    await sent(db, ids[0])
    await db.write(lambda tx: outbox.release(tx, ids, NOW))
    assert await lease(db) == []


async def test_each_channel_has_its_own(db):
    await put(db, row("lan", "1"))
    assert await lease(db, channel="zalo") == []


async def test_a_message_put_twice_is_there_once(db):
    once = row("lan", "1")
    await put(db, once)
    await put(db, once)
    assert len(await db.read(lambda c: c.execute(select(table)).all())) == 1


async def test_two_senders_never_have_the_same_message(db):
    await put(db, *(row(f"p{n}", "1") for n in range(100)))
    taken = await asyncio.gather(*(lease(db, limit=7) for _ in range(20)))
    all_taken = [each for some in taken for each in some]
    assert len(all_taken) == len(set(all_taken)) == 100
