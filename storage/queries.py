"""What a handler asks for in the middle of a turn, answered in the same transaction."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, bindparam, or_, select
from sqlalchemy.dialects.postgresql import insert

from bot.dialogue.address_queries import (
    AddressNewsTold,
    HouseholdToVisit,
    OwnDigitalAddress,
    WaitingAddresses,
)
from bot.dialogue.helped_queries import HelpedBook, NextHelpedEntry
from bot.dialogue.link_queries import LinkBehind, NewLinkCode, OwnChannels
from bot.dialogue.queries import (
    CopyToken,
    EntryByCode,
    HasWorker,
    Invitation,
    InvitationBehind,
    LedgerSums,
    LedgerTotals,
    NewInvitation,
    NextHouseholdCode,
    NextOrderNumber,
    OpenReceipt,
    OrderByNumber,
    OrdersInDoubt,
    OrdersNumbered,
    OwnBankAccount,
    OwnStanding,
    ProductSum,
    Query,
    QueryAnswer,
    ReceiptLink,
    RemindersLeft,
    ShopOrders,
    ShopOwner,
    SignInLink,
)
from domain.events import SaleItem
from domain.facts import Standing
from domain.fold import fold
from domain.household import Entry, Order
from storage import (
    accounts,
    address_checks,
    address_news,
    assisted,
    copies,
    digital_addresses,
    links,
    order_queries,
    receipts,
    roles,
    sign_ins,
)
from storage.areas import has_worker
from storage.broadcast_answers import BROADCAST_ANSWERS
from storage.check_answers import CHECK_ANSWERS
from storage.course_answers import COURSE_ANSWERS
from storage.goods import standing
from storage.help_answers import HELP_ANSWERS
from storage.picture import ENTRIES_WITH_BUYERS, ITEMS, ORDERS_WITH_BUYERS, entry_of, order_of
from storage.potential_answers import POTENTIAL_ANSWERS
from storage.report_answers import REPORT_ANSWERS
from storage.schema import entry, household_code, orders, shop


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, and when."""

    person: UUID
    household: UUID | None
    at: dt.datetime
    address: tuple[str, str] = ("", "")  # channel, address


def answer(tx: Connection, query: Query, asker: Asker) -> QueryAnswer:
    """The answer to one query of a household; what a household does not have is None or empty."""
    return ANSWERS[type(query)](tx, query, asker)


_MINE = entry.c.household == bindparam("whose")
ONE_ENTRY = (
    ENTRIES_WITH_BUYERS.where(
        _MINE,
        or_(
            entry.c.code == bindparam("code_is"),
            entry.c.draft == bindparam("draft_is"),
            entry.c.message == bindparam("message_is"),
        ),
    )
    .order_by(entry.c.logged_at.desc())
    .limit(1)
)
ONE_ORDER = (
    ORDERS_WITH_BUYERS.where(
        orders.c.household == bindparam("whose"), orders.c.number == bindparam("number_is")
    )
    .order_by(orders.c.placed_at.desc())
    .limit(2)
)
OF_SHOP = ORDERS_WITH_BUYERS.where(
    orders.c.platform == bindparam("where"),
    orders.c.shop == bindparam("name"),
    orders.c.household.is_(None),
).order_by(orders.c.placed_at)
_next = insert(household_code)
NEXT_CODE = _next.on_conflict_do_update(
    index_elements=[household_code.c.prefix], set_={"given": household_code.c.given + 1}
).returning(household_code.c.given)
STANDING = (
    select(entry.c.date, entry.c.total_vnd, entry.c["items"])
    .where(
        _MINE,
        entry.c.date.between(bindparam("start"), bindparam("end")),
        entry.c.struck_at.is_(None),
    )
    .order_by(entry.c.date)
)


def _entry(tx: Connection, query: EntryByCode, asker: Asker) -> Entry | None:
    values = {
        "whose": asker.household,
        "code_is": query.code,
        "draft_is": query.draft or None,
        "message_is": query.message,
    }
    found = tx.execute(ONE_ENTRY, values).one_or_none()
    return None if found is None else entry_of(found)


def _order(tx: Connection, query: OrderByNumber, asker: Asker) -> Order | None:
    """Without a platform the newest order of that number."""
    values = {"whose": asker.household, "number_is": query.number}
    found = [order_of(row) for row in tx.execute(ONE_ORDER, values)]
    return next((o for o in found if query.platform in (None, o.platform)), None)


def _shop_orders(tx: Connection, query: ShopOrders, _: Asker) -> tuple[Order, ...]:
    values = {"where": query.platform, "name": query.shop}
    return tuple(order_of(row) for row in tx.execute(OF_SHOP, values))


