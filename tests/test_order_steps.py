"""Whatever buyers, the household, a platform and the clock do, in any order: stock and figures stay right.

Everybody acts through what they really use: the shop page's calls, turns of the chat, the intake, the deadline.
"""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from uuid import UUID, uuid5

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import StaticPool, create_engine, insert, select

from bot.config import Settings
from bot.dialogue.message import Content, Message, Tap, Text
from bot.handlers import HANDLERS
from bot.one_turn import OneTurn
from bot.order_intake import take_in
from bot.order_news import expire
from bot.runner import Runner
from bot.shop_orders import Buyer, Form, cancel_order, place_order
from domain.events import (
    EVENT,
    ConsentGiven,
    Event,
    HouseholdRegistered,
    ProductListed,
    SaleItem,
    ShopLinked,
)
from domain.household import Order
from domain.indicators import deltas
from domain.orders import TO
from domain.platform_orders import PlatformOrder
from domain.shop import Wish
from storage.database import JSON_OF_OURS
from storage.migrate import migrate
from storage.picture import ORDERS_WITH_BUYERS, order_of
from storage.rollups import advance, rebuild_check
from storage.schema import entry, event, identity, month_total, product
from storage.store import append

HOME, PERSON = UUID(int=7), UUID(int=8)
WHO = {"household": HOME, "person": PERSON, "province": "82", "commune": "30226"}
NOW = dt.datetime(2026, 11, 21, 3, tzinfo=dt.UTC)
SHOP = "Vườn nhà"
PRICE = 25_000
STOCK = Decimal(100)
STATES = ["placed", "confirmed", "packed", "shipped", "completed", "cancelled", "returned"]
STEP_OF = {f"order_{to}": to for to in TO.values()} | {"order_matched": "completed"}
SENTENCES = [
    "nhận đơn {n}",
    "gói xong đơn {n}",
    "gửi đơn {n} rồi",
    "giao xong đơn {n}",
    "hủy đơn {n}",
    "khách trả đơn {n}",
    "đã nhận tiền đơn {n}",
    "hủy tất cả đơn",
    "đơn nào chưa giao",
    "gạch bỏ",
    "khôi phục",
]


def made() -> Iterator[Event]:
    """A household that sells one product on a platform and on its own page."""
    ids = (uuid5(HOME, str(n)) for n in range(100))
    yield HouseholdRegistered(id=next(ids), at=NOW, code="DT-0001", **WHO)
    for purpose in ("ledger", "public"):
        yield ConsentGiven(id=next(ids), at=NOW, purpose=purpose, version=1, **WHO)
    yield ShopLinked(id=next(ids), at=NOW, platform="voso", shop=SHOP, **WHO)
    listed = {"code": "AB22", "product": "cam sành", "unit": "kg", "unit_price_vnd": PRICE}
    yield ProductListed(id=next(ids), at=NOW, stock=STOCK, platform="voso", **listed, **WHO)


@pytest.fixture(scope="module", autouse=True)
def _template(tmp_path_factory: pytest.TempPathFactory) -> None:
    """One migrated database with the household, copied for every example."""
    Orders.template = tmp_path_factory.mktemp("steps") / "template.db"
    engine = create_engine(f"sqlite:///{Orders.template}", **JSON_OF_OURS)
    with engine.begin() as conn:
        migrate(conn)
        append(conn, list(made()))
        address = {"channel": "console", "address": "me", "person": PERSON, "since": NOW}
        conn.execute(insert(identity), address)
    engine.dispose()


