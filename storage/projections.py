"""Current state, kept in the turn's transaction: one small function an event type, found by `PROJECTIONS`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, bindparam, func, select, update

from domain import events as facts
from domain.fold import fold
from storage import ledger
from storage.schema import consent, household, listing, orders, person, product, report, shop
from storage.upsert import insert_new, upsert

Project = Callable[[Connection, Any, "Origin"], None]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a ledger entry comes from: the message that said it and the card it was saved from."""

    message: str = ""
    draft: str = ""


NOWHERE = Origin()


def project(conn: Connection, events: Iterable[facts.Event], origin: Origin = NOWHERE) -> None:
    """Bring the current state up to these events."""
    for event in events:
        keep = PROJECTIONS.get(type(event))
        if keep is not None:
            keep(conn, event, origin)


def _or_kept(column: Column[Any]) -> ColumnElement[Any]:
    """The new value, or what stands there when there is none."""
    return func.coalesce(bindparam(f"new_{column.name}", type_=column.type), column)


# People

NEW_PERSON = insert_new(person)
GIVEN = upsert(consent, ("version", "given_at", "withdrawn_at"))
WITHDRAWN = (
    update(consent)
    .where(consent.c.person == bindparam("who"), consent.c.purpose == bindparam("what"))
    .where(consent.c.withdrawn_at.is_(None))
    .values(withdrawn_at=bindparam("when"))
)
ADDRESSED = (
    update(person)
    .where(person.c.id == bindparam("who"))
    .values(
        you=_or_kept(person.c.you),
        me=_or_kept(person.c.me),
    )
)
JOINED = upsert(person, ("household",))


def _consent_given(conn: Connection, event: facts.ConsentGiven, _: Origin) -> None:
    if event.person is None:
        return
    conn.execute(NEW_PERSON, {"id": event.person})
    given = {
        "person": event.person,
        "purpose": event.purpose,
        "scope": event.scope or "",
        "version": event.version,
        "given_at": event.at,
        "withdrawn_at": None,
    }
    conn.execute(GIVEN, given)


def _consent_withdrawn(conn: Connection, event: facts.ConsentWithdrawn, _: Origin) -> None:
    values = {"who": event.person, "what": event.purpose, "when": event.at}
    conn.execute(WITHDRAWN, values)


def _address_chosen(conn: Connection, event: facts.AddressChosen, _: Origin) -> None:
    conn.execute(ADDRESSED, {"who": event.person, "new_you": event.you, "new_me": event.me})


def _joined(
    conn: Connection, event: facts.MemberJoined | facts.HouseholdRegistered, _: Origin
) -> None:
    if event.person is not None:
        conn.execute(JOINED, {"id": event.person, "household": event.household})


# Households

NEW_HOUSEHOLD = insert_new(household)
MOVED = (
    update(household)
    .where(household.c.id == bindparam("which"))
    .values(province=bindparam("new_province"), commune=bindparam("new_commune"))
)
LINKED = upsert(shop, ("household", "linked_at"))
CLAIMED_ORDERS = (
    update(orders)
    .where(orders.c.platform == bindparam("where"), orders.c.shop == bindparam("name"))
    .where(orders.c.household.is_(None))
    .values(household=bindparam("whose"))
)


def _registered(conn: Connection, event: facts.HouseholdRegistered, origin: Origin) -> None:
    home = {
        "id": event.household,
        "code": event.code,
        "province": event.province,
        "commune": event.commune,
        "registered_at": event.at,
        "sample": event.sample,
    }
    conn.execute(NEW_HOUSEHOLD, home)
    _joined(conn, event, origin)


def _moved(conn: Connection, event: facts.HouseholdMoved, _: Origin) -> None:
    values = {
        "which": event.household,
        "new_province": event.province,
        "new_commune": event.commune,
    }
    conn.execute(MOVED, values)


def _shop_linked(conn: Connection, event: facts.ShopLinked, _: Origin) -> None:
    linked = {
        "platform": event.platform,
        "shop": event.shop,
        "household": event.household,
        "linked_at": event.at,
    }
    conn.execute(LINKED, linked)
    values = {"where": event.platform, "name": event.shop, "whose": event.household}
    conn.execute(CLAIMED_ORDERS, values)


# Goods

LISTED = upsert(
    product, ("name", "code", "unit", "unit_price_vnd", "stock", "stars", "group", "used_at")
)
ON_PLATFORM = upsert(listing, ("listed_at", "withdrawn_at"))
OFF_PLATFORM = (
    update(listing)
    .where(listing.c.household == bindparam("whose"), listing.c.code == bindparam("which"))
    .where(listing.c.platform == bindparam("where"))
    .values(withdrawn_at=bindparam("when"))
)
CHANGED = (
    update(product)
    .where(product.c.household == bindparam("whose"), product.c.code == bindparam("which"))
    .values(
        unit_price_vnd=_or_kept(product.c.unit_price_vnd),
        unit=_or_kept(product.c.unit),
        stock=_or_kept(product.c.stock),
        stars=bindparam("new_stars"),
        group=_or_kept(product.c.group),
    )
)
PICTURED = (
    update(product)
    .where(product.c.household == bindparam("whose"), product.c.code == bindparam("which"))
    .values(photo=bindparam("new_photo"))
)


