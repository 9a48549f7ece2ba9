"""Zalo through real sockets: our polling, our webhook and our delivery against a Zalo server of our own."""

from __future__ import annotations

import asyncio
import datetime as dt
import io
import json
import tracemalloc
from contextlib import asynccontextmanager, suppress
from uuid import uuid4

import pytest
import structlog
import uvicorn
from blank import empty_database
from loopback.zalo_api import TOKEN, Fault, ZaloServer, text_update, update
from PIL import Image
from sqlalchemy import func, select

from bot.channels import zalo_client
from bot.channels.zalo import CHANNEL
from bot.channels.zalo_client import ZaloApi
from bot.channels.zalo_hearing import Hearing
from bot.channels.zalo_polling import REFUSED, Polling
from bot.channels.zalo_webhook import LARGEST, Webhook, register
from bot.commands.upkeep import _channel_troubles
from bot.config import load_settings
from bot.delivery import Delivery
from bot.dialogue.handler import Handler
from bot.dialogue.message import Other, Picture
from bot.dialogue.reply import Button
from bot.locales.render import Worded
from bot.runner import Runner
from storage import outbox
from storage.schema import inbox
from storage.schema import outbox as outbox_table

SECRET = "s3cret-of-the-webhook"
ANNA, BINH = "a" * 20, "b" * 20
LONG = " ".join(["Một câu dài lắm."] * 300)


def echo(turn) -> bool:
    """Says back what was sent: twice for `two`, with a choice for `ask`, at length for `long`."""
    content = turn.message.content
    if isinstance(content, Picture):
        size = Image.open(io.BytesIO(content.image)).size if content.image else content.problem
        turn.tell("voice.heard", text=f"{size} {content.caption}")
        return True
    kind = content.kind if isinstance(content, Other) else type(content).__name__
    said = getattr(content, "text", None) or kind
    buttons = (Button("echo:1", "button.save"),) if said == "ask" else ()
    said = "Một câu dài. " * 300 if said == "long" else said
    turn.tell("voice.heard", *buttons, text=said)
    if said == "two":
        turn.tell("voice.heard", text="second")
    return True


ECHO = (Handler("echo", gate=echo),)


def heard(said: str) -> str:
    return f"🎤 Em nghe: “{said}”"


@pytest.fixture
def logged():
    """What the log was told."""
    with structlog.testing.capture_logs() as entries:
        yield entries


@pytest.fixture
async def server():
    async with ZaloServer() as api:
        yield api


@pytest.fixture
async def db(tmp_path):
    database = await empty_database(tmp_path)
    yield database
    await database.close()


@pytest.fixture
async def client(server):
    async with ZaloApi(server.url, TOKEN) as api:
        yield api


@pytest.fixture
def runner(db):
    return Runner(db, load_settings({}, None), ECHO)


@pytest.fixture
async def delivery(db, client):
    """Delivery at work, stopped at the end."""
    sending = Delivery(db, client)
    task = asyncio.create_task(sending.run())
    yield sending
    sending.stop()
    await asyncio.wait_for(task, 60)


@asynccontextmanager
async def ended(work):
    """A task beside the test, cancelled at its end."""
    task = asyncio.create_task(work)
    yield task
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


@pytest.fixture
async def polling(client, runner, delivery):
    loop = polled(client, runner, delivery.nudge)
    async with ended(loop.run()):
        yield loop


def polled(client, runner, nudge=lambda: None) -> Polling:
    return Polling(client, Hearing(client, runner.handle), nudge, wait=0.01, held=1, idle=0.01)


@pytest.fixture
def webhook(client, runner, delivery):
    return Webhook(Hearing(client, runner.handle), delivery.nudge, SECRET)


@pytest.fixture
async def hooked(server, client, webhook):
    """Zalo knows our webhook."""
    hook = uvicorn.Server(uvicorn.Config(webhook, port=0, lifespan="off", log_config=None))
    task = asyncio.create_task(hook._serve())
    while not hook.started:  # noqa: ASYNC110 - uvicorn sets a flag
        await asyncio.sleep(0.01)
    port = hook.servers[0].sockets[0].getsockname()[1]
    await register(client, f"http://127.0.0.1:{port}", SECRET)
    yield server
    hook.should_exit = True
    await task


