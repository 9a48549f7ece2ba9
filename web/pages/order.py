"""The page of one order, for whoever has its link: where it stands, and the way out of it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import partial
from typing import Any

from fastapi import APIRouter, HTTPException
from starlette.responses import RedirectResponse, Response

from bot.dialogue.reply import Amount, Clock
from bot.drafts.order_card import number_of
from bot.locales.format import amount, clock, words
from bot.locales.spoken import spoken
from bot.qr_pictures import qr_png
from bot.services import Services
from bot.shop_orders import cancel_order, forget_buyer
from domain.facts import SaleItem
from domain.geography import speaks_southern
from domain.household import ZONE, Order
from domain.orders import OPEN
from domain.phones import phone_shown
from storage.buyers import KEPT, Bought, bought
from storage.figures import is_sample
from storage.shop import shop_of
from web.chat import Ours, now
from web.pay import payment_of
from web.shop_words import phone_of, seller_of
from web.words import FRESH, page, t

WAY = ("placed", "confirmed", "shipped", "completed")  # as a buyer sees it
PACKED = {"packed": "confirmed"}  # is no step of the buyer's
LONGEST_WORD = 60

router = APIRouter(include_in_schema=False)


@router.get("/order/{word}")
async def show(ours: Ours, word: str) -> Response:
    """Where the order stands; 404 for anything else, and 180 days after its end."""
    found = await _found(ours, word)
    shop = await ours.db.read(partial(shop_of, code=found.shop))
    payment = await ours.db.read(partial(payment_of, found=found))
    seller = seller_of(shop)
    return page(
        "order.html",
        sample=await ours.db.read(is_sample),
        here=f"/order/{word}",
        seller=seller,
        payment=payment,
        shop=f"/shop/{shop.code}" if shop else None,
        days=KEPT.days,
        **(phone_of(shop) | _stands(found, seller) | _bill(found) | _buyer(found.order, seller)),
    )


@router.get("/order/{word}/qr.png")
async def code(ours: Ours, word: str) -> Response:
    """The transfer that pays it, as a code for banks' programs."""
    found = await _found(ours, word)
    payment = await ours.db.read(partial(payment_of, found=found))
    if payment is None:
        raise HTTPException(404)
    return Response(qr_png(payment.code), media_type="image/png", headers=FRESH)


@router.post("/order/{word}/cancel")
async def cancel(ours: Ours, word: str) -> Response:
    """Cancel it, while nobody has answered it; the page then says what it came to."""
    await ours.db.write(partial(cancel_order, word=word, now=now()))
    return RedirectResponse(f"/order/{word}", 303)


@router.post("/order/{word}/forget")
async def forget(ours: Ours, word: str) -> Response:
    """Delete the buyer's name, phone and place at once."""
    await ours.db.write(partial(forget_buyer, word=word, now=now()))
    return RedirectResponse(f"/order/{word}", 303)


async def _found(ours: Services, word: str) -> Bought:
    found = await ours.db.read(partial(bought, word=word)) if len(word) <= LONGEST_WORD else None
    if found is None:
        raise HTTPException(404)
    return found


def _stands(found: Bought, seller: str) -> dict[str, Any]:
    """Where it stands and what comes next, in words and as steps."""
    order = found.order
    left = found.gone and order.state in OPEN
    key = "gone" if left else _state(order)
    seen = f"{key} {order.changed_at} {order.paid_at} {order.buyer_name is None}"
    return {
        "stands": _sentence(f"web.order.{key}", order, seller),
        "next": _sentence(f"web.order.{key}.next", order, seller),
        "steps": [] if left else list(_steps(order)),
        "open": order.state in OPEN and not left,
        "may_cancel": order.state == "placed",
        "seen": hashlib.sha256(seen.encode()).hexdigest()[:12],
    }


def _state(order: Order) -> str:
    if order.state != "cancelled":
        return order.state
    return "cancelled_own" if order.cancelled_by == "buyer" else "cancelled"


def _sentence(key: str, order: Order, seller: str) -> str:
    said = t(key, seller=seller, deadline=_when(order.deadline))
    return said[:1].upper() + said[1:]


def _when(at: Any) -> str:
    return clock(Clock(at, now().astimezone(ZONE).date()), spoken()) if at else ""


def _steps(order: Order) -> Iterator[dict[str, str]]:
    """The way of an order that goes on; one that ended otherwise shows none."""
    state = PACKED.get(order.state, order.state)
    if state not in WAY:
        return
    reached = WAY.index(state)
    for place, step in enumerate(WAY):
        when = "now" if place == reached else "done" if place < reached else "later"
        yield {"name": t(f"web.order.step.{step}"), "when": when}


def _bill(found: Bought) -> dict[str, Any]:
    order = found.order
    return {
        "number": number_of(order),
        "total": order.total_vnd,
        "total_words": words(order.total_vnd, speaks_southern(found.province), spoken()),
        "items": [{"what": _what(item), "total": item.total_vnd} for item in order.items],
        "placed": _when(order.placed_at),
        "paid": order.paid_at is not None,
    }


def _what(item: SaleItem) -> str:
    return amount(Amount(item.quantity, item.unit, item.product), spoken())


def _buyer(order: Order, seller: str) -> dict[str, Any]:
    """Who bought it; none once it was forgotten."""
    if order.buyer_name is None:
        return {"buyer": None, "forget": ""}
    phone = phone_shown(order.buyer_phone or "")
    buyer = {"name": order.buyer_name, "phone": phone, "place": order.destination}
    how = "placed" if order.state == "placed" else "open" if order.state in OPEN else "over"
    return {"buyer": buyer, "forget": t(f"web.order.forget.{how}", seller=seller)}
