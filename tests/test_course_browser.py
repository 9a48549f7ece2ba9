"""Courses in a real browser, on a phone and a desk: made, its board, its list, the link; axe looks on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from browsers import DESKTOP, PHONE
from held import opened, worker
from playwright.sync_api import Page, expect
from server import Server, running_with
from sqlalchemy import Connection
from test_worker_browser import looked_at
from villages import fill

from domain.household import ZONE
from storage import sign_ins

SCREENS = {"phone": PHONE, "desktop": DESKTOP}
HERE = "30226"
WORDS: list[str] = []

pytestmark = pytest.mark.browser


def a_class(tx: Connection) -> None:
    """A course that is on, its worker with a way in for each browser."""
    fill(tx)
    now = dt.datetime.now(dt.UTC)
    who = worker(tx, "Hà", HERE)
    hour = dt.timedelta(hours=1)
    opened(tx, who, "c7", now - hour, now + hour, commune=HERE, platform="voso", sign="4187")
    WORDS.extend(sign_ins.new_link(tx, who, now) for _ in SCREENS)


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("courses")
    with running_with(folder, a_class) as started:
        yield started


@pytest.fixture(params=SCREENS)
def page(request, chromium) -> Iterator[Page]:
    context = chromium.new_context(viewport=SCREENS[request.param], locale="vi-VN")
    yield context.new_page()
    context.close()


def test_a_course_is_made_and_its_people_are_written_down(page, server, tmp_path):
    page.goto(f"{server.address}/worker/in/{WORDS.pop()}")
    page.get_by_role("main").get_by_role("button").click()
    page.goto(f"{server.address}/worker/courses")
    looked_at(page, "courses", tmp_path)
    tomorrow = dt.datetime.now(ZONE).date() + dt.timedelta(days=1)
    page.get_by_label("Tên lớp").fill("Gói hàng gửi xa")
    page.get_by_label("Chỗ học").fill("Nhà văn hóa")
    page.get_by_label("Ngày").fill(tomorrow.isoformat())
    page.get_by_label("Từ giờ").fill("13:30")
    page.get_by_label("Tới giờ").fill("12:30")
    page.get_by_role("button", name="Mở lớp").click()
    expect(page.get_by_text("Giờ xong phải sau giờ bắt đầu")).to_be_visible()
    looked_at(page, "faults", tmp_path)
    page.get_by_label("Tới giờ").fill("16:30")
    page.get_by_role("button", name="Mở lớp").click()
    expect(page.get_by_role("status")).to_have_text("Đã mở lớp.")
    expect(page.locator(".board")).to_be_visible()
    looked_at(page, "made", tmp_path)
    page.goto(f"{server.address}/worker/courses/c7")
    page.get_by_label("Danh sách").fill("Nguyễn Thị Đào, 0912 345 678\nBà Năm")
    page.get_by_role("button", name="Ghi danh sách").click()
    expect(page.get_by_role("cell", name="0912 345 678")).to_be_visible()
    looked_at(page, "list", tmp_path)


def test_the_link_takes_a_phone_number(page, server, tmp_path):
    page.goto(f"{server.address}/training/c7-{'w' * 16}")
    looked_at(page, "link", tmp_path)
    page.get_by_label("Số điện thoại").fill("0987 654 321")
    page.get_by_role("button", name="Điểm danh").click()
    expect(page.get_by_role("status")).to_contain_text("Đã điểm danh")
    looked_at(page, "checked_in", tmp_path)
