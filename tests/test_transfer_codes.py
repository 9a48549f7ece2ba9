"""The code in the chat, as a payer's phone sees it: the sum and the account that were asked for, nothing else."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import AsyncIterator
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import func, select

from bot.config import Settings
from bot.handlers import HANDLERS
from bot.runner import Runner
from bot.services import Services
from domain.vietqr import Transfer, read
from storage.schema import bank_account, event, orders
from web.app import create_app
from web.rate import Rate

FIRST = ("alo", "[Đồng ý]", "cô Ba", "Lai Vung, Đồng Tháp")
ACCOUNT = ("mã QR 500k", "nông nghiệp 1500205123456", "Nguyễn Thị Ba", "[Đồng ý]")


class Chat:
    """One person at the web chat; `[label]` taps the newest button of that label."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self.http, self.me, self.shown = http, str(uuid4()), {}

    async def say(self, words):
        what = {"button": self.shown[words]} if words in self.shown else {"text": words}
        body = {"client_id": self.me, "message_id": str(uuid4())} | what
        answer = await self.http.post("/chat/messages", json=body)
        replies = answer.json()["replies"]
        self.shown = {f"[{b['label']}]": b["id"] for r in replies for b in r["buttons"]}
        return replies[-1]

    async def picture(self, reply):
        answer = await self.http.get(reply["image"])
        assert (answer.status_code, answer.headers["content-type"]) == (200, "image/png")
        return answer.content


@pytest.fixture
async def chat(db, monkeypatch) -> AsyncIterator[Chat]:
    monkeypatch.setattr(Rate, "takes", lambda *_: True)  # here people write faster than by hand
    settings = Settings(database_url="sqlite+aiosqlite:///nowhere.db")
    app = create_app(Services(settings, db, Runner(db, settings, HANDLERS), b"s" * 32))
    carrier = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=carrier, base_url="http://lensan.test") as client:
        chat = Chat(client)
        for words in FIRST:
            await chat.say(words)
        yield chat


def seen(png: bytes, folder) -> str:
    reader = shutil.which("zbarimg")
    assert reader, "there is no zbarimg on the path: apt-get install zbar-tools"
    (folder / "qr.png").write_bytes(png)
    command = [reader, "--quiet", "--raw", folder / "qr.png"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


async def rows(db, table):
    return await db.read(lambda conn: conn.scalar(select(func.count()).select_from(table)))


async def test_the_picture_asks_for_what_the_words_say(chat, db, tmp_path):
    for words in ACCOUNT[:-1]:
        assert (await chat.say(words))["image"] is None
    reply = await chat.say(ACCOUNT[-1])
    code = seen(await chat.picture(reply), tmp_path)
    purpose = reply["text"].split("Nội dung: ")[1].splitlines()[0]
    assert read(code) == Transfer("970405", "1500205123456", 500_000, purpose)
    assert reply["text"].startswith("500.000 đ\n(năm trăm")


async def test_a_code_changes_no_figure(chat, db):
    for words in ACCOUNT:
        await chat.say(words)
    before = [await rows(db, table) for table in (event, orders)]
    await chat.say("mã QR 750k")
    assert [await rows(db, table) for table in (event, orders)] == before


async def test_the_account_is_in_no_event_and_goes_with_everything_else(chat, db):
    for words in ACCOUNT:
        await chat.say(words)
    bodies = await db.read(lambda conn: [str(body) for body in conn.scalars(select(event.c.body))])
    assert not [body for body in bodies if "1500205123456" in body or "NGUYEN" in body]
    assert await rows(db, bank_account) == 1
    for words in ("xóa hết thông tin của tôi", "[Xóa hẳn]", "xóa hẳn"):
        await chat.say(words)
    assert await rows(db, bank_account) == 0


async def test_the_shop_picture_leads_to_the_page(chat, tmp_path):
    await chat.say("gian hàng của tôi")
    reply = await chat.say("[Đồng ý]")
    address = seen(await chat.picture(reply), tmp_path)
    assert f"{address}\n" in reply["text"]
    assert (await chat.http.get(address.partition("8000")[2])).status_code == 200
