"""Who may see what: every route of workers walked as everybody, links forged, used and over, names that bite."""

from __future__ import annotations

import asyncio
import datetime as dt
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import Connection, func, select, update
from villages import NASTY, appoint, fill, known, of, settle

from bot.config import Settings
from bot.handlers import HANDLERS
from bot.runner import Runner
from bot.services import Services
from domain.household import ZONE
from domain.roles import Role, may_invite
from storage import roles, sign_ins
from storage.schema import event, invitation, role, sign_in_link, signed_in
from storage.tokens import new_secret
from web.app import create_app
from web.signed_in import form_token

AS_PERSON = {"Accept": "text/html"}
ROUTES = ["/worker/", "/worker/households", "/worker/households/DT-0001", "/worker/explain"]
NOW = dt.datetime.now(dt.UTC)
HOUR = dt.timedelta(hours=1)
LAI_VUNG = Role("worker", "30226")

Browser = Callable[[], httpx.AsyncClient]


@pytest.fixture
async def services(db, url) -> Services:
    await db.write(fill)
    chosen = Settings(database_url=url)
    return Services(chosen, db, Runner(db, chosen, HANDLERS), b"s" * 32)


@pytest.fixture
def browser(services) -> Browser:
    """A new browser, with cookies of its own."""
    carrier = httpx.ASGITransport(create_app(services))
    return lambda: httpx.AsyncClient(
        transport=carrier, base_url="http://farm.test", headers=AS_PERSON
    )


async def signed(services: Services, client: httpx.AsyncClient, who: UUID) -> httpx.AsyncClient:
    """The same browser after the link, its button and the cookie."""
    word = await services.db.write(lambda tx: sign_ins.new_link(tx, who, now()))
    asked = await client.get(f"/worker/in/{word}")
    entered = await client.post(f"/worker/in/{word}", data={"token": token_of(asked.text)})
    assert entered.status_code == 303, entered.text
    return client


def now() -> dt.datetime:
    """Links live ten minutes and the run of all tests may be longer: NOW would make them over."""
    return dt.datetime.now(dt.UTC)


def token_of(page: str) -> str:
    return re.findall(r'name="token" value="([0-9a-f]+)"', page)[-1]


@asynccontextmanager
async def somebody(
    services: Services, browser: Browser, *areas: str
) -> AsyncIterator[httpx.AsyncClient]:
    """A signed-in worker of these areas."""
    who = [
        await services.db.write(partial(appoint, who="Ngọc", kind="worker", area=a)) for a in areas
    ]
    async with browser() as client:
        yield await signed(services, client, who[0])


# Every route, as everybody


@pytest.mark.parametrize("path", ROUTES)
async def test_nobody_and_households_are_told_how_to_get_in(services, browser, path):
    async with browser() as client:
        await client.get("/chat")
        refused = await client.get(path)
    assert refused.status_code == 401
    assert "trang cán bộ" in refused.text
    assert "DT-0001" not in refused.text


async def test_a_worker_sees_the_area_and_nothing_outside_it(services, browser):
    async with somebody(services, browser, "30226") as client:
        pages = [await client.get(path) for path in ROUTES]
        assert [page.status_code for page in pages] == [200] * 4
        elsewhere = await client.get("/worker/households/HN-0001")
        unnamed = await client.get("/worker/households/DT-0003")
        never = await client.get("/worker/households/XX-9999")
        found = [await client.get("/worker/households", params={"q": q}) for q in ("HN", "Thủ", "")]
    seen = "".join(page.text for page in [*pages, *found])
    assert "Ba" in seen
    for hidden in ("HN-0001", "Thủ Đô", "DT-0003", "Giấu"):
        assert hidden not in seen.replace('value="Thủ"', "")
    assert {page.status_code for page in (elsewhere, unnamed, never)} == {404}
    assert elsewhere.text == unnamed.text == never.text, "what is not to be seen looks like nothing"


