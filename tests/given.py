"""What an `@` line of a transcript stands for, as events: the household that was there before."""

from __future__ import annotations

import datetime as dt
from calendar import monthrange
from dataclasses import dataclass, field
from typing import Any, cast
from uuid import UUID, uuid5

from bot.transcripts import Given
from domain.codes import receipt_code
from domain.events import (
    EVENT,
    AddressChosen,
    ConsentGiven,
    Event,
    HouseholdRegistered,
    OrderPlaced,
    ProductListed,
    ReportReceived,
    RoleGiven,
    RoleWithdrawn,
    SaleItem,
    SaleLogged,
)
from domain.facts import Platform
from domain.household import ZONE, OrderState
from domain.platform_orders import PlatformOrder

SPACE = UUID("00000000-0000-4000-8000-000000000001")
PERSON = uuid5(SPACE, "person")
LONG_AGO = dt.datetime(2026, 9, 1, 8, 0, tzinfo=ZONE)
NOON = dt.time(12, 0, tzinfo=ZONE)
VERSION = 1  # of the wording of consents


@dataclass(slots=True)
class Past:
    """Gathers the events of a person and their household; `buyers` and `own` are what events never hold."""

    events: list[Event] = field(default_factory=list)
    own: dict[str, Any] = field(default_factory=dict)
    buyers: dict[str, str] = field(default_factory=dict)  # name: reference
    person: UUID = PERSON
    space: UUID = SPACE  # of the ids of the household and the events
    home: UUID | None = None
    home_code: str = "HO-0001"
    place: dict[str, str] = field(default_factory=dict)
    codes: int = 0

    def add(self, line: Given, now: dt.datetime) -> None:
        """The events of one line; ValueError for a kind that there is not."""
        if line.kind not in KINDS:
            raise ValueError(f"@ {line.kind}: there is no such line")
        KINDS[line.kind](self, line, now)

    def event(self, kind: type, at: dt.datetime, **fields: Any) -> None:
        who = {"household": self.home, "person": self.person, "channel": "console", **self.place}
        id_ = uuid5(self.space, str(len(self.events)))
        event = kind(id=id_, at=at, **{**who, **fields})
        self.events.append(EVENT.validate_python(event))

    def code(self, values: dict[str, str]) -> str:
        """The code that the line names, or the household's next one."""
        assert self.home is not None, "a household comes before what it sells"
        self.codes += 1
        return values.get("code") or receipt_code(self.home, self.codes - 1)

    def buyer(self, name: str | None) -> str | None:
        """The reference of a buyer of this name."""
        return name and self.buyers.setdefault(name, f"b{len(self.buyers) + 1}")


def person(past: Past, line: Given, _: dt.datetime) -> None:
    """`person you=cô name="Ba" me=em southern=true consents=ledger,public phone=…`."""
    values = line.values
    for purpose in filter(None, values.get("consents", "").split(",")):
        past.event(ConsentGiven, LONG_AGO, purpose=purpose, version=VERSION)
    if "you" in values or "me" in values:
        past.event(AddressChosen, LONG_AGO, you=values.get("you"), me=values.get("me"))
    past.own |= {key: values[key] for key in ("name", "phone") if key in values}
    if "southern" in values:
        past.own["southern"] = values["southern"] == "true"
    if "language" in values:
        past.own["language"] = values["language"]


def consent(past: Past, line: Given, _: dt.datetime) -> None:
    """`consent public`."""
    for purpose in line.words:
        past.event(ConsentGiven, LONG_AGO, purpose=purpose, version=VERSION)


def role(past: Past, line: Given, now: dt.datetime) -> None:
    """`role worker area=30226`; `whose=other`: somebody else has it."""
    who = uuid5(SPACE, "worker") if line.values.get("whose") == "other" else past.person
    past.event(
        RoleGiven,
        LONG_AGO,
        person=who,
        household=None,
        role=line.words[0],
        area=line.values["area"],
        invitation="",
    )


def role_over(past: Past, line: Given, now: dt.datetime) -> None:
    """`role_over worker area=30226`: it was taken back."""
    past.event(RoleWithdrawn, now, household=None, role=line.words[0], area=line.values["area"])


