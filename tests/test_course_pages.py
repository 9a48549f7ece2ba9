"""Pages of courses: made by a form once, seen in one's own area only, people added, the link for those without."""

from __future__ import annotations

import datetime as dt
import re
from functools import partial
from uuid import UUID, uuid4

import httpx
import pytest
from held import opened, worker
from sqlalchemy import func, insert, select
from test_worker_pages import signed, somebody, token_of
from villages import LONG_AGO, NASTY, appoint, fill, of, settle

from bot.config import Settings
from bot.handlers import HANDLERS
from bot.runner import Runner
from bot.services import Services
from domain.household import ZONE
from storage import courses
from storage.schema import attendee, course, course_person, identity
from web.app import create_app

HERE, THERE = "30226", "00004"
AS_PERSON = {"Accept": "text/html"}
TOMORROW = dt.datetime.now(ZONE).date() + dt.timedelta(days=1)
FORM = {
    "title": "Chụp ảnh và bán hàng trên mạng",
    "venue": "Nhà văn hóa xã Lai Vung",
    "commune": "Lai Vung, Đồng Tháp",
    "day": TOMORROW.isoformat(),
    "from": "08:00",
    "to": "11:30",
    "platform": "voso",
    "capacity": "40",
}


@pytest.fixture
async def services(db, url) -> Services:
    await db.write(fill)
    chosen = Settings(database_url=url, public_url="http://farm.test")
    return Services(chosen, db, Runner(db, chosen, HANDLERS), b"s" * 32)


@pytest.fixture
def browser(services):
    """A new browser, with cookies of its own."""
    carrier = httpx.ASGITransport(create_app(services))
    return lambda: httpx.AsyncClient(
        transport=carrier, base_url="http://farm.test", headers=AS_PERSON
    )


async def going_on(services: Services, code: str = "c7", place: str = HERE, **more: str) -> UUID:
    """A course that began an hour ago; whose."""
    now = dt.datetime.now(dt.UTC)
    starts, ends = now - dt.timedelta(hours=1), now + dt.timedelta(hours=1)

    def make(tx):
        who = worker(tx, f"Hà {place}", place)
        opened(tx, who, code, starts, ends, commune=place, sign="4187", **more)
        return who

    return await services.db.write(make)


def form_of(page: str) -> str:
    return re.findall(r'name="form" value="([^"]+)"', page)[0]


async def made(client: httpx.AsyncClient, **changed: str) -> httpx.Response:
    page = (await client.get("/worker/courses")).text
    sent = FORM | changed | {"token": token_of(page), "form": form_of(page)}
    return await client.post("/worker/courses", data=sent)


async def count_of(services: Services, table=course) -> int:
    counted = select(func.count()).select_from(table)
    return await services.db.read(lambda conn: conn.execute(counted).scalar_one())


async def test_a_form_makes_one_course_however_often_it_is_sent(services, browser):
    async with somebody(services, browser, HERE) as client:
        page = (await client.get("/worker/courses")).text
        sent = FORM | {"token": token_of(page), "form": form_of(page)}
        answers = [await client.post("/worker/courses", data=sent) for _ in range(2)]
        assert [a.status_code for a in answers] == [303, 303]
        assert answers[0].headers["location"] == answers[1].headers["location"]
        shown = (await client.get(answers[0].headers["location"])).text
    assert await count_of(services) == 1
    assert FORM["title"] in shown
    assert re.search(r'<p class="board">\d{4}</p>', shown)
    assert "http://farm.test/training/" in shown


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"day": "2020-01-05"}, "đã qua"),
        ({"day": f"{TOMORROW.year + 3}-01-05"}, "quá một năm"),
        ({"to": "07:00"}, "phải sau giờ bắt đầu"),
        ({"to": "08:05"}, "15 phút"),
        ({"capacity": "0"}, "ít nhất là 1"),
        ({"capacity": "1000000"}, "Số chỗ"),
        ({"capacity": "nhiều"}, "ít nhất là 1"),
        ({"commune": "Ba Đình, Hà Nội"}, "ngoài địa bàn"),
        ({"commune": "không có xã này"}, "Chưa rõ xã nào"),
        ({"commune": "Đồng Tháp"}, "Chưa rõ xã nào"),
        ({"title": " \u202e "}, "Ghi tên lớp"),
        ({"title": "x" * 150}, "Ghi tên lớp"),
        ({"day": "mai", "from": "tám giờ"}, "Chọn ngày và giờ"),
        ({"form": "1.2.3"}, "mở đã lâu"),
    ],
)
async def test_what_cannot_be_a_course_is_told_with_what_was_typed(
    services, browser, changed, told
):
    async with somebody(services, browser, HERE) as client:
        page = (await client.get("/worker/courses")).text
        sent = {"form": form_of(page)} | FORM | changed | {"token": token_of(page)}
        answer = await client.post("/worker/courses", data=sent)
    assert answer.status_code == 422
    assert told in answer.text
    assert sent["venue"] in answer.text
    assert await count_of(services) == 0


