"""What lists go by is at any time what a look at the tables gives, whatever happened, in whatever order."""

from __future__ import annotations

import datetime as dt
import runpy
from dataclasses import dataclass, field
from functools import partial
from random import Random
from typing import Any

import pytest
from sqlalchemy import Connection, select, text, update
from villages import fact, of, settle

from domain import events as facts
from domain.household import ZONE
from storage.migrate import MIGRATIONS
from storage.schema import entry, household, listing, month_total, orders, product
from storage.store import append
from storage.usual_prices import reckon

PLACE = ("82", "30226")
FIRST = dt.date(2026, 9, 20)
BEGAN = dt.datetime(2026, 12, 1, 8, 0, tzinfo=ZONE)
GOODS = ("cam", "tao", "le")


@dataclass
class Life:
    """What may happen next to a household: only a standing sale is struck, only a placed order answered."""

    code: str
    chance: Random
    told: int = 0
    lines: dict[str, tuple[facts.SaleFigures, bool]] = field(default_factory=dict)
    orders: dict[str, str] = field(default_factory=dict)

    def next(self) -> Any:
        steps = (self.sell, self.sell, self.change, self.strike, self.offer, self.order)
        return self.chance.choice(steps)()

    def event(self, kind: type[Any], **said: Any) -> Any:
        self.told += 1
        at = BEGAN + dt.timedelta(hours=self.told)
        return fact(kind, self.code, self.told, PLACE, at=at, **said)

    def figures(self) -> facts.SaleFigures:
        day = FIRST + dt.timedelta(days=self.chance.randrange(70))
        total = self.chance.randrange(1, 90) * 1_000
        return facts.SaleFigures(total_vnd=total, date=day, platform="offline", evidence="said")

    def sell(self) -> Any:
        code, figures = f"S{self.told}", self.figures()
        self.lines[code] = figures, True
        return self.event(facts.SaleLogged, code=code, items=(), **said(figures))

    def change(self) -> Any:
        code = self.chance.choice([None, *(c for c, (_, stands) in self.lines.items() if stands)])
        if code is None:
            return None
        before, figures = self.lines[code][0], self.figures()
        self.lines[code] = figures, True
        words = {"code": code, "items": (), "before": before}
        return self.event(facts.SaleCorrected, **words, **said(figures))

    def strike(self) -> Any:
        """Struck, or back again."""
        code = self.chance.choice([None, *self.lines])
        if code is None:
            return None
        figures, stands = self.lines[code]
        self.lines[code] = figures, not stands
        if stands:
            words = said(figures) | {"total_vnd": -figures.total_vnd}
            return self.event(facts.SaleWithdrawn, code=code, **words)
        return self.event(facts.SaleRestored, code=code, **said(figures))

    def offer(self) -> Any:
        name = self.chance.choice(GOODS)
        code, on = name.upper(), self.chance.choice(("voso", "postmart"))
        match self.chance.randrange(4):
            case 0:
                return self.event(facts.ProductPhotoAdded, code=code, photo=of(code))
            case 1:
                return self.event(facts.ProductWithdrawn, code=code, platform=on)
            case _:
                price = self.chance.randrange(1, 99) * 1_000
                words = {"product": name, "unit_price_vnd": price, "unit": "kg"}
                return self.event(facts.ProductListed, code=code, platform=on, **words)

    def order(self) -> Any:
        number = self.chance.choice([f"{self.code}/{self.told}", *self.orders])
        on = {"order": number, "platform": "voso" if self.chance.random() < 0.7 else "offline"}
        step = self.orders.get(number)
        if step is not None:
            on["platform"] = step.partition(" ")[0]
        line, day = f"O{number}", self.figures()
        match step and step.partition(" ")[2], self.chance.random() < 0.5:
            case None, _:
                self.orders[number] = f"{on['platform']} placed"
                placed = dt.datetime.combine(day.date, dt.time(9), ZONE)
                words = {"items": (), "total_vnd": 5_000, "placed_at": placed}
                return self.event(facts.OrderPlaced, **words, **on)
            case "placed", True:
                self.orders[number] = f"{on['platform']} confirmed"
                return self.event(facts.OrderConfirmed, code=line, **on)
            case "placed", False:
                self.orders[number] = f"{on['platform']} over"
                kind = self.chance.choice((facts.OrderExpired, facts.OrderCancelled))
                by = {"by": "buyer"} if kind is facts.OrderCancelled else {}
                return self.event(kind, **by, **on)
            case "confirmed", _:
                self.orders[number] = f"{on['platform']} completed"
                self.lines.pop(line, None)
                words = {"total_vnd": 5_000, "date": FIRST, "evidence": "matched", "code": line}
                return self.event(facts.OrderCompleted, **words, **on)
            case "completed", True:
                self.orders[number] = f"{on['platform']} over"
                figures = facts.SaleFigures(
                    total_vnd=5_000, date=FIRST, platform=on["platform"], evidence="matched"
                )
                return self.event(facts.OrderReturned, code=line, before=figures, **on)
        return None


def said(figures: facts.SaleFigures) -> dict[str, Any]:
    return figures.model_dump(exclude_none=True)


