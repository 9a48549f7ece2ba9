"""A household's shop page and the page of each product; a buyer orders there without an account."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from functools import partial
from typing import Any
from uuid import uuid5

from fastapi import APIRouter, HTTPException, Request
from starlette.responses import RedirectResponse, Response

from bot.photos import smaller
from bot.services import Services
from bot.shop_orders import Form, place_order
from domain.shop import Good, Shop
from storage.buyers import KEPT
from storage.figures import is_sample
from storage.shop import photo_of, shop_of
from web.callers import caller_of
from web.chat import Ours, now
from web.form_ids import new_form, order_word, read_form
from web.order_form import Faults, Typed, Wanted, goods_faults, read, typed
from web.rate import Rate
from web.shop_words import heading_of, pasted, phone_of, place_of, price, seller_of, stars, stock
from web.words import page, t

MOST_FIELDS = 200
LONGEST_CODE = 20
WAIT = "20"  # seconds until an address may order once more
BLANK = Typed()
SIDES = {"photo.jpg": None, "small.jpg": 240}  # px; none: as it is kept
HOUR = {
    "Cache-Control": "public, max-age=3600",
    "Cross-Origin-Resource-Policy": "cross-origin",  # a chat shows the picture of a pasted link
}

router = APIRouter(include_in_schema=False)


async def open_shop(ours: Services, household: str) -> Shop:
    """The page of the household with this code, if somebody of it agreed to one; else 404."""
    code = household.upper()
    found = await ours.db.read(partial(shop_of, code=code)) if len(code) <= LONGEST_CODE else None
    if found is None:
        raise HTTPException(404)
    return found


async def open_good(ours: Services, household: str, product: str) -> tuple[Shop, Good]:
    """The same, and its product of this code."""
    shop = await open_shop(ours, household)
    good = shop.good(product.upper())
    if good is None:
        raise HTTPException(404)
    return shop, good


@router.get("/shop/{household}")
async def show(request: Request, ours: Ours, household: str) -> Response:
    """All that it offers, and a form to order it."""
    return await _page(request, ours, await open_shop(ours, household))


@router.get("/shop/{household}/{product}")
async def show_one(request: Request, ours: Ours, household: str, product: str) -> Response:
    """One product; a link to it shows it in a chat."""
    return await _page(request, ours, *await open_good(ours, household, product))


@router.get("/shop/{household}/{product}/{size}")
async def photo(ours: Ours, household: str, product: str, size: str) -> Response:
    """Its picture, whole or small."""
    shop, good = await open_good(ours, household, product)
    if size not in SIDES or good.photo is None:
        raise HTTPException(404)
    jpeg = await ours.db.read(partial(photo_of, shop=shop, which=good.photo))
    if jpeg is None:
        raise HTTPException(404)
    if side := SIDES[size]:
        jpeg = await asyncio.to_thread(smaller, jpeg, side)
    return Response(jpeg, media_type="image/jpeg", headers=HOUR)


@router.post("/shop/{household}")
async def order(request: Request, ours: Ours, household: str) -> Response:
    """An order of what the form names; then the buyer's own page."""
    return await _ordered(request, ours, await open_shop(ours, household))


@router.post("/shop/{household}/{product}")
async def order_one(request: Request, ours: Ours, household: str, product: str) -> Response:
    """The same from the page of one product."""
    return await _ordered(request, ours, *await open_good(ours, household, product))


async def _ordered(
    request: Request, ours: Services, shop: Shop, good: Good | None = None
) -> Response:
    fields: Mapping[str, Any] = await request.form(max_files=1, max_fields=MOST_FIELDS)
    said = typed(fields)
    number = read_form(ours.secret, shop.code, str(fields.get("form", "")), now())
    found = read(said, shop)
    again = partial(_page, request, ours, shop, good, said)
    if not isinstance(found, Wanted):
        return await again(found)
    if number is None:
        return await again({"form": t("web.shop.fault.old")})
    if not _let_in(request, shop):
        told = await again({"form": t("web.shop.fault.rate")})
        told.status_code = 429
        told.headers["Retry-After"] = WAIT
        return told
    id_ = uuid5(number, found.words)
    form = Form(id_, order_word(ours.secret, id_), found.wishes, found.buyer)
    faults = await _place(ours, shop, form)
    if faults:
        return await again(faults)
    return RedirectResponse(f"/order/{form.word}", 303)


async def _place(ours: Services, shop: Shop, form: Form) -> Faults:
    """What speaks against the order; nothing when it was placed, now or by the same form before."""
    hours = ours.settings.order_hours
    refused = await ours.db.write(
        partial(place_order, code=shop.code, form=form, now=now(), hours=hours)
    )
    if refused == "goods":
        return goods_faults(form.wishes, await open_shop(ours, shop.code))
    return {"form": t(f"web.shop.fault.{refused}")} if refused else {}


def _let_in(request: Request, shop: Shop) -> bool:
    """Whether neither this buyer nor all of this shop's order faster than people do."""
    buyers: Rate = request.app.state.buyers
    shops: Rate = request.app.state.shops
    return buyers.takes(caller_of(request)) and shops.takes(shop.household)


async def _page(
    request: Request,
    ours: Services,
    shop: Shop,
    good: Good | None = None,
    said: Typed = BLANK,
    faults: Faults | None = None,
) -> Response:
    here = f"/shop/{shop.code}"
    shown = (good,) if good else shop.goods
    base = ours.settings.public_url or str(request.base_url).rstrip("/")
    return page(
        "shop.html",
        422 if faults else 200,
        sample=await ours.db.read(is_sample),
        **pasted(shop, good, base),
        **phone_of(shop),
        heading=heading_of(shop),
        where=place_of(shop),
        seller=seller_of(shop),
        price=price,
        stars=stars,
        stock=stock,
        shown=shown,
        product=good,
        buyable=any(not each.sold_out for each in shown),
        others=len(shop.goods) - 1 if good else 0,
        here=here,
        path=f"{here}/{good.code}" if good else here,
        token=new_form(ours.secret, shop.code, now()),
        form=said,
        faults=faults or {},
        keeper=ours.settings.controller or t("web.name"),
        days=KEPT.days,
    )
