"""A voice note on its way through each channel: from what the channel sends to what the person reads."""

from __future__ import annotations

import asyncio
import json
from uuid import UUID, uuid4

import httpx
import pytest
from blank import empty_database
from ears import ears, listening, nothing_waits, pretender, until
from loopback.bot_api import TOKEN, BotApi
from sqlalchemy import insert

from bot.channels.telegram import parse
from bot.channels.telegram_client import TelegramApi
from bot.channels.telegram_hearing import Hearing, now
from bot.commands.output import Terminal
from bot.commands.review import review
from bot.config import Settings
from bot.delivery import Delivery
from bot.handlers import HANDLERS
from bot.runner import Runner
from bot.services import Services
from storage import voice_notes
from storage.schema import voice_kept
from web.app import create_app

SALE = {"text": "bán hai ký cam sành giá hai mươi ngàn"}
CLIENT = "3f2b8f0e-6d1c-4a8e-9f57-0f3f4c1b2a10"


@pytest.fixture
async def db(tmp_path):
    database = await empty_database(tmp_path)
    yield database
    await database.close()


@pytest.fixture
def services(db) -> Services:
    chosen = Settings()
    found = Services(chosen, db, Runner(db, chosen, HANDLERS), b"s" * 32)
    found.ears.recogniser = pretender()
    return found


@pytest.fixture
async def web(services):
    carrier = httpx.ASGITransport(create_app(services))
    async with httpx.AsyncClient(transport=carrier, base_url="http://farm.test") as client:
        yield client


async def spoken(web: httpx.AsyncClient, sound: bytes, seconds: int = 5, number: str = "") -> dict:
    post = {"client_id": CLIENT, "message_id": number or str(uuid4()), "seconds": str(seconds)}
    posted = await web.post("/chat/voice", data=post, files={"voice": ("voice.webm", sound)})
    assert posted.status_code == 200
    return posted.json()["replies"]


async def later(web: httpx.AsyncClient) -> list[str]:
    """What the page would show now."""
    history = (await web.get("/chat/history", params={"client_id": CLIENT})).json()
    return [message["text"] for message in history["messages"] if not message["own"]]


async def test_a_recording_of_the_web_chat_is_answered_by_its_stream(web, services):
    assert await spoken(web, json.dumps(SALE).encode()) == []
    assert await later(web) == []
    async with listening(services.ears):
        await nothing_waits(services.db)
    said = await later(web)
    assert f"“{SALE['text']}”" in said[0]


async def test_the_stream_of_a_page_tells_what_was_heard(web, services):
    from storage.talk import told
    from web.chat import is_answer

    await spoken(web, json.dumps(SALE).encode())
    async with listening(services.ears):
        await nothing_waits(services.db)
    rows = await services.db.read(lambda conn: told(conn, "web", CLIENT, after=0))
    assert rows
    assert not any(map(is_answer, rows))


async def test_the_same_post_again_is_the_same_note(web, services):
    number = str(uuid4())
    for _ in range(3):
        assert await spoken(web, json.dumps(SALE).encode(), number=number) == []
    assert await services.db.read(voice_notes.waiting) == 1


async def test_what_cannot_be_heard_is_answered_in_the_post_itself(web, services):
    (too_long,) = await spoken(web, b"x", seconds=61)
    assert "quá một phút" in too_long["text"]
    services.ears.recogniser = None
    (deaf,) = await spoken(web, b"x")
    assert "chưa nghe được lời nói" in deaf["text"]
    assert await services.db.read(voice_notes.waiting) == 0


async def test_pages_may_use_the_microphone_and_nobody_else_may(web):
    page = await web.get("/chat")
    assert "microphone=(self)" in page.headers["Permissions-Policy"]


def voice_update(number: int, **voice: object) -> dict:
    person = {"id": 101, "is_bot": False, "first_name": "A"}
    note = {"file_id": "AwAC", "file_unique_id": "u", "duration": 5, "mime_type": "audio/ogg"}
    message = {
        "message_id": number,
        "date": 1_795_000_000,
        "chat": {"id": 101, "type": "private"},
        "from": person,
        "voice": note | voice,
    }
    return {"update_id": number, "message": message}


async def test_a_voice_note_of_telegram_is_fetched_heard_and_answered(db):
    """The file is asked for when somebody listens, not when the update comes."""
    notes = ears(db)
    async with BotApi() as telegram, TelegramApi(telegram.url, TOKEN) as api:
        telegram.files["AwAC"] = json.dumps(SALE).encode()
        notes.fetch["telegram"] = api.voice
        delivery = Delivery(db, api)
        notes.answered.append(delivery.nudge)
        hearing = Hearing(api, notes.runner.handle, notes)
        update = voice_update(1)
        for _ in range(2):  # Telegram may send it again
            await hearing.hear(parse(update, api.bot, now()))
        assert not [method for method, _ in telegram.calls if method == "getFile"]
        async with listening(notes):
            await nothing_waits(db)
            sending = asyncio.create_task(delivery.run())

            async def arrived() -> bool:
                return any(SALE["text"] in each.text for each in telegram.delivered)

            await until(arrived)
            delivery.stop()
            await sending
        heard = [each for each in telegram.delivered if SALE["text"] in each.text]
        assert len(heard) == 1


async def test_a_file_that_telegram_says_is_too_large_is_not_even_kept(db):
    notes = ears(db)
    async with BotApi() as telegram, TelegramApi(telegram.url, TOKEN) as api:
        hearing = Hearing(api, notes.runner.handle, notes)
        update = voice_update(1, file_size=20_000_001)
        handled = await hearing.hear(parse(update, api.bot, now()))
        assert "quá một phút" in handled.replies[0].worded.text
        assert await db.read(voice_notes.waiting) == 0


async def test_recordings_that_may_be_kept_are_written_as_files_with_their_words(
    services, tmp_path, capsys
):
    """As `python -m benchmarks.voice --recordings` reads them."""
    row = {
        "id": UUID(int=0xAB << 120),
        "person": uuid4(),
        "at": now(),
        "audio": b"OggS...",
        "text": SALE["text"],
        "engine": "viet-asr",
    }
    await services.db.write(lambda tx: tx.execute(insert(voice_kept), row))
    assert await review(services, {"recordings": f"{tmp_path}/"}, Terminal()) == 0
    assert (tmp_path / "ab000000.ogg").read_bytes() == b"OggS..."
    assert (tmp_path / "ab000000.txt").read_text() == f"{SALE['text']}\n"
    assert capsys.readouterr().out == "1 recordings\n"
