"""A buyer orders, the household answers, the buyer sees it: in a real browser, with scripts and without.

And no public page keeps out who cannot see or tap well: axe-core finds nothing.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from browsers import DESKTOP, PHONE, assert_fits, register, say
from playwright.sync_api import Page, expect
from server import Server, running_with
from shops import CODE, GARLIC, POMELO, open_shop

from bot.sample import load_sample

LISTING = ["đăng tỏi Lý Sơn 120k/kg", "[Đồng ý]", "50 ky", "[Cả hai]", "4 sao", "[Đăng]"]
SCREENS = {"phone": PHONE, "desktop": DESKTOP}

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[Server]:
    """The sample programme, and beside it a household with a shop page."""
    folder = tmp_path_factory.mktemp("shop")
    with running_with(folder, load_sample, open_shop) as started:
        yield started


def newest_code(folder: Path) -> str:
    """The code of the household that registered last."""
    newest = "SELECT code FROM household WHERE NOT sample ORDER BY registered_at DESC LIMIT 1"
    with closing(sqlite3.connect(f"file:{folder}/lensan.db?mode=ro", uri=True)) as conn:
        return str(conn.execute(newest).fetchone()[0])


def buy(page: Page, **said: str) -> None:
    """Fill the open form and send it."""
    filled = {"name": "Nguyễn Thị Lan", "phone": "0987 654 321"} | said
    for field, words in filled.items():
        page.fill(f"#{field}", words)
    page.get_by_role("button", name="Đặt hàng").click()


@pytest.mark.parametrize("size", SCREENS)
@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_buyer_orders_the_household_confirms_the_buyer_sees_it(chromium, server, size, scripts):
    chat = chromium.new_context(viewport=PHONE, locale="vi-VN").new_page()
    chat.goto(f"{server.address}/chat")
    register(chat)
    for line in LISTING:
        say(chat, line)
    buyer = chromium.new_context(
        viewport=SCREENS[size], locale="vi-VN", java_script_enabled=scripts
    ).new_page()
    buyer.goto(f"{server.address}/shop/{newest_code(server.folder)}")
    expect(buyer.locator("h1")).to_have_text("Gian hàng của cô Ba")
    field = buyer.locator("[data-price]")
    buy(buyer, **{str(field.get_attribute("id")): "3"})
    expect(buyer.locator(".stands")).to_contain_text("Đơn đã tới cô Ba")
    expect(buyer.locator(".bill .sum")).to_have_text("360.000 đ")
    say(chat, "có đơn nào mới không")
    chat.get_by_role("button", name=re.compile("^Đơn ")).last.click()
    expect(chat.locator(".messages > .card").last).to_contain_text("3 kg tỏi Lý Sơn")
    say(chat, "[Nhận đơn]")
    expect(chat.locator(".messages")).to_contain_text("Đã nhận đơn")
    if not scripts:
        buyer.get_by_role("link", name="Xem lại").click()
    expect(buyer.locator(".stands")).to_contain_text("Cô Ba đã nhận đơn")
    expect(buyer.get_by_role("button", name="Hủy đơn")).to_have_count(0)
    chat.context.close()
    buyer.context.close()


@pytest.fixture(params=[True, False], ids=["scripts", "no scripts"])
def page(request, chromium, server) -> Iterator[Page]:
    """A buyer's phone; what the console complains of fails the test."""
    context = chromium.new_context(
        viewport=PHONE, locale="vi-VN", java_script_enabled=request.param
    )
    opened = context.new_page()
    complaints: list[str] = []
    opened.on("console", lambda said: said.type == "error" and complaints.append(said.text))
    opened.on("pageerror", lambda fault: complaints.append(str(fault)))
    yield opened
    assert not [c for c in complaints if "422" not in c and "404" not in c]
    context.close()


def test_what_is_wrong_stays_to_be_put_right(page, server):
    page.goto(f"{server.address}/shop/{CODE}/{GARLIC}")
    buy(page, phone="0123456789", **{f"quantity-{GARLIC}": "60"})
    expect(page.get_by_role("alert")).to_contain_text("tỏi Lý Sơn: Chỉ còn 50 kg.")
    expect(page.locator("#name")).to_have_value("Nguyễn Thị Lan")
    assert_fits(page)
    buy(page, phone="0912 000 222", **{f"quantity-{GARLIC}": "0,5"})
    expect(page.locator(".bill .sum")).to_have_text("60.000 đ")


