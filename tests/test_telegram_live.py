"""Telegram through real sockets: our polling, our webhook and our delivery against a Bot API of our own."""

from __future__ import annotations

import asyncio
import datetime as dt
import io
import json
from contextlib import asynccontextmanager, suppress

import httpx
import pytest
import structlog
import uvicorn
from blank import empty_database
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from loopback.bot_api import TOKEN, BotApi, Fault, tap_update, text_update
from PIL import Image
from sqlalchemy import func, select, update

from bot.channels.telegram import CHANNEL
from bot.channels.telegram_client import TelegramApi
from bot.channels.telegram_hearing import Hearing
from bot.channels.telegram_polling import REFUSED, Polling
from bot.channels.telegram_webhook import LARGEST, Webhook, register
from bot.charts import bars_png
from bot.config import load_settings
from bot.delivery import Delivery
from bot.dialogue.handler import Handler
from bot.dialogue.message import Picture
from bot.dialogue.reply import Bars, Button, Line
from bot.locales.render import Worded
from bot.runner import Runner
from storage import outbox
from storage.schema import inbox
from storage.schema import outbox as outbox_table

SECRET = "s3cret-of-the-webhook"
ANNA, BINH = 101, 202
NOON = dt.datetime(2026, 11, 20, 5, tzinfo=dt.UTC)  # noon in Vietnam


def echo(turn) -> bool:
    """Says back what was sent: twice for `two`, as a chart for `chart`."""
    content = turn.message.content
    if isinstance(content, Picture):
        size = Image.open(io.BytesIO(content.image)).size if content.image else content.problem
        turn.tell("voice.heard", text=f"{size} {content.caption}")
        return True
    said = getattr(content, "text", None) or getattr(content, "button", "?")
    chart = Bars(Line("voice.heard", {"text": "A"}), (("T1", 5), ("T2", 9)))
    buttons = (Button(f"echo:{turn.id('b')}", "button.save"),)
    turn.say(
        Line("voice.heard", {"text": said}),
        buttons=buttons,
        picture=chart if said == "chart" else None,
    )
    if said == "two":
        turn.tell("voice.heard", text="second")
    return True


ECHO = (Handler("echo", gate=echo),)


def heard(text: str) -> str:
    return f"🎤 Em nghe: “{text}”"


async def drawn(picture) -> bytes:
    return await asyncio.to_thread(bars_png, picture)


@pytest.fixture
def logged():
    """What the log was told."""
    with structlog.testing.capture_logs() as entries:
        yield entries


@pytest.fixture
async def telegram():
    async with BotApi() as api:
        yield api


@pytest.fixture
async def db(tmp_path):
    database = await empty_database(tmp_path)
    yield database
    await database.close()


@pytest.fixture
async def client(telegram):
    async with TelegramApi(telegram.url, TOKEN, drawn) as api:
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


@pytest.fixture
async def polling(client, runner, delivery):
    loop = Polling(client, Hearing(client, runner.handle), delivery.nudge, wait=0.01, held=1)
    async with ended(loop.run()):
        yield loop


@asynccontextmanager
async def ended(work):
    """A task beside the test, cancelled at its end."""
    task = asyncio.create_task(work)
    yield task
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


@pytest.fixture
def webhook(client, runner, delivery):
    return Webhook(Hearing(client, runner.handle), delivery.nudge, SECRET)