async def test_a_worker_of_another_commune_with_the_right_address_sees_nothing(services, browser):
    async with somebody(services, browser, "00004") as client:
        assert (await client.get("/worker/households/DT-0001")).status_code == 404
        listed = (await client.get("/worker/households")).text
    assert "HN-0001" in listed
    assert "DT-0" not in listed


@pytest.mark.parametrize(
    ("areas", "expected"),
    [
        (("30226",), {"DT-0001", "DT-0002", "DT-0004"}),
        (("82",), {"DT-0001", "DT-0002", "DT-0004"}),
        (("00004", "30226"), {"DT-0001", "DT-0002", "DT-0004", "HN-0001"}),
        (("vn",), {"DT-0001", "DT-0002", "DT-0004", "HN-0001"}),
        (("29869",), set()),
        (("01",), {"HN-0001"}),
    ],
)
async def test_each_area_gives_its_households(services, browser, areas, expected):
    async with somebody(services, browser, *areas) as client:
        listed = (await client.get("/worker/households")).text
    assert set(re.findall(r"/worker/households/([\w-]+)", listed)) == expected


async def test_who_did_not_agree_is_counted_without_a_name(services, browser):
    async with somebody(services, browser, "30226") as client:
        home = (await client.get("/worker/")).text
    today = dt.datetime.now(ZONE).date()
    first, sold = today.replace(day=1), [today - dt.timedelta(days=ago) for ago in (2, 21, 40)]
    figures = re.findall(r"<dt><(?:a|span)[^>]*>([^<]+).*?<dd>([\d.]+)", home)
    assert dict(figures) == {
        "hộ đã tham gia": "4",
        "hộ đã đăng hàng": "2",
        "hộ đã có lần bán": "3",
        "hộ đã có đơn từ sàn": "0",
        "hộ có bán trong tháng này": str(sum(day >= first for day in sold)),
        "hộ 14 ngày chưa bán": "3",
        "hộ 30 ngày chưa bán": "2",
        "hộ có đơn chưa trả lời": "0",
        "hộ cho xem tên và sổ": "3",
    }


async def test_a_role_taken_back_closes_the_open_page(services, browser):
    async with somebody(services, browser, "30226") as client:
        at = NOW + HOUR

        def close(tx: Connection) -> None:
            tx.execute(update(role).values(withdrawn_at=at))

        await services.db.write(close)
        assert (await client.get("/worker/households")).status_code == 401


async def test_after_twelve_hours_the_page_is_closed(services, browser):
    async with somebody(services, browser, "30226") as client:
        await services.db.write(lambda tx: tx.execute(update(signed_in).values(expires_at=NOW)))
        assert (await client.get("/worker/")).status_code == 401


# Signing in and out


async def test_looking_at_the_link_uses_nothing_up(services, browser):
    who = await services.db.write(partial(appoint, who="Ngọc", kind="worker", area="30226"))
    word = await services.db.write(lambda tx: sign_ins.new_link(tx, who, now()))
    async with browser() as client:
        for _ in range(3):
            asked = await client.get(f"/worker/in/{word}")
            assert asked.status_code == 200
        assert "set-cookie" not in asked.headers
        await client.head(f"/worker/in/{word}")
        entered = await client.post(f"/worker/in/{word}", data={"token": token_of(asked.text)})
    assert entered.headers["location"] == "/worker/"
    cookie = entered.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Path=/worker" in cookie
    assert "Secure" not in cookie


async def test_the_cookie_goes_by_https_only_where_people_come_by_https(services, db, url):
    chosen = Settings(database_url=url, public_url="https://farm.test")
    ours = Services(chosen, db, Runner(db, chosen, HANDLERS), b"s" * 32)
    who = await db.write(partial(appoint, who="Ngọc", kind="worker", area="30226"))
    word = await db.write(lambda tx: sign_ins.new_link(tx, who, now()))
    carrier = httpx.ASGITransport(create_app(ours))
    async with httpx.AsyncClient(transport=carrier, base_url="https://farm.test") as client:
        asked = await client.get(f"/worker/in/{word}")
        entered = await client.post(f"/worker/in/{word}", data={"token": token_of(asked.text)})
    assert "Secure" in entered.headers["set-cookie"]


