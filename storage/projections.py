"""Current state, kept in the turn's transaction: one small function an event type, found by `PROJECTIONS`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, bindparam, delete, update

from domain import check_events
from domain import events as facts
from domain.assisted_events import HelpedEntryAnswered
from domain.publication_events import SummaryPublished
from domain.summary_events import SummariesChosen
from storage import (
    decisions,
    digital_addresses,
    goods,
    ledger,
    order_news,
    orders,
    publications,
    roles,
    summary_links,
)
from storage.address_projections import ADDRESS_PROJECTIONS
from storage.assisted import answered
from storage.broadcasts import OF_BROADCASTS
from storage.course_projections import OF_COURSES
from storage.goods import or_kept
from storage.help_news import HELP_PROJECTIONS
from storage.ledger import NOWHERE, Origin
from storage.report_projections import OF_REPORTS
from storage.schema import consent, household, person, review, shop, voice_kept
from storage.standings import see_again
from storage.support_projections import OF_SUPPORT
from storage.upsert import insert_new, upsert

Project = Callable[[Connection, Any, Origin], None]


def project(conn: Connection, events: Iterable[facts.Event], origin: Origin = NOWHERE) -> None:
    """Bring the current state up to these events."""
    for event in events:
        keep = PROJECTIONS.get(type(event))
        if keep is not None:
            keep(conn, event, origin)


# People

NEW_PERSON = insert_new(person)
GIVEN = upsert(consent, ("version", "given_at", "withdrawn_at", "paper"))
WITHDRAWN = (
    update(consent)
    .where(consent.c.person == bindparam("who"), consent.c.purpose == bindparam("what"))
    .where(consent.c.withdrawn_at.is_(None))
    .values(withdrawn_at=bindparam("when"))
)
UNREVIEWED = delete(review).where(review.c.person == bindparam("who"))
UNKEPT = delete(voice_kept).where(voice_kept.c.person == bindparam("who"))
ADDRESSED = (
    update(person)
    .where(person.c.id == bindparam("who"))
    .values(
        you=or_kept(person.c.you),
        me=or_kept(person.c.me),
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
        "paper": event.paper,
    }
    conn.execute(GIVEN, given)
    if event.purpose == "worker":
        see_again(conn, event.person)


def _consent_withdrawn(conn: Connection, event: facts.ConsentWithdrawn, _: Origin) -> None:
    values = {"who": event.person, "what": event.purpose, "when": event.at}
    conn.execute(WITHDRAWN, values)
    if event.purpose == "worker":
        see_again(conn, event.person)
    if event.purpose == "improve":
        conn.execute(UNREVIEWED, {"who": event.person})
    if event.purpose == "voice":
        conn.execute(UNKEPT, {"who": event.person})
    if event.purpose == "address":
        digital_addresses.forgotten(conn, event.household)


def _address_chosen(conn: Connection, event: facts.AddressChosen, _: Origin) -> None:
    conn.execute(ADDRESSED, {"who": event.person, "new_you": event.you, "new_me": event.me})


def _joined(
    conn: Connection, event: facts.MemberJoined | facts.HouseholdRegistered, _: Origin
) -> None:
    if event.person is not None:
        conn.execute(JOINED, {"id": event.person, "household": event.household})
        see_again(conn, event.person)


# Households

NEW_HOUSEHOLD = insert_new(household)
MOVED = (
    update(household)
    .where(household.c.id == bindparam("which"))
    .values(province=bindparam("new_province"), commune=bindparam("new_commune"))
)
LINKED = upsert(shop, ("household", "linked_at"))


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
    digital_addresses.ended(conn, event.household, event.at)


def _shop_linked(conn: Connection, event: facts.ShopLinked, _: Origin) -> None:
    linked = {
        "platform": event.platform,
        "shop": event.shop,
        "household": event.household,
        "linked_at": event.at,
    }
    conn.execute(LINKED, linked)


def _both(first: Project, second: Project) -> Project:
    def keep(conn: Connection, event: Any, origin: Origin) -> None:
        first(conn, event, origin)
        second(conn, event, origin)

    return keep


PROJECTIONS: Mapping[type[facts.Fact], Project] = MappingProxyType(
    {
        facts.ConsentGiven: _consent_given,
        facts.ConsentWithdrawn: _consent_withdrawn,
        facts.AddressChosen: _address_chosen,
        facts.RoleGiven: lambda conn, e, _: roles.given(conn, e),
        facts.RoleWithdrawn: lambda conn, e, _: roles.withdrawn(conn, e),
        **OF_BROADCASTS,
        facts.HouseholdRegistered: _registered,
        facts.MemberJoined: _joined,
        facts.HouseholdMoved: _both(_moved, decisions.moved),
        facts.ShopLinked: _shop_linked,
        facts.ProductListed: goods.listed,
        facts.ProductChanged: _both(goods.changed, decisions.product_changed),
        facts.ProductPhotoAdded: goods.pictured,
        facts.ProductWithdrawn: goods.withdrawn,
        facts.OrderPlaced: orders.placed,
        facts.OrderConfirmed: orders.confirmed,
        facts.OrderPacked: orders.packed,
        facts.OrderShipped: orders.shipped,
        facts.OrderCancelled: orders.cancelled,
        facts.OrderExpired: orders.expired,
        facts.OrderCompleted: orders.completed,
        facts.OrderMatched: orders.matched,
        facts.OrderPutOff: order_news.put_off,
        facts.NightNewsChosen: order_news.night_news,
        facts.OrderPaid: orders.paid,
        facts.OrderReturned: _both(orders.returned, decisions.sale_returned),
        facts.SaleLogged: lambda conn, e, o: ledger.add(conn, e, e.items, e.buyer, o),
        facts.SaleCorrected: _both(ledger.correct, decisions.sale_corrected),
        facts.SaleWithdrawn: _both(ledger.strike, decisions.sale_struck),
        facts.SaleRestored: _both(ledger.restore, decisions.sale_restored),
        check_events.SaleConfirmed: decisions.sale,
        check_events.SaleDisputed: decisions.sale,
        check_events.CertificateGiven: decisions.certificate_given,
        check_events.CertificateConfirmed: decisions.certified,
        check_events.CertificateDisputed: decisions.certified,
        check_events.PlaceConfirmed: decisions.place,
        check_events.PlaceDisputed: decisions.place,
        check_events.DisputeKept: decisions.kept,
        SummariesChosen: lambda conn, e, _: summary_links.chosen(conn, e),
        HelpedEntryAnswered: lambda conn, e, _: answered(conn, e),
        SummaryPublished: publications.published,
        **HELP_PROJECTIONS,
        **OF_COURSES,
        **OF_REPORTS,
        **ADDRESS_PROJECTIONS,
        **OF_SUPPORT,
    }
)