@asynccontextmanager
async def serving(app):
    """The application on a free port; its address."""
    config = uvicorn.Config(app, port=0, lifespan="off", log_config=None)
    server = uvicorn.Server(config)
    task = asyncio.create_task(server._serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn sets a flag
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    await task


@pytest.fixture
async def hooked(telegram, client, webhook):
    """Telegram knows our webhook."""

    async def app(scope, receive, send):
        assert scope["path"] == "/webhooks/telegram"
        await webhook(scope, receive, send)

    async with serving(app) as address:
        await register(client, address, SECRET)
        yield telegram


async def stored(db, table) -> int:
    return await db.read(lambda tx: tx.scalar(select(func.count()).select_from(table)))


async def states(db) -> list[tuple[str, str | None]]:
    asked = select(outbox_table.c.state, outbox_table.c.reason).order_by(outbox_table.c.position)
    return [tuple(row) for row in await db.read(lambda tx: tx.execute(asked).all())]


async def put(
    db, chat: int, *texts: str, asked: bool = True, urgency=outbox.REPLY, now=None
) -> None:
    """Texts into the outbox, as an answer or unasked."""
    from uuid import uuid4

    now = now or dt.datetime.now(dt.UTC)
    message = "m" if asked else None
    rows = [
        outbox.row(
            uuid4(),
            CHANNEL,
            str(chat),
            Worded(text).to_json(),
            now,
            message=message,
            urgency=urgency,
        )
        for text in texts
    ]
    await db.write(lambda tx: outbox.put(tx, rows))


async def until(condition, seconds=60):
    async with asyncio.timeout(seconds):
        while not await condition():  # noqa: ASYNC110 - a look at the database
            await asyncio.sleep(0.01)


# The webhook


async def test_a_single_reply_is_given_in_the_answer_itself(hooked, db):
    assert await hooked.push(text_update(1, ANNA, "cam")) == 200
    assert [(d.text, d.way) for d in hooked.delivered] == [(heard("cam"), "answer")]
    assert await states(db) == [("inline", None)]
    assert [method for method, _ in hooked.calls] == ["setWebhook"]


async def test_two_replies_go_by_the_outbox_in_their_order(hooked):
    assert await hooked.push(text_update(1, ANNA, "two")) == 200
    delivered = await hooked.until(2)
    assert [(d.text, d.way) for d in delivered] == [
        (heard("two"), "call"),
        (heard("second"), "call"),
    ]


async def test_the_same_update_again_gives_the_same_reply_and_stores_nothing(hooked, db):
    for _ in range(3):
        assert await hooked.push(text_update(1, ANNA, "cam")) == 200
    answers = {answer for _, answer in hooked.answers[1]}
    assert len(hooked.answers[1]) == 3
    assert len(answers) == 1
    assert json.loads(answers.pop())["text"] == heard("cam")
    assert (await stored(db, inbox), await stored(db, outbox_table)) == (1, 1)


async def test_a_tap_is_answered_so_that_the_button_stops_waiting(hooked):
    await hooked.push(text_update(1, ANNA, "cam"))
    button = hooked.delivered[0].button("Lưu")
    await hooked.push(tap_update(2, ANNA, button))
    assert hooked.texts() == [heard("cam"), heard(button)]

    async def answered():
        return ("answerCallbackQuery", {"callback_query_id": "92"}) in hooked.calls

    await until(answered)


async def test_a_picture_is_sent_before_the_answer(hooked):
    assert await hooked.push(text_update(1, ANNA, "chart")) == 200
    (sent,) = hooked.delivered
    assert sent.way == "call"
    assert sent.text == heard("chart")
    assert sent.photo.startswith(b"\x89PNG")


async def test_a_picture_that_could_not_be_sent_makes_telegram_ask_again(hooked, db):
    hooked.fail("sendPhoto", Fault(500))
    assert await hooked.push(text_update(1, ANNA, "chart")) == 200
    assert [status for status, _ in hooked.answers[1]] == [503, 200]
    assert hooked.texts() == [heard("chart")]
    assert await stored(db, inbox) == 1


async def test_updates_out_of_order_are_each_answered_once(hooked):
    numbers = [5, 3, 9, 3, 1, 5]
    await asyncio.gather(*(hooked.push(text_update(n, ANNA, f"cam {n}")) for n in numbers))
    assert set(hooked.texts()) == {heard(f"cam {n}") for n in numbers}


async def test_a_photo_is_fetched_and_made_small(hooked):
    big = io.BytesIO()
    Image.new("RGB", (2000, 1000)).save(big, "JPEG")
    hooked.files |= {"good": big.getvalue(), "bad": b"%PDF"}
    for number, file in enumerate(("good", "bad", "gone"), 1):
        sent = text_update(number, ANNA, "")
        del sent["message"]["text"]
        size = {"file_id": file, "file_size": 9, "width": 2000, "height": 1000}
        sent["message"] |= {"photo": [size], "caption": file}
        assert await hooked.push(sent) == 200
    assert hooked.texts() == [
        heard("(1280, 640) good"),
        heard("not_image bad"),
        heard("unavailable gone"),
    ]


async def test_a_commit_that_fails_is_not_acknowledged(webhook, db, monkeypatch):
    async def full(_work):
        raise OSError(28, "No space left on device")

    body = json.dumps(text_update(1, ANNA, "cam")).encode()
    with monkeypatch.context() as broken:
        broken.setattr(db, "write", full)
        assert (await webhook.receive(body, SECRET.encode()))[0] == 503
    status, answer = await webhook.receive(body, SECRET.encode())
    assert (status, json.loads(answer)["text"]) == (200, heard("cam"))


@pytest.mark.parametrize("given", [None, b"", b"wrong", SECRET.encode() + b"x", b"\xff\xfe"])
async def test_without_the_secret_nothing_is_read(webhook, db, given):
    body = json.dumps(text_update(1, ANNA, "cam")).encode()
    assert await webhook.receive(body, given) == (401, b"")
    assert await stored(db, inbox) == 0


async def test_a_body_over_a_megabyte_is_not_read_to_its_end(webhook):
    read = 0

    async def receive():
        nonlocal read
        read += 100_000
        return {"type": "http.request", "body": b"x" * 100_000, "more_body": True}

    sent = []

    async def send(event):
        sent.append(event)

    scope = {"type": "http", "headers": [(b"x-telegram-bot-api-secret-token", SECRET.encode())]}
    await webhook(scope, receive, send)
    assert sent[0]["status"] == 413
    assert read <= LARGEST + 200_000


@settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    body=st.binary(max_size=200)
    | st.text(max_size=50).map(str.encode)
    | st.dictionaries(
        st.sampled_from(["update_id", "message", "callback_query", "edited_message"]),
        st.recursive(
            st.none() | st.integers() | st.text(max_size=5) | st.floats(),
            lambda part: (
                st.lists(part, max_size=3)
                | st.dictionaries(
                    st.sampled_from(["chat", "from", "id", "date", "message_id", "text", "data"]),
                    part,
                )
            ),
        ),
    ).map(lambda update: json.dumps(update).encode())
)
async def test_any_bytes_get_an_answer_below_500(webhook, body):
    status, _ = await webhook.receive(body, SECRET.encode())
    assert status in {200, 400}


