"""Orders over HTTP only: what the API totals by platform and evidence is what its inputs come to."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from uuid import uuid4

import httpx
import pytest

from bot.config import Settings
from bot.handlers import HANDLERS
from bot.runner import Runner
from bot.services import Services
from domain.household import ZONE
from storage.database import Database
from storage.keys import new_key
from storage.rollups import advance, rebuild_check
from web.app import create_app
from web.rate import Rate

ORDERS = 500
LOGGED = 120
FIRST = ["alo", "[Đồng ý]", "cô Ba", "Lai Vung, Đồng Tháp"]
SECOND = ["alo", "[Đồng ý]", "anh Tư", "Lấp Vò, Đồng Tháp"]
PLATFORMS = {"voso": "Vỏ Sò", "postmart": "Postmart"}
PRICES = {"cam sành": 25_000, "quýt hồng": 40_000, "gạo nàng thơm": 22_000}
TODAY = dt.datetime.now(ZONE).date()

WAYS = [  # what a platform says of an order from its placing on, and how often
    (["placed", "confirmed", "packed", "shipped", "completed"], 40),
    (["placed", "completed"], 20),
    (["completed"], 10),
    (["placed", "confirmed", "cancelled"], 10),
    (["placed", "shipped", "completed", "returned"], 10),
    (["placed", "confirmed"], 10),
]


@dataclass
class Bought:
    """One order of the test's own making; `logged`: the household says so, too."""

    number: str
    platform: str
    seller: int
    product: str
    kilos: int
    way: list[str]
    logged: bool = False
    paid: bool = False

    @property
    def total(self) -> int:
        return self.kilos * PRICES[self.product]

    @property
    def counts(self) -> str | None:
        """The evidence under which it must be counted; None: not at all."""
        if "returned" in self.way:
            return None
        if "completed" in self.way:
            return "paid" if self.paid else "matched"
        return "said" if self.logged else None

    def told(self, status: str) -> dict[str, object]:
        noon = dt.datetime.combine(TODAY - dt.timedelta(days=1), dt.time(12), ZONE)
        price = PRICES[self.product]
        return {
            "order_id": self.number,
            "platform": self.platform,
            "shop": f"Vườn nhà {self.seller}",
            "status": status,
            "placed_at": (noon - dt.timedelta(hours=20)).isoformat(),
            "completed_at": noon.isoformat() if status in {"completed", "returned"} else None,
            "items": [
                {
                    "product": self.product,
                    "quantity": str(self.kilos),
                    "unit": "kg",
                    "unit_price_vnd": price,
                    "total_vnd": self.total,
                }
            ],
            "total_vnd": self.total,
            "buyer": {"name": "Nguyễn Thị Khách", "phone": "0912 345 678"},
            "ship_to": {"province": "Hà Nội", "commune": "phường Láng"},
            "paid": self.paid,
        }


@dataclass
class Person:
    """A household at the web chat; `[label]` taps the newest button of that label."""

    http: httpx.AsyncClient
    me: str = field(default_factory=lambda: str(uuid4()))
    shown: dict[str, str] = field(default_factory=dict)

    async def say(self, words: str) -> str:
        body = {"client_id": self.me, "message_id": str(uuid4())}
        what = {"button": self.shown[words]} if words in self.shown else {"text": words}
        answer = await self.http.post("/chat/messages", json=body | what)
        assert answer.status_code == 200, answer.text
        replies = answer.json()["replies"]
        self.shown = {f"[{b['label']}]": b["id"] for r in replies for b in r["buttons"]}
        return "\n".join(reply["text"] for reply in replies)


@pytest.fixture
async def http(db, monkeypatch) -> AsyncIterator[httpx.AsyncClient]:
    """The whole application on this database; here people write faster than by hand."""
    monkeypatch.setattr(Rate, "takes", lambda *_: True)
    chosen = Settings(database_url="sqlite+aiosqlite:///nowhere.db")
    app = create_app(Services(chosen, db, Runner(db, chosen, HANDLERS), b"s" * 32))
    carrier = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=carrier, base_url="http://lensan.test") as client:
        yield client


async def key(db: Database, role: str, platform: str | None = None) -> dict[str, str]:
    now = dt.datetime.now(dt.UTC)
    secret = await db.write(lambda tx: new_key(tx, role, role, now, platform=platform))
    return {"Authorization": f"Bearer {secret}"}


