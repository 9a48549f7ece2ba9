"""A country of households as years of use leave it, put straight into the tables of either database."""

from __future__ import annotations

import datetime as dt
import json
import random
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg

from bot.sample_goods import Good, goods, people
from domain.codes import receipt_code
from domain.fold import fold
from domain.geography import Commune, communes

ZONE = dt.timezone(dt.timedelta(hours=7))
MONTHS = 24
AGREED = 0.9  # of the households let workers look
LISTS = 0.75
PICTURED = 0.7
ON_PLATFORMS = 0.4
SURNAMES = ("Nguyễn", "Trần", "Lê", "Phạm", "Huỳnh", "Võ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Lý")
MIDDLE = ("Thị", "Văn", "Ngọc", "Hữu", "Thanh", "Minh", "Kim", "Đức")
PROVINCES_WITH_GOODS = ("82", "01", "46")

Row = tuple[Any, ...]
COLUMNS = {
    "household": "id code province commune registered_at codes sample first_listed_at",
    "person": "id household name name_key phone you",
    "consent": "person purpose scope version given_at",
    "product": "household key name code unit unit_price_vnd photo used_at",
    "listing": "household code platform listed_at",
    "entry": "household code draft message items total_vnd date platform evidence logged_at "
    "province commune",
    "month_total": "household month total_vnd sales",
    "orders": "platform number household source state items total_vnd placed_at changed_at "
    "deadline answered_at",
    "event": "id type at household person province commune month body",
}
PUT_BY = 200  # households whose rows go in together


@dataclass
class Country:
    """Makes the rows of so many households; `events` in all, most of them sales."""

    households: int
    events: int
    today: dt.date
    seed: int = 2026
    rows: dict[str, list[Row]] = field(default_factory=lambda: {name: [] for name in COLUMNS})
    made: int = 0

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)
        self.communes: Sequence[Commune] = communes()
        self.goods = [good for one in PROVINCES_WITH_GOODS for good in goods(one)]
        self.calls = [you for you, _ in people("seller")]
        self.given = [name for _, name in people("seller")]
        self.start = self.today - dt.timedelta(days=MONTHS * 30)

    def batches(self) -> Iterator[dict[str, list[Row]]]:
        """All rows, so many households at a time."""
        for number in range(self.households):
            self._household(number)
            if (number + 1) % PUT_BY == 0 or number + 1 == self.households:
                yield self.rows
                self.rows = {name: [] for name in COLUMNS}

    def _id(self) -> UUID:
        return UUID(int=self.random.getrandbits(128), version=4)

    def _at(self, day: dt.date) -> dt.datetime:
        hour, minute = self.random.randrange(6, 21), self.random.randrange(60)
        return dt.datetime.combine(day, dt.time(hour, minute), ZONE)

    def _event(self, of: Home, kind: str, at: dt.datetime, **body: Any) -> None:
        id_ = self._id()
        place = {"province": of.province, "commune": of.commune}
        who = {"household": str(of.id), "person": str(of.person), "channel": "telegram"}
        whole = {"id": str(id_), "at": at.isoformat(), "type": kind, **who, **place, **body}
        self.rows["event"].append(
            (id_, kind, at, of.id, of.person, of.province, of.commune, f"{at:%Y-%m}", _json(whole))
        )
        self.made += 1

    def _household(self, number: int) -> None:
        place = self.random.choice(self.communes)
        joined = self.start + dt.timedelta(days=self.random.randrange(MONTHS * 30 - 3))
        home = Home(self._id(), self._id(), place.province_code, place.code, joined)
        at = self._at(joined)
        code = f"H{place.province_code}-{number:05}"
        self._person(home, number, at)
        self._event(home, "household_registered", at, code=code)
        share = (self.events * (number + 1)) // self.households - self.made
        self._goods(home, at)
        left = share - self._orders(home) - (3 if home.listed else 1)
        sales = self._sales(home, max(left, 0))
        self.rows["household"].append(
            (
                *(home.id, code, home.province, home.commune, at, sales, False),
                at if home.listed else None,
            )
        )

    def _person(self, home: Home, number: int, at: dt.datetime) -> None:
        name = f"{self.random.choice(SURNAMES)} {self.random.choice(MIDDLE)} "
        name += self.random.choice(self.given)
        phone = f"+849{number:08}"
        you = self.random.choice(self.calls)
        self.rows["person"].append((home.person, home.id, name, fold(name), phone, you))
        purposes = ["ledger", *(["worker"] if self.random.random() < AGREED else [])]
        for purpose in purposes:
            self.rows["consent"].append((home.person, purpose, "", 1, at))
            self._event(home, "consent_given", at, purpose=purpose, version=1)

    def _goods(self, home: Home, at: dt.datetime) -> None:
        home.listed = self.random.random() < LISTS
        for good in self.random.sample(self.goods, 3):
            photo = self._id() if self.random.random() < PICTURED else None
            price = round(good.price_vnd * self.random.lognormvariate(0, 0.3), -3) or 1_000
            code = receipt_code(home.id, 100 + len(home.goods)) if home.listed else None
            asked = int(price) if home.listed else None
            self.rows["product"].append(
                (home.id, fold(good.product), good.product, code, good.unit, asked, photo, at)
            )
            if code:
                self.rows["listing"].append((home.id, code, "voso", at))
                self._event(
                    home,
                    "product_listed",
                    at,
                    code=code,
                    product=good.product,
                    unit_price_vnd=asked,
                    platform="voso",
                )
            home.goods.append(good)

    def _sales(self, home: Home, count: int) -> int:
        """Some never sold, some stopped long ago, most sell now and then until today."""
        fate = self.random.random()
        if fate < 0.05:
            count = 0
        last = self.today - dt.timedelta(days=0 if fate > 0.4 else self.random.randrange(120))
        span = max((last - home.joined).days, 1)
        days = sorted(
            home.joined + dt.timedelta(days=int(span * self.random.random())) for _ in range(count)
        )
        months: dict[str, list[int]] = {}
        for number, day in enumerate(min(day, self.today) for day in days):
            total = self._sale(home, number, day)
            months.setdefault(f"{day:%Y-%m}", []).append(total)
        self.rows["month_total"] += [
            (home.id, month, sum(totals), len(totals)) for month, totals in months.items()
        ]
        return count

    def _sale(self, home: Home, number: int, day: dt.date) -> int:
        good, at = self.random.choice(home.goods), self._at(day)
        total = good.price_vnd * self.random.randrange(1, 40)
        item = {"product": good.product, "unit_price_vnd": good.price_vnd, "total_vnd": total}
        code = receipt_code(home.id, number + 200)
        said = {"total_vnd": total, "platform": "offline", "evidence": "said"}
        self.rows["entry"].append(
            (
                *(home.id, code, f"d{number}", f"telegram/{home.id.int % 10**9}/{number}"),
                *(_json([item]), total, day, "offline", "said", at, home.province, home.commune),
            )
        )
        self._event(home, "sale_logged", at, code=code, items=[item], date=str(day), **said)
        return total

    def _orders(self, home: Home) -> int:
        """Orders of a platform, the newest perhaps still waiting; how many events they made."""
        if not home.listed or self.random.random() > ON_PLATFORMS:
            return 0
        before, count = self.made, self.random.randrange(1, 9)
        for number in range(count):
            back = int(self.random.random() ** 2 * (self.today - home.joined).days)
            self._order(home, f"{home.id.hex[:8]}-{number}", self.today - dt.timedelta(days=back))
        return self.made - before

    def _order(self, home: Home, number: str, day: dt.date) -> None:
        at, fate = self._at(day), self.random.random()
        waits = (self.today - day).days < 2 and fate < 0.5
        answer = None if waits or fate > 0.92 else at + dt.timedelta(minutes=9 + 400 * fate)
        state = "placed" if waits else "completed" if answer else "expired"
        items = [{"product": home.goods[0].product, "total_vnd": 300_000}]
        end = at + dt.timedelta(hours=12)
        self.rows["orders"].append(
            (
                *(
                    "voso",
                    number,
                    home.id,
                    "platform",
                    state,
                    _json(items),
                    300_000,
                    at,
                    answer or at,
                ),
                *(end, answer),
            )
        )
        said = {"order": number, "platform": "voso"}
        self._event(home, "order_placed", at, **said, items=items, total_vnd=300_000)
        if answer:
            self._event(home, "order_confirmed", answer, **said, code=receipt_code(home.id, 99))


