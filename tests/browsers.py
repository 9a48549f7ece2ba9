"""A real Chromium, and a talk with the web chat in it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Response, expect, sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
ARGUMENTS = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    "--accept-lang=vi-VN",  # as phones in Vietnam say it
]
PHONE = {"width": 360, "height": 640}
DESKTOP = {"width": 1280, "height": 800}
FIRST = ["alo", "[Đồng ý]", "cô Ba", "Lai Vung, Đồng Tháp"]

expect.set_options(timeout=30_000)  # a page may be slow on a busy machine


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    assert CHROMIUM, "there is no chromium on the path: apt-get install chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


def say(page: Page, said: str) -> None:
    """Type a line, or tap the newest button of this label; wait until the whole answer is shown."""
    page.wait_for_load_state()  # the page's own script has begun
    with page.expect_response(_is_answer):
        if said.startswith("["):
            page.get_by_role("button", name=said.strip("[]"), exact=True).last.click()
        else:
            page.fill("#text", said)
            page.get_by_role("button", name="Gửi").click()
    expect(page.locator(".messages")).to_have_attribute("aria-busy", "false")


def _is_answer(response: Response) -> bool:
    return response.ok and response.url.endswith("/chat/messages")


def register(page: Page) -> None:
    """From the first word to a household, on an open chat."""
    for line in FIRST:
        say(page, line)


def assert_fits(page: Page) -> None:
    """Nothing is wider than the screen."""
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