SHOP_OWNER = select(shop.c.household).where(
    shop.c.platform == bindparam("where"), shop.c.shop == bindparam("name")
)


def _shop_owner(tx: Connection, query: ShopOwner, _: Asker) -> UUID | None:
    values = {"where": query.platform, "name": query.shop}
    return tx.execute(SHOP_OWNER, values).scalar_one_or_none()


def _standing(tx: Connection, _: OwnStanding, asker: Asker) -> tuple[Standing, ...]:
    return standing(tx, asker.household)


def _next_code(tx: Connection, query: NextHouseholdCode, _: Asker) -> str:
    number = tx.execute(NEXT_CODE, {"prefix": query.prefix, "given": 1}).scalar_one()
    return f"{query.prefix}-{number:04d}"


def _copy(tx: Connection, _: CopyToken, asker: Asker) -> str:
    return f"/copies/{copies.open_copy(tx, asker.person, asker.household, asker.at)}"


def _invitation(tx: Connection, query: InvitationBehind, asker: Asker) -> Invitation | None:
    return roles.invitation_behind(tx, query.word, asker.at, locked=True)


def _invite(tx: Connection, query: NewInvitation, asker: Asker) -> str:
    return f"/invitations/{roles.invite(tx, query.role, asker.person, asker.at)}"


def _sign_in(tx: Connection, _: SignInLink, asker: Asker) -> str:
    return f"/worker/in/{sign_ins.new_link(tx, asker.person, asker.at)}"


def _has_worker(tx: Connection, query: HasWorker, _: Asker) -> bool:
    return has_worker(tx, query.province, query.commune)


def _receipt(tx: Connection, query: ReceiptLink, asker: Asker) -> OpenReceipt | None:
    return receipts.open_receipt(tx, asker.household, query.code, asker.at)


def _sums(tx: Connection, query: LedgerSums, asker: Asker) -> LedgerTotals:
    values = {"whose": asker.household, "start": query.start, "end": query.end}
    return _added_up(tx.execute(STANDING, values))


def _added_up(rows: Iterable[Any]) -> LedgerTotals:
    months, days = defaultdict[str, int](int), defaultdict[dt.date, int](int)
    goods = defaultdict[str, list[SaleItem]](list)
    sales = 0
    for day, total, items in rows:
        sales += 1
        months[f"{day:%Y-%m}"] += total
        days[day] += total
        for item in ITEMS.validate_python(items):
            goods[fold(item.product)].append(item)
    products = sorted((_product(items) for items in goods.values()), key=lambda p: -p.total_vnd)
    return LedgerTotals(
        total_vnd=sum(days.values()),
        sales=sales,
        products=tuple(products),
        by_month=tuple(months.items()),
        by_day=tuple(days.items()),
    )


def _product(items: list[SaleItem]) -> ProductSum:
    units = {item.unit for item in items}
    quantities = [item.quantity for item in items if item.quantity is not None]
    one_unit = len(units) == 1 and len(quantities) == len(items)
    return ProductSum(
        product=items[-1].product,
        sales=len(items),
        total_vnd=sum(item.total_vnd for item in items),
        quantity=sum(quantities, Decimal()) if one_unit else None,
        unit=items[-1].unit if one_unit else None,
    )


ANSWERS: Mapping[type[Any], Callable[[Connection, Any, Asker], QueryAnswer]] = MappingProxyType(
    {
        EntryByCode: _entry,
        OrderByNumber: _order,
        OrdersNumbered: order_queries.numbered,
        OrdersInDoubt: order_queries.in_doubt,
        RemindersLeft: order_queries.reminders_left,
        NextOrderNumber: order_queries.next_own,
        ShopOrders: _shop_orders,
        ShopOwner: _shop_owner,
        OwnStanding: _standing,
        NextHouseholdCode: _next_code,
        LedgerSums: _sums,
        CopyToken: _copy,
        OwnBankAccount: accounts.own,
        OwnDigitalAddress: digital_addresses.own,
        AddressNewsTold: address_news.behind,
        HouseholdToVisit: address_checks.to_visit,
        WaitingAddresses: address_checks.how_many_wait,
        ReceiptLink: _receipt,
        InvitationBehind: _invitation,
        NewInvitation: _invite,
        SignInLink: _sign_in,
        HasWorker: _has_worker,
        HelpedBook: assisted.book,
        NextHelpedEntry: assisted.next_entry,
        NewLinkCode: links.new_code,
        LinkBehind: links.behind,
        OwnChannels: links.own_channels,
        **BROADCAST_ANSWERS,
        **CHECK_ANSWERS,
        **COURSE_ANSWERS,
        **HELP_ANSWERS,
        **POTENTIAL_ANSWERS,
        **REPORT_ANSWERS,
    }
)
