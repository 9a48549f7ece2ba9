"""In which language a page comes: its address, the person's choice, the browser's choice, what it prefers, the setting."""

from __future__ import annotations

import asyncio
import datetime as dt
import re
import shutil
from functools import partial

import httpx
import pytest
from test_worker_pages import browser, services, signed, token_of
from villages import appoint, known, of

from bot.dialogue.summary_queries import Asked
from bot.services import Services
from storage.languages import choose, chosen
from storage.summary_links import new_link
from web.app import create_app

__all__ = ["browser", "services"]


@pytest.fixture
def url(empty_sqlite, tmp_path) -> str:
    """No query here differs between databases."""
    shutil.copyfile(empty_sqlite, tmp_path / "choice.db")
    return f"sqlite+aiosqlite:///{tmp_path}/choice.db"


def language_of(page: httpx.Response) -> str:
    found = re.search(r'<html lang="([\w-]+)">', page.text)
    assert found, page.text[:300]
    assert page.headers["content-language"] == found[1]
    return found[1]


async def spoken(client: httpx.AsyncClient, path: str = "/", **headers: str) -> str:
    return language_of(await client.get(path, headers=headers))


async def test_who_says_nothing_gets_the_language_of_the_setting(services, browser):
    chosen_en = services.settings.model_copy(update={"language": "en"})
    english = Services(chosen_en, services.db, services.runner, services.secret)
    carrier = httpx.ASGITransport(create_app(english))
    async with browser() as client:
        assert await spoken(client) == "vi"
    async with httpx.AsyncClient(transport=carrier, base_url="http://farm.test") as client:
        assert await spoken(client) == "en"
        assert await spoken(client, **{"Accept-Language": "vi"}) == "vi"
        assert await spoken(client, **{"Accept-Language": "fr"}) == "en"


async def test_the_foot_of_a_page_leads_to_it_in_the_other_language_and_the_browser_keeps_that(
    browser,
):
    async with browser() as client:
        first = await client.get("/shop/XX-1?from=chat")
        link = re.search(r'<a href="([^"]+)" hreflang="en" lang="en"', first.text)
        assert link
        assert link[1] == "?from=chat&amp;lang=en"
        assert await spoken(client, "/shop/XX-1?from=chat&lang=en") == "en"
        assert await spoken(client, "/privacy", **{"Accept-Language": "vi"}) == "en"
        assert await spoken(client, "/?lang=vi") == "vi"
        assert await spoken(client, "/privacy") == "vi"


@pytest.mark.parametrize("wrong", ["fr", "", "../en", "EN", "en,vi", "%00"])
async def test_a_page_that_is_asked_for_in_no_language_of_ours_comes_as_ever(browser, wrong):
    async with browser() as client:
        page = await client.get(f"/?lang={wrong}")
        assert language_of(page) == "vi"
        assert "set-cookie" not in page.headers
        kept = {"Cookie": f"lang={wrong}; =; lang"}
        assert await spoken(client, **kept, **{"Accept-Language": "en"}) == "en"


async def test_the_choice_of_a_person_goes_before_that_of_a_browser(services, browser):
    who = await services.db.write(partial(appoint, who="Hoa", kind="worker", area="30226"))
    await services.db.write(partial(choose, who=who, language="en"))
    async with browser() as client:
        client.cookies.set("lang", "vi", domain="farm.test")
        await signed(services, client, who)
        assert await spoken(client, "/worker/", **{"Accept-Language": "vi"}) == "en"
        assert await spoken(client, "/worker/?lang=vi") == "vi"
        assert await spoken(client, "/privacy") == "vi"  # nobody signs in there


async def test_who_is_signed_in_chooses_for_pages_and_conversations(services, browser):
    who = await services.db.write(partial(appoint, who="Hoa", kind="worker", area="30226"))
    async with browser() as client:
        await signed(services, client, who)
        page = await client.get("/worker/households?sort=new")
        back = re.search(r'name="back" value="([^"]+)"', page.text)
        assert back
        form = {"token": token_of(page.text), "language": "en"}
        went = await client.post("/worker/language", data=form | {"back": back[1]})
        assert (went.status_code, went.headers["location"]) == (303, back[1])
        assert await spoken(client, back[1]) == "en"
        for away in ("https://evil.test/", "//evil.test", "/worker/\\evil", "/copies/x", ""):
            went = await client.post("/worker/language", data=form | {"back": away})
            assert went.headers["location"] == "/worker/"
        assert (
            await client.post("/worker/language", data=form | {"language": "fr"})
        ).status_code == 422
        assert (
            await client.post("/worker/language", data=form | {"token": "0" * 64})
        ).status_code == 403
    assert await services.db.read(partial(chosen, who=who)) == "en"


async def test_the_page_of_a_talk_speaks_as_the_talk_does(services, browser):
    machine = str(of("machine"))
    who = of("DT-0001", "person")
    await services.db.write(lambda tx: known(tx, machine, who))
    await services.db.write(partial(choose, who=who, language="en"))
    async with browser() as client:
        client.cookies.set("chat", machine, domain="farm.test")
        page = await client.get("/chat", headers={"Accept-Language": "vi"})
        assert language_of(page) == "en"
        number = re.search(r'name="page" value="([^"]+)"', page.text)
        assert number
        tapped = {"page": number[1], "button": "core.language:vi"}
        assert (await client.post("/chat", data=tapped)).status_code == 303
        assert await spoken(client, "/chat", **{"Accept-Language": "en"}) == "vi"
    assert await services.db.read(partial(chosen, who=who)) == "vi"


async def test_a_stranger_is_answered_in_the_language_of_their_page(browser):
    async with browser() as client:
        post = {"client_id": str(of("stranger")), "message_id": str(of("first")), "text": "hello"}
        english = {"Accept-Language": "en"}
        told = (await client.post("/chat/messages", json=post, headers=english)).json()["replies"]
    assert "I agree" in [one["label"] for one in told[-1]["buttons"]]


async def test_a_summary_that_somebody_asked_for_in_the_chat_opens_in_their_language(
    services, browser
):
    who = await services.db.write(partial(appoint, who="Hoa", kind="officer", area="vn"))
    await services.db.write(partial(choose, who=who, language="en"))
    now, asked = dt.datetime.now(dt.UTC), Asked("2026-06", "2026-06", 34)
    path = await services.db.write(lambda tx: new_link(tx, who, asked, now))
    async with browser() as client:
        assert await spoken(client, path, **{"Accept-Language": "vi"}) == "en"
        lines = (await client.get(f"{path}.csv")).text
    assert "not reported yet" in lines


async def test_requests_at_the_same_time_do_not_mix(browser):
    wanted = ["vi", "en"] * 8
    async with browser() as client:
        asked = (client.get("/privacy", headers={"Accept-Language": one}) for one in wanted)
        found = await asyncio.gather(*asked)
    assert [language_of(page) for page in found] == wanted
    assert len({page.text for page in found}) == 2