def test_a_buyer_cancels_and_is_forgotten(page, server):
    page.goto(f"{server.address}/shop/{CODE}")
    buy(page, phone="0912 000 333", **{f"quantity-{POMELO}": "4"})
    page.get_by_text("Không mua nữa").click()
    page.get_by_role("button", name="Hủy đơn").click()
    expect(page.locator(".stands")).to_contain_text("Đơn đã hủy")
    page.get_by_text("Xóa tên và số điện thoại").click()
    page.get_by_role("button", name="Xóa ngay").click()
    expect(page.locator("main")).to_contain_text("đã xóa")
    expect(page.locator("main")).not_to_contain_text("Lan")


def test_the_sum_is_counted_while_one_taps(chromium, server):
    page = chromium.new_page(viewport=PHONE)
    page.goto(f"{server.address}/shop/{CODE}")
    for _ in range(3):
        page.get_by_role("button", name=re.compile("^Thêm: .*bưởi")).click()
    page.get_by_role("button", name=re.compile("^Bớt: .*bưởi")).click()
    page.fill(f"#quantity-{GARLIC}", "1,5")
    expect(page.locator(".total")).to_have_text("Tổng 250.000 đ")
    page.close()


def test_a_tap_twice_on_a_slow_network_is_one_order(chromium, server):
    page = chromium.new_page(viewport=PHONE)
    page.goto(f"{server.address}/shop/{CODE}")
    page.fill(f"#quantity-{POMELO}", "2")
    page.fill("#name", "Lan")
    page.fill("#phone", "0912 000 444")
    page.get_by_role("button", name="Đặt hàng").dblclick()
    page.wait_for_url("**/order/*")
    with closing(sqlite3.connect(f"file:{server.folder}/lensan.db?mode=ro", uri=True)) as conn:
        count = "SELECT count(*) FROM orders WHERE buyer_phone = '+84912000444'"
        assert conn.execute(count).fetchone() == (1,)
    page.close()


# For everybody

PAGES = ["/", "/chat", "/worker", "/ministry", "/privacy", f"/shop/{CODE}", "/shop/NONE"]
PAGES += [f"/shop/{CODE}/{GARLIC}"]


def faults(page: Page) -> list[str]:
    """What axe finds, serious or not, with the first place of each."""
    found = Axe().run(page).response["violations"]
    return [f"{one['impact']} {one['id']}: {one['nodes'][0]['html']}" for one in found]


@pytest.fixture(params=["phone", "dark desktop"])
def screen(request, chromium) -> Iterator[Page]:
    chosen = {"viewport": PHONE, "color_scheme": "light"}
    if request.param == "dark desktop":
        chosen = {"viewport": DESKTOP, "color_scheme": "dark"}
    context = chromium.new_context(**chosen, reduced_motion="reduce")
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("path", PAGES)
def test_no_public_page_has_a_fault(screen, server, path):
    screen.goto(f"{server.address}{path}")
    assert_fits(screen)
    assert not faults(screen)


def test_nor_has_a_talk_with_its_cards_or_an_order_in_any_of_its_states(screen, server):
    screen.goto(f"{server.address}/chat")
    register(screen)
    say(screen, "bán 20 ký cam sành giá 25 ngàn")
    assert not faults(screen)
    screen.goto(f"{server.address}/shop/{CODE}")
    buy(screen, phone="1")
    expect(screen.get_by_role("alert")).to_be_visible()
    assert not faults(screen)
    buy(screen, phone="0912 000 555", **{f"quantity-{POMELO}": "2"})
    expect(screen.locator(".stands")).to_be_visible()
    for summary in screen.locator("summary").all():
        summary.click()
    assert not faults(screen)
    screen.get_by_role("button", name="Hủy đơn").click()
    expect(screen.locator(".stands")).to_contain_text("Đơn đã hủy")
    assert not faults(screen)


def test_axe_finds_what_is_put_in_its_way(screen, server):
    """The search for faults would find one: else it proves nothing."""
    screen.goto(f"{server.address}/privacy")
    screen.evaluate("document.body.insertAdjacentHTML('beforeend', '<img src=\"/x.png\">')")
    assert [fault for fault in faults(screen) if " image-alt: " in fault]
