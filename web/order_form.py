"""The order form of a shop page: its fields as they were typed, and what they say or why not."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from bot.dialogue.reply import Amount
from bot.locales.format import amount
from bot.locales.spoken import spoken
from bot.shop_orders import Buyer
from domain.phones import phone_of
from domain.shop import MOST_VND, Good, Shop, Wish, items_of, wish_faults
from web.words import t

LONGEST_NAME = 60  # characters
LONGEST_PLACE = 200
TRAP = "website"  # a field that people don't see
QUANTITY = re.compile(r"\d{1,5}(?:[.,]\d{1,2})?")
ADDRESS = re.compile(r"://|www\.|\.(?:com|net|vn|org|info|ru|top|xyz)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Typed:
    """What stood in the fields; quantities and the prices that the buyer saw by product code."""

    quantities: Mapping[str, str] = field(default_factory=dict)
    prices: Mapping[str, str] = field(default_factory=dict)
    name: str = ""
    phone: str = ""
    place: str = ""
    trap: str = ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """An order as the buyer means it."""

    wishes: tuple[Wish, ...]
    buyer: Buyer

    @property
    def words(self) -> str:
        """All of it: the same form with the same words is the same order."""
        goods = sorted(f"{w.code} {w.quantity.normalize()} {w.unit_price_vnd}" for w in self.wishes)
        return "\n".join((*goods, self.buyer.name, self.buyer.phone, self.buyer.place or ""))


Faults = dict[str, str]  # field: what is to be done about it, in words


def typed(fields: Mapping[str, Any]) -> Typed:
    """The fields of a post; files and what is strange to the form are left out."""
    said = {name: _clean(value) for name, value in fields.items() if isinstance(value, str)}
    return Typed(
        quantities=_of_goods(said, "quantity-"),
        prices=_of_goods(said, "price-"),
        name=said.get("name", ""),
        phone=said.get("phone", ""),
        place=said.get("place", ""),
        trap=said.get(TRAP, ""),
    )


def _of_goods(said: Mapping[str, str], start: str) -> dict[str, str]:
    return {name.removeprefix(start): said[name] for name in said if name.startswith(start)}


def _clean(value: str) -> str:
    """On one line, without signs that nobody sees; the database takes no half letters."""
    whole = value.encode(errors="ignore").decode()
    return " ".join("".join(sign if sign.isprintable() else " " for sign in whole).split())


def read(form: Typed, shop: Shop) -> Wanted | Faults:
    """The order, or for each field what is to be done about it."""
    wishes, faults = _wishes(form, shop)
    faults |= dict(_buyer_faults(form))
    if faults:
        return faults
    return Wanted(wishes, Buyer(form.name, phone_of(form.phone) or "", form.place or None))


def _wishes(form: Typed, shop: Shop) -> tuple[tuple[Wish, ...], Faults]:
    faults: Faults = {}
    wishes: list[Wish] = []
    for code, said in form.quantities.items():
        good = shop.good(code)
        if said.strip("0,. "):
            wish = _wish(good, said, form.prices.get(code, ""))
            wishes += [wish] if wish else []
            faults |= {} if wish else {f"quantity-{code}": _how_much(good)}
    faults |= goods_faults(tuple(wishes), shop)
    if not wishes and not faults:
        faults["goods"] = t("web.shop.fault.none")
    return tuple(wishes), faults


def _wish(good: Good | None, said: str, price: str) -> Wish | None:
    if good is None or not QUANTITY.fullmatch(said):
        return None
    quantity = Decimal(said.replace(",", "."))
    if not good.weighed and quantity % 1:
        return None
    seen = int(price) if price.isdecimal() and len(price) < 16 else -1
    return Wish(good.code, quantity, seen)


def _how_much(good: Good | None) -> str:
    if good is None:
        return t("web.shop.fault.gone")
    return t("web.shop.fault.weight" if good.weighed else "web.shop.fault.count")


def goods_faults(wishes: tuple[Wish, ...], shop: Shop) -> Faults:
    """What of the goods can't be had as wanted, by field."""
    found = {
        f"quantity-{code}": _cannot(fault, shop.good(code))
        for code, fault in wish_faults(wishes, shop).items()
    }
    if sum(item.total_vnd for item in items_of(wishes, shop)) > MOST_VND:
        found["goods"] = t("web.shop.fault.much")
    return found


def _cannot(fault: str, good: Good | None) -> str:
    if good is None or fault == "gone":
        return t("web.shop.fault.gone")
    if fault == "price":
        return t("web.shop.fault.price")
    return t("web.shop.fault.sold_out") if good.sold_out else _left(good)


def _left(good: Good) -> str:
    left = amount(Amount(good.stock or Decimal(), good.unit), spoken())
    return t("web.shop.fault.stock", left=left)


def _buyer_faults(form: Typed) -> Iterator[tuple[str, str]]:
    if form.trap:
        yield "form", t("web.shop.fault.trap")
    if not any(map(str.isalpha, form.name)):
        yield "name", t("web.shop.fault.name")
    elif len(form.name) > LONGEST_NAME or ADDRESS.search(form.name):
        yield "name", t("web.shop.fault.name_only")
    if phone_of(form.phone) is None:
        yield "phone", t("web.shop.fault.phone")
    if len(form.place) > LONGEST_PLACE or ADDRESS.search(form.place):
        yield "place", t("web.shop.fault.place")
