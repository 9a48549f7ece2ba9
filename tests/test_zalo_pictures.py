"""Pictures on Zalo: fetched by Zalo from an address of ours, by nobody without its signature."""

from __future__ import annotations

import asyncio
import datetime as dt
from functools import partial
from uuid import uuid4

import httpx
import pytest
import uvicorn
from blank import empty_database
from loopback.zalo_api import TOKEN, ZaloServer

from bot.channels.zalo import CHANNEL
from bot.channels.zalo_client import ZaloApi
from bot.channels.zalo_pictures import PictureLinks
from bot.commands.zalo_channel import picture_links
from bot.config import Settings
from bot.handlers import HANDLERS
from bot.locales.catalogue import text
from bot.locales.render import Worded
from bot.runner import Runner
from bot.services import Services
from storage import outbox
from web.app import create_app

SECRET = b"s" * 32
CODE = Worded("Mã QR của chú", (("a", "Thôi"),), {"kind": "qr", "text": "hello"})


@pytest.fixture
async def services(tmp_path):
    db = await empty_database(tmp_path)
    yield Services(Settings(), db, Runner(db, Settings(), HANDLERS), SECRET)
    await db.close()


@pytest.fixture
async def site(services):
    """Our pages, served; their address."""
    server = uvicorn.Server(uvicorn.Config(create_app(services), port=0, log_config=None))
    task = asyncio.create_task(server._serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn sets a flag
        await asyncio.sleep(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    await task


@pytest.fixture
async def reply(services):
    """A reply with a QR code, as it stands in the outbox."""
    which = uuid4()
    row = outbox.row(which, CHANNEL, "u1", CODE.to_json(), dt.datetime.now(dt.UTC), message="m")
    await services.db.write(partial(outbox.put, rows=[row]))
    return which


async def test_zalo_fetches_the_picture_and_shows_the_words_under_it(site, reply):
    links = PictureLinks(site, SECRET)
    async with ZaloServer() as server, ZaloApi(server.url, TOKEN, links) as api:
        await api.send("u1", CODE, reply)
        (told,) = server.delivered
    assert told.photo.startswith(b"\x89PNG")
    assert told.text.startswith("Mã QR của chú\n1. Thôi")


async def test_a_picture_that_zalo_cannot_fetch_takes_no_words_with_it(reply):
    links = PictureLinks("http://127.0.0.1:9", SECRET)
    async with ZaloServer() as server, ZaloApi(server.url, TOKEN, links) as api:
        await api.send("u1", CODE, reply)
        (told,) = server.delivered
    assert told.photo is None
    assert text("picture.elsewhere") in told.text


async def test_nobody_sees_it_without_the_signature_or_after_its_day(site, reply):
    good = PictureLinks(site, SECRET).of(reply, CODE.picture)
    old = PictureLinks(site, SECRET, lambda: 0.0).of(reply, CODE.picture)
    foreign = PictureLinks(site, b"x" * 32).of(reply, CODE.picture)
    gone = PictureLinks(site, SECRET).of(uuid4(), CODE.picture)
    as_photo = PictureLinks(site, SECRET).of(reply, {"kind": "photo"})
    bare = good.partition("?")[0]
    async with httpx.AsyncClient() as browser:
        assert (await browser.get(good)).status_code == 200
        assert (await browser.head(good)).status_code == 200
        for address in (old, foreign, gone, as_photo, bare, f"{bare}?until=x&sign=y"):
            assert (await browser.get(address)).status_code in {404, 422}


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("https://lensan.example", True),
        ("http://127.0.0.1:8000", True),
        ("http://lensan.example", False),
        (None, False),
    ],
)
def test_only_an_address_that_zalo_can_open_is_given_out(services, address, found):
    ours = Services(Settings(public_url=address), services.db, services.runner, SECRET)
    assert (picture_links(ours) is not None) is found