# Polling


async def test_updates_are_acknowledged_after_their_commit(telegram, polling, db):
    await telegram.give(text_update(1, ANNA, "a"), text_update(2, BINH, "b"))
    await telegram.until(2)
    assert set(telegram.texts()) == {heard("a"), heard("b")}

    async def confirmed():
        await telegram.give()
        return telegram.unconfirmed == []

    await until(confirmed)
    assert await stored(db, inbox) == 2


async def test_one_person_is_heard_in_order_while_others_are_heard_beside(telegram, polling):
    letters = [str(n) for n in range(20)]
    a = [text_update(2 * n + 1, ANNA, s) for n, s in enumerate(letters)]
    b = [text_update(2 * n + 2, BINH, s) for n, s in enumerate(letters)]
    await telegram.give(*(update for pair in zip(a, b, strict=True) for update in pair))
    await telegram.until(40)
    for chat in (ANNA, BINH):
        assert telegram.texts(chat) == [heard(s) for s in letters]


async def test_an_update_that_was_not_committed_comes_again(telegram, polling, db, monkeypatch):
    """Neither the turn nor the word that something went wrong is kept while the disk is full."""
    write, left = db.write, [6]

    async def full(work):
        if left[0] > 0 and any(step in repr(work) for step in ("_turn", "_fault")):
            left[0] -= 1
            raise OSError(28, "No space left on device")
        return await write(work)

    monkeypatch.setattr(db, "write", full)
    await telegram.give(text_update(1, ANNA, "a"))
    await telegram.until(1)
    assert telegram.texts() == [heard("a")]
    assert left == [0]


async def test_a_service_out_of_order_is_waited_out(telegram, client, runner, delivery):
    telegram.fail("deleteWebhook", Fault(502))
    telegram.fail("getUpdates", Fault(500), Fault(429, retry_after=1))
    await telegram.give(text_update(1, ANNA, "a"))
    loop = Polling(client, Hearing(client, runner.handle), delivery.nudge, wait=0.01, held=1)
    async with ended(loop.run()):
        await telegram.until(1)
    assert telegram.texts() == [heard("a")]


async def test_another_taker_of_updates_is_named_and_waited_for(telegram, client, runner, logged):
    telegram.other_taker = True
    loop = Polling(client, Hearing(client, runner.handle), lambda: None, wait=0.01, held=1)
    async with ended(loop.run()):

        async def told():
            return "another program reads" in str(logged)

        await until(told)
        telegram.other_taker = False
        await telegram.give(text_update(1, ANNA, "a"))

        async def taken():
            return await stored(runner.db, inbox) == 1

        await until(taken)


async def test_a_refused_token_ends_it_with_one_line(telegram, runner, logged):
    async with TelegramApi(telegram.url, "1:old") as client:
        loop = Polling(client, Hearing(client, runner.handle), lambda: None, wait=0.01)
        await asyncio.wait_for(loop.run(), 60)
    assert [entry["event"] for entry in logged] == [REFUSED]
    assert "1:old" not in str(logged)


async def test_polling_takes_a_webhook_away_first(telegram, polling):
    telegram.webhook = {"url": "https://old.example"}

    async def gone():
        return telegram.webhook is None

    await until(gone)


# Delivery


async def test_too_many_requests_are_waited_out_by_the_whole_bot(telegram, delivery, db):
    telegram.fail("sendMessage", Fault(429, retry_after=1))
    await put(db, ANNA, "a")
    delivery.nudge()

    async def refused():
        return any(method == "sendMessage" for method, _ in telegram.calls)

    await until(refused)
    await put(db, BINH, "b")
    delivery.nudge()
    first = asyncio.get_running_loop().time()
    await telegram.until(2)
    assert asyncio.get_running_loop().time() - first > 0.5
    assert sorted(telegram.texts()) == ["a", "b"]


