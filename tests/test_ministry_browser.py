"""Officers' pages in a real browser, on a phone and a desk, with axe looking on and no scripts of ours."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial

import pytest
from axe_playwright_python.sync_playwright import Axe
from browsers import DESKTOP, PHONE, assert_fits
from playwright.sync_api import Page, expect
from programme import fill_programme
from server import Server, running_with
from villages import appoint

from storage.sign_ins import new_link

pytestmark = pytest.mark.browser

SCREENS = {"phone": PHONE, "desktop": DESKTOP}
MENU = (
    *("Số liệu", "Các tỉnh, thành phố", "Theo tháng", "Ai đã báo cáo", "Công bố", "Lấy số liệu"),
)


@pytest.fixture(scope="module")
def links() -> list[str]:
    return []


@pytest.fixture(scope="module")
def server(tmp_path_factory, links) -> Iterator[Server]:
    """A programme of a year, and an officer of the country with a link for each screen."""
    import datetime as dt

    def officers(tx):
        who = appoint(tx, "Vụ", "officer", "vn")
        links.extend(new_link(tx, who, dt.datetime.now(dt.UTC)) for _ in SCREENS)

    with running_with(tmp_path_factory.mktemp("ministry"), fill_programme, officers) as started:
        yield started


@pytest.fixture(params=SCREENS)
def page(request, chromium, server, links) -> Iterator[Page]:
    """A browser that is signed in; what the console complains of fails the test."""
    context = chromium.new_context(viewport=SCREENS[request.param], locale="vi-VN")
    opened = context.new_page()
    complaints: list[str] = []
    opened.on("console", lambda told: told.type == "error" and complaints.append(told.text))
    opened.goto(f"{server.address}/worker/in/{links.pop()}")
    opened.get_by_role("button", name="Vào trang cán bộ").click()
    yield opened
    assert not complaints
    context.close()


def looked_at(page: Page, name: str, folder) -> None:
    """Nothing is too wide, axe finds nothing; a picture stays for whoever wants to look."""
    assert_fits(page)
    found = Axe().run(page).response["violations"]
    assert [f"{one['id']}: {one['nodes'][0]['html']}" for one in found] == []
    page.screenshot(path=folder / f"{name}.png", full_page=True)


def test_an_officer_finds_every_page_and_opens_a_province(page, tmp_path):
    expect(page.locator("h1")).to_have_text("Cả nước")
    look = partial(looked_at, page, folder=tmp_path)
    menu = page.get_by_role("navigation", name="Trang số liệu")
    for number, name in enumerate(MENU):
        menu.get_by_role("link", name=name, exact=True).click()
        for summary in page.locator("main summary").all()[:2]:
            summary.click()
        look(f"page-{number}")
    menu.get_by_role("link", name=MENU[1], exact=True).click()
    page.locator("svg").get_by_role("link", name=re.compile("Đắk Lắk")).click()
    expect(page.locator("h1")).to_have_text("Đắk Lắk")
    page.locator("summary", has_text="Chọn kỳ").click()
    page.get_by_role("link", name=re.compile("^Tháng 8.2022 đến")).click()
    expect(page.locator(".state-now")).to_contain_text("Tháng 8/2022 đến")
    look("province")