async def test_only_workers_of_the_area_see_a_course_and_readers_change_nothing(services, browser):
    await going_on(services)
    paths = ("/worker/courses/c7", "/worker/courses/c7/qr.png")
    posts = ("invite", "count", "names", "cancel", f"names/{uuid4()}/strike")
    async with somebody(services, browser, THERE) as other:
        token = token_of((await other.get("/worker/courses")).text)
        assert {(await other.get(path)).status_code for path in paths} == {404}
        for post in posts:
            data = {"token": token, "text": "Lan", "people": "3", "before": "0", "area": HERE}
            answer = await other.post(f"/worker/courses/c7/{post}", data=data)
            assert answer.status_code == 404, post
        assert "courses/c7" not in (await other.get("/worker/courses")).text
    reader = await services.db.write(partial(appoint, who="Xem", kind="reader", area=HERE))
    async with browser() as client:
        await signed(services, client, reader)
        shown = (await client.get("/worker/courses/c7")).text
        assert "Ghi danh sách" not in shown
        data = {"token": token_of(shown), "people": "3", "before": "0"}
        answer = await client.post("/worker/courses/c7/count", data=data)
        assert answer.status_code == 422
    async with browser() as nobody:
        assert {(await nobody.get(path)).status_code for path in paths} == {401}
        assert (await nobody.post("/worker/courses/c7/cancel")).status_code == 401
    found = await services.db.read(lambda conn: courses.one(conn, "c7"))
    assert (found.came, found.cancelled_at) == (0, None)


@pytest.mark.parametrize("post", ["invite", "count", "names", "cancel"])
async def test_a_form_of_another_page_is_refused(services, browser, post):
    await going_on(services)
    async with somebody(services, browser, HERE) as client:
        data = {"token": "0" * 64, "people": "3", "before": "0", "text": "Lan"}
        answer = await client.post(f"/worker/courses/c7/{post}", data=data)
    assert answer.status_code == 403


async def test_a_list_is_taken_whole_or_not_at_all_and_nobody_twice(services, browser):
    await going_on(services)
    async with somebody(services, browser, HERE) as client:
        token = token_of((await client.get("/worker/courses/c7")).text)

        async def post(text: str) -> httpx.Response:
            data = {"token": token, "text": text}
            return await client.post("/worker/courses/c7/names", data=data)

        bad = await post("Nguyễn Văn Tư, 0912 345 678\nLan, 12345678\n0987654321")
        assert bad.status_code == 422
        assert "Dòng 2: số điện thoại" in bad.text
        assert "Dòng 3: thiếu tên" in bad.text
        assert await count_of(services, attendee) == 0
        text = f"Nguyễn Văn Tư, 0912 345 678\r\n\r\nNGUYEN VAN TU 0912345678\nBà Năm\n{NASTY}"
        assert "count=3" in (await post(text)).headers["location"]
        again = await post("nguyễn văn tư - 0912.345.678")
        assert "count=0" in again.headers["location"]
        shown = (await client.get("/worker/courses/c7")).text
    assert "<script>alert" not in shown
    assert "\u202e" not in shown
    assert "0912 345 678" in shown
    found = await services.db.read(lambda conn: courses.one(conn, "c7"))
    assert found.came == 3