async def stored(db, table) -> int:
    return await db.read(lambda tx: tx.scalar(select(func.count()).select_from(table)))


async def states(db) -> list[tuple[str, str | None]]:
    asked = select(outbox_table.c.state, outbox_table.c.reason).order_by(outbox_table.c.position)
    return [tuple(row) for row in await db.read(lambda tx: tx.execute(asked).all())]


async def put(db, chat: str, *texts: str) -> None:
    """Answers into the outbox."""
    now = dt.datetime.now(dt.UTC)
    rows = [
        outbox.row(uuid4(), CHANNEL, chat, Worded(said).to_json(), now, message="m")
        for said in texts
    ]
    await db.write(lambda tx: outbox.put(tx, rows))


async def until(condition, seconds=60):
    async with asyncio.timeout(seconds):
        while not await condition():  # noqa: ASYNC110 - a look at the database
            await asyncio.sleep(0.01)


# The webhook


async def test_an_update_is_answered_by_a_message(hooked, db):
    assert await hooked.push(text_update(1, ANNA, "cam")) == 200
    (told,) = await hooked.until(1)
    assert (told.chat, told.text) == (ANNA, heard("cam"))
    await until(lambda: is_sent(db))


async def is_sent(db) -> bool:
    return await states(db) == [("sent", None)]


async def test_the_same_update_again_is_answered_once(hooked, db):
    for _ in range(5):
        assert await hooked.push(text_update(1, ANNA, "cam")) == 200
    assert await hooked.push(text_update(2, ANNA, "end")) == 200
    await hooked.until(2)
    assert hooked.texts() == [heard("cam"), heard("end")]
    assert (await stored(db, inbox), await stored(db, outbox_table)) == (2, 2)


async def test_updates_out_of_order_are_each_answered_once(hooked):
    numbers = [5, 3, 9, 3, 1, 5]
    await asyncio.gather(*(hooked.push(text_update(n, ANNA, f"cam {n}")) for n in numbers))
    await hooked.until(4)
    assert sorted(hooked.texts()) == sorted(heard(f"cam {n}") for n in set(numbers))


async def test_two_replies_arrive_in_their_order(hooked):
    assert await hooked.push(text_update(1, ANNA, "two")) == 200
    await hooked.until(2)
    assert hooked.texts() == [heard("two"), heard("second")]


async def test_what_zalo_hides_is_accepted_and_answered(hooked):
    """`unsupported` stands for the words of children, of blind people, of whoever Zalo protects."""
    assert await hooked.push(update(1, ANNA, "unsupported")) == 200
    await hooked.until(1)
    assert hooked.texts() == [heard("unsupported")]


async def test_a_photo_is_fetched_and_made_small_from_zalos_own_hosts_only(hooked):
    big = io.BytesIO()
    Image.new("RGB", (2000, 1000)).save(big, "JPEG")
    hooked.files |= {"good": big.getvalue(), "bad": b"%PDF"}
    links = {
        "good": f"{hooked.url}/files/good",
        "bad": f"{hooked.url}/files/bad",
        "gone": f"{hooked.url}/files/gone",
        "away": f"{hooked.url}/files/away-good",  # a redirect is not followed
        "inside": "http://127.0.0.1:9/secret",
        "foreign": "https://zdn.vn.evil.example/a.jpg",
        "plain": "http://photo-stal-1.zdn.vn/a.jpg",
    }
    for number, (caption, link) in enumerate(links.items(), 1):
        sent = update(number, ANNA, "image", photo_url=link, caption=caption)
        assert await hooked.push(sent) == 200
    await hooked.until(len(links))
    said = [
        f"{'(1280, 640)' if c == 'good' else 'not_image' if c == 'bad' else 'unavailable'} {c}"
        for c in links
    ]
    assert sorted(hooked.texts()) == sorted(map(heard, said))


async def test_a_voice_note_that_nobody_listens_to_is_answered(hooked):
    voice = update(1, ANNA, "voice", voice_url=f"{hooked.url}/files/a.aac")
    assert await hooked.push(voice) == 200
    (told,) = await hooked.until(1)
    assert told.text.startswith("🎤")