class Orders(RuleBasedStateMachine):
    """Order numbers of the platform are few, so that its messages meet what others did."""

    template: Path

    @initialize()
    def open(self) -> None:
        connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        with sqlite3.connect(self.template) as template:
            template.backup(connection)
        engine = create_engine(
            "sqlite://", creator=lambda: connection, poolclass=StaticPool, **JSON_OF_OURS
        )
        self.conn = engine.connect()
        chosen = Settings(database_url="sqlite+aiosqlite:///nowhere.db")
        self.runner = Runner(None, chosen, HANDLERS)  # type: ignore[arg-type]
        self.now, self.said, self.bought = NOW, 0, 0
        self.buttons: list[str] = []

    def teardown(self) -> None:
        if hasattr(self, "conn"):
            while advance(self.conn):
                pass
            assert rebuild_check(self.conn) == []
            self.conn.close()

    # What they do

    @rule(kilos=st.integers(1, 60))
    def a_buyer_orders(self, kilos: int) -> None:
        self.bought += 1
        wish = Wish("AB22", Decimal(kilos), PRICE)
        buyer = Buyer("Khách", f"+8491234567{self.bought % 10}")
        form = Form(uuid5(HOME, f"form {self.bought}"), f"word {self.bought}", (wish,), buyer)
        place_order(self.conn, "DT-0001", form, self.now, 12)

    @rule(which=st.integers(1, 6))
    def a_buyer_changes_his_mind(self, which: int) -> None:
        cancel_order(self.conn, f"word {which}", self.now)

    @rule(
        which=st.integers(1, 4),
        status=st.sampled_from(STATES),
        paid=st.booleans(),
        wrong=st.sampled_from([0, 0, 0, PRICE]),
    )
    def the_platform_tells(self, which: int, status: str, *, paid: bool, wrong: int) -> None:
        self.tell(which, status, paid=paid, wrong=wrong)

    @rule(which=st.integers(1, 4))
    def the_platform_completes(self, which: int) -> None:
        self.tell(which, "completed")

    def tell(self, which: int, status: str, *, paid: bool = False, wrong: int = 0) -> None:
        kilos = 10 * ((which + 1) // 2)  # two orders each are alike
        item = SaleItem(product="Cam sành", quantity=kilos, unit="kg", total_vnd=kilos * PRICE)
        told = PlatformOrder(
            number=f"VS-{which}",
            platform="voso",
            status=status,
            items=(item,),
            total_vnd=kilos * PRICE + wrong,
            placed_at=self.now,
            shop=SHOP,
            paid=paid,
        )
        take_in(self.conn, [told, told], now=self.now, channel="api")

    @rule(which=st.integers(0, 30), words=st.sampled_from(SENTENCES))
    def the_household_says(self, which: int, words: str) -> None:
        numbers = [order.number for order in self.orders()] or ["1"]
        self.hear(Text(words.format(n=numbers[which % len(numbers)])))

    @rule(which=st.integers(0, 30), act=st.sampled_from(["accept", "sent", "done", "refuse"]))
    def the_household_taps(self, which: int, act: str) -> None:
        numbers = [order.number for order in self.orders()] or ["1"]
        self.hear(Tap(f"order.{act}:{numbers[which % len(numbers)]}"))

    @rule(which=st.integers(0, 3))
    def the_household_taps_what_it_is_shown(self, which: int) -> None:
        if self.buttons:
            self.hear(Tap(self.buttons[which % len(self.buttons)]))

    @rule(kilos=st.sampled_from([10, 20]))
    def the_household_logs_a_sale(self, kilos: int) -> None:
        self.hear(Text(f"bán {kilos} kg cam sành giá 25 ngàn trên Vỏ Sò"))
        self.hear(Text("lưu"))

    @rule(hours=st.integers(1, 7))
    def time_passes(self, hours: int) -> None:
        self.now += dt.timedelta(hours=hours)
        for order in self.orders():
            if order.state == "placed" and order.deadline and order.deadline <= self.now:
                expire(self.conn, order.platform, order.number, self.now)

    def hear(self, content: Content) -> None:
        self.said += 1
        self.now += dt.timedelta(seconds=10)
        message = Message(f"m{self.said}", "console", "me", self.now, content)
        handled = OneTurn(self.runner._core, message, "all")(self.conn)
        shown = [button for reply in handled.replies for button, _ in reply.worded.buttons]
        self.buttons = shown or self.buttons

    # What stays true

    def orders(self) -> list[Order]:
        return [order_of(row) for row in self.conn.execute(ORDERS_WITH_BUYERS)]

    def events(self) -> list[Event]:
        bodies = self.conn.scalars(select(event.c.body).order_by(event.c.position))
        return [EVENT.validate_python(body) for body in bodies]

    @invariant()
    def the_stock_is_what_was_there_without_what_is_held(self) -> None:
        if not hasattr(self, "conn"):
            return
        stock = self.conn.scalar(select(product.c.stock).where(product.c.code == "AB22"))
        held = sum((part.quantity for o in self.orders() for part in o.held), Decimal())
        assert stock >= 0
        assert stock + held == STOCK

    @invariant()
    def each_order_is_in_the_state_its_events_led_to(self) -> None:
        if not hasattr(self, "conn"):
            return
        states: dict[tuple[str, str], str] = {}
        for one in self.events():
            if one.type in STEP_OF or one.type == "order_placed":
                states[one.platform, one.order] = STEP_OF.get(one.type, "placed")
        assert states == {(o.platform, o.number): o.state for o in self.orders()}

    @invariant()
    def transactions_are_completed_orders_without_returned_ones_and_logged_sales(self) -> None:
        if not hasattr(self, "conn"):
            return
        figures: Counter[str] = Counter()
        for one in self.events():
            for delta in deltas(one):
                figures[delta.key.indicator] += delta.amount
                assert delta.key.platform == "voso"
        standing = self.conn.execute(
            select(entry.c.code, entry.c.total_vnd, entry.c.order).where(
                entry.c.platform == "voso", entry.c.struck_at.is_(None)
            )
        ).all()
        assert figures["transactions"] == len(standing)
        assert figures["value"] == sum(row.total_vnd for row in standing)
        struck = self.struck_by_hand()
        done = {o.number for o in self.orders() if o.state == "completed"} - struck
        of_orders = [row.order for row in standing if row.order is not None]
        assert sorted(of_orders) == sorted(n for n in done if n.startswith("VS-"))

    def struck_by_hand(self) -> set[str]:
        """Completed orders whose line the household struck itself."""
        struck = select(entry.c.order).where(
            entry.c.struck_at.is_not(None),
            entry.c.returned_at.is_(None),
            entry.c.order.is_not(None),
        )
        return set(self.conn.scalars(struck))

    @invariant()
    def the_book_of_the_month_is_the_sum_of_its_lines(self) -> None:
        if not hasattr(self, "conn"):
            return
        lines: Counter[str] = Counter()
        for day, total in self.conn.execute(
            select(entry.c.date, entry.c.total_vnd).where(entry.c.struck_at.is_(None))
        ):
            lines[f"{day:%Y-%m}"] += total
        months = self.conn.execute(select(month_total.c.month, month_total.c.total_vnd))
        assert {month: total for month, total in months if total} == dict(lines)


Orders.TestCase.settings = settings(
    max_examples=50,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
TestOrders = Orders.TestCase
