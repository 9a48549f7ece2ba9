"""What buyers do on a shop page: order, and change their mind before the household has answered."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal
from uuid import UUID, uuid5

from sqlalchemy import Connection, bindparam, select

from domain.events import OrderCancelled, OrderPlaced
from domain.household import Order
from domain.orders import Refusal, after
from domain.shop import Shop, Wish, items_of, wish_faults
from storage import buyers
from storage.orders import next_number
from storage.picture import LOCKED_HOUSEHOLD
from storage.schema import household
from storage.shop import shop_of
from storage.store import append

CHANNEL = "shop"
MOST_WAITING = 3  # unanswered orders of one phone with one household

LOCKED = select(household).where(household.c.code == bindparam("which")).with_for_update()

Refused = Literal["closed", "goods", "waiting"]


@dataclass(frozen=True, slots=True)
class Buyer:
    """Who orders: `phone` as `+84…`, `place` where it goes, if they said."""

    name: str
    phone: str
    place: str | None = None


@dataclass(frozen=True, slots=True)
class Form:
    """What was sent: the same `id` again is the same order; `word` opens its page."""

    id: UUID
    word: str
    wishes: tuple[Wish, ...]
    buyer: Buyer


def place_order(
    tx: Connection, code: str, form: Form, now: dt.datetime, hours: int
) -> Refused | None:
    """Place it once, to be answered within `hours`; why not, when it can't be.

    The household's row is locked first: the same form twice at once is one order, stock and price hold.
    """
    row = tx.execute(LOCKED, {"which": code}).one_or_none()
    if buyers.is_linked(tx, form.word):
        return None
    shop = shop_of(tx, code)
    if row is None or shop is None:
        return "closed"
    if wish_faults(form.wishes, shop):
        return "goods"
    if buyers.waiting(tx, shop.household, form.buyer.phone) >= MOST_WAITING:
        return "waiting"
    order = _order(tx, shop, form, now, hours)
    append(tx, [_placed(shop, form, order, sample=row.sample)])
    buyers.name(tx, order)
    buyers.link(tx, form.word, form.id, order, now)
    return None


def _order(tx: Connection, shop: Shop, form: Form, now: dt.datetime, hours: int) -> Order:
    items = items_of(form.wishes, shop)
    return Order(
        number=next_number(tx, shop.household),
        platform="offline",
        items=items,
        total_vnd=sum(item.total_vnd for item in items),
        state="placed",
        placed_at=now,
        changed_at=now,
        deadline=now + dt.timedelta(hours=hours),
        household=shop.household,
        source="shop_page",
        buyer_name=form.buyer.name,
        buyer_phone=form.buyer.phone,
        destination=form.buyer.place,
    )


def _placed(shop: Shop, form: Form, order: Order, *, sample: bool) -> OrderPlaced:
    return OrderPlaced(
        id=uuid5(form.id, "placed"),
        at=order.placed_at,
        household=shop.household,
        channel=CHANNEL,
        province=shop.province,
        commune=shop.commune,
        sample=sample,
        order=order.number,
        platform=order.platform,
        items=order.items,
        total_vnd=order.total_vnd,
        deadline=order.deadline,
        source=order.source,
    )


def cancel_order(tx: Connection, word: str, now: dt.datetime) -> bool:
    """Cancel it for its buyer; False when it is no longer theirs to cancel. Once more changes nothing."""
    found = _locked(tx, word)
    if found is None:
        return False
    order = found.order
    if isinstance(after(order.state, "cancel", "buyer"), Refusal):
        return order.state == "cancelled"
    append(tx, [_cancelled(tx, found, now)])
    return True


def _cancelled(tx: Connection, found: buyers.Bought, now: dt.datetime) -> OrderCancelled:
    row = tx.execute(select(household).where(household.c.id == found.household)).one()
    return OrderCancelled(
        id=uuid5(found.household, f"{found.order.number}/cancelled by buyer"),
        at=now,
        household=found.household,
        channel=CHANNEL,
        province=row.province,
        commune=row.commune,
        sample=row.sample,
        order=found.order.number,
        platform=found.order.platform,
        by="buyer",
        gives=found.order.held,
    )


def forget_buyer(tx: Connection, word: str, now: dt.datetime) -> None:
    """Name, phone and place go at once; an order that nobody has answered is cancelled with them."""
    cancel_order(tx, word, now)
    found = buyers.bought(tx, word)
    if found is not None:
        buyers.forget(tx, found.order, now)


def _locked(tx: Connection, word: str) -> buyers.Bought | None:
    """The order behind the word, read after its household was locked: somebody may just be answering it."""
    found = buyers.bought(tx, word)
    if found is None:
        return None
    tx.execute(LOCKED_HOUSEHOLD, {"household": found.household})
    return buyers.bought(tx, word)
