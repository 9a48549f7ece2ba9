"""What is known of one household at this moment: a bounded picture, the same size after ten years."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from domain.events import Evidence, Group, Held, Platform, Purpose, SaleFigures, SaleItem
from domain.facts import OrderSource
from domain.roles import Role

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")

RECENT_ENTRIES = 20  # newest ledger entries that a turn sees
OPEN_ORDERS = 50  # open orders that a turn sees, nearest deadline first
PRODUCTS = 200  # products that a turn sees, last sold first
BUYERS = 300  # buyers that a turn knows by name, newest first


OrderState = Literal[
    "placed", "confirmed", "packed", "shipped", "completed", "cancelled", "expired", "returned"
]


@dataclass(frozen=True, slots=True)
class Person:
    """Who writes. `you` and `me` are words of address; `southern` is the last regional word heard.

    `language` is what they chose to be spoken to in; None: nothing was chosen.
    """

    id: UUID
    household: UUID | None = None
    name: str | None = None
    you: str | None = None
    me: str | None = None
    southern: bool | None = None
    language: str | None = None
    consents: frozenset[Purpose] = frozenset()
    roles: tuple[Role, ...] = ()


@dataclass(frozen=True, slots=True)
class Product:
    """What the household sells; `code` is null until it is listed, `last_vnd` the price last sold for.

    `evidence` is what stands behind its stars.
    """

    name: str
    code: str | None = None
    unit: str | None = None
    unit_price_vnd: int | None = None
    last_vnd: int | None = None
    last_unit: str | None = None
    stock: Decimal | None = None
    stars: int | None = None
    group: Group | None = None
    platforms: tuple[Platform, ...] = ()
    photo: UUID | None = None
    evidence: Evidence = "said"


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the ledger: a logged sale or a completed order. `draft` is the card it was saved from."""

    code: str
    draft: str
    message: str
    items: tuple[SaleItem, ...]
    total_vnd: int
    date: dt.date
    platform: Platform
    evidence: Evidence
    logged_at: dt.datetime
    province: str | None = None
    commune: str | None = None
    order: str | None = None
    buyer: str | None = None
    buyer_name: str | None = None
    changed_at: dt.datetime | None = None
    struck_at: dt.datetime | None = None
    returned_at: dt.datetime | None = None  # its order came back: it stays struck
    worker: UUID | None = None  # who wrote it down in the household's place
    answer: str | None = None  # what the household says of that: right, wrong

    @property
    def figures(self) -> SaleFigures:
        """What of this entry counts, and where."""
        return SaleFigures(
            total_vnd=self.total_vnd,
            date=self.date,
            platform=self.platform,
            evidence=self.evidence,
            province=self.province,
            commune=self.commune,
        )


@dataclass(frozen=True, slots=True)
class Order:
    """A buyer's order as it stands; `number` is unique on its platform.

    `held` is what its confirmation took from the stock; `doubt` are the codes of the logged sales that it
    may be, the household has to say which: until then it is delivered and does not count.
    """

    number: str
    platform: Platform
    items: tuple[SaleItem, ...]
    total_vnd: int
    state: OrderState
    placed_at: dt.datetime
    changed_at: dt.datetime
    deadline: dt.datetime | None = None
    buyer: str | None = None
    buyer_name: str | None = None
    destination: str | None = None
    code: str | None = None
    cancelled_by: str | None = None
    household: UUID | None = None
    source: OrderSource = "platform"
    buyer_phone: str | None = None
    held: tuple[Held, ...] = ()
    completed_at: dt.datetime | None = None
    paid_at: dt.datetime | None = None
    doubt: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MonthTotal:
    """One month of the household's ledger, struck lines left out; `month` is YYYY-MM."""

    month: str
    total_vnd: int = 0
    sales: int = 0


@dataclass(frozen=True, slots=True)
class Household:
    """A household as a turn sees it: newest entries first, open orders by deadline, months by name."""

    id: UUID
    code: str
    province: str
    commune: str
    registered_at: dt.datetime
    entries: tuple[Entry, ...] = ()
    orders: tuple[Order, ...] = ()
    products: tuple[Product, ...] = ()
    months: tuple[MonthTotal, ...] = ()
    buyers: tuple[tuple[str, str], ...] = ()  # (reference, name), all of them up to BUYERS
    buyer_count: int = 0
    codes: int = 0  # receipt codes handed out
    sample: bool = False

    def month(self, day: dt.date) -> MonthTotal:
        """The total of the month of `day`; empty when nothing was sold or the month is not loaded."""
        name = day.isoformat()[:7]
        for month in self.months:
            if month.month == name:
                return month
        return MonthTotal(name)
