"""The web chat and pages over HTTP, with the real runner and database and a conversation of three answers."""

from __future__ import annotations

import asyncio
import datetime as dt
import io
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import UUID, uuid4

import httpx
import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from PIL import Image
from sqlalchemy import func, select

from bot.config import Settings
from bot.dialogue.handler import Handler
from bot.dialogue.message import Picture, Tap, Text
from bot.dialogue.reply import Bars, Button, Day, Line, Money, Words
from bot.dialogue.turn import Turn
from bot.locales.render import Worded
from bot.runner import Runner
from bot.services import Services
from domain.events import ConsentGiven
from storage import outbox
from storage.schema import inbox
from storage.talk import told as told_to
from web.app import create_app
from web.rate import BURST, Rate

PHASES = (Phase.explicit, Phase.generate)  # shrinking talks to a server takes minutes
CARD = (Button("sale.save:1", "button.save"), Button("sale.leave:1", "button.leave"))


def answer(turn: Turn) -> bool:
    """`agree` consents, `sale` shows a card, `chart` a picture; anything else is repeated."""
    match turn.message.content:
        case Text("agree"):
            turn.fact(ConsentGiven, purpose="ledger", version=1)
            turn.tell("consent.given")
        case Text("sale"):
            total = Line("card.total", {"total": Money(600_000), "total_words": Words(600_000)})
            date = Line("card.date", {"date": Day(turn.on, turn.on)})
            turn.say(total, date, Line("card.ask"), buttons=CARD)
        case Text("chart"):
            turn.say(Line("consent.given"), picture=Bars(Line("consent.given"), (("cam", 5000),)))
        case Tap("sale.save:1"):
            turn.tell("voice.heard", text="saved")
            turn.tell("receipt.first")
        case Text(text) | Tap(text):
            turn.tell("voice.heard", text=text)
        case Picture(problem=problem):
            turn.tell("voice.heard", text=problem or "photo")
    return True


@pytest.fixture
def services(db, url) -> Services:
    """The program with this conversation, on either database."""
    chosen = Settings(database_url=url)
    return Services(chosen, db, Runner(db, chosen, [Handler("fake", gate=answer)]), b"s" * 32)


@asynccontextmanager
async def browser(services: Services) -> AsyncIterator[httpx.AsyncClient]:
    app = create_app(services)
    carrier = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=carrier, base_url="http://farm.test") as client:
        yield client


@pytest.fixture
async def web(services) -> AsyncIterator[httpx.AsyncClient]:
    async with browser(services) as client:
        yield client


CLIENT = "3f2b8f0e-6d1c-4a8e-9f57-0f3f4c1b2a10"


async def say(web: httpx.AsyncClient, number: UUID | None = None, **said: str) -> httpx.Response:
    post = {"client_id": CLIENT, "message_id": str(number or uuid4()), **said}
    return await web.post("/chat/messages", json=post)


async def said(services: Services) -> int:
    count = select(func.count()).select_from(inbox)
    return await services.db.read(lambda conn: conn.execute(count).scalar_one())


# The contract of POST /chat/messages


async def test_a_message_is_answered_in_the_shape_of_the_contract(web):
    answered = await say(web, text="sale")
    assert answered.status_code == 200
    body = answered.json()
    assert set(body) == {"replies"}
    (reply,) = body["replies"]
    assert set(reply) == {"text", "buttons", "image"}
    assert reply["text"].startswith("📝 600.000 đ\n(sáu trăm")
    assert reply["buttons"] == [
        {"id": "sale.save:1", "label": "Lưu"},
        {"id": "sale.leave:1", "label": "Thôi"},
    ]
    assert reply["image"] is None


async def test_several_replies_come_in_their_order_and_none_is_left_in_the_outbox(web, services):
    replies = (await say(web, button="sale.save:1")).json()["replies"]
    assert ["saved" in reply["text"] for reply in replies] == [True, False]
    now = dt.datetime.now(dt.UTC)
    assert await services.db.write(lambda tx: outbox.lease(tx, "web", now, 10)) == []


async def test_the_same_message_again_changes_nothing_and_gets_the_same_replies(web, services):
    number = uuid4()
    first = await say(web, number, text="sale")
    again = await say(web, number, text="sale")
    assert again.json() == first.json()
    assert await said(services) == 1


