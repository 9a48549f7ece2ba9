"""The sample programme: 60 households of nobody, 18 months, through the same events as everything real.

Always the same for the same day. Every event and household says that it is sample; so does the database.
"""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import Connection, func, select

from bot.dialogue.message import BuyerNamed, PersonNamed
from bot.dialogue.turn import CONSENT_VERSION
from bot.sample_goods import Good, goods, people
from domain.codes import receipt_code, shop_reference
from domain.events import (
    AddressChosen,
    ConsentGiven,
    ContactStarted,
    Event,
    HouseholdRegistered,
    OrderCancelled,
    OrderCompleted,
    OrderConfirmed,
    OrderPlaced,
    ProductListed,
    SaleCorrected,
    SaleFigures,
    SaleItem,
    SaleLogged,
    ShopLinked,
)
from domain.geography import communes_of
from domain.household import ZONE
from storage import personal
from storage.figures import mark_sample
from storage.schema import event as events_table
from storage.store import append
from storage.touched import touch

SEED = 1034  # the decision that the programme follows
MONTHS = 18
HOUSEHOLDS = {"82": 14, "42": 10, "66": 9, "68": 8, "14": 7, "24": 5, "25": 4, "48": 3}
SPACE = UUID("5a3b1e00-0000-4000-8000-000000000000")
CODE_PREFIX = "MAU"
ON_PLATFORMS = 0.85  # of the households


@dataclass(slots=True)
class Home:
    """One household in the making: what it sells, where, and the events so far."""

    number: int
    province: str
    commune: str
    since: dt.date
    goods: tuple[Good, ...]
    platforms: tuple[str, ...]
    growth: float
    quiet_from: int | None
    codes: int = 0
    orders: int = 0
    happened: list[Event] = field(default_factory=list)
    buyers: dict[str, str] = field(default_factory=dict)

    @property
    def id(self) -> UUID:
        return uuid5(SPACE, f"household/{self.number}")

    @property
    def person(self) -> UUID:
        return uuid5(SPACE, f"person/{self.number}")

    def happens(self, kind: type[Any], at: dt.datetime, **fields: Any) -> Any:
        who = {"household": self.id, "person": self.person, "channel": "sample", "sample": True}
        place = {"province": self.province, "commune": self.commune}
        id_ = uuid5(SPACE, f"event/{self.number}/{len(self.happened)}")
        self.happened.append(kind(id=id_, at=at, **who, **place, **fields))
        return self.happened[-1]

    def code(self) -> str:
        self.codes += 1
        return receipt_code(self.id, self.codes - 1)


def load_sample(tx: Connection, today: dt.date | None = None) -> bool:
    """Load it as of that day (today when None); False, and nothing done, where anything was stored."""
    if tx.execute(select(func.count()).select_from(events_table)).scalar_one():
        return False
    homes = sample_homes(today or dt.datetime.now(ZONE).date())
    happened = [event for home in homes for event in home.happened]
    append(tx, sorted(happened, key=lambda one: one.at))
    sellers = people("seller")
    for home in homes:
        _, name = sellers[home.number % len(sellers)]
        named = [BuyerNamed(ref, buyer) for buyer, ref in home.buyers.items()]
        personal.keep(tx, home.person, home.id, [PersonNamed(name=name), *named])
        touch(tx, home.id, home.codes, len(named))
    mark_sample(tx)
    return True


def sample_homes(today: dt.date) -> list[Home]:
    """The households and all that happened to them until the evening before that day."""
    chance = Random(SEED)  # noqa: S311 - made-up figures, no secret
    homes: list[Home] = []
    for province, count in HOUSEHOLDS.items():
        for _ in range(count):
            home = _home(len(homes), province, today, chance)
            _settle_in(home, chance)
            for month in range(MONTHS):
                _month(home, month, today, chance)
            _open_orders(home, today, chance)
            homes.append(home)
    return homes


def _home(number: int, province: str, today: dt.date, chance: Random) -> Home:
    joined = chance.choice((0, 0, 0, 1, 2, 3, 5, 8, 11))
    first = _first_of(today, joined)
    sells = chance.random() < ON_PLATFORMS
    choices = (("voso",), ("postmart",), ("voso", "postmart"))
    return Home(
        number=number,
        province=province,
        commune=chance.choice(communes_of(province)).code,
        since=first + dt.timedelta(days=chance.randrange(20)),
        goods=tuple(chance.sample(goods(province), k=chance.choice((1, 2, 2, 3)))),
        platforms=chance.choice(choices) if sells else (),
        growth=chance.choice((0.98, 1.0, 1.0, 1.03, 1.08)),
        quiet_from=chance.randrange(6, 14) if chance.random() < 0.2 else None,
    )