async def test_who_blocked_the_bot_is_not_tried_again(telegram, delivery, db):
    telegram.blocked.add(ANNA)
    await put(db, ANNA, "a")
    await put(db, BINH, "b")
    delivery.nudge()
    await telegram.until(1)

    async def given_up():
        return ("failed", "blocked") in await states(db)

    await until(given_up)
    assert telegram.texts() == ["b"]


async def test_what_telegram_never_takes_is_given_up_and_logged_once(
    telegram, delivery, db, logged
):
    telegram.fail("sendMessage", Fault(400))
    await put(db, ANNA, "a", "b")
    delivery.nudge()
    await telegram.until(1)
    assert telegram.texts() == ["b"]
    assert [entry["event"] for entry in logged] == ["not delivered"]


async def test_a_fault_over_there_is_tried_again_in_order(telegram, delivery, db):
    telegram.fail("sendMessage", Fault(500), Fault(502))
    await put(db, ANNA, "a", "b", "c")
    delivery.nudge()
    await telegram.until(3)
    assert telegram.texts() == ["a", "b", "c"]


async def test_a_timeout_after_delivery_sends_it_again(telegram, delivery, db, monkeypatch):
    """At least once: nobody can know whether it arrived."""
    monkeypatch.setattr("bot.channels.telegram_client.PATIENCE", 2)
    monkeypatch.setattr(type(delivery.sender).call, "__defaults__", (None, 2))
    telegram.fail("sendMessage", Fault(late=True))
    await put(db, ANNA, "a")
    delivery.nudge()
    await telegram.until(2)
    assert telegram.texts() == ["a", "a"]


async def test_after_a_day_a_message_is_given_up(telegram, delivery, db):
    telegram.fail("sendMessage", Fault(500))
    await put(db, ANNA, "a")
    old = dt.datetime.now(dt.UTC) - dt.timedelta(hours=25)
    await db.write(lambda tx: tx.execute(update(outbox_table).values(made_at=old)))
    delivery.nudge()

    async def given_up():
        return await states(db) == [("failed", "unavailable")]

    await until(given_up)
    assert telegram.texts() == []


async def test_answers_go_before_what_nobody_asked_for(telegram, db, client):
    for chat in range(300, 340):
        await put(db, chat, "news", asked=False, urgency=outbox.BROADCAST, now=NOON)
    await put(db, ANNA, "answer", now=NOON)
    sending = Delivery(db, client, clock=lambda: NOON)  # at night such news waits
    async with ended(sending.run()):
        await telegram.until(5)
    assert "answer" in telegram.texts()[:16]


async def test_nobody_gets_two_unasked_messages_within_a_second(
    telegram, delivery, db, monkeypatch
):
    """Here it is three: the first may need two of them to get there on a busy machine."""
    monkeypatch.setattr("bot.delivery.CHAT_GAP", 3)
    await put(db, ANNA, "a", "b", asked=False)
    delivery.nudge()
    first, second = await telegram.until(2)
    assert second.at - first.at > 1


async def test_a_refused_token_stops_delivery_and_keeps_what_waits(telegram, db, logged):
    await put(db, ANNA, "a", "b")
    async with TelegramApi(telegram.url, "1:old") as client:
        await asyncio.wait_for(Delivery(db, client).run(), 60)
    assert [state for state, _ in await states(db)] == ["waiting", "waiting"]
    assert str(logged).count("token refused") == 1


async def test_stopping_ends_with_nothing_half_sent(telegram, db, client):
    await put(db, ANNA, *"abcdefgh")
    sending = Delivery(db, client)
    task = asyncio.create_task(sending.run())
    await telegram.until(2)
    sending.stop()
    await asyncio.wait_for(task, 60)
    sent = [state for state, _ in await states(db)].count("sent")
    assert len(telegram.delivered) == sent
    assert {state for state, _ in await states(db)} <= {"sent", "waiting"}


async def test_the_token_is_in_no_error():
    async with TelegramApi("http://127.0.0.1:9", "1:very-secret") as client:
        with pytest.raises(Exception) as told:  # noqa: PT011 - which one is not the matter
            await client.call("getMe")
    assert "very-secret" not in repr(told.value) + str(told.value.__cause__)


def test_the_address_of_the_webhook_is_the_contracts():
    from bot.channels.telegram_webhook import PATH

    assert PATH == "/webhooks/telegram"
    assert httpx.URL(f"https://x{PATH}").path == PATH
