"""Every page in every language: its words from the catalogue, whole on a phone, in the language that is asked for."""

from __future__ import annotations

import asyncio
import re
import shutil
from collections.abc import Callable, Coroutine, Mapping
from concurrent.futures import ThreadPoolExecutor
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from browsers import PHONE
from every_page import FORMS, ORIGIN, PAGES, SENTENCE, Shown, filled, shown
from playwright.sync_api import Browser, Route
from pseudo import LANGUAGE, pseudo_locale

from bot.locales import catalogue
from domain.geography import communes, provinces
from web.language import preferred
from web.words import STATIC

NAMES = [*PAGES, *FORMS]
WORD = re.compile(r"[^\W\d_]+")
CODE = re.compile(r"\S*\d\S*")
SPOKEN = ("aria-label", "title", "placeholder", "alt", "label", "data-name")  # besides what is read
OUR_OWN = (
    "Lên Sàn",
    "Vỏ Sò",
    "Postmart",
    "OCOP",
    "VND",
    "đ",
    "DT",
    "QR",
    "CSV",
    "PNG",
    "PDF",
    "Excel",
    "JSON",
)


@pytest.fixture(scope="module")
def world(empty_sqlite, tmp_path_factory) -> str:
    folder = tmp_path_factory.mktemp("languages")
    beside(filled, folder / "filled.db", empty_sqlite)
    return str(folder)


def beside(work: Callable[..., Coroutine[Any, Any, Any]], *given: object) -> Any:
    """Run it in a thread of its own: Playwright's loop may run in this one."""
    with ThreadPoolExecutor(1) as other:
        return other.submit(lambda: asyncio.run(work(*given))).result()


def pages_in(world: str, language: str) -> dict[str, Shown]:
    """By name; the pages of one language change nothing for the other."""
    own = Path(world) / f"{language}.db"
    shutil.copyfile(f"{world}/filled.db", own)
    found = beside(shown, f"sqlite+aiosqlite:///{own}", language)
    return {page.name: page for page in found}


