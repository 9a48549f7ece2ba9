"""What shop and order pages say of goods, places and people, and what a pasted link shows of them."""

from __future__ import annotations

from typing import Any

from bot.dialogue.reply import Amount
from bot.locales.format import amount, money
from bot.locales.spoken import spoken
from domain.phones import phone_shown
from domain.shop import Good, Shop
from web.places import place_name
from web.words import t, unit_of

NAMED_IN_SHORT = 4  # products in the description of a page


def price(good: Good) -> str:
    """`25.000 đ/kg`."""
    each = unit_of(good.unit) if good.unit else None
    return "/".join(filter(None, (money(good.unit_price_vnd, spoken()), each)))


def stars(good: Good) -> str:
    """`4 sao OCOP`; empty without any."""
    return t("web.shop.stars", stars=good.stars) if good.stars else ""


def stock(good: Good) -> str:
    """How much of it there is, as far as it is known."""
    if good.stock is None:
        return t("web.shop.in_stock")
    if good.sold_out:
        return t("web.shop.sold_out")
    return t("web.shop.left", left=amount(Amount(good.stock, good.unit), spoken()))


def heading_of(shop: Shop) -> str:
    """Whose shop it is; by its code where nobody said a name."""
    if shop.seller is None:
        return t("web.shop.title_code", code=shop.code)
    return t("web.shop.title", seller=shop.seller)


def seller_of(shop: Shop | None) -> str:
    """The seller inside a sentence."""
    return (shop and shop.seller) or t("web.shop.seller")


def place_of(shop: Shop) -> str:
    """`xã Lai Vung, tỉnh Đồng Tháp`."""
    return place_name(shop.commune)


def phone_of(shop: Shop | None) -> dict[str, Any]:
    """The seller's number to read and to call; empty when it isn't known."""
    number = (shop and shop.phone) or ""
    return {"phone": phone_shown(number), "phone_link": number.replace(" ", "")}


def pasted(shop: Shop, good: Good | None, base: str) -> dict[str, Any]:
    """What a chat shows of the page's link: whole addresses, a title, a description, a picture."""
    here = f"{base}/shop/{shop.code}"
    return {
        "title": f"{good.name} · {price(good)}" if good else heading_of(shop),
        "description": f"{_offered(shop, good)}. {heading_of(shop)}, {place_of(shop)}.",
        "address": f"{here}/{good.code}" if good else here,
        "image": _image(here, good or next((each for each in shop.goods if each.photo), None)),
    }


def _offered(shop: Shop, good: Good | None) -> str:
    if good:
        return ", ".join(filter(None, (price(good), stars(good), stock(good))))
    short = [f"{each.name} {price(each)}" for each in shop.goods[:NAMED_IN_SHORT]]
    return ", ".join(short) or t("web.shop.nothing_yet")


def _image(here: str, good: Good | None) -> str | None:
    if good is None or good.photo is None:
        return None
    return f"{here}/{good.code}/photo.jpg?v={good.photo.hex[:12]}"
