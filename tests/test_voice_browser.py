"""The microphone of the web chat in a real browser, whose device beeps: recorded, sent, listened to, answered."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from browsers import ARGUMENTS, CHROMIUM, PHONE, assert_fits
from playwright.sync_api import Browser, Page, expect, sync_playwright
from server import running

MICROPHONE = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")
RECORD, SEND, DROP = "Nói thay vì nhắn chữ", "Gửi lời nói", "Bỏ lời nói này"
REMEMBER_PLACES = "window.posted = []; const old = fetch; window.fetch = (...a) => { posted.push(a[0]); return old(...a); }; 0"

LISTENING = 200_000  # ms: who listens lets everybody else go first, on a busy machine for long

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def address(tmp_path_factory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("voice")
    with running(folder, voice_engine="viet-asr") as server:
        yield server.address


@pytest.fixture(scope="module")
def beeping() -> Iterator[Browser]:
    assert CHROMIUM, "there is no chromium on the path: apt-get install chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=[*ARGUMENTS, *MICROPHONE]
        )
        yield browser
        browser.close()


@pytest.fixture
def page(beeping, address) -> Iterator[Page]:
    context = beeping.new_context(viewport=PHONE, locale="vi-VN", permissions=["microphone"])
    opened = context.new_page()
    complaints: list[str] = []
    opened.on("console", lambda said: said.type == "error" and complaints.append(said.text))
    opened.on("pageerror", lambda fault: complaints.append(str(fault)))
    opened.goto(f"{address}/chat")
    yield opened
    assert complaints == []
    context.close()


def test_a_recording_is_sent_by_a_tap_and_answered_on_the_page(page):
    page.get_by_role("button", name=RECORD).click()
    expect(page.get_by_text("Đang ghi")).to_contain_text("/ 1:00")
    assert_fits(page)
    expect(page.get_by_text(re.compile(r"0:0[2-9]|0:[1-5]\d"))).to_be_visible()
    page.get_by_role("button", name=SEND).click()
    expect(page.locator(".messages .own")).to_contain_text("Lời nói đã gửi")
    answer = page.locator(".messages > li:not(.own)").last
    expect(answer).to_contain_text("🎤", timeout=LISTENING)
    expect(page.get_by_role("button", name=RECORD)).to_be_visible()


def test_a_recording_that_is_dropped_is_not_sent(page):
    page.evaluate(REMEMBER_PLACES)
    page.get_by_role("button", name=RECORD).click()
    expect(page.get_by_text("Đang ghi")).to_be_visible()
    page.get_by_role("button", name=DROP).click()
    expect(page.get_by_text("Đang ghi")).to_be_hidden()
    expect(page.get_by_role("button", name=RECORD)).to_be_focused()
    assert page.evaluate("window.posted") == []


def test_without_a_microphone_the_button_is_not_there(beeping, address):
    context = beeping.new_context(viewport=PHONE)
    page = context.new_page()
    page.add_init_script("delete window.MediaRecorder")
    page.goto(f"{address}/chat")
    expect(page.get_by_role("button", name="Gửi")).to_be_visible()
    expect(page.get_by_role("button", name=RECORD)).to_be_hidden()
    context.close()
