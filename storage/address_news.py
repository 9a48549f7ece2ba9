"""What a worker did about a digital address is news to the household, kept until it is told."""

from __future__ import annotations

import datetime as dt
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import Connection, bindparam, select, update

from bot.dialogue.address_queries import AddressNewsKind, AddressNewsTold, AddressTold
from domain.digital_address_events import (
    DigitalAddressAsked,
    DigitalAddressConfirmed,
    DigitalAddressDisputed,
    DigitalAddressGiven,
)
from domain.order_news import after_quiet
from storage.digital_addresses import current
from storage.recipients import Address, of_household
from storage.schema import address_news, person
from storage.upsert import insert_new

BATCH = 100  # pieces of news a round

NEW = insert_new(address_news)
DUE = (
    select(address_news.c.id, address_news.c.household)
    .where(address_news.c.told_at.is_(None), address_news.c.due_at <= bindparam("now"))
    .order_by(address_news.c.due_at, address_news.c.id)
    .limit(BATCH)
)
TOLD = (
    update(address_news)
    .where(address_news.c.id == bindparam("which"))
    .values(told_at=bindparam("now"))
)
NEWS = (
    select(address_news, person.c.name)
    .join_from(address_news, person, person.c.id == address_news.c.worker, isouter=True)
    .where(address_news.c.id == bindparam("which"), address_news.c.household == bindparam("whose"))
)

Told = DigitalAddressGiven | DigitalAddressConfirmed | DigitalAddressDisputed | DigitalAddressAsked


class Asker(Protocol):
    """Who asks."""

    @property
    def household(self) -> UUID | None: ...


def tell(tx: Connection, event: Told, kind: AddressNewsKind) -> None:
    """The household hears of it as soon as the hour allows."""
    row = {
        "id": event.id,
        "household": event.household,
        "kind": kind,
        "address": getattr(event, "address", None),
        "worker": event.person,
        "due_at": after_quiet(event.at),
    }
    tx.execute(NEW, row)


def due(conn: Connection, now: dt.datetime) -> list[tuple[UUID, list[Address]]]:
    """The next ones, the longest due first, each with where it goes."""
    rows = conn.execute(DUE, {"now": now}).all()
    return [(row.id, of_household(conn, row.household)) for row in rows]


def told(tx: Connection, news: UUID, now: dt.datetime) -> None:
    """It is not told again."""
    tx.execute(TOLD, {"which": news, "now": now})


def behind(tx: Connection, query: AddressNewsTold, asker: Asker) -> AddressTold | None:
    """What is to be said; None when it was overtaken: another address, a decision, or none any more."""
    row = tx.execute(NEWS, {"which": query.news, "whose": asker.household}).one_or_none()
    if row is None:
        return None
    kind: AddressNewsKind = row.kind
    address = current(tx, asker.household)
    if kind == "asked":
        return AddressTold(kind, None, row.name)
    if address is None or address.id != row.address or not _stands(kind, address):
        return None
    return AddressTold(kind, address, row.name)


def _stands(kind: AddressNewsKind, address: Any) -> bool:
    return kind != "disputed" or address.disputed_at is not None