def _listed(conn: Connection, event: facts.ProductListed, _: Origin) -> None:
    goods = {
        "household": event.household,
        "key": fold(event.product),
        "name": event.product,
        "code": event.code,
        "unit": event.unit,
        "unit_price_vnd": event.unit_price_vnd,
        "stock": event.stock,
        "stars": event.ocop_stars,
        "group": event.group,
        "used_at": event.at,
    }
    conn.execute(LISTED, goods)
    place = {
        "household": event.household,
        "code": event.code,
        "platform": event.platform,
        "listed_at": event.at,
        "withdrawn_at": None,
    }
    conn.execute(ON_PLATFORM, place)


def _changed(conn: Connection, event: facts.ProductChanged, _: Origin) -> None:
    values = {
        "whose": event.household,
        "which": event.code,
        "new_unit_price_vnd": event.unit_price_vnd,
        "new_unit": event.unit,
        "new_stock": event.stock,
        "new_stars": event.ocop_stars,
        "new_group": event.group,
    }
    conn.execute(CHANGED, values)


def _pictured(conn: Connection, event: facts.ProductPhotoAdded, _: Origin) -> None:
    values = {"whose": event.household, "which": event.code, "new_photo": event.photo}
    conn.execute(PICTURED, values)


def _withdrawn(conn: Connection, event: facts.ProductWithdrawn, _: Origin) -> None:
    values = {
        "whose": event.household,
        "which": event.code,
        "where": event.platform,
        "when": event.at,
    }
    conn.execute(OFF_PLATFORM, values)


# Orders

PLACED = insert_new(orders)
_THIS_ORDER = update(orders).where(
    orders.c.platform == bindparam("where"), orders.c.number == bindparam("which")
)
STEPPED = _THIS_ORDER.values(state=bindparam("new_state"), changed_at=bindparam("when"))
CONFIRMED = STEPPED.values(code=bindparam("receipt"))
CANCELLED = STEPPED.values(cancelled_by=bindparam("who"))
ORDER = select(orders).where(
    orders.c.platform == bindparam("where"), orders.c.number == bindparam("which")
)


def _placed(conn: Connection, event: facts.OrderPlaced, _: Origin) -> None:
    order = {
        "platform": event.platform,
        "number": event.order,
        "household": event.household,
        "state": "placed",
        "items": event.items,
        "total_vnd": event.total_vnd,
        "placed_at": event.at,
        "changed_at": event.at,
        "deadline": event.deadline,
        "buyer": event.buyer,
    }
    conn.execute(PLACED, order)


def _step(event: Any, state: str) -> dict[str, Any]:
    return {"where": event.platform, "which": event.order, "new_state": state, "when": event.at}


def _confirmed(conn: Connection, event: facts.OrderConfirmed, _: Origin) -> None:
    conn.execute(CONFIRMED, _step(event, "confirmed") | {"receipt": event.code})


def _shipped(conn: Connection, event: facts.OrderShipped, _: Origin) -> None:
    conn.execute(STEPPED, _step(event, "shipped"))


def _cancelled(conn: Connection, event: facts.OrderCancelled, _: Origin) -> None:
    conn.execute(CANCELLED, _step(event, "cancelled") | {"who": event.by})


def _completed(conn: Connection, event: facts.OrderCompleted, origin: Origin) -> None:
    """Its line of the ledger has the order's items and buyer."""
    conn.execute(CONFIRMED, _step(event, "completed") | {"receipt": event.code})
    row = conn.execute(ORDER, {"where": event.platform, "which": event.order}).one_or_none()
    items = row.items if row else ()
    ledger.add(conn, event, items, row.buyer if row else None, origin)


# Reports

REPORTED = upsert(report, ("value", "event", "received_at"))


def _reported(conn: Connection, event: facts.ReportReceived, _: Origin) -> None:
    figure = {
        "indicator": event.indicator,
        "province": event.province or "",
        "platform": event.platform or "",
        "period_from": event.period_from,
        "period_to": event.period_to,
        "value": event.value,
        "event": event.id,
        "received_at": event.at,
    }
    conn.execute(REPORTED, figure)


PROJECTIONS: Mapping[type[facts.Fact], Project] = MappingProxyType(
    {
        facts.ConsentGiven: _consent_given,
        facts.ConsentWithdrawn: _consent_withdrawn,
        facts.AddressChosen: _address_chosen,
        facts.HouseholdRegistered: _registered,
        facts.MemberJoined: _joined,
        facts.HouseholdMoved: _moved,
        facts.ShopLinked: _shop_linked,
        facts.ProductListed: _listed,
        facts.ProductChanged: _changed,
        facts.ProductPhotoAdded: _pictured,
        facts.ProductWithdrawn: _withdrawn,
        facts.OrderPlaced: _placed,
        facts.OrderConfirmed: _confirmed,
        facts.OrderShipped: _shipped,
        facts.OrderCancelled: _cancelled,
        facts.OrderCompleted: _completed,
        facts.SaleLogged: lambda conn, e, o: ledger.add(conn, e, e.items, e.buyer, o),
        facts.SaleCorrected: ledger.correct,
        facts.SaleWithdrawn: ledger.strike,
        facts.SaleRestored: ledger.restore,
        facts.ReportReceived: _reported,
    }
)
