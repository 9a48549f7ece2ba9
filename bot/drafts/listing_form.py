"""The form of a listing: how each of its slots is asked and filled."""

from __future__ import annotations

from typing import get_args

from bot.dialogue.forms import Form, Slot, option
from bot.dialogue.reply import Button, Line, Money
from bot.dialogue.turn import Turn
from bot.dialogue.words import named, read
from bot.drafts.limits import (
    LARGEST_QUANTITY,
    LONGEST_PRODUCT,
    is_sum,
    reasons,
    refuse_number,
    refuse_product,
    sum_reason,
)
from bot.drafts.listing import PLATFORMS, ListingDraft, merged
from bot.drafts.listing_card import show_card
from bot.language.products import group_of, likely_units, usual_unit
from bot.language.understanding import Item
from domain.events import Group


def _say_public(turn: Turn, _draft: ListingDraft, token: str) -> None:
    buttons = (
        option("product", token, "public", "yes", "button.agree"),
        Button(f"product.leave:{token}", "button.refuse"),
    )
    turn.tell("consent.public", *buttons)


def _answer_public(turn: Turn, draft: ListingDraft) -> ListingDraft | None:
    words = turn.understood
    return _public(turn, draft) if words is not None and words.answer == "yes" else None


def _public(turn: Turn, draft: ListingDraft, _value: str = "") -> ListingDraft:
    turn.give_consent("public")
    return draft.with_(public=True)


def _ask_product(turn: Turn, _draft: ListingDraft, _token: str) -> None:
    turn.tell("listing.start")


def _fill_product(turn: Turn, draft: ListingDraft) -> ListingDraft | None:
    after = _merge(turn, draft)
    if after is not None and after.product:
        return after
    product = read(turn, "product")
    return draft.with_(product=product) if product and len(product) <= LONGEST_PRODUCT else None


def _no_price(_turn: Turn, draft: ListingDraft) -> bool:
    return draft.unit_price_vnd is None or not is_sum(draft.unit_price_vnd)


def _ask_price(turn: Turn, draft: ListingDraft, _token: str) -> None:
    unit = draft.unit or draft.stock_unit or usual_unit(draft.product or "")
    key = "ask.listing_price" if unit else "ask.listing_price_any"
    question = Line(key, {"product": draft.product or "", "unit": unit or ""})
    turn.say(*reasons(sum_reason(draft.unit_price_vnd)), question)


def _fill_price(turn: Turn, draft: ListingDraft) -> ListingDraft | None:
    words = turn.understood
    unit = draft.unit or draft.stock_unit or usual_unit(draft.product or "")
    if words is not None and words.items and words.items[0].price_unit:
        unit = words.items[0].price_unit
    price = read(turn, "unit_price_vnd", Item(product=draft.product, unit=unit, price_unit=unit))
    if price is None or not is_sum(price):
        return None
    return draft.with_(unit_price_vnd=price, unit=unit)


def _no_unit(_turn: Turn, draft: ListingDraft) -> bool:
    return not draft.unit


def _ask_unit(turn: Turn, draft: ListingDraft, token: str) -> None:
    price = Money(draft.unit_price_vnd or 0)
    buttons = [
        option(
            "product", token, "unit", unit, "button.unit_price", unit_price=price, price_unit=unit
        )
        for unit in likely_units(draft.product or "")
    ]
    turn.tell("ask.listing_unit", *buttons, product=draft.product or "", unit_price=price)


def _fill_unit(turn: Turn, draft: ListingDraft) -> ListingDraft | None:
    unit = read(turn, "unit", Item(product=draft.product))
    return draft.with_(unit=unit) if unit else None


def _pick_unit(_turn: Turn, draft: ListingDraft, unit: str) -> ListingDraft:
    return draft.with_(unit=unit)


def _ask_stock(turn: Turn, draft: ListingDraft, token: str) -> None:
    unknown = option("product", token, "stock", "none", "button.unknown")
    turn.tell("ask.stock", unknown, product=draft.product or "")


def _fill_stock(turn: Turn, draft: ListingDraft) -> ListingDraft | None:
    found = read(turn, "stock", Item(product=draft.product, unit=draft.unit))
    if found is None or not 0 <= found[0] <= LARGEST_QUANTITY:
        return None
    return draft.with_(stock=found[0], stock_unit=found[1] or draft.unit, stock_asked=True)


