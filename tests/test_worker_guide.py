"""What docs/worker.md tells workers holds: its buttons are there, its sentences are understood, its pictures are real.

`pytest tests/test_worker_guide.py --update` takes the pictures anew.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from io import BytesIO
from uuid import uuid4

import pytest
from browsers import say
from PIL import Image
from playwright.sync_api import Page, expect
from server import ROOT, Server, running_with
from test_worker_browser import come_in
from villages import HERE, fact, known, of, settle

from bot.language.household_calls import household_called
from bot.language.understand import understand
from bot.language.understanding import NOBODY
from bot.locales.catalogue import catalogue
from domain.events import ConsentGiven
from domain.household import ZONE
from storage.store import append

GUIDE = (ROOT / "docs" / "worker.md").read_text()
IMAGES = ROOT / "docs" / "img"
PICTURES = re.findall(r'src="img/([\w-]+\.png)"', GUIDE)
LARGEST = 60_000  # bytes
PLAIN = {"xong", "gặp cán bộ"}  # known as answers, wherever one may be given
AS_SAID = "như thế này"  # shows how sentences and buttons look
FARMER = str(uuid4())

PHONE = {"width": 360, "height": 560}

Shoot = Callable[[Page, str], None]


def marked(mark: str) -> list[str]:
    return sorted(set(re.findall(f"{mark}(.+?){mark}", GUIDE)) - {AS_SAID})


@pytest.mark.parametrize("label", marked(r"\*\*"))
def test_every_button_of_the_guide_is_one_of_ours(label):
    assert label in catalogue("vi").values()


@pytest.mark.parametrize("sentence", marked("`"))
def test_every_sentence_of_the_guide_is_understood(sentence):
    words = understand(sentence, dt.date(2026, 11, 21), NOBODY)
    known_ = words.request or words.date or household_called(sentence)
    assert known_ or sentence in PLAIN


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[Server]:
    """A commune with a few households, one of them with a phone."""
    homes = {"DT-0411": ("Trần Thị Lan", 2), "DT-0412": ("Lê Thị Đào", 21), "DT-0415": ("Tư", 35)}

    def fill(tx) -> None:
        for code, (name, days) in homes.items():
            settle(tx, code, name, sold=days, listed=True)
            yes = fact(ConsentGiven, code, "news", HERE, purpose="broadcast", version=1)
            append(tx, [yes])
        known(tx, FARMER, of("DT-0411", "person"))

    with running_with(tmp_path_factory.mktemp("guide"), fill) as started:
        yield started


@pytest.fixture
def shoot(request) -> Shoot:
    """Takes a picture for the guide when asked to; else it only names one that the guide shows."""

    def shot(page: Page, name: str) -> None:
        assert name in PICTURES
        if request.config.getoption("--update"):
            taken = Image.open(BytesIO(page.screenshot())).convert("RGB")
            taken.quantize(64).save(IMAGES / name, optimize=True)

    return shot


@pytest.fixture
def open_page(chromium) -> Iterator[Callable[[], Page]]:
    contexts = []

    def opened() -> Page:
        contexts.append(chromium.new_context(viewport=PHONE, locale="vi-VN"))
        return contexts[-1].new_page()

    yield opened
    for context in contexts:
        context.close()


@pytest.mark.browser
def test_the_steps_of_the_guide_lead_where_it_says(server, open_page, shoot):
    page = open_page()
    page.goto(server.command("invite", "--role", "worker", "--area", "Lai Vung").stdout.strip())
    come_in(page, scripts=True)
    page.goto(f"{server.address}/chat")
    for line in ("[Báo tên]", "chị Ngọc"):
        say(page, line)
    sell_and_ask(server, open_page())
    page.fill("#text", "hôm nay")  # whatever comes first, the question or the day
    page.get_by_role("button", name="Gửi").click()
    expect(page.locator(".messages")).to_contain_text("chưa trả lời")
    shoot(page, "worker-today.png")
    say(page, "ghi cho hộ DT-0412: bán 5 ký cam giá 20 ngàn")
    expect(page.get_by_role("button", name="Lưu", exact=True)).to_be_visible()
    shoot(page, "worker-assisted.png")
    see_a_household(server, page, shoot)
    see_what_waits(server, page, shoot)
    open_a_course(server, page, shoot)
    write_to_the_area(server, page, shoot)


def sell_and_ask(server: Server, page: Page) -> None:
    """A household writes something down, and has a question."""
    cookie = {"name": "chat", "value": FARMER, "url": f"{server.address}/chat"}
    page.context.add_cookies([cookie])
    page.goto(f"{server.address}/chat")
    for line in ("hôm qua bán 20 ký cam sành giá 25 ngàn", "[Lưu]"):
        say(page, line)
    for line in ("gặp cán bộ", "đơn gửi đi mà khách không nhận thì sao", "[Chuyển đi]"):
        say(page, line)


def see_a_household(server: Server, page: Page, shoot: Shoot) -> None:
    page.goto(f"{server.address}/worker/households")
    page.fill("#q", "le thi dao")
    page.get_by_role("button", name="Lọc").click()
    page.get_by_role("link", name=re.compile("DT-0412")).click()
    expect(page.locator("#words")).to_be_visible()
    shoot(page, "worker-household.png")


def see_what_waits(server: Server, page: Page, shoot: Shoot) -> None:
    page.goto(f"{server.address}/worker/checks")
    page.get_by_text("Báo chưa khớp").first.click()
    expect(page.get_by_label("Chưa khớp chỗ nào").first).to_be_visible()
    shoot(page, "worker-check.png")


def open_a_course(server: Server, page: Page, shoot: Shoot) -> None:
    page.goto(f"{server.address}/worker/courses")
    tomorrow = dt.datetime.now(ZONE).date() + dt.timedelta(days=1)
    filled = {
        "Tên lớp": "Gói hàng gửi xa",
        "Chỗ học": "Nhà văn hóa xã",
        "Ngày": tomorrow.isoformat(),
        "Từ giờ": "13:30",
        "Tới giờ": "16:30",
    }
    for label, words in filled.items():
        page.get_by_label(label).fill(words)
    page.get_by_role("button", name="Mở lớp").click()
    expect(page.locator(".board")).to_have_text(re.compile(r"^\d{4}$"))
    shoot(page, "worker-course.png")


def write_to_the_area(server: Server, page: Page, shoot: Shoot) -> None:
    page.goto(f"{server.address}/worker/messages")
    page.fill("#text", "Chiều mai có lớp gói hàng.\nMời [bà con] tới nhà văn hóa xã.")
    page.get_by_role("button", name="Xem trước").click()
    expect(page.get_by_role("button", name="Gửi thử cho tôi")).to_be_visible()
    expect(page.get_by_role("button", name="Gửi ngay")).to_be_visible()
    shoot(page, "worker-message.png")


@pytest.mark.parametrize("name", PICTURES)
def test_the_pictures_of_the_guide_are_small(name):
    assert (IMAGES / name).stat().st_size < LARGEST