@dataclass
class Home:
    """A household while its rows are made."""

    id: UUID
    person: UUID
    province: str
    commune: str
    joined: dt.date
    goods: list[Good] = field(default_factory=list)
    listed: bool = False


_json = json.JSONEncoder(ensure_ascii=False).encode


def fill_sqlite(file: Path, country: Country) -> None:
    """All rows into the file; nobody else has it open."""
    conn = sqlite3.connect(file)
    conn.execute("PRAGMA synchronous = OFF")
    conn.execute("PRAGMA cache_size = -400000")
    for rows in country.batches():
        for table, some in rows.items():
            names = COLUMNS[table].split()
            marks = ", ".join("?" * len(names))
            plain = (tuple(map(_plain, row)) for row in some)
            conn.executemany(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})", plain)
    conn.commit()
    conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    conn.close()


def _plain(value: object) -> object:
    if isinstance(value, UUID):
        return value.hex
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat(" ", "microseconds")[:26]
    if isinstance(value, dt.date):
        return value.isoformat()
    return value


async def fill_postgres(address: str, country: Country) -> None:
    """All rows by COPY."""
    conn = await asyncpg.connect(address)
    for rows in country.batches():
        for table, some in rows.items():
            names = COLUMNS[table].split()
            await conn.copy_records_to_table(table, records=some, columns=names)
    await conn.close()


async def vacuum(address: str) -> None:
    """What autovacuum does in its time, after a change of every row."""
    conn = await asyncpg.connect(address)
    await conn.execute("VACUUM FULL household")
    await conn.execute("VACUUM ANALYZE")
    await conn.close()
