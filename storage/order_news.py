"""What households are still to be told of their orders: found by its time, told once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Connection,
    Row,
    bindparam,
    delete,
    literal,
    literal_column,
    select,
    union_all,
    update,
)

from domain import events as facts
from domain.facts import Platform
from domain.order_news import REMINDERS, Due, NewsKind
from storage.ledger import Origin
from storage.recipients import of_household
from storage.schema import household, inbox, order_news, orders
from storage.upsert import insert_new, upsert

BATCH = 100  # orders a round

# Found by time

_first = order_news.alias("first")
_columns = (order_news.c.platform, order_news.c.number, order_news.c.kind, order_news.c.due_at)
_TO_TELL = (
    select(*_columns)
    .where(order_news.c.told_at.is_(None), order_news.c.due_at <= bindparam("now"))
    .order_by(order_news.c.due_at)
    .limit(BATCH)
    .subquery()
)
_OVERDUE = (
    select(
        orders.c.platform,
        orders.c.number,
        literal("expire").label("kind"),
        orders.c.deadline.label("due_at"),
    )
    .where(
        orders.c.state == literal_column("'placed'"),
        orders.c.deadline <= bindparam("now"),
        orders.c.household.is_not(None),
    )
    .order_by(orders.c.deadline)
    .limit(BATCH)
    .subquery()
)
_found = union_all(select(_OVERDUE), select(_TO_TELL)).subquery()
DUE = (
    select(
        _found,
        orders.c.household,
        orders.c.state,
        orders.c.placed_at,
        orders.c.changed_at,
        orders.c.deadline,
        orders.c.answered_at,
        household.c.night_news,
        _first.c.due_at.label("first_due"),
        _first.c.told_at.label("first_told"),
    )
    .join_from(
        _found,
        orders,
        (orders.c.platform == _found.c.platform) & (orders.c.number == _found.c.number),
    )
    .join(household, household.c.id == orders.c.household)
    .join(
        _first,
        (_first.c.platform == orders.c.platform)
        & (_first.c.number == orders.c.number)
        & (_first.c.kind == "placed"),
        isouter=True,
    )
    .order_by(
        _found.c.due_at, orders.c.placed_at, orders.c.number, _found.c.kind != literal("placed")
    )
)
"""One look by two partial indexes: what is to be told, and what nobody answered in time."""


@dataclass(frozen=True, slots=True)
class Round:
    """What is due: orders whose time to answer is over, news to tell; `more`: there may be more."""

    overdue: tuple[tuple[Platform, str], ...]
    news: tuple[Due, ...]
    more: bool


def due(conn: Connection, now: dt.datetime) -> Round:
    """The next ones, the longest due first."""
    rows = conn.execute(DUE, {"now": now}).all()
    overdue = tuple((r.platform, r.number) for r in rows if r.kind == "expire")
    news = tuple(_due(r) for r in rows if r.kind != "expire")
    return Round(overdue, news, max(len(overdue), len(news)) >= BATCH)


def _due(row: Row[Any]) -> Due:
    answered = row.answered_at is not None
    return Due(
        kind=row.kind,
        platform=row.platform,
        number=row.number,
        household=row.household,
        state=row.state,
        placed_at=row.placed_at,
        arrived=row.changed_at,
        deadline=row.deadline,
        at_night=row.night_news,
        first_told=answered or row.first_told is not None,
        known=answered or row.first_due is not None,
    )


# To whom


def recipients(conn: Connection, whose: UUID) -> list[tuple[str, str]]:
    """(channel, address) of everybody of the household who lets us keep its book, one of each."""
    return of_household(conn, whose)


# Told

_THIS = (
    order_news.c.platform == bindparam("where"),
    order_news.c.number == bindparam("which"),
    order_news.c.kind == bindparam("what"),
)
TOLD = update(order_news).where(*_THIS).values(told_at=bindparam("when"))
MOVED = update(order_news).where(*_THIS).values(due_at=bindparam("when"))
DROPPED = delete(order_news).where(*_THIS)
NEW = insert_new(order_news)
CLAIMED = select(inbox.c.id).where(inbox.c.id.in_(bindparam("ids", expanding=True))).limit(1)


def _which(one: Due) -> dict[str, Any]:
    return {"where": one.platform, "which": one.number, "what": one.kind}


def told(tx: Connection, one: Due, now: dt.datetime, reminders: Iterable[dt.datetime] = ()) -> None:
    """It was told to everybody; when it comes to mind again."""
    tx.execute(TOLD, _which(one) | {"when": now})
    for kind, moment in zip(REMINDERS, reminders, strict=False):
        tx.execute(NEW, _row(one.platform, one.number, kind, one.household, moment))


def moved(tx: Connection, one: Due, until: dt.datetime) -> None:
    """It is told later."""
    tx.execute(MOVED, _which(one) | {"when": until})


def dropped(tx: Connection, one: Due, messages: Sequence[str], now: dt.datetime) -> None:
    """Nobody needs it any more; when some of these messages were made before, it counts as told."""
    if messages and tx.execute(CLAIMED, {"ids": list(messages)}).first() is not None:
        told(tx, one, now)
    else:
        tx.execute(DROPPED, _which(one))


def _row(
    platform: Platform, number: str, kind: NewsKind, whose: UUID | None, moment: dt.datetime
) -> dict[str, Any]:
    return {
        "platform": platform,
        "number": number,
        "kind": kind,
        "household": whose,
        "due_at": moment,
    }


# As the events leave it; what platforms send announces itself as it is taken in

PUT_OFF = upsert(order_news, ("due_at",))
REMINDED = select(order_news.c.kind).where(
    order_news.c.platform == bindparam("where"),
    order_news.c.number == bindparam("which"),
    order_news.c.told_at.is_not(None),
)
NIGHT_NEWS = (
    update(household)
    .where(household.c.id == bindparam("which"))
    .values(night_news=bindparam("wanted"))
)


def announce(
    conn: Connection,
    event: facts.OrderPlaced | facts.OrderCancelled | facts.OrderExpired,
    kind: NewsKind,
) -> None:
    """The household is to hear of it as soon as may be."""
    conn.execute(NEW, _row(event.platform, event.order, kind, event.household, event.at))


def left(conn: Connection, platform: Platform, number: str) -> tuple[NewsKind, ...]:
    """The reminders of an order that were not told yet."""
    rows = conn.execute(REMINDED, {"where": platform, "which": number})
    done = {row.kind for row in rows}
    return tuple(kind for kind in REMINDERS if kind not in done)


def put_off(conn: Connection, event: facts.OrderPutOff, _: Origin) -> None:
    """The next reminder comes when the household asked for it."""
    for kind in left(conn, event.platform, event.order)[:1]:
        row = _row(event.platform, event.order, kind, event.household, event.until)
        conn.execute(PUT_OFF, row)


def night_news(conn: Connection, event: facts.NightNewsChosen, _: Origin) -> None:
    """Whether news may come at night."""
    conn.execute(NIGHT_NEWS, {"which": event.household, "wanted": event.wanted})
