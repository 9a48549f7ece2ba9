"""Households of two communes and people with roles, as their events leave them: for tests of workers' pages."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import Connection, insert

from bot.dialogue.message import PersonNamed
from domain.events import (
    AddressChosen,
    ConsentGiven,
    HouseholdRegistered,
    ProductListed,
    RoleGiven,
    SaleItem,
    SaleLogged,
)
from domain.household import ZONE
from storage import personal
from storage.schema import identity
from storage.store import append

SPACE = UUID("00000000-0000-4000-8000-000000000005")
HERE, THERE = ("82", "30226"), ("01", "00004")  # Lai Vung in Đồng Tháp, Ba Đình in Hà Nội
LONG_AGO = dt.datetime(2025, 1, 5, 8, 0, tzinfo=ZONE)
NASTY = '<script>alert("x")</script> \u202e O\'Brien & "Bà"'


def of(*words: object) -> UUID:
    return uuid5(SPACE, "/".join(map(str, words)))


def fact(
    kind: type[Any], home: str, number: object, place: tuple[str, str], /, **fields: Any
) -> Any:
    """An event of the household of this code."""
    who: dict[str, Any] = {"household": of(home), "person": of(home, "person"), "channel": "test"}
    where = {"province": place[0], "commune": place[1]}
    return kind(id=of(home, number), **{"at": LONG_AGO, **who, **where, **fields})


def settle(
    tx: Connection,
    code: str,
    name: str,
    place: tuple[str, str] = HERE,
    *,
    agreed: bool = True,
    sold: int | None = None,
    listed: bool = False,
) -> None:
    """A household; `sold`: days since its one sale."""
    purposes = ["ledger", *(["worker"] if agreed else [])]
    facts = [fact(ConsentGiven, code, p, place, purpose=p, version=1) for p in purposes]
    facts.append(fact(AddressChosen, code, "you", place, you="cô"))
    facts.append(fact(HouseholdRegistered, code, "home", place, code=code))
    if listed:
        goods = {"code": "TL62", "product": "tỏi", "unit_price_vnd": 120_000, "platform": "voso"}
        facts.append(fact(ProductListed, code, "goods", place, **goods))
    if sold is not None:
        day = dt.datetime.now(ZONE).date() - dt.timedelta(days=sold)
        item = SaleItem(product="cam sành", total_vnd=500_000)
        sale = {"code": "KX42", "items": (item,), "total_vnd": 500_000, "buyer": "b1", "date": day}
        facts.append(fact(SaleLogged, code, "sale", place, platform="offline", **sale))
    append(tx, facts)
    personal.keep(tx, of(code, "person"), of(code), [PersonNamed(name=name)])


def appoint(tx: Connection, who: str, kind: str, area: str) -> UUID:
    """Somebody with this role."""
    given = {"role": kind, "area": area, "invitation": "", "person": of(who), "channel": "test"}
    append(tx, [RoleGiven(id=of(who, kind, area), at=LONG_AGO, **given)])
    return of(who)


def known(tx: Connection, address: str, who: UUID) -> None:
    """The person writes from this browser."""
    row = {"channel": "web", "address": address, "person": who, "since": LONG_AGO}
    tx.execute(insert(identity), row)


def fill(tx: Connection) -> None:
    """Four households here, of which one is only counted; one elsewhere."""
    settle(tx, "DT-0001", "Ba", sold=2, listed=True)
    settle(tx, "DT-0002", "Nguyễn Thị Đào", sold=21)
    settle(tx, "DT-0003", "Giấu Tên", agreed=False, sold=40)
    settle(tx, "DT-0004", NASTY, listed=True)
    settle(tx, "HN-0001", "Người Thủ Đô", THERE, sold=21)
