"""A listing before it is posted: what is sold, for how much, how many, with which stars, and where."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from bot.language.products import group_of
from bot.language.understanding import Item, Understanding
from domain.events import Group
from domain.fold import fold

Online = Literal["voso", "postmart"]
PLATFORMS: tuple[Online, ...] = ("voso", "postmart")


class ListingDraft(BaseModel):
    """What is known of the listing. `*_asked`: it was put, and answered or left open."""

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

    def with_(self, **fields: Any) -> ListingDraft:
        """The draft with some fields changed."""
        return self.model_copy(update=fields)


def listing_of(words: Understanding, *, public: bool) -> ListingDraft:
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


def merged(draft: ListingDraft, words: Understanding) -> ListingDraft | None:
    """The draft after the words; None when they name nothing of it."""
    found = listing_of(words, public=draft.public)
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
        group = group_of(draft.product or "")
        changed |= {"stars": found.stars, "stars_asked": True, "group": group}
    return draft.with_(**changed) if changed else None
