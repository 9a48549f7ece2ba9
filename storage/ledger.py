"""The household's own book: its entries, the months' totals, and for how much each product last sold."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, bindparam, case, func, literal_column, select, update
from sqlalchemy.dialects.postgresql import insert

from domain.events import (
    OrderCompleted,
    OrderReturned,
    SaleCorrected,
    SaleItem,
    SaleLogged,
    SaleRestored,
    SaleWithdrawn,
)
from domain.fold import fold
from storage.picture import ITEMS
from storage.schema import entry, month_total, product
from storage.upsert import add_up, insert_new

LOOKED_AT = 50  # standing entries in which a product's last price is looked for after a correction


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a ledger entry comes from: the message that said it and the card it was saved from."""

    message: str = ""
    draft: str = ""


NOWHERE = Origin()

_THIS = (entry.c.household == bindparam("whose"), entry.c.code == bindparam("which"))

NEW_ENTRY = insert_new(entry)
THIS_ENTRY = select(entry).where(*_THIS)
CORRECTED = (
    update(entry)
    .where(*_THIS)
    .values(
        {
            entry.c["items"]: bindparam("new_items", type_=entry.c["items"].type),
            entry.c.total_vnd: bindparam("new_total"),
            entry.c.buyer: bindparam("new_buyer"),
            entry.c.date: bindparam("new_date"),
            entry.c.platform: bindparam("new_platform"),
            entry.c.evidence: bindparam("new_evidence"),
            entry.c.changed_at: bindparam("when"),
            entry.c.answer: bindparam("new_answer"),
        }
    )
)
STRUCK = (
    update(entry).where(*_THIS).values(struck_at=bindparam("when"), changed_at=bindparam("when"))
)
PROVEN = update(entry).where(*_THIS).values(evidence=bindparam("now_is"), order=bindparam("number"))
RETURNED = (
    update(entry)
    .where(*_THIS)
    .values(
        struck_at=func.coalesce(entry.c.struck_at, bindparam("when", type_=entry.c.struck_at.type)),
        returned_at=bindparam("when"),
        changed_at=bindparam("when"),
    )
)
RESTORED = update(entry).where(*_THIS).values(struck_at=None, changed_at=bindparam("when"))
MONTH = add_up(month_total, ("total_vnd", "sales"))

_sold = insert(product).inline()
SOLD = _sold.on_conflict_do_update(
    index_elements=[product.c.household, product.c.key],
    set_={
        "last_vnd": case(
            (_sold.excluded.last_vnd.is_(None), product.c.last_vnd), else_=_sold.excluded.last_vnd
        ),
        "last_unit": case(
            (_sold.excluded.last_vnd.is_(None), product.c.last_unit), else_=_sold.excluded.last_unit
        ),
        "used_at": _sold.excluded.used_at,
    },
)
PRICED = (
    update(product)
    .where(product.c.household == bindparam("whose"), product.c.key == bindparam("which"))
    .values(last_vnd=bindparam("price"), last_unit=bindparam("per"))
)
STANDING = (
    select(entry.c["items"])
    .where(entry.c.household == bindparam("whose"), entry.c.struck_at.is_(None))
    .order_by(entry.c.logged_at.desc())
    .limit(literal_column(str(LOOKED_AT)))
)


def add(
    conn: Connection,
    event: SaleLogged | OrderCompleted,
    items: Sequence[SaleItem],
    buyer: str | None,
    origin: Origin,
) -> None:
    """A new line of the ledger."""
    line = {
        "household": event.household,
        "code": event.code,
        "draft": origin.draft,
        "message": origin.message,
        "items": items,
        "total_vnd": event.total_vnd,
        "date": event.date,
        "platform": event.platform,
        "evidence": event.evidence,
        "logged_at": event.at,
        "province": event.province,
        "commune": event.commune,
        "worker": event.worker,
        "order": getattr(event, "order", None),
        "buyer": buyer,
    }
    conn.execute(NEW_ENTRY, line)
    _count(conn, event.household, event.date, event.total_vnd, 1)
    _sell(conn, event.household, ITEMS.validate_python(items), event.at)


