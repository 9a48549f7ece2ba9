"""The whole way in a real browser: invited, signed in, the quiet household found, written to, its sale confirmed."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from browsers import DESKTOP, PHONE, say
from playwright.sync_api import BrowserContext, Page, expect
from server import Server, running_with
from test_worker_browser import come_in, looked_at
from villages import known, of, settle

SCREENS = {"phone": PHONE, "desktop": DESKTOP}
QUIET = {"phone": "DT-0002", "desktop": "DT-0003"}
MACHINES = {code: str(uuid4()) for code in QUIET.values()}
LETTER = 'Chị còn hàng không, để em báo "mối" quen?'

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[Server]:
    """A commune where two households are quiet, each with a browser that knows it; nobody with a role."""

    def fill(tx) -> None:
        settle(tx, "DT-0001", "Ba", sold=2, listed=True)
        for code, machine in MACHINES.items():
            settle(tx, code, f"Nguyễn Thị Đào {code[-1]}", sold=21, listed=True)
            known(tx, machine, of(code, "person"))

    with running_with(tmp_path_factory.mktemp("visit"), fill) as started:
        yield started


@pytest.fixture
def browser(chromium) -> Iterator[Callable[..., BrowserContext]]:
    """Makes browsers of this size; what the console of any of them complains of fails the test."""
    complaints: list[str] = []
    made: list[BrowserContext] = []

    def make(screen: str) -> BrowserContext:
        context = chromium.new_context(viewport=SCREENS[screen], locale="vi-VN")
        context.on("console", lambda told: told.type == "error" and complaints.append(told.text))
        made.append(context)
        return context

    yield make
    for context in made:
        context.close()
    assert not complaints


@pytest.mark.parametrize("screen", SCREENS)
def test_from_the_invitation_to_the_confirmed_sale(browser, server, screen, tmp_path):
    code = QUIET[screen]
    worker = browser(screen).new_page()
    invited(worker, server, tmp_path)
    find_the_quiet(worker, code, tmp_path)
    write_to_it(worker, tmp_path)
    morning_comes(server)
    home = at_home(browser(screen), server, code)
    it_answers(home, tmp_path)
    hears_the_answer(worker, server, code, tmp_path)
    confirm_its_sale(worker, server, code, tmp_path)


def invited(page: Page, server: Server, folder: Path) -> None:
    made = server.command("invite", "--role", "worker", "--area", "Lai Vung, Đồng Tháp")
    page.goto(made.stdout.strip())
    looked_at(page, "1-invitation", folder)
    come_in(page, scripts=True)
    looked_at(page, "2-home", folder)


def find_the_quiet(page: Page, code: str, folder: Path) -> None:
    page.get_by_role("link", name="hộ 14 ngày chưa bán").click()
    expect(page.locator(".homes")).not_to_contain_text("DT-0001")
    looked_at(page, "3-quiet", folder)
    page.get_by_role("link", name=re.compile(code)).click()
    expect(page.locator("main")).to_contain_text("21 ngày chưa bán")
    looked_at(page, "4-household", folder)


def write_to_it(page: Page, folder: Path) -> None:
    form = page.locator("form[action$='/letters']")
    form.get_by_role("textbox").fill(LETTER)
    form.get_by_role("button").click()
    expect(page.get_by_role("status")).to_contain_text("Đã nhận lời nhắn")
    looked_at(page, "5-written", folder)


def morning_comes(server: Server) -> None:
    """Letters wait for the morning; this test runs at any hour."""
    with sqlite3.connect(server.folder / "lensan.db", timeout=20) as db:
        db.execute("UPDATE help_news SET due_at = (SELECT min(at) FROM event)")
    db.close()


def at_home(context: BrowserContext, server: Server, code: str) -> Page:
    """The household's own chat."""
    cookie = {"name": "chat", "value": MACHINES[code], "url": f"{server.address}/chat"}
    context.add_cookies([cookie])
    page = context.new_page()
    page.goto(f"{server.address}/chat")
    return page


def it_answers(page: Page, folder: Path) -> None:
    talk = page.locator(".messages")
    expect(talk).to_contain_text(LETTER)
    looked_at(page, "6-letter", folder)
    say(page, "[Trả lời]")
    say(page, "còn 20 ký cam sành đó con")
    expect(talk).to_contain_text("Đã chuyển thêm cho cán bộ")
    looked_at(page, "7-answered", folder)


def hears_the_answer(page: Page, server: Server, code: str, folder: Path) -> None:
    """The answer comes in the worker's chat, with whose it is; it logged nothing."""
    morning_comes(server)
    page.goto(f"{server.address}/chat")
    talk = page.locator(".messages")
    expect(talk).to_contain_text("còn 20 ký cam sành đó con")
    expect(talk).to_contain_text(f"Hộ {code}, cô Nguyễn Thị Đào")
    looked_at(page, "8-heard", folder)


def confirm_its_sale(page: Page, server: Server, code: str, folder: Path) -> None:
    page.goto(f"{server.address}/worker/households/{code}")
    sale = page.locator("#sale-KX42")
    expect(sale).to_contain_text("500.000")
    expect(page.locator("li[id^=sale-]")).to_have_count(1)
    sale.get_by_role("button", name="Xác nhận").click()
    expect(page.get_by_role("status")).to_be_visible()
    expect(sale.locator(".made")).to_contain_text("Đã xác nhận")
    expect(sale.get_by_role("button", name="Xác nhận")).to_have_count(0)
    looked_at(page, "9-confirmed", folder)