class Words(HTMLParser):
    """What is read or read aloud of a page; what is marked as another language is left out."""

    EMPTY = frozenset({"meta", "link", "input", "br", "img", "hr"})

    def __init__(self, html: str) -> None:
        super().__init__()
        self.said: list[str] = []
        self.language = ""
        self._around: list[tuple[str, bool]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "html":
            self.language = given.get("lang") or ""
        foreign = given.get("lang") not in {None, self.language} or tag in {
            "script",
            "style",
            "code",
        }
        self._around += [] if tag in self.EMPTY else [(tag, foreign)]
        if not foreign and not self._foreign:
            self.said += [value for name in SPOKEN if (value := given.get(name))]

    def handle_endtag(self, tag: str) -> None:
        while self._around and self._around.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        said = " ".join(data.split())
        if not said or self._foreign:
            return
        if self.said and self.said[-1].count("[") > self.said[-1].count("]"):
            self.said[-1] += f" {said}"  # goes on after a link, or on the next line of a drawing
        else:
            self.said.append(said)

    @property
    def _foreign(self) -> bool:
        return any(foreign for _, foreign in self._around)


def words_of(*texts: str) -> set[str]:
    """Without codes, and letters that stand alone."""
    plain = (CODE.sub(" ", text) for text in texts)
    return {word.lower() for text in plain for word in WORD.findall(text) if len(word) > 1}


PLACES = words_of(
    *(one.short_name for of in (34, 63) for one in provinces(of)), *(one.name for one in communes())
)
GOODS = words_of("tỏi Lý Sơn, bưởi da xanh loại một, trái to, hái tận vườn, trà sen, cam sành")
UNITS = words_of("kg, quả, hộp, fruit, box")
PEOPLE = words_of("cô Ba, chị Lan, Hoa, Nguyen Hue")
"""What people wrote: it stays as it is in every language."""
AS_WRITTEN = PLACES | GOODS | UNITS | PEOPLE | words_of(SENTENCE, "log_sale", *OUR_OWN)


def outside(text: str) -> str:
    """What does not stand between the brackets of the language that nobody speaks."""
    shorter = re.sub(r"\[[^][]*\]", " ", text)
    return text if shorter == text else outside(shorter)


@pytest.fixture(scope="module")
def longer(world, tmp_path_factory) -> Mapping[str, Shown]:
    with pseudo_locale(tmp_path_factory.mktemp("pseudo")):
        return pages_in(world, LANGUAGE)


@pytest.fixture(scope="module")
def english(world) -> Mapping[str, Shown]:
    return pages_in(world, "en")


@pytest.mark.parametrize("name", NAMES)
def test_every_word_of_a_page_is_of_the_catalogue_or_was_written_by_somebody(longer, name):
    page = Words(longer[name].html)
    strange = {
        said: odd
        for said in page.said
        if (odd := {w for w in words_of(outside(said)) - AS_WRITTEN if not w.startswith("zq")})
    }
    assert page.language == LANGUAGE
    assert strange == {}


@pytest.mark.parametrize("name", NAMES)
def test_an_english_page_has_no_vietnamese_but_what_people_wrote(english, name):
    own = words_of(*catalogue.catalogue("en").values())
    theirs = catalogue.catalogue(catalogue.FIRST).values()
    page = Words(english[name].html)
    foreign = {w for w in words_of(*page.said) - own - AS_WRITTEN if not w.isascii()}
    assert page.language == "en"
    assert foreign == set()
    assert set(page.said) & set(theirs) - set(catalogue.catalogue("en").values()) - GIVEN == set()


GIVEN = {"hôm qua"}  # of the sentence


@pytest.mark.parametrize("name", NAMES)
def test_a_page_says_in_which_language_it_is_and_what_that_hangs_on(english, name):
    headers = english[name].headers
    varies = {one.strip() for one in headers["vary"].split(",")}
    assert headers["content-language"] == "en"
    assert varies >= {"Accept-Language", "Cookie"}
    assert headers["cache-control"] == "no-store"


# On a phone


FAULTS = """() => {
  const found = [], shown = (each) => each.offsetWidth > 0 && !each.closest('.unseen');
  const name = (each) => `${each.tagName} ${(each.textContent || each.name || '').trim().slice(0, 40)}`;
  document.querySelectorAll('details').forEach((each) => { each.open = true; });
  if (document.documentElement.scrollWidth > innerWidth) found.push('wider than the screen');
  for (const each of document.querySelectorAll('body :not(svg, svg *, textarea, input, .worker-nav)')) {
    const cut = getComputedStyle(each).overflowX !== 'visible' && each.scrollWidth > each.clientWidth + 1;
    if (cut && shown(each)) found.push(`cut: ${name(each)}`);
  }
  for (const each of document.querySelectorAll('select')) {
    const copy = each.cloneNode(true);
    [...copy.options].forEach((one, n) => { if (n !== each.selectedIndex) one.remove(); });
    copy.style.width = 'auto';
    each.after(copy);
    if (copy.offsetWidth > each.offsetWidth + 1) found.push(`cut: ${copy.textContent}`);
    copy.remove();
  }
  for (const each of document.querySelectorAll('svg text')) {
    const room = each.ownerSVGElement.viewBox.baseVal, own = each.getBBox();
    if (own.x < room.x - 1 || own.x + own.width > room.x + room.width + 1) found.push(`cut: ${name(each)}`);
  }
  const touched = 'button, .button, select, textarea, summary, nav a, input:not([type=hidden], [type=checkbox])';
  for (const each of document.querySelectorAll(touched)) {
    const { width, height } = each.getBoundingClientRect();
    if (shown(each) && (width < 47.5 || height < 47.5)) found.push(`small: ${name(each)}`);
  }
  return found;
}"""


@pytest.mark.browser
def test_on_a_phone_words_two_fifths_longer_fit_and_can_be_tapped(chromium, longer):
    wrong = faults_on(chromium, longer, PHONE)
    assert wrong == {}


def faults_on(chromium: Browser, pages: Mapping[str, Shown], screen) -> dict[str, list[str]]:
    """By page; they are shown as they were answered, scripts and all."""
    context = chromium.new_context(viewport=screen)
    context.route("**/*", lambda route: answer(route, pages))
    page = context.new_page()
    found = {}
    for name in pages:
        page.goto(f"{ORIGIN}/page/{name}")
        page.evaluate("document.fonts.ready")
        found[name] = page.evaluate(FAULTS)
    context.close()
    return {name: wrong for name, wrong in found.items() if wrong}


def answer(route: Route, pages: Mapping[str, Shown]) -> None:
    path = unquote(urlsplit(route.request.url).path)
    kept = STATIC / path.removeprefix("/static/")
    if path.startswith("/page/"):
        html = pages[path.removeprefix("/page/")].html
        route.fulfill(body=html, content_type="text/html; charset=utf-8")
    elif path.startswith("/static/") and kept.is_file():
        route.fulfill(path=kept)
    else:
        route.fulfill(status=404, body="")


# Which language


@pytest.mark.parametrize(
    ("accepted", "spoken"),
    [
        ("vi-VN,vi;q=0.9,en-US;q=0.8", "vi"),
        ("en-GB,en;q=0.9,vi;q=0.8", "en"),
        ("fr-FR,fr;q=0.9,en;q=0.4,vi;q=0.3", "en"),
        ("en;q=0.3,vi;q=0.7", "vi"),
        ("en;q=0, vi", "vi"),
        ("en;q=0", None),
        ("EN", "en"),
        ("fr, de", None),
        ("*", None),
        ("", None),
        ("en;q=much, vi;q=0.1", "vi"),
        (",;=,en" * 1_000, "en"),
    ],
)
def test_of_what_a_browser_prefers_the_best_that_we_speak(accepted, spoken):
    assert preferred(accepted) == spoken
