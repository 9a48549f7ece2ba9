"""A receipt in words: the same on its picture and its page. Its reader is a stranger: no form of address."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bot.dialogue.reply import Amount
from bot.locales import format as say
from bot.locales.catalogue import text
from bot.locales.units import unit as named
from domain.facts import SaleItem
from domain.geography import commune, province
from domain.receipt import Receipt


def receipt_words(receipt: Receipt, site: str, language: str, *, southern: bool) -> dict[str, Any]:
    """`title`, `state` (empty while it is valid), `total` in digits and `words`, `note`, and lists.

    `items`: [[what, price of one or "", sum], …]; `facts`: lines about day, seller, shop.
    """
    state = "" if receipt.state == "valid" else text(f"web.receipt.{receipt.state}", language)
    return {
        "kind": "receipt",
        "title": text("web.receipt.title", language).format(code=receipt.code),
        "state": state,
        "holds": receipt.holds,
        "total": say.money(receipt.total_vnd, language),
        "words": say.words(receipt.total_vnd, southern, language),
        "items": [_item(item, language, southern=southern) for item in receipt.items],
        "facts": list(_facts(receipt, site, language)),
        "note": text("web.receipt.note", language),
    }


def _item(item: SaleItem, language: str, *, southern: bool) -> list[str]:
    what = say.amount(Amount(item.quantity, item.unit, item.product), language, southern=southern)
    return [what, _price(item, language, southern=southern), say.money(item.total_vnd, language)]


def _price(item: SaleItem, language: str, *, southern: bool) -> str:
    """`25.000 đ/kg`; empty where only the sum was said."""
    unit = item.price_unit or item.unit
    if item.unit_price_vnd is None or unit is None:
        return ""
    price = say.money(item.unit_price_vnd, language)
    return f"{price}/{named(unit, language, southern=southern)}"


def _facts(receipt: Receipt, site: str, language: str) -> Iterator[str]:
    day = receipt.date
    yield text("web.receipt.day", language).format(day=day.day, month=day.month, year=day.year)
    home, around = commune(receipt.commune), province(receipt.province)
    parts = (home.kind, home.name), (around.kind, around.short_name)
    there = ", ".join(say.place(*p, language) for p in parts)
    seller = ", ".join(filter(None, (receipt.seller, there)))
    yield text("web.receipt.seller", language).format(seller=seller)
    if receipt.address:
        yield text("web.receipt.address", language).format(code=receipt.address)
    if receipt.shop:
        address = f"{site}/shop/{receipt.shop}"
        yield text("web.receipt.shop", language).format(address=address)
