"""Three years of a made-up programme: what happened, as plain records, and the same as events of the product."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from domain.events import (
    Event,
    HouseholdMoved,
    OrderCompleted,
    OrderMatched,
    OrderPaid,
    OrderReturned,
    ProductListed,
    ProductWithdrawn,
    SaleCorrected,
    SaleFigures,
    SaleItem,
    SaleLogged,
    SaleRestored,
    SaleWithdrawn,
    ShopLinked,
)
from domain.facts import Standing
from domain.geography import communes
from domain.training_events import AttendeesCounted, CourseHeld

FIRST, LAST = dt.date(2023, 7, 1), dt.date(2026, 6, 30)  # the provinces were merged within
DAYS = (LAST - FIRST).days
EVIDENCE = ("said", "confirmed", "matched", "paid")
Record = dict[str, Any]
"""`op` and what belongs to it. Places are (province key, commune)."""


def id_of(number: int) -> UUID:
    return UUID(int=number)


@dataclass
class ThreeYears:
    """`records` in the order in which they were said, `events` beside them."""

    seed: int
    households: int
    records: list[Record] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        self.homes = [self._somewhere(number) for number in range(self.households)]
        self.sales: list[Record] = []
        self.stays: list[Record] = []
        self.of_home: list[list[Record]] = [[] for _ in self.homes]
        self.courses = 0
        self.day = FIRST

    def live(self, events: int) -> None:
        """So many events, one after the other; sales are told up to two years late."""
        steps: list[tuple[Callable[[], None], int]] = [
            (self._sell, 780),
            (self._correct, 60),
            (self._strike, 30),
            (self._restore, 10),
            (self._prove, 40),
            (self._return, 10),
            (self._list, 30),
            (self._unlist, 12),
            (self._link, 8),
            (self._move, 5),
            (self._teach, 15),
        ]
        tried = self.chance.choices(*zip(*steps, strict=True), k=events * 2)
        for step in tried:
            self.day = FIRST + dt.timedelta(days=DAYS * len(self.events) // events)
            step()
            if len(self.events) >= events:
                return

    def _somewhere(self, number: int) -> tuple[str, str]:
        """Half of today's provinces have many households, the others a handful; a few have no known place."""
        if number % 400 == 7:
            return "63/87", ""  # one of the 63, from an old record
        if number % 400 == 8:
            return "", ""
        home = self.chance.choice(communes())
        while int(home.province_code) % 2 and self.chance.random() < 0.97:
            home = self.chance.choice(communes())
        return home.province_code, home.code

    def _say(self, record: Record, kind: type[Any], home: int, /, **fields: Any) -> None:
        province, commune = fields.pop("at_place", None) or self.homes[home]
        at = dt.datetime.combine(self.day, dt.time(5), dt.UTC)
        number = len(self.events) + self.seed * 10**9
        self.records.append(record)
        self.events.append(
            kind(
                id=id_of(number),
                at=at,
                household=None if home < 0 else id_of(home + 1),
                province=province or None,
                commune=commune or None,
                **fields,
            )
        )

    @property
    def _month(self) -> str:
        return f"{self.day:%Y-%m}"

    def _any_day(self) -> dt.date:
        late = int(self.chance.random() ** 6 * 700)
        return max(FIRST, self.day - dt.timedelta(days=late))

    # Sales

    def _sell(self) -> None:
        home, chance = self.chance.randrange(self.households), self.chance
        sale: Record = {
            "home": home,
            "place": self.homes[home],
            "day": self._any_day(),
            "platform": chance.choice(("voso", "postmart", "postmart", "offline")),
            "total": chance.randrange(10**9) if chance.random() < 0.1 else chance.randrange(10**6),
            "evidence": chance.choice(EVIDENCE),
            "state": "standing",
            "code": f"C{len(self.sales)}",
        }
        self.sales.append(sale)
        fields = {name: sale[name] for name in ("code", "platform", "evidence")}
        fields |= {"date": sale["day"], "total_vnd": sale["total"]}
        record = {"op": "sold", "sale": len(self.sales) - 1, **_told(sale)}
        if chance.random() < 0.15:
            self._say(record, OrderCompleted, home, order=sale["code"], **fields)
        else:
            self._say(record, SaleLogged, home, items=_items(sale["total"]), **fields)

    def _some_sale(self, state: str) -> tuple[int, Record] | None:
        for _ in range(20):
            number = self.chance.randrange(len(self.sales)) if self.sales else 0
            if self.sales and self.sales[number]["state"] == state:
                return number, self.sales[number]
        return None

    def _correct(self) -> None:
        found = self._some_sale("standing")
        if found is None:
            return
        number, sale = found
        before = _figures(sale)
        sale["total"] = self.chance.randrange(10**6)
        if self.chance.random() < 0.3:
            sale["day"] = self._any_day()
        if self.chance.random() < 0.2:
            sale["platform"] = self.chance.choice(("voso", "postmart", "offline"))
        self._say(
            {"op": "corrected", "sale": number, **_told(sale)},
            SaleCorrected,
            sale["home"],
            code=sale["code"],
            items=_items(sale["total"]),
            total_vnd=sale["total"],
            date=sale["day"],
            platform=sale["platform"],
            evidence=sale["evidence"],
            before=before,
        )

    def _strike(self) -> None:
        self._turn("standing", "struck", SaleWithdrawn, -1)

    def _restore(self) -> None:
        self._turn("struck", "standing", SaleRestored, 1)

    def _turn(self, state: str, now: str, kind: type[Any], sign: int) -> None:
        found = self._some_sale(state)
        if found is None:
            return
        number, sale = found
        sale["state"] = now
        fields = {name: sale[name] for name in ("code", "platform", "evidence")}
        fields |= {"total_vnd": sign * sale["total"], "date": sale["day"]}
        self._say({"op": now, "sale": number}, kind, sale["home"], at_place=sale["place"], **fields)

    def _prove(self) -> None:
        found = self._some_sale("standing")
        if found is None:
            return
        number, sale = found
        before, kind = _figures(sale), self.chance.choice((OrderMatched, OrderPaid))
        sale["evidence"] = "matched" if kind is OrderMatched else "paid"
        order = {"order": sale["code"], "code": sale["code"], "platform": sale["platform"]}
        self._say(
            {"op": "proven", "sale": number, "evidence": sale["evidence"]},
            kind,
            sale["home"],
            before=before,
            evidence=sale["evidence"],
            **order,
        )

    def _return(self) -> None:
        found = self._some_sale("standing")
        if found is None:
            return
        number, sale = found
        sale["state"] = "returned"
        order = {"order": sale["code"], "code": sale["code"], "platform": sale["platform"]}
        record = {"op": "returned", "sale": number}
        self._say(record, OrderReturned, sale["home"], before=_figures(sale), **order)

    # What stands

    def _list(self) -> None:
        home = self.chance.randrange(self.households)
        stars = self.chance.choice((None, 3, 4, 5))
        stay = self._stay(home, "products", self.chance.choice(EVIDENCE[:2]), counts=bool(stars))
        self._say(
            {"op": "came", **stay},
            ProductListed,
            home,
            code=stay["code"],
            product="mật ong",
            unit_price_vnd=1,
            ocop_stars=stars,
            platform=stay["platform"],
            evidence=stay["evidence"],
        )

    def _link(self) -> None:
        home = self.chance.randrange(self.households)
        stay = self._stay(home, "accounts", "said", counts=True)
        self._say(
            {"op": "came", **stay}, ShopLinked, home, platform=stay["platform"], shop=stay["code"]
        )

    def _stay(self, home: int, indicator: str, evidence: str, *, counts: bool) -> Record:
        stay = {
            "stay": len(self.stays),
            "code": f"P{len(self.stays)}",
            "home": home,
            "indicator": indicator,
            "platform": self.chance.choice(("voso", "postmart")),
            "evidence": evidence,
            "counts": counts,
            "month": self._month,
            "place": self.homes[home],
        }
        self.stays.append({**stay, "gone": False})
        self.of_home[home].append(self.stays[-1])
        return stay

    def _unlist(self) -> None:
        there = [one for one in self.stays[-400:] if not one["gone"]]
        goods = [one for one in there if one["indicator"] == "products"]
        if not goods:
            return
        one = self.chance.choice(goods)
        one["gone"] = True
        self._say(
            {"op": "went", "stay": one["stay"], "month": self._month},
            ProductWithdrawn,
            one["home"],
            code=one["code"],
            ocop_stars=4 if one["counts"] else None,
            platform=one["platform"],
            evidence=one["evidence"],
        )

    def _move(self) -> None:
        home = self.chance.randrange(self.households)
        before, self.homes[home] = self.homes[home], self._somewhere(home + 1)
        there = [one for one in self.of_home[home] if one["counts"] and not one["gone"]]
        standing = tuple(
            Standing(**{name: one[name] for name in ("indicator", "platform", "evidence")})
            for one in there
        )
        self._say(
            {"op": "moved", "home": home, "month": self._month, "place": self.homes[home]},
            HouseholdMoved,
            home,
            from_province=before[0] or None,
            from_commune=before[1] or None,
            standing=standing,
        )

    # Courses

    def _teach(self) -> None:
        """A course, or more people of one."""
        home = self.chance.randrange(self.households)
        platform = self.chance.choice((None, "voso", "postmart"))
        held, people = self.chance.random() < 0.4, self.chance.randrange(1, 30)
        self.courses += 1
        what = {"platform": platform, "day": self._any_day(), "place": self.homes[home]}
        record = {"op": "course" if held else "people", "people": people, **what}
        fields: Record = {"course": f"K{self.courses}", "platform": platform, "date": what["day"]}
        if held:
            self._say(record, CourseHeld, -1, at_place=what["place"], **fields)
        else:
            self._say(record, AttendeesCounted, -1, at_place=what["place"], people=people, **fields)


def _items(total: int) -> tuple[SaleItem, ...]:
    return (SaleItem(product="cam sành", total_vnd=total),)


def _told(sale: Record) -> Record:
    return {name: sale[name] for name in ("home", "place", "day", "platform", "total", "evidence")}


def _figures(sale: Record) -> SaleFigures:
    province, commune = sale["place"]
    return SaleFigures(
        total_vnd=sale["total"],
        date=sale["day"],
        platform=sale["platform"],
        evidence=sale["evidence"],
        province=province or None,
        commune=commune or None,
    )
