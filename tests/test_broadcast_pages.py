"""The pages of messages to an area: only for who may, only of their area, each step once, by their own form."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from uuid import uuid4

import httpx
import pytest
from blank import empty_database
from crowd import AREA, WORKER, appoint, crowd, draft
from sqlalchemy import insert, select

from bot.config import Settings
from bot.handlers import HANDLERS
from bot.runner import Runner
from bot.services import Services
from storage import sign_ins
from storage.schema import broadcast, event, outbox, role
from web.app import create_app
from web.chat import now

NOBODYS = "00000000-0000-4000-8000-000000000009"  # the id of no message

NASTY = '<script>alert("x")</script> \u202eÔi'


@pytest.fixture
async def services(tmp_path) -> AsyncIterator[Services]:
    """On SQLite; what is asked of the database is tried on both in test_broadcasts."""
    db = await empty_database(tmp_path)
    await db.write(lambda tx: crowd(tx, range(1, 4)))
    await db.write(lambda tx: appoint(tx, chat=900))
    chosen = Settings()
    yield Services(chosen, db, Runner(db, chosen, HANDLERS), b"s" * 32)
    await db.close()


@asynccontextmanager
async def page_of(services, who=WORKER):
    """A browser in which this person is signed in; nobody: one without a cookie."""
    carrier = httpx.ASGITransport(create_app(services))
    async with httpx.AsyncClient(
        transport=carrier, base_url="http://farm.test", headers={"Accept": "text/html"}
    ) as client:
        if who is not None:
            word = await services.db.write(partial(sign_ins.new_link, who=who, now=now()))
            asked = await client.get(f"/worker/in/{word}")
            await client.post(f"/worker/in/{word}", data={"token": hidden(asked.text)["token"]})
        yield client


def hidden(page: str) -> dict[str, str]:
    return dict(re.findall(r'name="(token|form)" value="([^"]+)"', page))


async def given(services, kind, area):
    """Another person with this role."""
    who = uuid4()
    row = {"person": who, "kind": kind, "area": area, "given_at": now()}
    await services.db.write(lambda tx: tx.execute(insert(role), row))
    return who


async def written(client, **fields: str) -> httpx.Response:
    form = hidden((await client.get("/worker/messages")).text)
    wanted = {"area": AREA, "text": "Mai họp chợ, mời [bà con] tới."}
    return await client.post("/worker/messages", data=form | wanted | fields)


async def state(services) -> list[str]:
    return list(await services.db.read(lambda c: c.scalars(select(broadcast.c.state)).all()))


async def test_from_the_form_to_the_report(services):
    async with page_of(services) as client:
        made = await written(client)
        assert made.status_code == 303
        seen = await client.get(made.headers["location"])
        assert "Mai họp chợ, mời bà con tới." in seen.text
        assert "Tin từ cán bộ Ngọc, xã Lai Vung. Không muốn nhận thì nhắn: dừng tin." in seen.text
        assert "Gửi tới 3 người." in seen.text
        form = hidden(seen.text)
        tried = await client.post(f"{made.headers['location']}/try", data=form)
        assert "gửi thử" in (await client.get(tried.headers["location"])).text
        assert await state(services) == ["draft"]
        for step, expected in (
            ("start", "sending"),
            ("pause", "paused"),
            ("resume", "sending"),
            ("stop", "stopped"),
        ):
            done = await client.post(f"{made.headers['location']}/{step}", data=form)
            assert done.status_code == 303
            assert await state(services) == [expected]
        report = (await client.get(made.headers["location"])).text
        listed = (await client.get("/worker/messages")).text
    assert "Đã dừng hẳn" in report
    assert "Đã dừng hẳn" in listed
    assert "Gửi ngay" not in report


async def test_every_step_pressed_twice_is_taken_once(services):
    async with page_of(services) as client:
        at = (await written(client)).headers["location"]
        form = hidden((await client.get(at)).text)
        for step in ("try", "start", "pause"):
            for _ in range(2):
                assert (await client.post(f"{at}/{step}", data=form)).status_code == 303
    kinds = await services.db.read(lambda c: c.scalars(select(event.c.type)).all())
    for kind in ("broadcast_tried", "broadcast_started", "broadcast_paused"):
        assert kinds.count(kind) == 1, kind
    assert len(await services.db.read(lambda c: c.execute(select(outbox)).all())) == 1


@pytest.mark.parametrize("role_of", [("worker", AREA), ("worker", "00004"), ("officer", "01")])
async def test_other_workers_find_nothing_behind_the_right_address(services, role_of):
    other = await given(services, *role_of)
    which = await services.db.write(lambda tx: draft(tx, now()))
    async with page_of(services, other) as client:
        form = hidden((await client.get("/worker/messages")).text)
        assert (await client.get(f"/worker/messages/{which}")).status_code == 404
        for step in ("try", "start", "pause", "resume", "stop"):
            refused = await client.post(f"/worker/messages/{which}/{step}", data=form)
            assert refused.status_code == 404, step
        assert "lớp bán hàng" not in (await client.get("/worker/messages")).text
    assert await state(services) == ["draft"]


async def test_the_officer_of_the_province_sees_and_stops_it(services):
    officer = await given(services, "officer", "82")
    which = await services.db.write(lambda tx: draft(tx, now()))
    async with page_of(services, officer) as client:
        seen = await client.get(f"/worker/messages/{which}")
        assert seen.status_code == 200
        form = hidden(seen.text)
        await client.post(f"/worker/messages/{which}/start", data=form)
        await client.post(f"/worker/messages/{which}/stop", data=form)
    assert await state(services) == ["stopped"]


async def test_nobody_and_forms_of_others_are_refused(services):
    which = await services.db.write(lambda tx: draft(tx, now()))
    async with page_of(services, None) as client:
        for path in ("/worker/messages", f"/worker/messages/{which}"):
            assert (await client.get(path)).status_code == 401
    async with page_of(services) as client:
        for token in ("", "0" * 64):
            form = {"token": token, "form": str(uuid4()), "text": "a", "area": AREA}
            for path in ("", f"/{which}/start", f"/{which}/try"):
                refused = await client.post(f"/worker/messages{path}", data=form)
                assert refused.status_code == 403, path
    assert await state(services) == ["draft"]


async def test_a_reader_writes_to_nobody(services):
    reader = await given(services, "reader", AREA)
    async with page_of(services, reader) as client:
        page = await client.get("/worker/messages")
        assert "không gửi tin" in page.text
        form = {"token": hidden(page.text)["token"], "form": str(uuid4())}
        sent = await client.post("/worker/messages", data=form | {"text": "a", "area": AREA})
        assert sent.status_code == 422
    assert await state(services) == []


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"text": ""}, "chưa có nội dung"),
        ({"text": "a" * 600}, "dài quá"),
        ({"text": "xem http://a.vn"}, "https://"),
        ({"area": "00004"}, "Không tìm thấy"),
        ({"place": "xã Ba Đình, Hà Nội"}, "Không tìm thấy"),
    ],
)
async def test_what_is_to_be_put_right_is_said_and_nothing_typed_is_lost(services, fields, said):
    async with page_of(services) as client:
        answer = await written(client, **({"text": "Chào bà con"} | fields))
    assert answer.status_code == 422
    assert said in answer.text
    assert fields.get("text", "Chào bà con") in answer.text
    assert await state(services) == []


async def test_to_nobody_is_said_and_cannot_be_sent(services):
    async with page_of(services) as client:
        at = (await written(client, quiet="30", platform="voso")).headers["location"]
        seen = await client.get(at)
        assert "Chưa có ai để gửi" in seen.text
        assert "Gửi ngay" not in seen.text
        await client.post(f"{at}/start", data=hidden(seen.text))
    assert await state(services) == ["draft"]


async def test_words_that_bite_stay_words(services):
    async with page_of(services) as client:
        at = (await written(client, text=NASTY)).headers["location"]
        for path in (at, "/worker/messages"):
            shown = (await client.get(path)).text
            assert "<script>" not in shown
            assert "\u202e" not in shown
            assert "&lt;script&gt;" in shown


@pytest.mark.parametrize("path", ["x", "%00", NOBODYS, "x/start", f"{NOBODYS}/burn"])
async def test_addresses_of_nothing_are_not_found(services, path):
    async with page_of(services) as client:
        if path.count("/"):
            form = hidden((await client.get("/worker/messages")).text)
            answer = await client.post(f"/worker/messages/{path}", data=form)
        else:
            answer = await client.get(f"/worker/messages/{path}")
    assert answer.status_code == 404