def _no_stock(_turn: Turn, draft: ListingDraft, _value: str = "") -> ListingDraft:
    return draft.with_(stock=None, stock_asked=True)


def _ask_platforms(turn: Turn, _draft: ListingDraft, token: str) -> None:
    buttons = [
        option("product", token, "platforms", value, f"button.{value}")
        for value in ("voso", "postmart", "both")
    ]
    turn.tell("ask.platform", *buttons)


def _fill_platforms(turn: Turn, draft: ListingDraft) -> ListingDraft | None:
    found = [p for p in read(turn, "platforms") or () if p in PLATFORMS]
    return draft.with_(platforms=tuple(found)) if found else None


def _pick_platforms(_turn: Turn, draft: ListingDraft, value: str) -> ListingDraft:
    return draft.with_(platforms=PLATFORMS if value == "both" else (value,))


def _ask_stars(turn: Turn, draft: ListingDraft, token: str) -> None:
    buttons = [
        option("product", token, "stars", str(n), "button.stars", stars=n) for n in (3, 4, 5)
    ]
    none = option("product", token, "stars", "0", "button.no_stars")
    turn.tell("ask.stars", *buttons, none, product=draft.product or "")


def _fill_stars(turn: Turn, draft: ListingDraft) -> ListingDraft | None:
    stars = read(turn, "stars")
    return _pick_stars(turn, draft, str(stars)) if stars in (0, 3, 4, 5) else None


def _pick_stars(_turn: Turn, draft: ListingDraft, value: str) -> ListingDraft:
    stars = int(value) or None
    group = group_of(draft.product or "") if stars else None
    return draft.with_(stars=stars, stars_asked=True, group=group)


def _refuse_stars(turn: Turn, _draft: ListingDraft) -> Line | None:
    return Line("check.stars") if read(turn, "number") is not None else None


def _no_group(_turn: Turn, draft: ListingDraft) -> bool:
    return draft.stars is not None and draft.group is None


def _ask_group(turn: Turn, draft: ListingDraft, token: str) -> None:
    buttons = [option("product", token, "group", g, f"button.group.{g}") for g in get_args(Group)]
    turn.tell("ask.group", *buttons, product=draft.product or "")


def _pick_group(_turn: Turn, draft: ListingDraft, value: str) -> ListingDraft:
    return ListingDraft.model_validate(draft.model_dump() | {"group": value})


def _unread(_turn: Turn, _draft: ListingDraft) -> None:
    return None


def _merge(turn: Turn, draft: ListingDraft) -> ListingDraft | None:
    words = named(turn)
    return merged(draft, words) if words else None


SLOTS: tuple[Slot[ListingDraft], ...] = (
    Slot("public", lambda _t, d: not d.public, _say_public, _answer_public, _public),
    Slot(
        "product", lambda _t, d: not d.product, _ask_product, _fill_product, refuse=refuse_product
    ),
    Slot("unit_price_vnd", _no_price, _ask_price, _fill_price, refuse=refuse_number("price")),
    Slot("unit", _no_unit, _ask_unit, _fill_unit, _pick_unit),
    Slot(
        "stock",
        lambda _t, d: not d.stock_asked,
        _ask_stock,
        _fill_stock,
        _no_stock,
        _no_stock,
        refuse_number("quantity"),
    ),
    Slot(
        "platforms", lambda _t, d: not d.platforms, _ask_platforms, _fill_platforms, _pick_platforms
    ),
    Slot(
        "stars",
        lambda _t, d: not d.stars_asked,
        _ask_stars,
        _fill_stars,
        _pick_stars,
        refuse=_refuse_stars,
    ),
    Slot("group", _no_group, _ask_group, _unread, _pick_group),
)

NAMED = tuple(
    (slot, f"button.slot.{name}")
    for slot, name in (
        ("product", "product"),
        ("unit_price_vnd", "unit_price"),
        ("stock", "stock"),
        ("platforms", "platforms"),
        ("stars", "stars"),
    )
)

LISTING: Form[ListingDraft] = Form("product", ListingDraft, SLOTS, _merge, show_card, NAMED)
