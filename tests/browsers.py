"""A real Chromium, and a talk with the web chat in it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
ARGUMENTS = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
PHONE = {"width": 360, "height": 640}
DESKTOP = {"width": 1280, "height": 800}
FIRST = ["alo", "[Đồng ý]", "cô Ba", "Lai Vung, Đồng Tháp"]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    assert CHROMIUM, "there is no chromium on the path: apt-get install chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


def say(page: Page, said: str) -> None:
    """Type a line, or tap the newest button of this label; wait for the answer."""
    before = page.locator(".messages > li:not(.own)").count()
    if said.startswith("["):
        page.get_by_role("button", name=said.strip("[]"), exact=True).last.click()
    else:
        page.fill("#text", said)
        page.get_by_role("button", name="Gửi").click()
    expect(page.locator(".messages > li:not(.own):not(.typing-row)")).not_to_have_count(before)
    expect(page.locator(".typing-row")).to_have_count(0)


def register(page: Page) -> None:
    """From the first word to a household, on an open chat."""
    for line in FIRST:
        say(page, line)


def assert_fits(page: Page) -> None:
    """Nothing is wider than the screen."""
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
