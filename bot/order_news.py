"""Households hear of their orders within a second; an order that nobody answers in time expires.

What is to be told stands in the database with its time: a restart or a second process changes nothing, each
recipient's message has an id of its own and is made once.
"""

from __future__ import annotations

import datetime as dt
from functools import partial
from uuid import UUID, uuid5

from sqlalchemy import Connection

from bot.dialogue.message import Message, OrderNews
from bot.dialogue.turn import SPACE
from bot.runner import Runner
from domain.events import OrderExpired
from domain.facts import Platform
from domain.order_news import NOT_TOLD, Due, decided, reminders
from storage import order_news
from storage.database import Database
from storage.orders import ORDER
from storage.picture import LOCKED_HOUSEHOLD
from storage.store import append


async def tell_due(db: Database, runner: Runner, now: dt.datetime) -> bool:
    """One round: what is overdue expires, what is due is told; True when there may be more."""
    found = await db.read(partial(order_news.due, now=now))
    for platform, number in found.overdue:
        await db.write(partial(expire, platform=platform, number=number, now=now))
    first: dict[tuple[Platform, str], Due] = {}
    for one in found.news:
        first.setdefault((one.platform, one.number), one)
    for one in first.values():
        await _settle(db, runner, one, now)
    # What expired is news; a second piece about an order may hang on what became of the first.
    return found.more or bool(found.overdue) or len(first) < len(found.news)


async def _settle(db: Database, runner: Runner, one: Due, now: dt.datetime) -> None:
    when = decided(one, now)
    if isinstance(when, dt.datetime) and when > now:
        await db.write(partial(order_news.moved, one=one, until=when))
        return
    whom = await db.read(partial(order_news.recipients, whose=one.household))
    messages = [_message(one, channel, address, now) for channel, address in whom]
    if when == NOT_TOLD:
        ids = [message.id for message in messages]
        await db.write(partial(order_news.dropped, one=one, messages=ids, now=now))
        return
    for message in messages:
        await runner.handle(message)
    await db.write(partial(order_news.told, one=one, now=now, reminders=_again(one, now)))


def _message(one: Due, channel: str, address: str, now: dt.datetime) -> Message:
    """The same news for the same address has the same id; an address itself is in none."""
    whom = uuid5(SPACE, f"{channel}:{address}")
    id_ = f"news:{one.kind}:{one.platform}:{one.number}:{whom}"
    return Message(id_, channel, address, now, OrderNews(one.kind, one.platform, one.number))


def _again(one: Due, now: dt.datetime) -> tuple[dt.datetime, ...]:
    if one.kind != "placed" or one.deadline is None:
        return ()
    return reminders(now, one.arrived, one.deadline, at_night=one.at_night)


def expire(tx: Connection, platform: Platform, number: str, now: dt.datetime) -> None:
    """The time to answer is over: read again with the household locked, who may just be answering."""
    which = {"where": platform, "which": number}
    order = tx.execute(ORDER, which).one_or_none()
    home = order and tx.execute(LOCKED_HOUSEHOLD, {"household": order.household}).one_or_none()
    order = tx.execute(ORDER, which).one_or_none()
    if home is None or order is None or order.state != "placed":
        return
    event = OrderExpired(
        id=_expired_id(home.id, platform, number),
        at=now,
        household=home.id,
        channel="clock",
        province=home.province,
        commune=home.commune,
        sample=home.sample,
        order=number,
        platform=platform,
    )
    append(tx, [event])


def _expired_id(whose: UUID, platform: Platform, number: str) -> UUID:
    return uuid5(whose, f"{platform}/{number}/expired by clock")