def household(past: Past, line: Given, _: dt.datetime) -> None:
    """`household province=82 commune=30226`."""
    past.home = uuid5(past.space, "household")
    past.place = {key: line.values[key] for key in ("province", "commune")}
    past.home_code = line.values.get("code", past.home_code)
    past.event(HouseholdRegistered, LONG_AGO, code=past.home_code)


def item(values: dict[str, str]) -> SaleItem:
    keys = ("product", "quantity", "unit", "unit_price_vnd", "price_unit", "total_vnd")
    fields: dict[str, Any] = {key: values[key] for key in keys if key in values}
    if "unit_price_vnd" in fields:
        fields.setdefault("price_unit", fields.get("unit"))
    return SaleItem.model_validate(fields)


def sold(past: Past, line: Given, _: dt.datetime) -> None:
    """`sold date=2026-11-03 product="chè shan" quantity=6 unit=kg unit_price_vnd=250000 total_vnd=1500000`."""
    values = line.values
    day = dt.date.fromisoformat(values["date"])
    past.event(
        SaleLogged,
        dt.datetime.combine(day, NOON),
        code=past.code(values),
        items=(item(values),),
        total_vnd=int(values["total_vnd"]),
        buyer=past.buyer(values.get("buyer")),
        date=day,
        platform=values.get("platform", "offline"),
        evidence=values.get("evidence", "said"),
    )


def listed(past: Past, line: Given, now: dt.datetime) -> None:
    """`listed product="tỏi" unit_price_vnd=120000 unit=kg stock=50 stars=4 group=food platforms=voso,postmart`."""
    values = line.values
    code = past.code(values)
    for platform in values.get("platforms", "voso").split(","):
        past.event(
            ProductListed,
            LONG_AGO,
            code=code,
            product=values["product"],
            unit_price_vnd=values["unit_price_vnd"],
            unit=values.get("unit"),
            stock=values.get("stock"),
            ocop_stars=values.get("stars"),
            group=values.get("group"),
            platform=platform,
        )


def order(past: Past, line: Given, now: dt.datetime) -> None:
    """`order number=1204 platform=voso product=… total_vnd=360000 placed="2026-11-21 08:00" deadline="…"`."""
    values = line.values
    past.event(
        OrderPlaced,
        _time(values.get("placed")) or now,
        order=values["number"],
        platform=values.get("platform", "voso"),
        source=values.get("source", "platform"),
        items=(item(values),),
        total_vnd=int(values["total_vnd"]),
        buyer=past.buyer(values.get("buyer")),
        deadline=_time(values.get("deadline")),
    )


def platform_order(line: Given, home: str) -> PlatformOrder:
    """`platform order=2305 on=postmart status=placed product=… total_vnd=… destination="…" by=buyer`."""
    values = line.values
    return PlatformOrder(
        number=values["order"],
        platform=cast("Platform", values.get("on", "voso")),
        status=cast("OrderState", values["status"]),
        items=(item(values),) if "product" in values else None,
        total_vnd=int(values["total_vnd"]) if "total_vnd" in values else None,
        placed_at=_time(values.get("placed")),
        completed_at=_time(values.get("completed")),
        household=home,
        buyer_name=values.get("buyer"),
        destination=values.get("destination"),
        cancelled_by="buyer" if values.get("by") == "buyer" else None,
        paid="paid" in line.words,
    )


def _time(text: str | None) -> dt.datetime | None:
    return dt.datetime.fromisoformat(text).replace(tzinfo=ZONE) if text else None


def reported(past: Past, line: Given, now: dt.datetime) -> None:
    """`reported indicator=products province=82 month=2026-06 value=120 platform=voso`."""
    values = line.values
    year, month = map(int, values["month"].split("-"))
    past.event(
        ReportReceived,
        dt.datetime.combine(now.date(), NOON),
        household=None,
        person=None,
        province=values.get("province"),
        commune=None,
        indicator=values["indicator"],
        platform=values.get("platform"),
        period_from=dt.date(year, month, 1),
        period_to=dt.date(year, month, monthrange(year, month)[1]),
        value=int(values["value"]),
        previous=int(values.get("previous", 0)),
    )


KINDS = {
    "person": person,
    "consent": consent,
    "role": role,
    "role_over": role_over,
    "household": household,
    "sold": sold,
    "listed": listed,
    "order": order,
    "reported": reported,
}
