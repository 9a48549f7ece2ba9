"""What a household offers: put on a platform, changed, pictured, taken off."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from domain.facts import Evidence, Fact, Group, Platform, Vnd


class ProductListed(Fact):
    """One product on one platform: a product on both platforms is two of these, with one code.

    `evidence` is what stands behind its stars, here as in the other facts of products.
    """

    type: Literal["product_listed"] = "product_listed"
    code: str
    product: str
    unit_price_vnd: Vnd
    unit: str | None = None
    stock: Decimal | None = None
    ocop_stars: Annotated[int, Field(ge=3, le=5)] | None = None
    group: Group | None = None
    platform: Platform
    evidence: Evidence = "said"


class ProductChanged(Fact):
    """New price, stock or stars; what ends in `_before` and `platforms` make the figures additive."""

    type: Literal["product_changed"] = "product_changed"
    code: str
    unit_price_vnd: Vnd | None = None
    unit: str | None = None
    stock: Decimal | None = None
    ocop_stars: Annotated[int, Field(ge=3, le=5)] | None = None
    group: Group | None = None
    evidence: Evidence = "said"
    stars_before: int | None = None
    evidence_before: Evidence = "said"
    platforms: tuple[Platform, ...] = ()


class ProductPhotoAdded(Fact):
    type: Literal["product_photo_added"] = "product_photo_added"
    code: str
    photo: UUID


class ProductWithdrawn(Fact):
    """A product taken off one platform; stock is given back by listing it again."""

    type: Literal["product_withdrawn"] = "product_withdrawn"
    code: str
    ocop_stars: int | None = None
    platform: Platform
    evidence: Evidence = "said"


ProductEvent = ProductListed | ProductChanged | ProductPhotoAdded | ProductWithdrawn
