"""A listing before it is posted: what is sold, for how much, how many, with which stars, on which platforms."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from bot.dialogue.forms import Form, Slot, option
from bot.dialogue.reply import Amount, Button, Joined, Line, Lines, Money, Name, Value, Words
from bot.dialogue.turn import Turn
from bot.dialogue.words import named, read, refused_number, text_of
from bot.drafts.sale_slots import LARGEST_QUANTITY, LARGEST_SUM, LONGEST_PRODUCT, sum_reason
from bot.language.products import group_of, usual_unit
from bot.language.understanding import Item, Understanding
from domain.events import Group
from domain.fold import fold

Online = Literal["voso", "postmart"]
PLATFORMS: tuple[Online, ...] = ("voso", "postmart")
GROUPS = ("food", "beverages", "herbs", "handicrafts", "ornamental", "tourism")


class ListingDraft(BaseModel):
    """What is known of the listing. `*_asked`: the question was put and left open, or answered with none.

    `code` is that of a listed product whose price, stock or stars this draft changes.
    """

    model_config = ConfigDict(frozen=True)

    product: str | None = None
    unit_price_vnd: int | None = None
    unit: str | None = None
    stock: Decimal | None = None
    stock_unit: str | None = None
    stock_asked: bool = False
    platforms: tuple[Online, ...] = ()
    stars: int | None = None
    stars_asked: bool = False
    group: Group | None = None
    public: bool = False
    code: str | None = None

    def with_(self, **fields: Any) -> ListingDraft:
        """The draft with some fields changed."""
        return self.model_copy(update=fields)


def listing_of(words: Understanding, public: bool) -> ListingDraft:
    """A draft from one sentence."""
    item = words.items[0] if words.items else Item()
    stars = words.stars if words.stars in (3, 4, 5) else None
    return ListingDraft(
        product=item.product,
        unit_price_vnd=item.unit_price_vnd if item.unit_price_vnd is not None else item.total_vnd,
        unit=item.price_unit or (item.unit if item.unit_price_vnd is not None else None),
        stock=item.quantity,
        stock_unit=item.unit,
        stock_asked=item.quantity is not None,
        platforms=(words.platform,) if words.platform in PLATFORMS else (),
        stars=stars,
        stars_asked=words.stars is not None,
        public=public,
    )


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
    merged = _merge(turn, draft)
    if merged is not None and merged.product:
        return merged
    product = read(turn, "product")
    return draft.with_(product=product) if product and len(product) <= LONGEST_PRODUCT else None


def _refuse_product(turn: Turn, _draft: ListingDraft) -> Line | None:
    return Line("check.product_long") if len(text_of(turn)) > LONGEST_PRODUCT else None


def _no_price(_turn: Turn, draft: ListingDraft) -> bool:
    return draft.unit_price_vnd is None or not 0 < draft.unit_price_vnd <= LARGEST_SUM


def _ask_price(turn: Turn, draft: ListingDraft, _token: str) -> None:
    unit = draft.unit or draft.stock_unit or usual_unit(draft.product or "")
    key = "ask.listing_price" if unit else "ask.listing_price_any"
    reason = sum_reason(draft.unit_price_vnd)
    question = Line(key, {"product": draft.product or "", "unit": unit or ""})
    turn.say(*((Line(reason),) if reason else ()), question)


def _fill_price(turn: Turn, draft: ListingDraft) -> ListingDraft | None:
    words = turn.understood
    unit = draft.unit or draft.stock_unit or usual_unit(draft.product or "")
    if words is not None and words.items and words.items[0].price_unit:
        unit = words.items[0].price_unit
    price = read(turn, "unit_price_vnd", Item(product=draft.product, unit=unit, price_unit=unit))
    if price is None or not 0 < price <= LARGEST_SUM:
        return None
    return draft.with_(unit_price_vnd=price, unit=unit)


def _refuse_number(kind: str) -> Callable[[Turn, ListingDraft], Line | None]:
    def refuse(turn: Turn, _draft: ListingDraft) -> Line | None:
        reason = refused_number(turn, kind)
        return Line(reason) if reason else None

    return refuse


def _no_unit(_turn: Turn, draft: ListingDraft) -> bool:
    return not draft.unit


def _ask_unit(turn: Turn, draft: ListingDraft, token: str) -> None:
    units = list(dict.fromkeys([usual_unit(draft.product or "") or "kg", "kg", "quả"]))[:3]
    price = Money(draft.unit_price_vnd or 0)
    buttons = [
        option(
            "product", token, "unit", unit, "button.unit_price", unit_price=price, price_unit=unit
        )
        for unit in units
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
    buttons = [option("product", token, "group", g, f"button.group.{g}") for g in GROUPS]
    turn.tell("ask.group", *buttons, product=draft.product or "")


def _pick_group(_turn: Turn, draft: ListingDraft, value: str) -> ListingDraft:
    return ListingDraft.model_validate(draft.model_dump() | {"group": value})


def _unread(_turn: Turn, _draft: ListingDraft) -> None:
    return None


def _merge(turn: Turn, draft: ListingDraft) -> ListingDraft | None:
    words = named(turn)
    if words is None:
        return None
    found = listing_of(words, draft.public)
    changed: dict[str, Any] = {}
    if found.product and fold(found.product) != fold(draft.product or ""):
        changed["product"] = found.product
    if found.unit_price_vnd is not None:
        changed |= {"unit_price_vnd": found.unit_price_vnd, "unit": found.unit or draft.unit}
    elif words.amount_vnd is not None:
        changed["unit_price_vnd"] = words.amount_vnd
    if found.stock is not None:
        changed |= {"stock": found.stock, "stock_unit": found.stock_unit, "stock_asked": True}
    if found.platforms:
        changed["platforms"] = found.platforms
    if found.stars is not None:
        changed |= {
            "stars": found.stars,
            "stars_asked": True,
            "group": group_of(draft.product or ""),
        }
    return draft.with_(**changed) if changed else None


def stock_line(draft: ListingDraft) -> Line | None:
    """`Có sẵn: 50 kg`."""
    if draft.stock is None:
        return None
    return Line(
        "card.stock", {"quantity": draft.stock, "unit": draft.stock_unit or draft.unit or ""}
    )


def _card(turn: Turn, draft: ListingDraft, _before: ListingDraft | None, ref: str) -> None:
    price: dict[str, Value] = {
        "unit_price": Money(draft.unit_price_vnd or 0),
        "unit_price_words": Words(draft.unit_price_vnd or 0),
        "price_unit": draft.unit or "",
    }
    lines = [Line("card.total_listing", price), Line("card.item_only", {"item": _item(draft)})]
    stock = stock_line(draft)
    if stock is not None:
        lines.append(stock)
    if draft.stars is not None:
        group = Name(f"group.{draft.group}")
        lines.append(Line("card.stars", {"stars": draft.stars, "group": group}))
    lines.append(Line("card.platform", {"platforms": platform_names(draft.platforms)}))
    token = ref.partition(".")[0]
    buttons = (
        Button(f"product.post:{ref}", "button.post"),
        Button(f"product.which:{token}", "button.edit"),
        Button(f"product.leave:{token}", "button.leave"),
    )
    turn.say(*lines, Line("card.ask_listing"), buttons=buttons)


def _item(draft: ListingDraft) -> Amount:
    return Amount(product=draft.product)


def platform_names(platforms: tuple[str, ...]) -> Joined:
    """`Vỏ Sò, Postmart`."""
    return Joined(tuple(Name(f"platform.{p}") for p in platforms))


def statuses(platforms: tuple[str, ...]) -> Lines:
    """One line a platform: it waits there for approval."""
    return Lines(
        tuple(
            Line(
                "receipt.listing_platform",
                {"platform": Name(f"platform.{p}"), "status": Name("status.waiting")},
            )
            for p in platforms
        )
    )


SLOTS: tuple[Slot[ListingDraft], ...] = (
    Slot("public", lambda _t, d: not d.public, _say_public, _answer_public, _public),
    Slot(
        "product", lambda _t, d: not d.product, _ask_product, _fill_product, refuse=_refuse_product
    ),
    Slot("unit_price_vnd", _no_price, _ask_price, _fill_price, refuse=_refuse_number("price")),
    Slot("unit", _no_unit, _ask_unit, _fill_unit, _pick_unit),
    Slot(
        "stock",
        lambda _t, d: not d.stock_asked,
        _ask_stock,
        _fill_stock,
        _no_stock,
        _no_stock,
        _refuse_number("quantity"),
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

LISTING: Form[ListingDraft] = Form("product", ListingDraft, SLOTS, _merge, _card, NAMED)
