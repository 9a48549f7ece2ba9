"""A household's picture carried over a sale, the change that happens most: what a new look would give."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from bot.dialogue.message import BuyerNamed
from bot.dialogue.turn import Turn
from domain.events import SaleItem, SaleLogged
from domain.fold import fold
from domain.household import (
    BUYERS,
    PRODUCTS,
    RECENT_ENTRIES,
    Entry,
    Household,
    MonthTotal,
    Product,
)
from storage.ledger import Origin


def carried(home: Household, turn: Turn, origin: Origin) -> Household | None:
    """The household after the turn when all it did is log one product's sale, newer than the others.

    None: something else happened, it has to be looked at again.
    """
    named = [item for item in turn.personal if isinstance(item, BuyerNamed)]
    if len(turn.events) != 1 or len(named) != len(turn.personal):
        return None
    event = turn.events[0]
    if not isinstance(event, SaleLogged) or len(event.items) != 1 or not _newest(home, event):
        return None
    months = _months(home.months, event)
    if months is None:
        return None
    buyers = (*((b.ref, b.name) for b in reversed(named)), *home.buyers)[:BUYERS]
    return replace(
        home,
        entries=(_entry(event, origin, dict(buyers)), *home.entries)[:RECENT_ENTRIES],
        products=_products(home.products, event.items[0]),
        months=months,
        buyers=buyers,
        buyer_count=home.buyer_count + len(named),
        codes=home.codes + turn.codes,
    )


def _newest(home: Household, event: SaleLogged) -> bool:
    return not home.entries or home.entries[0].logged_at < event.at


def _entry(event: SaleLogged, origin: Origin, buyers: dict[str, str]) -> Entry:
    return Entry(
        code=event.code,
        draft=origin.draft,
        message=origin.message,
        items=event.items,
        total_vnd=event.total_vnd,
        date=event.date,
        platform=event.platform,
        evidence=event.evidence,
        logged_at=event.at.astimezone(dt.UTC),
        province=event.province,
        commune=event.commune,
        buyer=event.buyer,
        buyer_name=buyers.get(event.buyer or ""),
        worker=event.worker,
    )


def _products(products: tuple[Product, ...], item: SaleItem) -> tuple[Product, ...]:
    """The product sold stands first, with what it went for."""
    key = fold(item.product)
    sold = next((p for p in products if fold(p.name) == key), Product(name=item.product))
    if item.unit_price_vnd is not None or sold not in products:
        per = item.price_unit or item.unit
        priced = replace(sold, last_vnd=item.unit_price_vnd, last_unit=per)
    else:
        priced = sold
    return (priced, *(p for p in products if p is not sold))[:PRODUCTS]


def _months(months: tuple[MonthTotal, ...], event: SaleLogged) -> tuple[MonthTotal, ...] | None:
    """The month of the sale with it; None when that month is not among the loaded ones."""
    name = f"{event.date:%Y-%m}"
    return (
        tuple(
            MonthTotal(name, m.total_vnd + event.total_vnd, m.sales + 1) if m.month == name else m
            for m in months
        )
        if any(m.month == name for m in months)
        else None
    )
