"""List a product by sentence or step by step, see the list, change a price, add a photo, take it down."""

from __future__ import annotations

from bot.dialogue.forms import CARD
from bot.dialogue.handler import Handler
from bot.dialogue.message import Location, PhotoKept, Picture
from bot.dialogue.reply import Button, Line, Lines, Money, Photo, Value
from bot.dialogue.session import Task
from bot.dialogue.turn import Turn
from bot.dialogue.words import requested, said
from bot.drafts.listing import ListingDraft, listing_of
from bot.drafts.listing_card import platform_names, statuses
from bot.drafts.listing_form import LISTING
from domain.events import ProductChanged, ProductListed, ProductPhotoAdded, ProductWithdrawn
from domain.fold import fold
from domain.household import Product

SHOWN = 8  # products in the list; the rest are found by name


def _listed(turn: Turn) -> list[Product]:
    """Everything that was ever listed, taken down or not."""
    return [p for p in turn.household.products if p.code] if turn.household else []


def _by_code(turn: Turn, code: str) -> Product | None:
    return next((p for p in _listed(turn) if p.code == code), None)


def _named(turn: Turn) -> list[Product]:
    """The listed products that the words name."""
    words = turn.understood
    names = [fold(item.product) for item in words.items if item.product] if words else []
    return [p for p in _listed(turn) if any(n in fold(p.name) or fold(p.name) in n for n in names)]


def _claims(turn: Turn) -> bool:
    words = turn.understood
    if words is None:
        return False
    if requested(turn, "products.see", "product.hide", "listing.start", "photo"):
        return True
    return words.intent == "list_product"


def _begin(turn: Turn) -> None:
    words = turn.understood
    if words is None or requested(turn, "products.see"):
        _list(turn)
    elif requested(turn, "product.hide") or words.action == "unlist":
        _hide_named(turn)
    elif requested(turn, "photo"):
        turn.tell("photo.not_photo" if _listed(turn) else "photo.none")
    elif words.action == "update_price" and _named(turn):
        _change_price(turn, _named(turn)[0])
    else:
        _start(turn)


def _start(turn: Turn) -> None:
    words = turn.understood
    public = "public" in turn.person.consents
    draft = listing_of(words, public=public) if words is not None else ListingDraft(public=public)
    known = next((p for p in _named(turn) if p.platforms), None)
    if known is not None and draft.unit_price_vnd is not None:
        _change_price(turn, known)
        return
    LISTING.start(turn, draft)


def _start_empty(turn: Turn, _ref: str) -> None:
    LISTING.start(turn, ListingDraft(public="public" in turn.person.consents))


def _answer(turn: Turn, task: Task) -> bool:
    if task.step == CARD and said(turn) in ("yes", "save"):
        _post(turn, f"{task.draft}.{task.shown}")
        return True
    return LISTING.answer(turn, task)


def _post(turn: Turn, ref: str) -> None:
    taken = LISTING.take(turn, ref)
    if taken is None:
        return
    _, draft = taken
    known = next((p for p in _listed(turn) if fold(p.name) == fold(draft.product or "")), None)
    code = known.code if known and known.code else turn.new_code()
    for platform in draft.platforms:
        _list_on(turn, draft, code, platform)
    values: dict[str, Value] = {"product": draft.product or "", "code": code}
    turn.tell("receipt.listing", **values, statuses=statuses(draft.platforms))


def _list_on(turn: Turn, draft: ListingDraft, code: str, platform: str) -> None:
    turn.fact(
        ProductListed,
        code=code,
        product=draft.product,
        unit_price_vnd=draft.unit_price_vnd,
        unit=draft.unit,
        stock=draft.stock,
        ocop_stars=draft.stars,
        group=draft.group,
        platform=platform,
    )


def _list(turn: Turn) -> None:
    products = _listed(turn)
    if not products:
        turn.tell("products.none", Button("listing.start", "button.list_product"))
        return
    lines = [_list_line(number, p) for number, p in enumerate(products[:SHOWN], 1)]
    more = []
    if len(products) > SHOWN:
        more.append(Line("products.more", {"rest": len(products) - SHOWN}))
    buttons = tuple(
        Button(f"product.see:{p.code}", "button.product", {"product": p.name})
        for p in products[:SHOWN]
    )
    turn.say(Line("products.list", {"products": Lines(tuple(lines))}), *more, buttons=buttons)


def _list_line(number: int, product: Product) -> Line:
    values: dict[str, Value] = {"number": number, "product": product.name}
    if not product.platforms:
        return Line("products.line_hidden", values)
    values |= {"unit_price": Money(product.unit_price_vnd or 0), "price_unit": product.unit or ""}
    return Line("products.line", values)


def _see(turn: Turn, ref: str) -> None:
    product = _by_code(turn, ref)
    if product is None:
        turn.tell("old.gone")
        return
    head: dict[str, Value] = {
        "unit_price": Money(product.unit_price_vnd or 0),
        "price_unit": product.unit or "",
        "product": product.name,
        "code": ref,
    }
    lines = [Line("product.head", head)]
    if product.stock is not None:
        lines.append(Line("card.stock", {"quantity": product.stock, "unit": product.unit or ""}))
    if product.platforms:
        lines.append(Line("card.platform", {"platforms": platform_names(product.platforms)}))
    hide = Button(f"product.hide:{ref}", "button.take_down")
    again = Button(f"product.again:{ref}", "button.post_again")
    buttons = (hide,) if product.platforms else (again,)
    picture = Photo(product.photo) if product.photo else None
    turn.say(*lines, buttons=buttons, picture=picture)


