"""Invited, signed in, the quiet household found: in a real browser on a phone and a desk, with axe looking on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from browsers import DESKTOP, PHONE, assert_fits, say
from playwright.sync_api import Page, expect
from server import Server, running_with
from villages import fill

SCREENS = {"phone": PHONE, "desktop": DESKTOP}

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[Server]:
    """Two communes of households, nobody with a role."""
    folder = tmp_path_factory.mktemp("worker")
    with running_with(folder, fill) as started:
        yield started


def faults(page: Page) -> list[str]:
    """What axe finds, serious or not, with the first place of each."""
    found = Axe().run(page).response["violations"]
    return [f"{one['impact']} {one['id']}: {one['nodes'][0]['html']}" for one in found]


def looked_at(page: Page, name: str, folder: Path) -> None:
    """Nothing is too wide, axe finds nothing; a picture stays for whoever wants to look."""
    assert_fits(page)
    assert not faults(page)
    page.screenshot(path=folder / f"{name}.png", full_page=True)


@pytest.fixture(params=[True, False], ids=["scripts", "no scripts"])
def scripts(request) -> bool:
    return bool(request.param)


@pytest.fixture(params=SCREENS)
def page(request, chromium, scripts) -> Iterator[Page]:
    """A worker's browser; what the console complains of fails the test."""
    context = chromium.new_context(
        viewport=SCREENS[request.param], locale="vi-VN", java_script_enabled=scripts
    )
    opened = context.new_page()
    complaints: list[str] = []
    opened.on("console", lambda told: told.type == "error" and complaints.append(told.text))
    yield opened
    assert not [told for told in complaints if "401" not in told]
    context.close()


def test_invited_signed_in_the_quiet_household_found(page, server, tmp_path, scripts):
    def look(name: str) -> None:
        if scripts:  # axe is a script
            looked_at(page, name, tmp_path)

    made = server.command("invite", "--role", "worker", "--area", "Lai Vung, Đồng Tháp")
    page.goto(made.stdout.strip())
    expect(page.locator("main")).to_contain_text("cán bộ, xã Lai Vung, tỉnh Đồng Tháp")
    look("invitation")
    come_in(page, scripts=scripts)
    look("home")
    find_the_quiet_one(page)
    look("households")
    page.get_by_role("link", name=re.compile("Nguyễn Thị Đào")).click()
    expect(page.locator("main")).to_contain_text("21 ngày chưa bán")
    look("household")
    page.get_by_role("link", name="Vì sao hiểu vậy").click()
    page.fill("#text", "bán 20 ký cam sành giá 25 ngàn")
    page.get_by_role("button", name="Xem cách hiểu").click()
    expect(page.locator("table")).to_contain_text("20 ký")
    look("explained")
    page.get_by_role("button", name="Đăng xuất").click()
    page.goto(f"{server.address}/worker/households")
    expect(page.locator("h1")).to_have_text("Trang này cần đăng nhập")
    look("nobody")


def come_in(page: Page, *, scripts: bool) -> None:
    """From the invitation through the chat to the first page."""
    page.get_by_role("button", name="Nhận trong trang nhắn tin").click()
    expect(page.locator(".messages")).to_contain_text("Đã nhận vai trò cán bộ")
    if scripts:
        say(page, "trang can bo")
    else:
        page.get_by_role("button", name="Trang cán bộ").click()
    page.locator(".messages a[href*='/worker/in/']").last.click()
    page.get_by_role("button", name="Vào trang cán bộ").click()
    expect(page.locator("h1")).to_have_text("Địa bàn")


def find_the_quiet_one(page: Page) -> None:
    page.get_by_role("link", name="hộ 14 ngày chưa bán").click()
    expect(page.locator(".homes li")).to_have_count(2)
    page.fill("#q", "nguyen thi dao")
    page.get_by_role("button", name="Lọc").click()
    expect(page.locator(".homes li")).to_have_count(1)
