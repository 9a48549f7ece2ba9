"""The chat in a real browser, as on a cheap phone: with scripts, without them, and with a bad network."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from browsers import FIRST, PHONE, assert_fits, register, say
from playwright.sync_api import BrowserContext, Page, expect
from server import running

SMALL = {"width": 360, "height": 560}
NO_NETWORK = ("ERR_INTERNET_DISCONNECTED", "ERR_FAILED")  # where a test takes it away
SALE = "hom qua ban 20 ky quyt hong 30k 1 ky cho chi Lan"

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def address(tmp_path_factory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("browser")
    with running(folder, database_url=f"sqlite+aiosqlite:///{folder}/lensan.db") as server:
        yield server.address


@pytest.fixture
def phone(chromium) -> Iterator[BrowserContext]:
    context = chromium.new_context(viewport=PHONE, locale="vi-VN", has_touch=True, is_mobile=True)
    yield context
    context.close()


@pytest.fixture
def page(phone, address) -> Iterator[Page]:
    """The chat, open; what the console complains of fails the test."""
    opened = phone.new_page()
    complaints: list[str] = []
    opened.on(
        "console", lambda said: said.type in {"error", "warning"} and complaints.append(said.text)
    )
    opened.on("pageerror", lambda fault: complaints.append(str(fault)))
    opened.goto(f"{address}/chat")
    yield opened
    assert not [c for c in complaints if not c.endswith(NO_NETWORK)]


def texts(page: Page) -> list[str]:
    return page.locator(".messages > li .bubble").all_inner_texts()


def test_from_the_first_word_to_a_saved_sale_on_a_phone(page):
    register(page)
    say(page, SALE)
    card = page.locator(".messages > .card").last
    expect(card.locator(".sum")).to_have_text("📝 600.000 đ")
    sum_size, line_size = (
        float(card.locator(part).first.evaluate("e => parseFloat(getComputedStyle(e).fontSize)"))
        for part in (".sum", "span:not(.sum)")
    )
    assert sum_size > line_size
    assert_fits(page)
    say(page, "[Lưu]")
    expect(page.locator(".messages")).to_contain_text("Đã lưu 600.000 đ")
    expect(page.get_by_role("button", name="Lưu", exact=True)).to_have_attribute(
        "aria-pressed", "true"
    )
    before = texts(page)
    page.reload()
    assert texts(page) == before[1:]  # what was said before the consent is not kept
    assert_fits(page)


def test_what_reads_the_page_out_waits_until_an_answer_is_whole(page):
    busy = []

    def look(route):
        busy.append(page.locator(".messages").get_attribute("aria-busy"))
        route.continue_()

    page.route("**/chat/messages", look)
    say(page, "alo")
    busy.append(page.locator(".messages").get_attribute("aria-busy"))
    assert busy == ["true", "false"]


def test_buttons_are_large_enough_and_the_last_question_shows_whole(page):
    page.set_viewport_size(SMALL)
    say(page, "alo")
    top = page.locator("main").bounding_box()
    bottom = page.locator(".composer").bounding_box()
    question = page.locator(".messages > li").last.bounding_box()
    assert top
    assert bottom
    assert question
    assert question["y"] >= top["y"] - 1
    assert question["y"] + question["height"] <= bottom["y"] + 1
    for target in page.locator("button:visible, .attach").all():
        box = target.bounding_box()
        assert box
        assert min(box["width"], box["height"]) >= 48


def test_what_could_not_be_sent_is_sent_when_the_network_is_back_and_once(page, phone):
    register(page)
    phone.set_offline(True)
    page.fill("#text", SALE)
    page.get_by_role("button", name="Gửi").tap()
    expect(page.locator(".state.waiting")).to_be_visible()
    phone.set_offline(False)
    page.reload()
    expect(page.locator(".messages > .card")).to_have_count(1)
    page.reload()
    expect(page.locator(".messages > .card")).to_have_count(1)
    expect(page.locator(".messages > .own").last).to_contain_text(SALE)


def test_an_answer_that_was_lost_on_its_way_is_fetched_and_shown_once(page):
    register(page)

    def lose(route):
        route.fetch()  # the server answers, the browser never hears it
        route.abort()

    page.route("**/chat/messages", lose, times=1)
    page.fill("#text", SALE)
    page.get_by_role("button", name="Gửi").tap()
    expect(page.locator(".messages > .card")).to_have_count(1)
    page.reload()
    expect(page.locator(".messages > .card")).to_have_count(1)
    expect(page.locator(".messages > .own", has_text=SALE)).to_have_count(1)


def test_the_whole_talk_works_without_scripts(chromium, address):
    context = chromium.new_context(viewport=PHONE, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/chat")
    for line in [*FIRST, SALE, "[Lưu]"]:
        if line.startswith("["):
            page.get_by_role("button", name=line.strip("[]"), exact=True).last.click()
        else:
            page.locator("#text").fill(line)
            page.get_by_role("button", name="Gửi").click()
    shown = page.locator(".messages")
    expect(shown).to_contain_text("Đã lưu 600.000 đ")
    assert re.search(r"aria-pressed=.true", page.content())
    context.close()


@pytest.mark.parametrize("path", ["/", "/chat", "/worker", "/ministry", "/privacy"])
@pytest.mark.parametrize("width", [320, 360, 768, 1280])
def test_no_page_is_wider_than_its_screen(chromium, address, path, width):
    page = chromium.new_page(viewport={"width": width, "height": 700})
    page.goto(f"{address}{path}")
    assert_fits(page)
    page.close()
