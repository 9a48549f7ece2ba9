"""`lensan import orders`: tried out first, all of it or nothing, the same file twice changes nothing."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
import time
from dataclasses import dataclass, field
from uuid import uuid4

import psutil
import pytest
from blank import empty_file
from server import ROOT
from sqlalchemy import func, select

from bot.commands.orders import bar, import_orders
from bot.config import Settings
from bot.handlers import HANDLERS
from bot.runner import Runner
from bot.services import Services
from domain.codes import shop_reference
from domain.events import HouseholdRegistered, ShopLinked
from storage import store
from storage.rollups import rebuild_check
from storage.schema import event, orders, rollup

MIB = 1024 * 1024
LAST_YEAR = dt.datetime(2025, 11, 1, tzinfo=dt.UTC)
HEAD = "Mã đơn hàng;Gian hàng;Trạng thái;Ngày đặt;Ngày hoàn thành;Sản phẩm;Số lượng;ĐVT;Đơn giá;Tổng tiền;Khách hàng;SĐT"
FIRST = "VS-1;Vườn cô Ba;Hoàn thành;21/10/2026 07:30;24/10/2026 09:00;cam sành;20;kg;25.000;500.000;chị Lan;0912345678"
LINES = (
    FIRST,
    "VS-2;Vườn cô Ba;Chờ xác nhận;21/10/2026 08:00;;bưởi;10;quả;35.000;700.000;anh Tư;0912345679",
    ";;;;;cam sành;14;kg;25.000;;;",
    "VS-3;Chưa ai nối;Hoàn thành;01/10/2026;02/10/2026;chè;1;kg;250.000;250.000;;",
)
CANCELLED = (
    "VS-1;Vườn cô Ba;Đã hủy;21/10/2026 07:30;;cam sành;20;kg;25.000;500.000;chị Lan;0912345678"
)


@dataclass
class Told:
    """What a user would see."""

    said: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)

    def say(self, line):
        self.said.append(line)

    def problem(self, line):
        self.problems.append(line)

    def progress(self, line):
        self.shown.append(line)

    def file(self, content, path):
        raise AssertionError("no file comes out of an import")


@pytest.fixture
async def services(db):
    """One household, whose shop on Vỏ Sò is linked."""
    home, who = uuid4(), uuid4()
    place = {"household": home, "person": who, "province": "82", "commune": "29398"}
    registered = HouseholdRegistered(id=uuid4(), at=LAST_YEAR, code="DT-0001", **place)
    shop = shop_reference("voso", "Vườn cô Ba")
    linked = ShopLinked(id=uuid4(), at=LAST_YEAR, platform="voso", shop=shop, **place)
    await db.write(lambda tx: store.append(tx, [registered, linked]))
    settings = Settings(database_url="sqlite+aiosqlite:///nowhere.db")
    return Services(settings, db, Runner(db, settings, HANDLERS), b"s" * 32)


async def imported(services, *lines: str, dry_run: bool = False) -> tuple[int, Told]:
    told = Told()
    content = "\n".join([HEAD, *lines]).encode()
    given = {"platform": "voso", "file": "e.csv", "content": content, "dry_run": dry_run}
    return await import_orders(services, given, told), told


async def rows(services):
    def look(conn):
        return tuple(
            conn.scalar(select(func.count()).select_from(table)) for table in (orders, event)
        )

    return await services.db.read(look)


async def counted(services, indicator):
    amount = select(func.sum(rollup.c.amount)).where(rollup.c.indicator == indicator)
    return await services.db.read(lambda conn: conn.scalar(amount))


async def test_each_order_is_taken_in_once(services):
    code, told = await imported(services, *LINES)
    assert (code, told.problems) == (0, [])
    assert told.said == ["3 orders: 2 new, 1 of shops that nobody has linked yet"]
    assert await counted(services, "transactions") == 1
    assert await counted(services, "value") == 500_000
    assert await services.db.read(rebuild_check) == []


async def test_the_same_file_again_changes_nothing(services):
    await imported(services, *LINES)
    before = await rows(services)
    _, told = await imported(services, *LINES)
    assert told.said == ["3 orders: 3 known already"]
    assert await rows(services) == before


async def test_a_later_file_brings_orders_further(services):
    await imported(services, *LINES)
    shipped = LINES[1].replace("Chờ xác nhận", "Đang giao")
    _, told = await imported(services, shipped, LINES[2])
    assert told.said == ["1 orders: 1 changed"]


async def test_a_trial_writes_nothing(services):
    before = await rows(services)
    code, told = await imported(services, *LINES, dry_run=True)
    assert code == 0
    assert told.said == ["3 orders would be taken in: 2 new, 1 of shops that nobody has linked yet"]
    assert await rows(services) == before


async def test_one_bad_line_and_nothing_is_taken(services):
    before = await rows(services)
    code, told = await imported(
        services, *LINES, FIRST.replace("VS-1", "VS-9").replace("21/10", "45/10")
    )
    assert code == 1
    assert told.problems[0].startswith("e.csv: line 6: placed_at: ")
    assert told.problems[-1] == "nothing was taken in"
    assert await rows(services) == before


async def test_what_contradicts_a_known_order_is_named_and_nothing_is_taken(services):
    await imported(services, FIRST)
    before = await rows(services)
    code, told = await imported(services, CANCELLED, *LINES[1:])
    assert code == 1
    assert told.problems[0].startswith("e.csv: line 2: order_id: VS-1: ")
    assert await rows(services) == before


async def test_progress_is_shown_as_a_bar_and_taken_away(services):
    _, told = await imported(services, *LINES)
    assert bar(3, 3, "orders taken in") in told.shown
    assert told.shown[-1] == ""


def test_a_bar_grows():
    assert [bar(n, 2, "x").count("#") for n in (0, 1, 2)] == [0, 15, 30]


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_sixty_thousand_lines_take_less_than_300_mib(tmp_path):
    lines = (
        f"VS-{n};Vườn số {n % 500};Hoàn thành;21/10/2026 07:30;24/10/2026 09:00;cam sành;{n % 90 + 1};kg;"
        f"25.000;;Nguyễn Thị {n};09{n:08}"
        for n in range(60_000)
    )
    (tmp_path / "export.csv").write_text("\n".join([HEAD, *lines]))
    env = {k: v for k, v in os.environ.items() if not k.startswith("LENSAN_")}
    env |= {"PYTHONPATH": str(ROOT)}
    lensan = [sys.executable, "-m", "bot"]
    empty_file(tmp_path / "data" / "lensan.db")
    command = [*lensan, "import", "orders", "--platform", "voso", "export.csv"]
    process = subprocess.Popen(command, cwd=tmp_path, env=env, stdout=subprocess.PIPE, text=True)
    most = peak(process)
    assert process.stdout.read().startswith("60000 orders: ")
    process.stdout.close()
    assert process.wait() == 0
    assert most < 300 * MIB


def peak(process) -> int:
    """The most memory that the process has at any moment, bytes."""
    most, watched = 0, psutil.Process(process.pid)
    while process.poll() is None:
        try:
            most = max(most, watched.memory_info().rss)
        except psutil.NoSuchProcess:
            break
        time.sleep(0.02)
    return most
