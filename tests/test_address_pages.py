"""Digital addresses on the pages of workers, on receipts, and as Telegram sends positions."""

from __future__ import annotations

import datetime as dt
import re
from functools import partial
from uuid import UUID

import httpx
import pytest
from sqlalchemy import Connection, select
from test_digital_addresses import CODE, HOME, OTHER, give
from villages import HERE, NASTY, appoint, fact, fill, of

from bot.channels.telegram import parse
from bot.config import Settings
from bot.dialogue.message import Location
from bot.handlers import HANDLERS
from bot.runner import Runner
from bot.services import Services
from domain.events import ConsentWithdrawn
from storage import receipts, sign_ins
from storage.schema import event
from storage.store import append
from web.app import create_app

NOW = dt.datetime.now(dt.UTC)
PATH = "/worker/addresses"
NASTY_HOME = "DT-0004"


@pytest.fixture
async def site(db, url) -> Services:
    await db.write(fill)
    chosen = Settings(database_url=url)
    return Services(chosen, db, Runner(db, chosen, HANDLERS), b"s" * 32)


async def browser(site: Services, name: str, kind: str, area: str) -> httpx.AsyncClient:
    """A browser in which somebody with this role is signed in."""
    who = await site.db.write(partial(appoint, who=name, kind=kind, area=area))
    carrier = httpx.ASGITransport(create_app(site))
    client = httpx.AsyncClient(
        transport=carrier, base_url="http://farm.test", headers={"Accept": "text/html"}
    )
    word = await site.db.write(lambda tx: sign_ins.new_link(tx, who, dt.datetime.now(dt.UTC)))
    asked = await client.get(f"/worker/in/{word}")
    await client.post(f"/worker/in/{word}", data={"token": token_of(asked.text)})
    return client


def token_of(page: str) -> str:
    return re.findall(r'name="token" value="([0-9a-f]+)"', page)[-1]


async def given(site: Services, home: str = HOME) -> UUID:
    return await site.db.write(partial(give, home=home, code=CODE))


def decisions(conn: Connection) -> int:
    kinds = ("digital_address_confirmed", "digital_address_disputed")
    return len(conn.scalars(select(event.c.id).where(event.c.type.in_(kinds))).all())


async def test_a_worker_confirms_what_waits_and_then_it_waits_no_longer(site):
    address = await given(site)
    client = await browser(site, "Ngọc", "worker", "30226")
    page = await client.get(PATH)
    assert CODE in page.text
    assert "geo:10.29" in page.text
    sent = {"token": token_of(page.text), "verdict": "confirmed"}
    told = await client.post(f"{PATH}/{address}", data=sent)
    assert "Đã xác nhận địa chỉ số của hộ DT-0001" in told.text
    assert CODE not in told.text
    again = await client.post(f"{PATH}/{address}", data=sent)
    assert again.status_code == 200
    assert await site.db.read(decisions) == 1


async def test_the_second_worker_reads_who_decided_first(site):
    address = await given(site)
    first = await browser(site, "Ngọc", "worker", "30226")
    second = await browser(site, "Hà", "officer", "82")
    pages = [(await one.get(PATH)).text for one in (first, second)]
    tokens = [token_of(page) for page in pages]
    await first.post(f"{PATH}/{address}", data={"token": tokens[0], "verdict": "disputed"})
    told = await second.post(f"{PATH}/{address}", data={"token": tokens[1], "verdict": "confirmed"})
    assert "đã báo chưa khớp lúc" in told.text
    assert await site.db.read(decisions) == 1


@pytest.mark.parametrize(
    ("kind", "area", "home"),
    [
        ("worker", "00004", HOME),  # another commune's worker with the right address
        ("officer", "01", HOME),
        ("reader", "30226", HOME),  # who only looks
        ("worker", "30226", "DT-0003"),  # a household that never let workers see it
    ],
)
async def test_who_may_not_decide_changes_nothing(site, kind, area, home):
    address = await given(site, home)
    client = await browser(site, "Hà", kind, area)
    page = await client.get(PATH)
    sent = {"token": token_of(page.text), "verdict": "confirmed"}
    refused = await client.post(f"{PATH}/{address}", data=sent)
    assert refused.status_code == 404
    assert await site.db.read(decisions) == 0
    if kind != "reader":
        assert CODE not in page.text