def correct(conn: Connection, event: SaleCorrected, _: Origin) -> None:
    """The line as it is now; its month or months change by the difference."""
    row = _line(conn, event.household, event.code)
    values = {
        "whose": event.household,
        "which": event.code,
        "new_items": event.items,
        "new_total": event.total_vnd,
        "new_buyer": event.buyer,
        "new_date": event.date,
        "new_platform": event.platform,
        "new_evidence": event.evidence,
        "new_answer": None if event.worker else "right",  # who corrected it says so
        "when": event.at,
    }
    conn.execute(CORRECTED, values)
    if row is None or row.struck_at is None:
        _count(conn, event.household, event.before.date, -event.before.total_vnd, -1)
        _count(conn, event.household, event.date, event.total_vnd, 1)
    _sell(conn, event.household, event.items, event.at)
    _price_again(conn, event.household, [*_items(row), *event.items])


def strike(conn: Connection, event: SaleWithdrawn, _: Origin) -> None:
    """The line stays legible and counts no more."""
    row = _line(conn, event.household, event.code)
    conn.execute(STRUCK, {"whose": event.household, "which": event.code, "when": event.at})
    _count(conn, event.household, event.date, event.total_vnd, -1)
    _price_again(conn, event.household, _items(row))


def restore(conn: Connection, event: SaleRestored, _: Origin) -> None:
    """The line counts again."""
    row = _line(conn, event.household, event.code)
    conn.execute(RESTORED, {"whose": event.household, "which": event.code, "when": event.at})
    _count(conn, event.household, event.date, event.total_vnd, 1)
    _price_again(conn, event.household, _items(row))


def prove(conn: Connection, whose: UUID | None, code: str, evidence: str, order: str) -> None:
    """The line is that order's, and more stands behind it than before."""
    values = {"whose": whose, "which": code, "now_is": evidence, "number": order}
    conn.execute(PROVEN, values)


def take_back(conn: Connection, event: OrderReturned) -> None:
    """The line of an order whose goods came back: struck, once, and not to be restored."""
    assert event.code is not None
    row = _line(conn, event.household, event.code)
    conn.execute(RETURNED, {"whose": event.household, "which": event.code, "when": event.at})
    if event.before is not None:
        _count(conn, event.household, event.before.date, -event.before.total_vnd, -1)
    _price_again(conn, event.household, _items(row))


def _line(conn: Connection, whose: UUID | None, code: str) -> Row[Any] | None:
    return conn.execute(THIS_ENTRY, {"whose": whose, "which": code}).one_or_none()


def _items(row: Row[Any] | None) -> tuple[SaleItem, ...]:
    return () if row is None else ITEMS.validate_python(row.items)


def _count(conn: Connection, whose: UUID | None, day: dt.date, total: int, sales: int) -> None:
    month = {"household": whose, "month": f"{day:%Y-%m}", "total_vnd": total, "sales": sales}
    conn.execute(MONTH, month)


def _sell(conn: Connection, whose: UUID | None, items: Iterable[SaleItem], at: dt.datetime) -> None:
    """Every product that was sold is known from now on, with the price it went for."""
    sold = {
        fold(item.product): {
            "household": whose,
            "key": fold(item.product),
            "name": item.product,
            "last_vnd": item.unit_price_vnd,
            "last_unit": _per(item),
            "used_at": at,
        }
        for item in items
    }
    if sold:
        conn.execute(SOLD, list(sold.values()))


def _per(item: SaleItem) -> str | None:
    return item.price_unit or item.unit


def _price_again(conn: Connection, whose: UUID | None, items: Iterable[SaleItem]) -> None:
    """A struck or corrected price is no product's last price: the newest standing one is."""
    wanted = {fold(item.product) for item in items}
    prices: dict[str, SaleItem] = {}
    for (standing,) in conn.execute(STANDING, {"whose": whose}):
        for item in ITEMS.validate_python(standing):
            if item.unit_price_vnd is not None:
                prices.setdefault(fold(item.product), item)
    for key in sorted(wanted):
        last = prices.get(key)
        price = last.unit_price_vnd if last else None
        values = {"whose": whose, "which": key, "price": price, "per": _per(last) if last else None}
        conn.execute(PRICED, values)