def looked_up(conn: Connection, which: Any) -> dict[str, Any]:
    """What the row should hold, counted here from the rows of the tables."""

    def rows(table: Any) -> list[Any]:
        return list(conn.execute(select(table).where(table.c.household == which)))

    days = sorted(row.date for row in rows(entry) if row.struck_at is None)
    months = sorted({day.replace(day=1) for day in days}, reverse=True)
    firsts = [min(d for d in days if d.replace(day=1) == month) for month in months]
    sums = {row.month: row.total_vnd for row in rows(month_total)}
    goods, offers, placed = rows(product), rows(listing), rows(orders)
    listed = [row for row in goods if row.code]
    on_platforms = [row.placed_at for row in placed if row.platform != "offline"]
    return {
        "first_sold_on": days[0] if days else None,
        "last_sold_on": days[-1] if days else None,
        "quiet_since": max([dt.date(2025, 1, 5), *days[-1:]]),
        "month_from": firsts[0] if firsts else None,
        "before_from": firsts[1] if firsts[1:] else None,
        "month_vnd": sums[f"{months[0]:%Y-%m}"] if months else 0,
        "listings": sum(row.withdrawn_at is None for row in offers),
        "products": len(listed),
        "unpictured": sum(row.photo is None for row in listed),
        "first_ordered_at": min(on_platforms, default=None),
        "unanswered": sum(row.state == "placed" for row in placed),
        "seen": True,
    }


def kept(conn: Connection, which: Any, names: Any) -> dict[str, Any]:
    row = conn.execute(select(household).where(household.c.id == which)).mappings().one()
    return {name: row[name] for name in names}


@pytest.mark.parametrize("seed", range(4))
async def test_whatever_happens_the_row_is_what_a_look_gives(db, seed):
    life = Life(f"DT-{seed}", Random(seed))
    await db.write(partial(settle, code=life.code, name="Ba"))
    for _ in range(25):
        some = [event for event in (life.next() for _ in range(4)) if event is not None]
        await db.write(partial(append, events=some))
        expected = await db.read(partial(looked_up, which=of(life.code)))
        assert await db.read(partial(kept, which=of(life.code), names=expected)) == expected


async def test_the_first_listing_stays_the_first_one(db):
    life = Life("DT-1", Random(1))
    await db.write(partial(settle, code="DT-1", name="Ba"))
    offer = {"code": "CAM", "product": "cam", "unit_price_vnd": 1_000, "platform": "voso"}
    first = life.event(facts.ProductListed, **offer)
    gone = life.event(facts.ProductWithdrawn, code="CAM", platform="voso")
    again = life.event(facts.ProductListed, **offer)
    for event in (first, gone, again):
        await db.write(partial(append, events=[event]))
    row = await db.read(partial(kept, which=of("DT-1"), names=("first_listed_at", "listings")))
    assert row == {"first_listed_at": first.at, "listings": 1}


async def test_who_may_be_seen_follows_each_yes_and_no(db):
    await db.write(partial(settle, code="DT-1", name="Ba", agreed=False))

    async def seen(*events: Any) -> bool:
        await db.write(partial(append, events=list(events)))
        return (await db.read(partial(kept, which=of("DT-1"), names=("seen",))))["seen"]

    life = Life("DT-1", Random(1))
    assert not await seen()
    alone = {"household": None, "purpose": "worker", "version": 1}
    assert await seen(life.event(facts.ConsentGiven, **alone))
    assert not await seen(life.event(facts.ConsentWithdrawn, **alone))
    other = {"person": of("another")}
    assert not await seen(life.event(facts.ConsentGiven, **alone, **other))
    assert await seen(life.event(facts.MemberJoined, **other))


async def test_the_migration_counts_what_the_turns_would_have(db):
    """Everything that happened before it, all at once."""
    life = Life("DT-9", Random(9))
    await db.write(partial(settle, code=life.code, name="Ba"))
    some = [event for event in (life.next() for _ in range(80)) if event is not None]
    await db.write(partial(append, events=some))
    names = [*await db.read(partial(looked_up, which=of(life.code))), "first_listed_at"]
    before = await db.read(partial(kept, which=of(life.code), names=names))
    wrong = {"month_vnd": 7, "seen": False, "listings": 7, "first_sold_on": None}
    await db.write(lambda tx: tx.execute(update(household).values(**wrong)))
    script = migration()

    def count(tx: Connection) -> None:
        for statement in script["_counts"](tx.dialect.name):
            tx.execute(text(statement))

    await db.write(count)
    assert await db.read(partial(kept, which=of(life.code), names=names)) == before


def migration() -> dict[str, Any]:
    """Its names; a file that begins with a number can't be imported by one."""
    return runpy.run_path(str(MIGRATIONS / "versions" / "0012_lists.py"))


async def test_a_price_far_from_the_middle_of_five_is_seen_and_again_when_it_is_mended(db):
    prices = (20, 22, 25, 26, 80)
    for number, price in enumerate(prices):
        code = f"DT-{number}"
        await db.write(partial(settle, code=code, name="Ba"))
        await db.write(partial(offer, code=code, price=price * 1_000))

    async def far() -> list[int]:
        rows = select(household.c.far_prices).order_by(household.c.code)
        return list(await db.read(lambda conn: conn.scalars(rows).all()))

    assert await far() == [0] * 5
    await reckon(db)
    assert await far() == [0, 0, 0, 0, 1]
    await db.write(partial(offer, code="DT-4", price=49_000))
    assert await far() == [0] * 5
    await db.write(partial(offer, code="DT-0", price=12_000))
    assert await far() == [1, 0, 0, 0, 0]
    await db.write(lambda tx: append(tx, [taken_off("DT-3")]))
    await reckon(db)
    assert await far() == [0] * 5, "four are too few for a usual price"


def offer(tx: Connection, code: str, price: int) -> None:
    words = {"code": "CAM", "product": "cam", "unit_price_vnd": price, "unit": "kg"}
    append(tx, [fact(facts.ProductListed, code, price, PLACE, platform="voso", **words)])


def taken_off(code: str) -> Any:
    return fact(facts.ProductWithdrawn, code, "off", PLACE, code="CAM", platform="voso")
