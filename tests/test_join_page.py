"""The page of a code: it opens a chat with it, and nobody learns there whether a code was given."""

from __future__ import annotations

import httpx
import pytest

from bot.config import Settings
from bot.handlers import HANDLERS
from bot.runner import Runner
from bot.services import Services
from web.app import create_app


@pytest.fixture
def browser(db, url) -> httpx.AsyncClient:
    chosen = Settings(database_url=url)
    services = Services(chosen, db, Runner(db, chosen, HANDLERS), b"s" * 32)
    carrier = httpx.ASGITransport(create_app(services))
    return httpx.AsyncClient(transport=carrier, base_url="http://farm.test")


async def test_the_page_gives_the_code_to_the_chat(browser):
    """Whatever it is: codes are looked up only where guesses are counted."""
    shown = await browser.get("/join/k7xmp3qa")
    assert shown.status_code == 200
    assert 'name="text" value="K7XM-P3QA"' in shown.text


@pytest.mark.parametrize("said", ["nothing", "%3Cscript%3E", "K7XM", "K7XM-P3QA-T4NC-B5DE"])
async def test_what_is_no_code_has_no_page(browser, said):
    assert (await browser.get(f"/join/{said}")).status_code == 404