def _settle_in(home: Home, chance: Random) -> None:
    """From the first greeting to goods on the platforms, on one evening."""
    at = _moment(home.since, 19)
    you = people("seller")[home.number % len(people("seller"))][0]
    home.happens(ContactStarted, at)
    home.happens(ConsentGiven, at, purpose="ledger", version=CONSENT_VERSION)
    home.happens(AddressChosen, at, you=you)
    home.happens(HouseholdRegistered, at, code=f"{CODE_PREFIX}-{home.number + 1:04d}")
    for platform in home.platforms:
        home.happens(
            ShopLinked,
            at,
            platform=platform,
            shop=shop_reference(platform, f"mau {home.number + 1}"),
        )
    for good in home.goods if home.platforms else ():
        code = home.code()
        for platform in home.platforms:
            home.happens(
                ProductListed,
                at,
                code=code,
                product=good.product,
                unit_price_vnd=good.price_vnd,
                unit=good.unit,
                ocop_stars=good.stars,
                group=good.group,
                platform=platform,
            )
    if home.platforms:
        home.happens(ConsentGiven, at, purpose="public", version=CONSENT_VERSION)
    for number, (_, buyer) in enumerate(chance.sample(people("buyer"), k=4), 1):
        home.buyers[buyer] = f"b{number}"


def _month(home: Home, month: int, today: dt.date, chance: Random) -> None:
    first = _first_of(today, month)
    if home.quiet_from is not None and month >= home.quiet_from:
        return
    for good in home.goods:
        often = 1.6 * good.season(first.month) * home.growth**month
        for _ in range(round(often * 2 * chance.random())):
            day = first + dt.timedelta(days=chance.randrange(_days(first)))
            if home.since < day < today:
                _sale(home, good, day, chance)


def _sale(home: Home, good: Good, day: dt.date, chance: Random) -> None:
    """A logged sale, now and then corrected, or an order that was seen through."""
    item = _item(good, chance)
    if home.platforms and chance.random() < 0.4:
        _order(home, item, day, chance)
        return
    shown = {
        "code": home.code(),
        "buyer": chance.choice((None, *home.buyers.values())),
        "date": day,
        "platform": chance.choice((*home.platforms, "offline")),
    }
    sale = home.happens(
        SaleLogged, _moment(day, 20), items=(item,), total_vnd=item.total_vnd, **shown
    )
    if chance.random() < 0.04:
        again = _item(good, chance)
        home.happens(
            SaleCorrected,
            _moment(day, 21),
            items=(again,),
            total_vnd=again.total_vnd,
            before=_figures(sale),
            **shown,
        )


def _order(home: Home, item: SaleItem, day: dt.date, chance: Random) -> None:
    order = _placed(home, item, _moment(day, 8), chance)
    if chance.random() < 0.1:
        by = chance.choice(("buyer", "household"))
        home.happens(OrderCancelled, _moment(day, 10), **order, by=by)
        return
    code = home.code()
    home.happens(OrderConfirmed, _moment(day, 9), **order, code=code)
    done = {"code": code, "total_vnd": item.total_vnd, "date": day, "evidence": "matched"}
    home.happens(OrderCompleted, _moment(day, 18), **order, **done)


def _open_orders(home: Home, today: dt.date, chance: Random) -> None:
    """What waits this morning for an answer or for the parcel."""
    if not home.platforms or home.quiet_from is not None or chance.random() < 0.6:
        return
    yesterday = today - dt.timedelta(days=1)
    order = _placed(home, _item(home.goods[0], chance), _moment(yesterday, 20), chance)
    if chance.random() < 0.5:
        home.happens(OrderConfirmed, _moment(yesterday, 21), **order, code=home.code())


def _placed(home: Home, item: SaleItem, at: dt.datetime, chance: Random) -> dict[str, Any]:
    home.orders += 1
    platform = chance.choice(home.platforms)
    prefix = "VS" if platform == "voso" else "PM"
    order = {"order": f"{prefix}-M{home.number:02d}{home.orders:03d}", "platform": platform}
    home.happens(
        OrderPlaced,
        at,
        items=(item,),
        total_vnd=item.total_vnd,
        buyer=chance.choice(tuple(home.buyers.values())),
        deadline=at + dt.timedelta(hours=24),
        **order,
    )
    return order


def _item(good: Good, chance: Random) -> SaleItem:
    quantity = max(1, round(good.lot * (0.5 + chance.random())))
    step = 1000 if good.price_vnd < 100_000 else 5000
    price = round(good.price_vnd * (0.9 + 0.2 * chance.random()) / step) * step
    return SaleItem(
        product=good.product,
        quantity=Decimal(quantity),
        unit=good.unit,
        unit_price_vnd=price,
        price_unit=good.unit,
        total_vnd=price * quantity,
    )


def _figures(sale: SaleLogged) -> SaleFigures:
    return SaleFigures.model_validate(sale.model_dump(include=set(SaleFigures.model_fields)))


def _moment(day: dt.date, hour: int) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(hour), ZONE)


def _first_of(today: dt.date, month: int) -> dt.date:
    """The first day of a month of the sample; the last one is that of today."""
    number = today.year * 12 + today.month - 1 - (MONTHS - 1) + month
    return dt.date(number // 12, number % 12 + 1, 1)


def _days(first: dt.date) -> int:
    return calendar.monthrange(first.year, first.month)[1]