async def test_the_same_message_many_times_at_once_is_one_message(web, services):
    number = uuid4()
    answers = await asyncio.gather(*(say(web, number, button="sale.save:1") for _ in range(8)))
    assert len({answer.text for answer in answers}) == 1
    assert await said(services) == 1


async def test_two_clients_may_use_the_same_message_id(web, services):
    number = str(uuid4())
    for client in (str(uuid4()), str(uuid4())):
        post = {"client_id": client, "message_id": number, "text": client}
        replies = (await web.post("/chat/messages", json=post)).json()["replies"]
        assert client in replies[0]["text"]
    assert await said(services) == 2


@pytest.mark.parametrize(
    "post",
    [
        {},
        {"client_id": CLIENT, "message_id": CLIENT},
        {"client_id": CLIENT, "message_id": CLIENT, "text": "a", "button": "b"},
        {"client_id": CLIENT, "message_id": CLIENT, "text": ""},
        {"client_id": CLIENT, "message_id": CLIENT, "text": " \n\u0000"},
        {"client_id": CLIENT, "message_id": CLIENT, "text": 5},
        {"client_id": CLIENT, "message_id": CLIENT, "button": ""},
        {"client_id": CLIENT, "message_id": CLIENT, "button": "x" * 65},
        {"client_id": CLIENT, "message_id": CLIENT, "button": "a\u0000"},
        {"client_id": "me", "message_id": CLIENT, "text": "a"},
        {"client_id": CLIENT, "message_id": "1", "text": "a"},
        [],
        "sale",
        None,
    ],
)
async def test_a_bad_body_is_a_problem_document_and_no_message(web, services, post):
    refused = await web.post("/chat/messages", json=post)
    assert 400 <= refused.status_code < 500
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.json()["status"] == refused.status_code
    assert await said(services) == 0


@settings(
    max_examples=60,
    deadline=None,
    phases=PHASES,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.data())
async def test_no_bytes_make_it_fail(web, data):
    """4xx or a kind reply, whatever comes."""
    path = data.draw(st.sampled_from(["/chat/messages", "/chat/photos", "/chat"]))
    kinds = ["application/json", "multipart/form-data; boundary=x", "text/plain", "x"]
    kind = data.draw(st.sampled_from([*kinds, "application/x-www-form-urlencoded"]))
    body = data.draw(st.binary(max_size=300))
    cookie = data.draw(st.text(st.characters(max_codepoint=126, min_codepoint=33), max_size=40))
    headers = {"Content-Type": kind, "Cookie": f"chat={cookie}"}
    answered = await web.post(path, content=body, headers=headers)
    assert answered.status_code < 500


