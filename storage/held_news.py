"""News for people to whom a channel lets us write only when they have written: it waits for that."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, insert, select, update

from storage.schema import held_news, outbox

KEPT = dt.timedelta(days=7)  # what is older is no news
NEVER = dt.datetime(
    9000, 1, 1, tzinfo=dt.UTC
)  # when a message to an area goes out that waits for this

_WHOSE = (held_news.c.channel == bindparam("of_channel"), held_news.c.address == bindparam("whose"))
NEW = insert(held_news)
WAITING = select(held_news).where(*_WHOSE).order_by(held_news.c.at, held_news.c.id)
GONE = delete(held_news).where(held_news.c.id == bindparam("which"))
LET_GO = (
    update(outbox)
    .where(
        outbox.c.channel == bindparam("of_channel"),
        outbox.c.recipient == bindparam("whose"),
        outbox.c.done_at.is_(None),
        outbox.c.due_at == bindparam("never"),
    )
    .values(due_at=bindparam("now"))
)
OLD = delete(held_news).where(held_news.c.at < bindparam("before"))


def keep(tx: Connection, news: Mapping[str, Any]) -> None:
    """Put one piece aside: the columns of `held_news`. Its message is claimed, so that it comes once."""
    tx.execute(NEW, news)


def waiting(tx: Connection, channel: str, address: str, now: dt.datetime) -> Sequence[Row[Any]]:
    """What waits for this address and is still news, oldest first; messages to areas may go from now on."""
    whose = {"of_channel": channel, "whose": address}
    tx.execute(LET_GO, {**whose, "never": NEVER, "now": now})
    return [row for row in tx.execute(WAITING, whose).all() if row.at >= now - KEPT]


def told(tx: Connection, which: str) -> None:
    """It waits no longer."""
    tx.execute(GONE, {"which": which})


def forget_old(tx: Connection, now: dt.datetime) -> None:
    """What nobody came for."""
    tx.execute(OLD, {"before": now - KEPT})