async def test_two_browsers_with_one_link_one_is_in(services, browser):
    who = await services.db.write(partial(appoint, who="Ngọc", kind="worker", area="30226"))
    word = await services.db.write(lambda tx: sign_ins.new_link(tx, who, now()))
    async with browser() as one, browser() as other:
        token = token_of((await one.get(f"/worker/in/{word}")).text)
        posts = [c.post(f"/worker/in/{word}", data={"token": token}) for c in (one, other)]
        answers = await asyncio.gather(*posts)
        late = await other.get(f"/worker/in/{word}")
    assert sorted(a.status_code for a in answers) == [303, 410]
    assert late.status_code == 410
    assert "trang cán bộ" in late.text


async def test_links_that_are_over_or_forged_open_nothing(services, browser):
    who = await services.db.write(partial(appoint, who="Ngọc", kind="worker", area="30226"))
    over = await services.db.write(lambda tx: sign_ins.new_link(tx, who, NOW - HOUR))
    words = {over: 410, new_secret(): 404, "x" * 5000: 404, "%00": 404}
    async with browser() as client:
        for word, expected in words.items():
            got = await client.get(f"/worker/in/{word}")
            assert got.status_code == expected, word
        forged = await client.post(f"/worker/in/{new_secret()}", data={"token": "0" * 64})
        stolen = await client.post(f"/worker/in/{over}", data={})
        client.cookies.set("worker", new_secret(), domain="farm.test", path="/worker")
        assert (await client.get("/worker/")).status_code == 401
    assert (forged.status_code, stolen.status_code) == (403, 403)


async def test_a_link_of_somebody_whose_role_is_gone_signs_nobody_in(services, browser):
    word = await services.db.write(lambda tx: sign_ins.new_link(tx, of("nobody"), now()))
    async with browser() as client:
        token = token_of((await client.get(f"/worker/in/{word}")).text)
        assert (await client.post(f"/worker/in/{word}", data={"token": token})).status_code == 410


async def test_every_form_needs_the_token_of_its_own_browser(services, browser):
    async with somebody(services, browser, "30226") as client:
        for path in ("/worker/out", "/worker/explain"):
            for token in ("", "0" * 64, form_token(services.secret, "another"), "é"):
                refused = await client.post(path, data={"token": token, "text": "bán cam"})
                assert refused.status_code == 403, (path, token)
        token = token_of((await client.get("/worker/")).text)
        left = await client.post("/worker/out", data={"token": token})
        assert left.headers["location"] == "/worker"
        assert (await client.get("/worker/")).status_code == 401


async def test_no_word_that_opens_something_stands_in_the_database(services, browser):
    async with somebody(services, browser, "30226") as client:
        kept = client.cookies.get("worker", path="/worker")

    def stored(conn: Connection) -> list[str]:
        tables = (sign_in_link, signed_in, invitation)
        return [str(row) for table in tables for row in conn.execute(select(table))]

    assert kept not in "".join(await services.db.read(stored))


# Invitations


async def test_an_invitation_shows_what_is_offered_and_is_taken_once_in_the_chat(services, browser):
    word = await services.db.write(lambda tx: roles.invite(tx, LAI_VUNG, None, now()))
    async with browser() as one, browser() as other:
        shown = await one.get(f"/invitations/{word}")
        assert "cán bộ, xã Lai Vung, tỉnh Đồng Tháp" in shown.text
        form = dict(re.findall(r'name="(page|text)" value="([^"]+)"', shown.text))
        taken = [await c.post("/chat", data=form, follow_redirects=True) for c in (one, other)]
        gone = await other.get(f"/invitations/{word}")
    assert "Đã nhận vai trò cán bộ" in taken[0].text
    assert "đã có người nhận" in taken[1].text
    assert gone.status_code == 410
    count = select(func.count()).select_from(event).where(event.c.type == "role_given")
    assert await services.db.read(lambda c: c.execute(count).scalar_one()) == 1


