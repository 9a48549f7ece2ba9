"""A household with a shop page, as its events leave it: for the tests of pages and browsers."""

from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5

from PIL import Image, ImageDraw
from sqlalchemy import Connection, select

from bot.dialogue.message import PersonNamed, PhotoKept
from bot.dialogue.turn import CONSENT_VERSION
from domain.events import (
    AddressChosen,
    ConsentGiven,
    ConsentWithdrawn,
    HouseholdRegistered,
    ProductListed,
    ProductPhotoAdded,
)
from storage import personal
from storage.schema import event, orders
from storage.store import append

SPACE = UUID("00000000-0000-4000-8000-000000000003")
HOME = uuid5(SPACE, "home")
SELLER = uuid5(SPACE, "seller")
CODE = "DT-0417"
PLACE = {"province": "82", "commune": "30226"}
BEFORE = dt.datetime(2026, 11, 1, 8, 0, tzinfo=dt.UTC)
GARLIC, POMELO, TEA = "TL62", "BD36", "TR11"


def fact(kind: type[Any], number: int, **fields: Any) -> Any:
    who = {"household": HOME, "person": SELLER, "channel": "test", **PLACE}
    return kind(id=uuid5(SPACE, f"event/{number}"), at=BEFORE, **who, **fields)


def good(code: str, product: str, price: int, unit: str | None, **more: Any) -> dict[str, Any]:
    return {"code": code, "product": product, "unit_price_vnd": price, "unit": unit, **more}


GOODS = (
    good(GARLIC, "tỏi Lý Sơn", 120_000, "kg", stock=Decimal(50), ocop_stars=4, group="food"),
    good(POMELO, "bưởi da xanh loại một, trái to, hái tận vườn", 35_000, "quả"),
    good(TEA, "trà sen", 90_000, "hộp", stock=Decimal(0)),
)


def open_shop(tx: Connection, *, consent: bool = True, phone: str | None = "0912345678") -> None:
    """The household with three products: some left, plenty, sold out."""
    facts = [
        fact(ConsentGiven, 1, purpose="ledger", version=CONSENT_VERSION),
        fact(AddressChosen, 2, you="cô"),
        fact(HouseholdRegistered, 3, code=CODE),
        *(fact(ProductListed, 10 + n, platform="voso", **one) for n, one in enumerate(GOODS)),
        fact(ProductPhotoAdded, 20, code=GARLIC, photo=uuid5(SPACE, "photo")),
    ]
    if consent:
        facts.append(fact(ConsentGiven, 4, purpose="public", version=CONSENT_VERSION))
    append(tx, facts)
    kept = [PersonNamed(name="Ba", phone=phone), PhotoKept(uuid5(SPACE, "photo"), picture())]
    personal.keep(tx, SELLER, HOME, kept)


def close_shop(tx: Connection) -> None:
    append(tx, [fact(ConsentWithdrawn, 5, purpose="public", version=CONSENT_VERSION)])


def picture() -> bytes:
    """A bulb on a table."""
    image = Image.new("RGB", (800, 600), "#e8dcc0")
    pen = ImageDraw.Draw(image)
    pen.ellipse((250, 150, 550, 480), fill="#f7f2e6", outline="#b9a77e", width=6)
    pen.arc((320, 150, 480, 480), 90, 270, fill="#cbb98f", width=4)
    file = io.BytesIO()
    image.save(file, "JPEG")
    return file.getvalue()


def placed(conn: Connection) -> list[Any]:
    """The orders as they stand, oldest first."""
    return list(conn.execute(select(orders).order_by(orders.c.number)))


def bodies(conn: Connection) -> str:
    """Everything that the events say."""
    return "\n".join(str(body) for body in conn.execute(select(event.c.body)).scalars())