def bought(dice: random.Random) -> list[Bought]:
    """Every order of another sum than the others of the same goods, platform and household."""
    combinations = [
        (platform, seller, product, kilos)
        for kilos in range(20, 80)
        for platform in PLATFORMS
        for seller in (1, 2)
        for product in PRICES
    ]
    dice.shuffle(combinations)
    ways, weights = zip(*WAYS, strict=True)
    orders = [
        Bought(f"{p[:2].upper()}-{n}", p, s, product, kilos, dice.choices(ways, weights)[0])
        for n, (p, s, product, kilos) in enumerate(combinations[:ORDERS], 1)
    ]
    for order in orders[:LOGGED]:
        order.logged = True
    for order in dice.sample(orders, 50):
        order.paid = "completed" in order.way
    return orders


def messages(orders: list[Bought], dice: random.Random) -> list[dict[str, object]]:
    """All that the platforms say: a fifth in another order than it happened, a fifth of it twice."""
    told = []
    for order in orders:
        way = list(order.way)
        if dice.random() < 0.2:
            dice.shuffle(way)
        told += [(dice.random() + place, order.told(status)) for place, status in enumerate(way)]
    told.sort(key=lambda one: one[0])
    told += [(0, body) for _, body in dice.sample(told, len(told) // 5)]
    return [body for _, body in told]


async def send(
    http: httpx.AsyncClient, key: dict[str, str], bodies: list[dict[str, object]]
) -> Counter[str]:
    """What became of them, by result; every request is sent twice and answered the same."""
    results: Counter[str] = Counter()
    for start in range(0, len(bodies), 150):
        some, once = bodies[start : start + 150], {"Idempotency-Key": str(uuid4())}
        answer = await http.post("/api/v1/orders", json=some, headers=key | once)
        assert answer.status_code == 200, answer.text
        again = await http.post("/api/v1/orders", json=some, headers=key | once)
        assert again.json() == answer.json()
        results.update(one["result"] for one in answer.json())
    return results


def expected(orders: list[Bought]) -> dict[str, Counter[str]]:
    """Transactions and đồng by (platform, evidence), from nothing but the inputs."""
    count: Counter[str] = Counter()
    value: Counter[str] = Counter()
    for order in orders:
        if order.counts:
            count[f"{order.platform} {order.counts}"] += 1
            value[f"{order.platform} {order.counts}"] += order.total
    return {"transactions": count, "value": value}


async def totals(http: httpx.AsyncClient, key: dict[str, str]) -> dict[str, Counter[str]]:
    """The same as the API has it."""
    months = {"from": f"{TODAY - dt.timedelta(days=5):%Y-%m}", "to": f"{TODAY:%Y-%m}"}
    answer = await http.get("/api/v1/summary", params=months, headers=key)
    assert answer.status_code == 200, answer.text
    found: dict[str, Counter[str]] = {"transactions": Counter(), "value": Counter()}
    for row in answer.json()["figures"]:
        if row["indicator"] in found and row["platform"]:
            split = row["evidence"]
            assert sum(split.values()) == row["source"]["bot"]
            found[row["indicator"]] += Counter(
                {f"{row['platform']} {evidence}": n for evidence, n in split.items()}
            )
    return found


async def settle_in(person: Person, first: list[str], seller: int) -> None:
    for words in first:
        await person.say(words)
    for platform in PLATFORMS.values():
        await person.say("muốn mở gian hàng thì làm thế nào")
        await person.say(f"[{platform}]")
        assert "Vườn nhà" in await person.say(f"Vườn nhà {seller}")


async def log(person: Person, order: Bought) -> None:
    price = PRICES[order.product] // 1000
    where = PLATFORMS[order.platform]
    await person.say(f"hôm qua bán {order.kilos} kg {order.product} giá {price} ngàn trên {where}")
    if "[Lưu thêm]" in person.shown:  # the same on the other platform that day
        await person.say("[Lưu thêm]")
    saved = await person.say("[Lưu]")
    assert saved.startswith("✅"), saved


async def test_totals_by_platform_and_evidence_are_those_of_the_inputs(http, db):
    dice = random.Random(20261122)
    orders = bought(dice)
    people = {1: Person(http), 2: Person(http)}
    await settle_in(people[1], FIRST, 1)
    await settle_in(people[2], SECOND, 2)
    for order in orders[:LOGGED]:
        await log(people[order.seller], order)
    told = messages(orders, dice)
    results: Counter[str] = Counter()
    for name in PLATFORMS:
        mine = [body for body in told if body["platform"] == name]
        results += await send(http, await key(db, "platform", name), mine)
    assert results["created"] == ORDERS
    assert results["updated"] > 0
    assert results["unchanged"] > len(told) // 10
    assert results["unassigned"] == results["refused"] == 0
    while await db.write(advance):
        pass
    wanted = expected(orders)
    assert await totals(http, await key(db, "ministry")) == wanted
    assert all(wanted["transactions"][f"voso {e}"] for e in ("said", "matched", "paid"))
    assert await db.read(rebuild_check) == []