async def test_a_number_that_somebody_else_changed_meanwhile_is_not_overwritten(services, browser):
    await going_on(services)
    async with somebody(services, browser, HERE) as client:
        token = token_of((await client.get("/worker/courses/c7")).text)

        async def post(people: str, before: str) -> int:
            data = {"token": token, "people": people, "before": before}
            return (await client.post("/worker/courses/c7/count", data=data)).status_code

        assert await post("12", "0") == 303
        assert await post("12", "0") == 303, "sent twice"
        assert await post("20", "0") == 422
        assert await post("-3", "12") == 422
        assert await post("9", "12") == 303
    found = await services.db.read(lambda conn: courses.one(conn, "c7"))
    assert (found.came, found.unnamed) == (9, 9)


async def test_names_are_shown_only_of_those_who_agreed(services, browser):
    await going_on(services)

    def come(tx):
        for code, name, agreed in (("DT-0008", "Đồng Ý", True), ("DT-0009", "Không Cho", False)):
            settle(tx, code, name, agreed=agreed)
            row = {"course": "c7", "person": of(code, "person"), "attended_at": LONG_AGO}
            tx.execute(insert(course_person), row)

    await services.db.write(come)
    async with somebody(services, browser, HERE) as client:
        shown = (await client.get("/worker/courses/c7")).text
    assert "Đồng Ý" in shown
    assert "Không Cho" not in shown
    assert "DT-0009" not in shown


# The link


async def test_a_phone_typed_at_the_link_counts_once(services, browser):
    await going_on(services)
    word = f"c7-{'w' * 16}"
    async with browser() as client:
        shown = await client.get(f"/training/{word}")
        assert shown.status_code == 200
        assert "Điểm danh" in shown.text
        for said in ("0912 345 678", "+84912345678", "84912345678"):
            answer = await client.post(f"/training/{word}", data={"phone": said})
            assert answer.status_code == 200, said
            assert "Đã điểm danh" in answer.text
        for bad in ("123", "", "<script>", "0" * 5000):
            assert (await client.post(f"/training/{word}", data={"phone": bad})).status_code == 422
        assert (await client.get("/training/khong-co")).status_code == 404
        assert (await client.get(f"/training/{'x' * 500}")).status_code == 404
        assert (
            await client.post("/training/khong-co", data={"phone": "0912345678"})
        ).status_code == 404
    found = await services.db.read(lambda conn: courses.one(conn, "c7"))
    assert found.came == 1


async def test_a_browser_that_talks_to_us_checks_in_as_its_person(services, browser):
    await going_on(services)
    client_id, number, word = uuid4(), uuid4(), f"c7-{'w' * 16}"

    def known(tx):
        row = {"channel": "web", "address": str(client_id), "person": of("DT-0001", "person")}
        tx.execute(insert(identity), row | {"since": LONG_AGO})

    await services.db.write(known)
    async with browser() as client:
        client.cookies.set("chat", str(client_id))
        assert 'name="number"' in (await client.get(f"/training/{word}")).text
        for form in (number, number, uuid4()):
            answer = await client.post(f"/training/{word}", data={"number": str(form)})
            assert "điểm danh" in answer.text
    found = await services.db.read(lambda conn: courses.one(conn, "c7"))
    assert found.came == 1


async def test_after_the_course_the_link_counts_nobody(services, browser):
    def over(tx):
        now = dt.datetime.now(dt.UTC)
        who = worker(tx, "Hà", HERE)
        hours = dt.timedelta(hours=1)
        opened(tx, who, "c7", now - 3 * hours, now - hours, commune=HERE, sign="4187")

    await services.db.write(over)
    async with browser() as client:
        word = f"c7-{'w' * 16}"
        assert 'name="phone"' not in (await client.get(f"/training/{word}")).text
        answer = await client.post(f"/training/{word}", data={"phone": "0912345678"})
        assert answer.status_code == 422
    assert await count_of(services, attendee) == 0