@pytest.mark.parametrize("data", [{}, {"token": "0" * 64, "verdict": "confirmed"}])
async def test_a_form_of_another_page_decides_nothing(site, data):
    address = await given(site)
    client = await browser(site, "Ngọc", "worker", "30226")
    assert (await client.post(f"{PATH}/{address}", data=data)).status_code == 403
    assert await site.db.read(decisions) == 0


async def test_nobody_sees_the_page_without_being_signed_in(site):
    await given(site)
    carrier = httpx.ASGITransport(create_app(site))
    async with httpx.AsyncClient(transport=carrier, base_url="http://farm.test") as client:
        refused = await client.get(PATH)
    assert refused.status_code == 401
    assert CODE not in refused.text


async def test_names_that_bite_stay_names(site):
    await given(site, NASTY_HOME)
    client = await browser(site, "Ngọc", "worker", "30226")
    page = (await client.get(PATH)).text
    assert NASTY not in page
    assert "&lt;script&gt;" in page


async def test_a_household_that_gave_another_one_meanwhile_is_looked_at_again(site):
    address = await given(site)
    client = await browser(site, "Ngọc", "worker", "30226")
    token = token_of((await client.get(PATH)).text)
    await site.db.write(lambda tx: give(tx, HOME, OTHER, number=2))
    told = await client.post(f"{PATH}/{address}", data={"token": token, "verdict": "confirmed"})
    assert "vừa đổi hoặc bỏ" in told.text
    assert OTHER in told.text
    assert await site.db.read(decisions) == 0


# Receipts


async def test_receipts_bear_it_while_the_household_wants_buyers_to_see_it(site):
    db, code = site.db, "KX42"
    await db.write(lambda tx: give(tx, HOME, CODE, "address"))
    opened = await db.write(lambda tx: receipts.open_receipt(tx, home_id(), code, NOW))
    word = opened.path.removeprefix("/receipt/")
    seen = [opened.receipt.address]
    await db.write(lambda tx: give(tx, HOME, CODE, "address_shown", number=2))
    seen.append((await db.read(partial(receipts.receipt_behind, word=word))).address)
    taken = fact(ConsentWithdrawn, HOME, "no", HERE, purpose="address", version=1)
    await db.write(lambda tx: append(tx, [taken]))
    seen.append((await db.read(partial(receipts.receipt_behind, word=word))).address)
    assert seen == [None, CODE, None]


async def test_the_page_of_a_receipt_shows_it(site):
    await site.db.write(lambda tx: give(tx, HOME, CODE, "address", "address_shown"))
    opened = await site.db.write(lambda tx: receipts.open_receipt(tx, home_id(), "KX42", NOW))
    carrier = httpx.ASGITransport(create_app(site))
    async with httpx.AsyncClient(transport=carrier, base_url="http://farm.test") as client:
        assert f"Địa chỉ số: {CODE}" in (await client.get(opened.path)).text


def home_id() -> UUID:

    return of(HOME)


# Telegram


def update(**changes: object) -> dict[str, object]:
    place = {"latitude": 10.2951, "longitude": 105.5652}
    message = {
        "message_id": 7,
        "date": 1_763_700_000,
        "chat": {"id": 5, "type": "private"},
        "from": {"id": 5, "is_bot": False},
        "location": place | changes,
    }
    return {"update_id": 1, "message": message}


def test_a_live_position_is_known_as_one():
    heard = parse(update(live_period=900), "1", NOW)
    assert heard.message.content == Location(10.2951, 105.5652, live=True)
    assert parse(update(), "1", NOW).message.content == Location(10.2951, 105.5652)


def test_a_live_position_that_moves_on_is_no_message():
    moved = update(live_period=900)
    moved["edited_message"] = moved.pop("message") | {"edit_date": 1_763_700_060}
    assert parse(moved, "1", NOW) is None