async def test_two_people_at_once_take_one_invitation_once(services):
    word = await services.db.write(lambda tx: roles.invite(tx, LAI_VUNG, None, now()))
    apps = create_app(services)
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(apps), base_url="http://farm.test"
    ) as client:
        posts = [
            {"client_id": str(uuid4()), "message_id": str(uuid4()), "text": f"/start {word}"}
            for _ in range(4)
        ]
        answers = await asyncio.gather(*(client.post("/chat/messages", json=p) for p in posts))
    said = [a.json()["replies"][0]["text"] for a in answers]
    assert sum("Đã nhận vai trò" in text for text in said) == 1
    assert sum("đã có người nhận" in text for text in said) == 3


@pytest.mark.parametrize(
    ("made", "withdrawn", "status", "said"),
    [(NOW - 49 * HOUR, None, 410, "quá 48 giờ"), (NOW, NOW, 410, "thu lại")],
)
async def test_invitations_that_are_over_say_so(services, browser, made, withdrawn, status, said):
    word = await services.db.write(lambda tx: roles.invite(tx, LAI_VUNG, None, made))
    change = update(invitation).values(withdrawn_at=withdrawn)
    await services.db.write(lambda tx: tx.execute(change))
    async with browser() as client:
        shown = await client.get(f"/invitations/{word}")
        forged = await client.get(f"/invitations/{new_secret()}")
    assert shown.status_code == status
    assert said in shown.text
    assert forged.status_code == 404


@pytest.mark.parametrize(
    ("own", "offered", "allowed"),
    [
        (Role("worker", "30226"), Role("worker", "30226"), True),
        (Role("worker", "30226"), Role("reader", "30226"), True),
        (Role("worker", "30226"), Role("officer", "30226"), False),
        (Role("worker", "30226"), Role("worker", "82"), False),
        (Role("worker", "30226"), Role("worker", "29869"), False),
        (Role("officer", "82"), Role("worker", "30226"), True),
        (Role("officer", "82"), Role("officer", "82"), True),
        (Role("officer", "82"), Role("worker", "00004"), False),
        (Role("officer", "82"), Role("officer", "vn"), False),
        (Role("officer", "vn"), Role("officer", "01"), True),
        (Role("reader", "vn"), Role("reader", "30226"), False),
    ],
)
def test_others_are_invited_within_ones_own_area_and_rank(own, offered, allowed):
    assert may_invite([own], offered) is allowed


# The list


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"quiet": "14"}, ["DT-0004", "DT-0002"]),
        ({"quiet": "30"}, ["DT-0004"]),
        ({"quiet": "7"}, ["DT-0004", "DT-0002", "DT-0001"]),
        ({"step": "listing"}, ["DT-0002"]),
        ({"step": "sale"}, ["DT-0004"]),
        ({"need": "photo"}, ["DT-0004", "DT-0001"]),
        ({"need": "orders"}, []),
        ({"step": "order"}, ["DT-0002", "DT-0001"]),
        ({"step": "sold"}, ["DT-0002", "DT-0001"]),
        ({"sort": "value"}, ["DT-0001", "DT-0002", "DT-0004"]),
        ({"q": "dao"}, ["DT-0002"]),
        ({"q": "ĐÀO"}, ["DT-0002"]),
        ({"q": "dt-0001"}, ["DT-0001"]),
        ({"q": "lai vung", "sort": "code"}, ["DT-0001", "DT-0002", "DT-0004"]),
        ({"q": "%"}, []),
        ({"q": "giau"}, []),
        ({"q": "x" * 5000}, []),
        ({"q": "\0"}, ["DT-0004", "DT-0002", "DT-0001"]),
        ({"page": "99999"}, []),
        ({"page": "-1", "sort": "'; drop table"}, ["DT-0004", "DT-0002", "DT-0001"]),
        ({"page": "²"}, ["DT-0004", "DT-0002", "DT-0001"]),
    ],
)
async def test_the_list_finds_what_was_asked_for(services, browser, asked, expected):
    async with somebody(services, browser, "30226") as client:
        listed = await client.get("/worker/households", params=asked)
    assert listed.status_code == 200
    assert re.findall(r'href="/worker/households/([\w-]+)"', listed.text) == expected


