"""A message to the area written, seen, tried and sent in a real browser, on a phone and a desk, axe looking on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from browsers import DESKTOP, PHONE, assert_fits
from crowd import WORKER, appoint, crowd
from playwright.sync_api import Page, expect
from server import Server, running_with

from storage import sign_ins

SCREENS = {"phone": PHONE, "desktop": DESKTOP}

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def words() -> list[str]:
    """What signs the worker in, once each."""
    return []


@pytest.fixture(scope="module")
def server(tmp_path_factory, words) -> Iterator[Server]:
    """Sixty households that agreed, and a worker."""

    def signed(tx) -> None:
        now = dt.datetime.now(dt.UTC)
        words.extend(sign_ins.new_link(tx, WORKER, now) for _ in SCREENS)

    folder = tmp_path_factory.mktemp("messages")
    people = (lambda tx: crowd(tx, range(1, 61)), lambda tx: appoint(tx, chat=900))
    with running_with(folder, *people, signed) as started:
        yield started


@pytest.fixture(params=SCREENS)
def page(request, chromium) -> Iterator[Page]:
    context = chromium.new_context(viewport=SCREENS[request.param], locale="vi-VN")
    yield context.new_page()
    context.close()


def looked_at(page: Page, name: str, folder) -> None:
    assert_fits(page)
    assert not Axe().run(page).response["violations"]
    page.screenshot(path=folder / f"{name}.png", full_page=True)


def test_written_seen_tried_sent_paused_and_stopped(page, server, words, tmp_path):
    page.goto(f"{server.address}/worker/in/{words.pop()}")
    page.get_by_role("button").first.click()
    page.get_by_role("link", name="Tin gửi bà con").click()
    page.fill("#text", "xem http://la.vn")
    page.get_by_role("button", name="Xem trước").click()
    expect(page.get_by_role("alert")).to_contain_text("https://")
    looked_at(page, "form", tmp_path)
    page.fill("#text", "Sáng mai 8 giờ có lớp bán hàng.\nMời [bà con] tới nhà văn hóa xã.")
    page.get_by_role("button", name="Xem trước").click()
    main = page.locator("main")
    expect(main).to_contain_text("Mời bà con tới nhà văn hóa xã.")
    expect(main).to_contain_text("Gửi tới 60 người.")
    looked_at(page, "preview", tmp_path)
    page.get_by_role("button", name="Gửi thử cho tôi").click()
    expect(page.get_by_role("status")).to_contain_text("Đã gửi thử")
    page.get_by_role("button", name="Gửi ngay").click()
    expect(main).to_contain_text("Đang gửi")
    page.get_by_role("button", name="Tạm dừng").click()
    expect(main).to_contain_text("Tạm dừng")
    looked_at(page, "report", tmp_path)
    page.get_by_role("button", name="Dừng hẳn").click()
    expect(main).to_contain_text("Đã dừng hẳn")
    page.get_by_role("link", name="Các tin khác").click()
    looked_at(page, "list", tmp_path)
