"""List a product by sentence or step by step, see the list, change a price, take it down."""

from __future__ import annotations

from bot.dialogue.forms import CARD
from bot.dialogue.handler import Handler
from bot.dialogue.reply import Button, Line, Lines, Name, Photo, Value
from bot.dialogue.session import Task
from bot.dialogue.turn import Turn
from bot.dialogue.words import requested, said
from bot.drafts.goods import SHOWN, by_code, by_words, choices, listed, on_sale
from bot.drafts.listing import ListingDraft, listing_of
from bot.drafts.listing_card import platform_names, statuses
from bot.drafts.listing_form import LISTING
from bot.drafts.sums import rate, rate_values
from domain.events import ProductChanged, ProductListed, ProductWithdrawn
from domain.facts import Evidence
from domain.fold import fold
from domain.household import Product


def _claims(turn: Turn) -> bool:
    words = turn.understood
    if words is None:
        return False
    if requested(turn, "products.see", "product.hide", "listing.start"):
        return True
    return words.intent == "list_product"


def _begin(turn: Turn) -> None:
    words = turn.understood
    if words is None or requested(turn, "products.see"):
        _list(turn)
    elif requested(turn, "product.hide") or words.action == "unlist":
        _hide_named(turn)
    elif words.action == "update_price" and by_words(turn):
        _change_price(turn, by_words(turn)[0])
    else:
        _start(turn)


def _start(turn: Turn) -> None:
    words = turn.understood
    public = "public" in turn.person.consents
    draft = listing_of(words, public=public) if words is not None else ListingDraft(public=public)
    known = next(iter(on_sale(by_words(turn))), None)
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
    known = next((p for p in listed(turn) if fold(p.name) == fold(draft.product or "")), None)
    code = known.code if known and known.code else turn.new_code()
    if known is not None and known.platforms:
        _change(turn, known, draft)
    for platform in draft.platforms:
        if known is None or platform not in known.platforms:
            _list_on(turn, draft, code, platform, _behind(known, draft.stars))
    values: dict[str, Value] = {"product": draft.product or "", "code": code}
    turn.tell("receipt.listing", **values, statuses=statuses(draft.platforms))


def _behind(known: Product | None, stars: int | None) -> Evidence:
    """What stands behind the stars: a worker has seen the certificate of these, and of no others."""
    return known.evidence if known is not None and known.stars == stars else "said"


def _change(turn: Turn, product: Product, draft: ListingDraft) -> None:
    """What is on a platform already is changed there, not listed a second time."""
    turn.fact(
        ProductChanged,
        code=product.code,
        unit_price_vnd=draft.unit_price_vnd,
        unit=draft.unit,
        stock=draft.stock,
        ocop_stars=draft.stars,
        group=draft.group,
        evidence=_behind(product, draft.stars),
        stars_before=product.stars,
        evidence_before=product.evidence,
        platforms=product.platforms,
    )


def _list_on(turn: Turn, draft: ListingDraft, code: str, platform: str, evidence: Evidence) -> None:
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
        evidence=evidence,
    )


def _list(turn: Turn) -> None:
    products = listed(turn)
    if not products:
        turn.tell("products.none", Button("listing.start", "button.list_product"))
        return
    lines = [_list_line(number, p) for number, p in enumerate(products[:SHOWN], 1)]
    more = []
    if len(products) > SHOWN:
        more.append(Line("products.more", {"rest": len(products) - SHOWN}))
    buttons = tuple(choices(products, "product.see"))
    turn.say(Line("products.list", {"products": Lines(tuple(lines))}), *more, buttons=buttons)


def _list_line(number: int, product: Product) -> Line:
    values: dict[str, Value] = {"number": number, "product": product.name}
    if not product.platforms:
        return Line("products.line_hidden", values)
    return Line("products.line", values | rate_values(product.unit_price_vnd, product.unit))


def _see(turn: Turn, ref: str) -> None:
    product = by_code(turn, ref)
    if product is None:
        turn.tell("old.gone")
        return
    head: dict[str, Value] = {"product": product.name, "code": ref}
    lines = [Line("product.head", head | rate_values(product.unit_price_vnd, product.unit))]
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
    before, after = rate(product.unit_price_vnd, product.unit), rate(price, product.unit)
    buttons = (
        Button(f"product.price:{product.code}={price}", "button.edit"),
        Button(f"product.keep:{product.code}", "button.leave"),
    )
    turn.tell("product.exists", *buttons, product=product.name, before=before, after=after)


def _set_price(turn: Turn, ref: str) -> None:
    code, _, price = ref.partition("=")
    product = by_code(turn, code)
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
        evidence=product.evidence,
        stars_before=product.stars,
        evidence_before=product.evidence,
        platforms=product.platforms,
    )
    old, new = rate(product.unit_price_vnd, product.unit), rate(int(price), product.unit)
    change = Line("change.line", {"slot": Name("slot.unit_price"), "before": old, "after": new})
    turn.tell("product.changed", product=product.name, code=code, changes=Lines((change,)))


def _hide_named(turn: Turn) -> None:
    named = on_sale(by_words(turn))
    meant = named or on_sale(listed(turn))
    if len(named) == 1 and named[0].code:
        _ask_hide(turn, named[0].code)
    elif meant:
        turn.tell("product.which", *choices(meant, "product.hide"))
    else:
        turn.tell("products.none")


def _ask_hide(turn: Turn, ref: str) -> None:
    product = by_code(turn, ref)
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
    product = by_code(turn, ref)
    if product is None:
        turn.tell("old.gone")
        return
    again = Button(f"product.again:{ref}", "button.post_again")
    if not product.platforms:
        turn.tell("product.hidden_already", again, product=product.name, code=ref)
        return
    for platform in product.platforms:
        turn.fact(
            ProductWithdrawn,
            code=ref,
            ocop_stars=product.stars,
            platform=platform,
            evidence=product.evidence,
        )
    turn.tell("product.hidden", again, product=product.name, code=ref)


def _again(turn: Turn, ref: str) -> None:
    """[Đăng lại]: the same product once more, through its card."""
    product = by_code(turn, ref)
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
    },
)