async def test_fifty_households_a_page_and_every_one_once(services, browser):
    def many(tx: Connection) -> None:
        for number in range(100, 160):
            settle(tx, f"DT-0{number}", "Lan")

    await services.db.write(many)
    async with somebody(services, browser, "30226") as client:
        first = await client.get("/worker/households", params={"sort": "code", "q": "lan"})
        following = re.findall(r'href="([^"]+)" rel="next"', first.text)
        second = await client.get(following[0].replace("&amp;", "&"))
    pages = [re.findall(r'href="/worker/households/([\w-]+)"', p.text) for p in (first, second)]
    assert [len(page) for page in pages] == [50, 10]
    assert len({code for page in pages for code in page}) == 60


async def test_names_that_bite_stay_names(services, browser):
    async with somebody(services, browser, "30226") as client:
        listed = await client.get("/worker/households")
        one = await client.get("/worker/households/DT-0004")
        searched = await client.get("/worker/households", params={"q": '"><script>x</script>'})
    for shown in (listed, one, searched):
        assert "<script>" not in shown.text
        assert NASTY not in shown.text
    assert "<bdi>cô &lt;script&gt;" in one.text


async def test_a_household_shows_its_book_without_the_buyer(services, browser):
    async with somebody(services, browser, "30226") as client:
        shown = (await client.get("/worker/households/DT-0001")).text
    for part in ("cô Ba", "500.000\xa0đ", "cam sành", "KX42", "tỏi", "Vỏ"):
        assert part in shown.replace(" đ", "\xa0đ"), part
    assert not re.search(r">[^<]*\bb1\b", shown)


# Why a sentence was understood so


async def test_the_card_of_somebody_with_a_role_leads_to_its_explanation(services, browser):
    client_id = uuid4()
    who = of("DT-0001", "person")
    await services.db.write(partial(known, address=str(client_id), who=who))
    sentence = "bán 20 ký cam sành giá 25 ngàn cho chị Lan"
    post = {"client_id": str(client_id), "text": sentence}
    async with browser() as client:
        plain = await client.post("/chat/messages", json=post | {"message_id": str(uuid4())})
        assert "explain" not in plain.json()["replies"][0]
        role_given = {"who": "DT-0001/person", "kind": "worker", "area": "30226"}
        assert await services.db.write(lambda tx: appoint(tx, **role_given)) == who
        again = await client.post("/chat/messages", json=post | {"message_id": str(uuid4())})
        address = again.json()["replies"][-1]["explain"]
        client.cookies.set("chat", str(client_id), domain="farm.test", path="/chat")
        assert address.replace("&", "&amp;") in (await client.get("/chat")).text
        assert (await client.get(address)).status_code == 401
        await signed(services, client, who)
        shown = await client.get(address)
    assert shown.status_code == 200
    for part in (sentence, "25 ngàn", "Số lượng", "20 kg", "chị Lan"):
        assert part in shown.text, part
    async with somebody(services, browser, "30226") as other:
        assert (await other.get(address)).status_code == 404, "a sentence of somebody else"


async def test_any_sentence_can_be_tried_and_nothing_is_kept(services, browser):
    async with somebody(services, browser, "30226") as client:
        token = token_of((await client.get("/worker/explain")).text)
        before = await services.db.read(
            lambda c: c.execute(select(func.count(event.c.id))).scalar()
        )
        said = {"token": token, "text": "<b>bán 3 chục trứng 50 nghìn"}
        shown = await client.post("/worker/explain", data=said)
        empty = await client.post("/worker/explain", data={"token": token, "text": " "})
    assert "50 nghìn" in shown.text
    assert "<b>bán" not in shown.text
    assert empty.status_code == 200
    after = await services.db.read(lambda c: c.execute(select(func.count(event.c.id))).scalar())
    assert before == after
