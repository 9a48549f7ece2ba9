"""A receipt on a buyer's phone, in a real browser: it fits, in the light and in the dark, and keeps nobody out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from browsers import DESKTOP, PHONE, assert_fits
from playwright.sync_api import expect
from server import Server, running_with
from shops import BEFORE, HOME, fact, open_shop

from domain.events import SaleItem, SaleLogged, SaleWithdrawn
from storage.receipts import open_receipt
from storage.store import append

ITEMS = (
    SaleItem(
        product="bưởi da xanh loại một, trái to, hái tận vườn",
        quantity=20,
        unit="quả",
        unit_price_vnd=35_000,
        price_unit="quả",
        total_vnd=700_000,
    ),
    SaleItem(product="tỏi Lý Sơn", quantity=5, unit="kg", total_vnd=600_000),
)
COUNTED = {"date": dt.date(2026, 11, 20), "platform": "offline", "evidence": "said"}
SCREENS = {
    "phone": {"viewport": PHONE, "java_script_enabled": False},
    "dark desktop": {"viewport": DESKTOP, "color_scheme": "dark"},
}

pytestmark = pytest.mark.browser
sent: dict[str, str] = {}


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[Server]:
    """A household with two receipts sent: one sale stands, the other is struck."""
    folder = tmp_path_factory.mktemp("receipts")
    with running_with(folder, open_shop, _sell, _send) as started:
        yield started


def _sell(tx) -> None:
    sale = {"items": ITEMS, "total_vnd": 1_300_000} | COUNTED
    append(tx, [fact(SaleLogged, 30 + n, code=c, **sale) for n, c in enumerate(("KX42", "HC83"))])
    append(tx, [fact(SaleWithdrawn, 40, code="HC83", total_vnd=-1_300_000, **COUNTED)])


def _send(tx) -> None:
    for code in ("KX42", "HC83"):
        sent[code] = open_receipt(tx, whose=HOME, code=code, now=BEFORE).path


@pytest.mark.parametrize("size", SCREENS)
@pytest.mark.parametrize("code", ["KX42", "HC83"])
def test_a_receipt_fits_and_has_no_fault(chromium, server, size, code):
    scripts = chromium.new_context(**SCREENS[size] | {"java_script_enabled": True})
    page = scripts.new_page()
    page.goto(f"{server.address}{sent[code]}")
    assert_fits(page)
    assert not Axe().run(page).response["violations"]
    scripts.close()


def test_without_scripts_the_buyer_reads_it_and_keeps_its_picture(chromium, server):
    context = chromium.new_context(**SCREENS["phone"])
    page = context.new_page()
    page.goto(f"{server.address}{sent['KX42']}")
    expect(page.locator(".bill .sum")).to_have_text("1.300.000 đ")
    with page.expect_download() as download:
        page.get_by_role("link", name="Tải ảnh biên lai").click()
    assert download.value.path().read_bytes().startswith(b"\x89PNG")
    page.get_by_role("link", name="Mở gian hàng").click()
    expect(page.locator("h1")).to_have_text("Gian hàng của cô Ba")
    context.close()


def test_printed_it_is_one_page_without_buttons(chromium, server):
    page = chromium.new_page(viewport=PHONE)
    page.goto(f"{server.address}{sent['KX42']}")
    page.emulate_media(media="print")
    expect(page.locator(".bill .sum")).to_be_visible()
    expect(page.locator(".actions")).to_be_hidden()
    assert page.pdf(format="A5").count(b"/Type /Page\n") == 1
    page.close()