async def test_a_commit_that_fails_is_not_acknowledged(webhook, db, monkeypatch):
    async def full(_work):
        raise OSError(28, "No space left on device")

    body = json.dumps(text_update(1, ANNA, "cam")).encode()
    with monkeypatch.context() as broken:
        broken.setattr(db, "write", full)
        assert await webhook.receive(body, SECRET.encode()) == 503
    assert await webhook.receive(body, SECRET.encode()) == 200


@pytest.mark.parametrize("given", [None, b"", b"wrong", SECRET.encode() + b"x", b"\xff\xfe"])
async def test_without_the_secret_nothing_is_read(webhook, db, given):
    body = json.dumps(text_update(1, ANNA, "cam")).encode()
    assert await webhook.receive(body, given) == 401
    assert await stored(db, inbox) == 0


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"<html>", 400), (b"", 400), (b"[]", 400), (b"{}", 200), (b"x" * (LARGEST + 1), 413)],
)
async def test_what_is_no_update_is_refused(webhook, db, body, status):
    assert await webhook.receive(body, SECRET.encode()) == status
    assert await stored(db, inbox) == 0


# Polling


async def test_what_comes_again_at_every_poll_is_answered_once(server, polling, db):
    server.repeats = 4
    for number in range(1, 11):
        await server.give(text_update(number, ANNA, str(number)))
    await server.until(10)
    seen = server.polls
    await until(lambda: polled_again(server, seen + 20))
    assert server.texts() == [heard(str(n)) for n in range(1, 11)]
    assert await stored(db, inbox) == 10


async def polled_again(server, count) -> bool:
    return server.polls >= count


async def test_the_same_update_for_an_hour_costs_neither_memory_nor_lines(
    server, client, runner, db, logged
):
    """Ten thousand polls that give one consumed update: nothing is kept of them."""
    loop = polled(client, runner)
    one = text_update(1, ANNA, "cam")
    came = asyncio.Event()
    counted = 0

    async def again(*_: object) -> object:
        nonlocal counted
        counted += 1
        if counted == 200:
            tracemalloc.start()
        if counted == 10_000:
            came.set()
        await asyncio.sleep(0)
        return one

    client_call = type(client).call
    try:
        type(client).call = again
        loop.idle = 0.0
        async with ended(loop.run()):
            await asyncio.wait_for(came.wait(), 60)
        kept, _ = tracemalloc.get_traced_memory()
    finally:
        type(client).call = client_call
        tracemalloc.stop()
    assert await stored(db, inbox) == 1
    assert kept < 300_000, kept
    assert len(logged) <= 1, logged


async def test_nothing_new_is_no_fault(server, polling, logged):
    """408 is what an empty poll gets."""
    await until(lambda: polled_again(server, 3))
    await server.give(text_update(1, ANNA, "a"))
    await server.until(1)
    assert logged == []


@pytest.mark.parametrize(
    "fault",
    [
        Fault(200, raw=b"<html>502</html>"),
        Fault(200, raw=b""),
        Fault(200, raw=b"null", kind="application/json"),
        Fault(502, raw=b"<html>Bad gateway</html>"),
        Fault(403),
        Fault(500, inside=True),
        Fault(429, retry_after=1),
    ],
    ids=lambda f: f"{f.code}-{(f.raw or b'api').decode()[:6]}",
)
async def test_a_service_out_of_order_is_waited_out_and_told_once(
    server, client, runner, delivery, logged, fault
):
    server.fail("deleteWebhook", fault)
    server.fail("getUpdates", fault, fault)
    await server.give(text_update(1, ANNA, "a"))
    async with ended(polled(client, runner, delivery.nudge).run()):
        await server.until(1)
    assert server.texts() == [heard("a")]
    assert 1 <= len([e for e in logged if e["event"] == "Zalo is not reached"]) <= 2


async def test_an_update_that_was_not_committed_is_tried_until_it_is(
    server, polling, db, monkeypatch
):
    """Zalo may not give it a second time."""
    write, left = db.write, [6]

    async def full(work):
        if left[0] > 0 and any(step in repr(work) for step in ("_turn", "_fault")):
            left[0] -= 1
            raise OSError(28, "No space left on device")
        return await write(work)

    monkeypatch.setattr(db, "write", full)
    await server.give(text_update(1, ANNA, "a"))
    await server.until(1)
    assert (server.texts(), left) == ([heard("a")], [0])