@settings(
    max_examples=60,
    deadline=None,
    phases=PHASES,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@example(text="half a letter: \ud800", button=False)
@example(text="\ud800", button=True)
@given(text=st.text(st.characters(), max_size=200), button=st.booleans())
async def test_no_words_make_it_fail(web, text, button):
    post = {"client_id": str(uuid4()), "message_id": str(uuid4())}
    body = json.dumps({**post, "button" if button else "text": text})
    headers = {"Content-Type": "application/json"}
    answered = await web.post("/chat/messages", content=body, headers=headers)
    assert answered.status_code in {200, 422}


@pytest.mark.parametrize(
    "path", ["/chat/history", "/chat/events", "/chat/images/x.png", "/copies/x"]
)
async def test_reading_without_saying_whose_is_refused(web, path):
    assert 400 <= (await web.get(path)).status_code < 500


async def test_words_that_are_too_long_are_answered_kindly(web):
    answered = await say(web, text="bán cam " * 1_000)
    assert answered.status_code == 200
    assert "dài quá" in answered.json()["replies"][0]["text"]


async def test_a_body_without_end_is_not_read(web):
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(1_000):
            yield b"x" * 10_000

    refused = await web.post("/chat/messages", content=endless())
    assert refused.status_code == 413


# How fast


async def test_one_who_writes_too_fast_is_told_kindly_and_nothing_is_taken(web, services):
    answers = [await say(web, text=f"{n}") for n in range(BURST + 5)]
    refused = [a for a in answers if a.status_code == 429]
    assert refused
    assert "chờ một phút" in refused[0].json()["replies"][0]["text"]
    assert refused[0].headers["retry-after"]
    assert await said(services) == len(answers) - len(refused)


def test_the_bucket_fills_up_again():
    time = 0.0
    rate = Rate(lambda: time)
    assert [rate.takes("a") for _ in range(BURST + 1)] == [True] * BURST + [False]
    assert rate.takes("b")
    time = 0.5
    assert [rate.takes("a"), rate.takes("a")] == [True, False]


# History


async def test_before_consent_only_our_side_is_kept(web):
    await say(web, text="words before a yes")
    kept = (await web.get("/chat/history", params={"client_id": CLIENT})).json()["messages"]
    assert [message["own"] for message in kept] == [False]


async def test_the_history_has_both_sides_in_order_and_what_was_chosen(web):
    for post in ({"text": "agree"}, {"text": "sale"}, {"button": "sale.save:1"}, {"text": "bye"}):
        await say(web, **post)
    kept = (await web.get("/chat/history", params={"client_id": CLIENT})).json()["messages"]
    own = [message["own"] for message in kept]
    assert own == [True, False, True, False, False, False, True, False]
    chosen = {b["label"]: b["chosen"] for b in kept[3]["buttons"]}
    assert chosen == {"Lưu": True, "Thôi": False}


async def test_a_history_shows_nobody_elses_words(web):
    await say(web, text="agree")
    other = await web.get("/chat/history", params={"client_id": str(uuid4())})
    assert other.json() == {"messages": [], "last": 0}


# Pictures


async def test_a_chart_is_shown_to_whoever_has_its_address(web):
    image = (await say(web, text="chart")).json()["replies"][0]["image"]
    assert re.fullmatch(r"/chat/images/[0-9a-f-]{36}\.png", image)
    shown = await web.get(image)
    assert shown.content.startswith(b"\x89PNG")
    assert shown.headers["cache-control"].startswith("private")
    assert (await web.get(image.replace(".png", ".jpg"))).status_code == 404


def jpeg(side: int = 64) -> bytes:
    drawn = io.BytesIO()
    Image.new("RGB", (side, side), "orange").save(drawn, "JPEG")
    return drawn.getvalue()


@pytest.mark.parametrize(
    ("sent", "heard"),
    [(jpeg(), "photo"), (b"no photo", "not_image"), (b"\0" * 20_000_001, "too_big")],
)
async def test_a_photo_or_what_should_be_one_is_answered(web, sent, heard):
    post = {"client_id": CLIENT, "message_id": str(uuid4())}
    answered = await web.post("/chat/photos", data=post, files={"photo": ("a.jpg", sent)})
    assert heard in answered.json()["replies"][0]["text"]


async def test_a_photo_beyond_all_measure_is_not_read(web):
    headers = {"Content-Length": "40000000", "Content-Type": "multipart/form-data; boundary=x"}
    refused = await web.post("/chat/photos", content=b"--x", headers=headers)
    assert refused.status_code == 413


# A copy of everything


async def test_a_copy_is_a_file_for_whoever_has_its_address_for_a_day(web, services):
    from storage.copies import OPEN_FOR, open_copy

    now = dt.datetime.now(dt.UTC)
    address = await services.db.write(lambda tx: open_copy(tx, uuid4(), None, now))
    copy = await web.get(f"/copies/{address}")
    assert copy.headers["content-disposition"].startswith("attachment")
    assert copy.headers["cache-control"] == "no-store"
    assert isinstance(copy.json(), dict)
    before = now - OPEN_FOR - dt.timedelta(seconds=1)
    old = await services.db.write(lambda tx: open_copy(tx, uuid4(), None, before))
    assert (await web.get(f"/copies/{old}")).status_code == 404


# Without scripts


def hidden(page: str) -> str:
    found = re.search(r'name="page" value="([^"]+)"', page)
    assert found
    return found[1]


async def test_without_scripts_a_talk_is_forms_and_pages(web):
    opened = await web.get("/chat")
    for post in ({"text": "agree"}, {"text": "sale"}, {"button": "sale.save:1"}):
        page = hidden((await web.get("/chat")).text)
        done = await web.post("/chat", data={"page": page, **post})
        assert (done.status_code, done.headers["location"]) == (303, "/chat")
    shown = (await web.get("/chat")).text
    assert "600.000\u00a0đ" in shown  # a sum and its unit stay on one line
    assert re.search(r'value="sale.save:1" class="[^"]*chosen"', shown)
    assert "saved" in shown
    assert "saved" not in opened.text


async def test_a_form_sent_twice_is_one_message(web, services):
    page = hidden((await web.get("/chat")).text)
    for _ in range(2):
        await web.post("/chat", data={"page": page, "text": "sale"})
    assert await said(services) == 1
    await web.post("/chat", data={"page": page, "button": "sale.save:1"})
    assert await said(services) == 2


async def test_without_scripts_a_photo_can_be_sent(web):
    page = hidden((await web.get("/chat")).text)
    await web.post("/chat", data={"page": page, "text": ""}, files={"photo": ("a.jpg", jpeg())})
    assert "“photo”" in (await web.get("/chat")).text


async def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(web):
    cookie = (await web.get("/chat")).headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie


async def test_a_cookie_that_we_never_gave_is_replaced(web):
    shown = await web.get("/chat", headers={"Cookie": "chat=whoever"})
    assert shown.status_code == 200
    assert "set-cookie" in shown.headers


async def test_what_people_write_is_never_markup(web):
    page = hidden((await web.get("/chat")).text)
    await web.post("/chat", data={"page": page, "text": "agree"})
    evil = '<script>alert(1)</script> https://a.test/"onclick=x <b>'
    await web.post("/chat", data={"page": page, "text": evil})
    shown = (await web.get("/chat")).text
    assert "<script>alert" not in shown
    assert "&lt;script&gt;alert(1)" in shown
    assert '"onclick' not in shown


# Later


async def test_what_is_told_later_reaches_an_open_page_once(services):
    from storage.outbox import put, row
    from web.chat import stream
    from web.later import Later

    later = Later(services.db)
    later.start()
    told = stream(services, later, CLIENT, after=0)
    assert (await anext(told)).startswith("retry:")
    waiting = asyncio.ensure_future(anext(told))
    body = Worded("later").to_json()
    now = dt.datetime.now(dt.UTC)
    await services.db.write(lambda tx: put(tx, [row(uuid4(), "web", CLIENT, body, now)]))
    event = await asyncio.wait_for(waiting, 60)
    assert json.loads(event.split("data: ")[1])["text"] == "later"
    assert event.startswith("id: ")
    waiting = asyncio.ensure_future(anext(told))  # as a server does, once the event is on its way
    while not (await services.db.read(lambda conn: told_to(conn, "web", CLIENT)))[0].seen:  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    assert not waiting.done()
    waiting.cancel()
    await later.stop()


async def test_a_server_that_stops_ends_the_open_streams(services):
    from web.chat import stream
    from web.later import Later

    later = Later(services.db)
    told = stream(services, later, CLIENT, after=0)
    await anext(told)
    waiting = asyncio.ensure_future(anext(told))
    await asyncio.sleep(0)
    later.end()
    with pytest.raises(StopAsyncIteration):
        await asyncio.wait_for(waiting, 60)


async def test_answers_are_not_told_a_second_time(services, web):
    from web.chat import stream
    from web.later import Later

    await say(web, text="sale")
    told = stream(services, Later(services.db), CLIENT, after=0)
    await anext(told)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(anext(told), 0.3)


# Pages and problems


@pytest.mark.parametrize("path", ["/", "/chat", "/worker", "/ministry", "/privacy"])
async def test_every_page_is_safe_and_has_no_script_in_it(web, path):
    shown = await web.get(path)
    assert shown.status_code == 200
    assert "default-src 'self'" in shown.headers["content-security-policy"]
    assert shown.headers["x-content-type-options"] == "nosniff"
    for script in re.findall(r"<script[^>]*>", shown.text):
        assert "src=" in script
    assert " style=" not in shown.text
    assert "onclick" not in shown.text


async def test_the_front_door_leads_to_pages_that_exist(web):
    links = re.findall(r'href="(/[^"#?]*)', (await web.get("/")).text)
    assert {"/chat", "/worker", "/ministry"} <= set(links)
    for link in set(links):
        assert (await web.get(link)).status_code == 200, link


async def test_the_front_door_shows_what_was_reported_with_its_period(web, services):
    from bot.report_files import read_report_file
    from bot.report_lines import check_lines
    from bot.reports import import_reports
    from storage.rollups import advance

    seed = (Path(__file__).parent / "figures" / "programme-2023-06.csv").read_bytes()
    now = dt.datetime.now(dt.UTC)
    lines = check_lines(read_report_file(seed), now.date())
    await services.db.write(lambda tx: import_reports(tx, lines, now=now, channel="test"))
    await services.db.write(advance)
    for path in ("/", "/ministry"):
        shown = (await web.get(path)).text
        assert "<dd>987.495</dd>" in shown
        assert "<dd>217,1 tỷ</dd>" in shown
        assert "Từ tháng 8/2022" in shown
    for file in re.findall(r'href="(/ministry/files/[^"]+)', shown):
        assert (await web.get(file)).status_code == 200, file
    words = (await web.get("/ministry/files/len-san.txt")).text
    assert "987.495 giao dịch (Vỏ sò: 173.745; Postmart: 813.750)" in words


async def test_without_reports_the_front_door_says_how_figures_come(web):
    assert "Chưa có báo cáo nào" in (await web.get("/")).text


async def test_sample_figures_are_labelled_on_every_page(web, services):
    from storage.figures import mark_sample

    assert "Số liệu mẫu" not in (await web.get("/")).text
    await services.db.write(mark_sample)
    for path in ("/", "/chat", "/worker", "/ministry", "/privacy"):
        assert "Số liệu mẫu" in (await web.get(path)).text


async def test_a_page_that_does_not_exist_says_where_to_go(web):
    lost = await web.get("/nowhere", headers={"Accept": "text/html"})
    assert lost.status_code == 404
    assert 'href="/chat"' in lost.text
    program = await web.get("/nowhere")
    assert program.headers["content-type"] == "application/problem+json"
    wrong = await web.put("/chat", headers={"Accept": "text/html"})
    assert wrong.status_code == 405
    assert 'href="/"' in wrong.text


async def test_whoever_asks_for_heads_only_is_answered(web):
    for path in ("/", "/chat", "/healthz"):
        assert (await web.head(path)).status_code == 200


async def test_a_fault_of_ours_shows_nothing_internal(services, monkeypatch):
    async def broken(work):
        raise RuntimeError("secret inside")

    monkeypatch.setattr(services.db, "read", broken)
    async with browser(services) as web:
        for accept in ("text/html", "*/*"):
            failed = await web.get("/worker", headers={"Accept": accept})
            assert failed.status_code == 500
            assert "secret" not in failed.text


async def test_the_stylesheet_stays_under_20_kb(web):
    assert len((await web.get("/static/style.css")).content) < 20_000


async def test_operators_see_that_it_is_alive_ready_and_what_waits(web):
    assert (await web.get("/healthz")).json() == {"status": "alive"}
    assert (await web.get("/readyz")).json() == {"status": "ready"}
    await say(web, text="sale")
    shown = (await web.get("/metrics")).text
    assert 'lensan_turn_seconds_count{channel="web"}' in shown
    assert "lensan_rollup_lag_seconds 0.0" in shown
    assert "lensan_faults_total" in shown


async def test_a_database_that_cannot_be_written_is_not_ready(services, monkeypatch):
    async def full(work):
        raise OSError("no space left")

    monkeypatch.setattr(services.db, "write", full)
    async with browser(services) as web:
        assert (await web.get("/readyz")).status_code == 503
        assert (await web.get("/healthz")).status_code == 200


async def test_a_webhook_passes_by_the_pages(services):
    async def hook(scope, receive, send):
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    app = create_app(services, {"/webhooks/telegram": hook})
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://a.test"
    ) as web:
        assert (await web.post("/webhooks/telegram", content=b"x")).status_code == 204
        assert (await web.get("/webhooks/telegram")).status_code == 404
        assert (await web.post("/webhooks/zalo", content=b"x")).status_code == 404
