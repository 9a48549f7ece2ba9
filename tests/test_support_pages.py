"""Pages of potential and support: parts in words, one's own area, a form that works once."""

from __future__ import annotations

import datetime as dt
import re
import shutil
from functools import partial

import pytest
from test_support import told
from test_worker_pages import browser, services, signed, somebody, token_of
from villages import appoint

from domain.household import ZONE
from storage.potential import reckon_potential

__all__ = ["browser", "services"]

NOW = dt.datetime.now(dt.UTC)
TODAY = NOW.astimezone(ZONE).date()
HOME = "/worker/households/DT-0001"


@pytest.fixture
def url(empty_sqlite, tmp_path) -> str:
    """What pages say is the same on both databases; what is stored is tried on both in `test_support`."""
    file = tmp_path / "support.db"
    shutil.copyfile(empty_sqlite, file)
    return f"sqlite+aiosqlite:///{file}"


def form_of(page: str) -> dict[str, str]:
    found = re.findall(r'action="/worker/households/[^"]+/support".*?</form>', page, re.DOTALL)[0]
    return dict(re.findall(r'name="(\w+)" value="([^"]*)"', found))


async def test_the_page_explains_each_part_and_begins_support_once(services, browser):
    await reckon_potential(services.db, NOW)
    async with somebody(services, browser, "30226") as client:
        page = (await client.get(HOME)).text
        assert "bán 1 trên 12 tuần" in page
        assert "Chưa ai hỗ trợ hộ này." in page
        sent = form_of(page)
        for _ in range(2):
            done = await client.post(f"{HOME}/support", data=sent)
            assert done.status_code == 303
        shown = (await client.get(done.headers["location"])).text
        assert "Đã ghi: anh/chị hỗ trợ hộ này." in shown
        assert "Thôi hỗ trợ" in shown
        listed = (await client.get("/worker/potential")).text
        whom = (await client.get("/worker/support")).text
    assert f"hỗ trợ từ {TODAY:%d/%m/%Y}" in listed
    assert f"hỗ trợ từ {TODAY:%d/%m/%Y}" in whom
    assert await told(services.db) == ["support_begun"]


async def test_lists_show_the_own_area_only_and_names_stay_words(services, browser):
    await reckon_potential(services.db, NOW)
    async with somebody(services, browser, "30226") as client:
        asked = ("", "?area=00004", "?area=vn", "?area=01", "?area=<b>&page=999999", "?page=x")
        pages = [(await client.get(f"/worker/potential{query}")).text for query in asked]
        pages += [(await client.get(f"/worker/support{query}")).text for query in asked]
    whole = "".join(pages)
    assert "DT-0001" in pages[0]
    assert "<script>alert" not in whole
    assert "&lt;script&gt;alert" in pages[0]
    for hidden in ("HN-0001", "Thủ Đô", "DT-0003", "Giấu"):
        assert hidden not in whole


async def test_an_officer_narrows_the_country_to_a_province_and_a_commune(services, browser):
    await reckon_potential(services.db, NOW)
    who = await services.db.write(partial(appoint, who="Vụ", kind="officer", area="vn"))
    async with browser() as client:
        await signed(services, client, who)
        whole = (await client.get("/worker/potential")).text
        part = (await client.get("/worker/potential?area=01")).text
        commune = (await client.get("/worker/potential?area=30226")).text
    assert "HN-0001" in whole
    assert "DT-0001" in whole
    assert 'value="82"' in whole
    assert "HN-0001" in part
    assert "DT-0001" not in part
    assert 'value="00004"' in part
    assert "DT-0001" in commune
    assert "HN-0001" not in commune


async def test_readers_and_strangers_begin_nothing(services, browser):
    async with somebody(services, browser, "30226") as client:
        sent = form_of((await client.get(HOME)).text)
        forged = await client.post(f"{HOME}/support", data=sent | {"token": "0" * 64})
        wrong = await client.post(f"{HOME}/support", data=sent | {"form": "x.1.2"})
        odd = await client.post(f"{HOME}/support", data=sent | {"do": "sell"})
    assert (forged.status_code, wrong.status_code, odd.status_code) == (403, 409, 422)
    for name, kind, where in (("Xem", "reader", "30226"), ("Xa", "worker", "00004")):
        who = await services.db.write(partial(appoint, who=name, kind=kind, area=where))
        async with browser() as client:
            await signed(services, client, who)
            token = token_of((await client.get("/worker/")).text)
            page = (await client.get(HOME)).text
            refused = await client.post(f"{HOME}/support", data=sent | {"token": token})
        assert 'name="do"' not in page
        assert refused.status_code == 404
    assert await told(services.db) == []