def _change_price(turn: Turn, product: Product) -> None:
    """A new price for a listed product: shown before it counts."""
    words = turn.understood
    item = words.items[0] if words and words.items else None
    price = (item.unit_price_vnd or item.total_vnd) if item else None
    if price is None or not product.code:
        _see(turn, product.code or "")
        return
    if price == product.unit_price_vnd:
        turn.tell("product.listed_already", product=product.name, code=product.code)
        return
    before = _rate(product.unit_price_vnd or 0, product)
    buttons = (
        Button(f"product.price:{product.code}={price}", "button.edit"),
        Button(f"product.keep:{product.code}", "button.leave"),
    )
    after = _rate(price, product)
    turn.tell("product.exists", *buttons, product=product.name, before=before, after=after)


def _rate(vnd: int, product: Product) -> Value:
    values: dict[str, Value] = {"unit_price": Money(vnd), "price_unit": product.unit or ""}
    return Lines((Line("rate", values),))


def _set_price(turn: Turn, ref: str) -> None:
    code, _, price = ref.partition("=")
    product = _by_code(turn, code)
    if product is None or not price.isdecimal():
        turn.tell("old.gone")
        return
    turn.fact(
        ProductChanged,
        code=code,
        unit_price_vnd=int(price),
        unit=product.unit,
        stock=product.stock,
        ocop_stars=product.stars,
        group=product.group,
        stars_before=product.stars,
        platforms=product.platforms,
    )
    old, new = _rate(product.unit_price_vnd or 0, product), _rate(int(price), product)
    change = Line("change.line", {"slot": _price_slot(), "before": old, "after": new})
    turn.tell("product.changed", product=product.name, code=code, changes=Lines((change,)))


def _price_slot() -> Value:
    return Lines((Line("slot.unit_price"),))


def _hide_named(turn: Turn) -> None:
    shown = [p for p in _named(turn) if p.platforms]
    if len(shown) == 1 and shown[0].code:
        _ask_hide(turn, shown[0].code)
        return
    choices = shown or [p for p in _listed(turn) if p.platforms]
    if not choices:
        turn.tell("products.none")
        return
    buttons = [
        Button(f"product.hide:{p.code}", "button.product", {"product": p.name})
        for p in choices[:SHOWN]
    ]
    turn.tell("product.which", *buttons)


def _ask_hide(turn: Turn, ref: str) -> None:
    product = _by_code(turn, ref)
    if product is None:
        turn.tell("old.gone")
    elif not product.platforms:
        turn.tell("product.hidden_already", product=product.name, code=ref)
    else:
        buttons = (
            Button(f"product.hide_sure:{ref}", "button.take_down"),
            Button(f"product.keep:{ref}", "button.leave"),
        )
        names = platform_names(product.platforms)
        turn.tell("product.hide_ask", *buttons, product=product.name, platforms=names)


def _hide(turn: Turn, ref: str) -> None:
    product = _by_code(turn, ref)
    if product is None:
        turn.tell("old.gone")
        return
    again = Button(f"product.again:{ref}", "button.post_again")
    if not product.platforms:
        turn.tell("product.hidden_already", again, product=product.name, code=ref)
        return
    for platform in product.platforms:
        turn.fact(ProductWithdrawn, code=ref, ocop_stars=product.stars, platform=platform)
    turn.tell("product.hidden", again, product=product.name, code=ref)


def _again(turn: Turn, ref: str) -> None:
    """[Đăng lại]: the same product once more, through its card."""
    product = _by_code(turn, ref)
    if product is None:
        turn.tell("old.gone")
        return
    draft = ListingDraft(
        product=product.name,
        unit_price_vnd=product.unit_price_vnd,
        unit=product.unit,
        stock=product.stock,
        stock_asked=True,
        stars=product.stars,
        stars_asked=True,
        group=product.group,
        public="public" in turn.person.consents,
    )
    LISTING.start(turn, draft)


def _picture(turn: Turn, content: Picture | Location) -> bool:
    """A photo belongs to the product that was listed last, or is asked about."""
    if not isinstance(content, Picture) or content.image is None:
        return False
    shown = [p for p in _listed(turn) if p.platforms]
    if not shown:
        turn.tell("photo.none", Button("listing.start", "button.list_product"))
        return True
    photo = turn.id("photo")
    turn.keep(PhotoKept(photo, content.image))
    if len(shown) == 1 and shown[0].code:
        _add_photo(turn, f"{shown[0].code}={photo.hex}")
        return True
    buttons = [
        Button(f"product.photo:{p.code}={photo.hex}", "button.product", {"product": p.name})
        for p in shown[:SHOWN]
    ]
    turn.tell("photo.which", *buttons)
    return True


def _add_photo(turn: Turn, ref: str) -> None:
    code, _, photo = ref.partition("=")
    product = _by_code(turn, code)
    if product is None:
        turn.tell("old.gone")
        return
    turn.fact(ProductPhotoAdded, code=code, photo=photo)
    turn.tell("photo.saved", product=product.name, code=code)


HANDLER = Handler(
    name="product",
    claims=_claims,
    begin=_begin,
    ask=LISTING.ask,
    answer=_answer,
    skip=LISTING.skip,
    taps={
        "listing.start": _start_empty,
        "product.post": _post,
        **LISTING.taps(),
        "product.see": _see,
        "product.price": _set_price,
        "product.hide": _ask_hide,
        "product.hide_sure": _hide,
        "product.again": _again,
        "product.keep": lambda turn, _ref: turn.tell("product.kept"),
        "product.photo": _add_photo,
    },
    media=_picture,
)