async def test_a_refused_token_ends_it_with_one_line(server, runner, logged):
    async with ZaloApi(server.url, "1:old") as client:
        await asyncio.wait_for(polled(client, runner).run(), 60)
    assert [entry["event"] for entry in logged] == [REFUSED]
    assert "1:old" not in str(logged)


async def test_polling_takes_a_webhook_away_first(server, polling):
    async def gone():
        return server.webhook is None and server.polls > 0

    server.webhook = {"url": "https://old.example", "secret_token": "x" * 8}
    await until(gone)


# Delivery


async def test_a_long_reply_arrives_in_pieces_and_goes_on_where_it_stopped(server, delivery, db):
    """Too fast in the middle: what has arrived is not sent again."""
    server.fail("sendMessage", Fault(500))
    await put(db, ANNA, LONG)
    server.on_delivery = lambda told: (
        server.fail("sendMessage", Fault(429, retry_after=1))
        if len(server.delivered) == 1
        else None
    )
    delivery.nudge()
    pieces = await server.until(3)
    await until(lambda: is_sent(db))
    assert len(server.delivered) == 3
    assert all(len(piece.text) <= 2000 for piece in pieces)
    assert " ".join(p.text for p in pieces) == LONG


@pytest.mark.parametrize("inside", [False, True])
async def test_a_used_up_quota_is_waited_out_by_the_whole_bot(server, delivery, db, inside):
    server.fail("sendMessage", Fault(429, "Quota exceeded", retry_after=1, inside=inside))
    await put(db, ANNA, "a")
    await put(db, BINH, "b")
    delivery.nudge()
    await server.until(2)
    assert sorted(server.texts()) == ["a", "b"]


async def test_when_nobody_says_how_long_the_wait_grows(client, monkeypatch):
    monkeypatch.setattr(zalo_client, "UNTOLD", 4.0)
    answer = {"ok": False, "error_code": 429}
    waits = [client._wait({}, answer) for _ in range(8)]
    assert waits == [4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 300.0]


async def test_what_zalo_never_takes_is_given_up_and_logged_once(server, delivery, db, logged):
    server.fail("sendMessage", Fault(400))
    await put(db, ANNA, "a", "b")
    delivery.nudge()
    await server.until(1)
    assert server.texts() == ["b"]
    assert [entry["event"] for entry in logged] == ["not delivered"]


async def test_a_fault_over_there_is_tried_again_in_order(server, delivery, db):
    server.fail("sendMessage", Fault(500), Fault(403), Fault(200, raw=b"<html>"))
    await put(db, ANNA, "a", "b")
    delivery.nudge()
    await server.until(2)
    assert server.texts() == ["a", "b"]


async def test_who_blocked_the_bot_is_not_tried_again(server, delivery, db):
    server.fail("sendMessage", Fault(403, "user blocked the bot"))
    await put(db, ANNA, "a")
    delivery.nudge()

    async def given_up():
        return await states(db) == [("failed", "blocked")]

    await until(given_up)


async def test_a_refused_token_stops_delivery_and_keeps_what_waits(server, db, logged):
    await put(db, ANNA, "a")
    async with ZaloApi(server.url, "1:old") as client:
        await asyncio.wait_for(Delivery(db, client).run(), 60)
    assert [state for state, _ in await states(db)] == ["waiting"]
    assert str(logged).count("token refused") == 1


async def test_the_token_is_in_no_error():
    async with ZaloApi("http://127.0.0.1:9", "1:very-secret") as client:
        with pytest.raises(Exception) as told:  # noqa: PT011 - which one is not the matter
            await client.call("getMe")
    assert "very-secret" not in repr(told.value) + str(told.value.__cause__)


@pytest.mark.parametrize(
    ("token", "trouble"), [(TOKEN, []), ("1:old", ["Zalo does not answer: Revoked"])]
)
async def test_the_doctor_asks_zalo_whether_it_knows_the_token(server, token, trouble):
    settings = load_settings({"LENSAN_ZALO_TOKEN": token, "LENSAN_ZALO_API": server.url}, None)
    assert await _channel_troubles(settings) == trouble
