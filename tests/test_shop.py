"""A household's shop page over HTTP: seen only with its consent, ordered from once, the buyer's own page."""

from __future__ import annotations

import asyncio
import datetime as dt
import html
import re
from collections.abc import AsyncIterator
from decimal import Decimal
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from shops import (
    CODE,
    GARLIC,
    HOME,
    POMELO,
    SELLER,
    TEA,
    bodies,
    close_shop,
    fact,
    open_shop,
    placed,
)
from sqlalchemy import insert, select, update
from starlette.requests import Request

from bot.config import Settings
from bot.runner import Runner
from bot.services import Services
from domain import vietqr
from domain.events import OrderConfirmed, OrderPaid, OrderPlaced, ProductChanged
from domain.phones import phone_of, phone_shown
from storage import personal
from storage.buyers import KEPT, bought, forget_old
from storage.schema import bank_account, event, order_link, orders, product
from storage.store import append
from web.app import create_app
from web.callers import caller_of
from web.form_ids import OPEN_FOR, new_form, read_form
from web.pay import payment_of

PUBLIC = "https://lensan.example.vn"
SECRET = b"s" * 32
BUYER = {"name": "Nguyễn Thị Lan", "phone": "0987 654 321"}
ONE_KG = {f"quantity-{GARLIC}": "1", f"price-{GARLIC}": "120000"}


@pytest.fixture
async def services(db, url) -> Services:
    await db.write(open_shop)
    chosen = Settings(database_url=url, public_url=PUBLIC)
    return Services(chosen, db, Runner(db, chosen, []), SECRET)


@pytest.fixture
async def web(services) -> AsyncIterator[httpx.AsyncClient]:
    carrier = httpx.ASGITransport(create_app(services))
    as_page = {"accept": "text/html"}
    async with httpx.AsyncClient(
        transport=carrier, base_url="http://farm.test", headers=as_page
    ) as client:
        yield client


def form_of(page: httpx.Response) -> dict[str, str]:
    """The hidden fields of the order form."""
    hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page.text)
    return {name: html.unescape(value) for name, value in hidden}


async def fill(web: httpx.AsyncClient, path: str = f"/shop/{CODE}", **said: str) -> dict[str, str]:
    """The form with one kilo of garlic for Lan; what is said stands instead."""
    form = form_of(await web.get(path))
    return form | {f"quantity-{GARLIC}": "1"} | BUYER | said


async def order(web: httpx.AsyncClient, **said: str) -> httpx.Response:
    return await web.post(f"/shop/{CODE}", data=await fill(web, **said))


async def kept(services: Services) -> list:
    return await services.db.read(placed)


def words(page: httpx.Response) -> str:
    """What a reader sees of the page."""
    shown = re.sub(r"<(script|style).*?</\1>|<[^>]+>", " ", page.text, flags=re.DOTALL)
    return re.sub(r"\s+", " ", html.unescape(shown))


# The page


async def test_the_page_shows_products_with_price_stock_stars_and_commune(web):
    page = await web.get(f"/shop/{CODE}")
    assert page.status_code == 200
    shown = words(page)
    for said in (
        "Gian hàng của cô Ba",
        "tỉnh Đồng Tháp",
        "tỏi Lý Sơn",
        "120.000 đ/kg",
        "Còn 50 kg",
        "4 sao OCOP",
        "35.000 đ/quả",
        "Còn hàng",
        "Hết hàng",
        "0912 345 678",
    ):
        assert said in shown
    assert f"quantity-{TEA}" not in page.text  # sold out: nothing to fill in


async def test_a_code_is_the_same_in_small_letters(web):
    assert (await web.get(f"/shop/{CODE.lower()}")).status_code == 200


async def test_without_consent_there_is_no_page_and_nothing_is_said_of_the_household(db, url):
    await db.write(lambda tx: open_shop(tx, consent=False))
    chosen = Settings(database_url=url)
    app = create_app(Services(chosen, db, Runner(db, chosen, []), SECRET))
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://farm.test"
    ) as web:
        as_page = {"accept": "text/html"}
        closed = await web.get(f"/shop/{CODE}", headers=as_page)
        nobody = await web.get("/shop/DT-9999", headers=as_page)
    assert closed.status_code == nobody.status_code == 404
    assert closed.text == nobody.text
    assert "chưa mở" in closed.text
    assert "Ba" not in words(closed).split()


async def test_page_product_and_photo_close_with_the_consent(web, services):
    paths = [f"/shop/{CODE}", f"/shop/{CODE}/{GARLIC}", f"/shop/{CODE}/{GARLIC}/photo.jpg"]
    assert [(await web.get(path)).status_code for path in paths] == [200, 200, 200]
    form = await fill(web)
    await services.db.write(close_shop)
    assert [(await web.get(path)).status_code for path in paths] == [404, 404, 404]
    assert (await web.post(f"/shop/{CODE}", data=form)).status_code == 404
    assert not await kept(services)


async def test_photos_are_jpegs_the_small_one_smaller(web):
    whole = await web.get(f"/shop/{CODE}/{GARLIC}/photo.jpg")
    small = await web.get(f"/shop/{CODE}/{GARLIC}/small.jpg")
    assert whole.headers["content-type"] == small.headers["content-type"] == "image/jpeg"
    assert whole.headers["cross-origin-resource-policy"] == "cross-origin"
    assert len(small.content) < len(whole.content) / 2
    for other in (f"{GARLIC}/big.jpg", f"{POMELO}/photo.jpg", "XX99/photo.jpg"):
        assert (await web.get(f"/shop/{CODE}/{other}")).status_code == 404


def meta(page: httpx.Response) -> dict[str, str]:
    found = re.findall(r'<meta (?:property|name)="([^"]+)" content="([^"]*)">', page.text)
    return {name: html.unescape(content) for name, content in found}


async def test_a_pasted_link_shows_the_product_with_whole_addresses(web):
    shown = meta(await web.get(f"/shop/{CODE}/{GARLIC}"))
    assert shown["og:title"] == "tỏi Lý Sơn · 120.000 đ/kg"
    assert shown["og:url"] == f"{PUBLIC}/shop/{CODE}/{GARLIC}"
    assert "cô Ba" in shown["og:description"]
    assert (shown["product:price:amount"], shown["product:price:currency"]) == ("120000", "VND")
    picture = urlsplit(shown["og:image"])
    assert f"{picture.scheme}://{picture.netloc}" == PUBLIC
    assert (await web.get(f"{picture.path}?{picture.query}")).status_code == 200


async def test_a_pasted_link_of_the_shop_shows_what_it_offers(web):
    shown = meta(await web.get(f"/shop/{CODE}"))
    assert shown["og:title"] == "Gian hàng của cô Ba"
    assert shown["og:url"] == f"{PUBLIC}/shop/{CODE}"
    assert "tỏi Lý Sơn 120.000 đ/kg" in shown["og:description"]


async def test_a_name_with_signs_is_shown_and_never_run(db, url):
    await db.write(open_shop)
    await db.write(lambda tx: tx.execute(update(product).values(name='<script>"x"</script>')))
    chosen = Settings(database_url=url)
    app = create_app(Services(chosen, db, Runner(db, chosen, []), SECRET))
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://farm.test"
    ) as web:
        page = await web.get(f"/shop/{CODE}/{GARLIC}")
    assert '<script>"x"' not in page.text
    assert page.status_code == 200


# Ordering


async def test_an_order_is_one_event_and_its_buyer_stands_beside_it(web, services):
    answer = await order(
        web, **{f"quantity-{GARLIC}": "1,5", f"quantity-{POMELO}": "4"}, place="12 Lê Lợi, Huế"
    )
    assert answer.status_code == 303
    (row,) = await kept(services)
    assert (row.platform, row.source, row.state) == ("offline", "shop_page", "placed")
    assert row.household == HOME
    assert row.total_vnd == 180_000 + 140_000
    assert [item["quantity"] for item in row.items] == ["1.5", "4"]
    assert row.deadline - row.placed_at == dt.timedelta(hours=12)
    assert (row.buyer_name, row.buyer_phone) == ("Nguyễn Thị Lan", "+84987654321")
    assert row.destination == "12 Lê Lợi, Huế"
    said = await services.db.read(bodies)
    assert said.count("order_placed") == 1
    for personal_word in ("Lan", "987654321", "Lê Lợi"):
        assert personal_word not in said


async def test_an_order_carries_the_households_place_of_that_day(web, services):
    await order(web)
    where = select(event.c.province, event.c.commune).where(event.c.type == "order_placed")
    assert await services.db.read(lambda conn: conn.execute(where).all()) == [("82", "30226")]


async def test_from_the_page_of_one_product_too(web, services):
    path = f"/shop/{CODE}/{POMELO}"
    form = form_of(await web.get(path)) | BUYER | {f"quantity-{POMELO}": "3"}
    assert (await web.post(path, data=form)).status_code == 303
    assert [row.total_vnd for row in await kept(services)] == [105_000]


async def test_the_same_form_twice_is_one_order_and_one_page(web, services):
    form = await fill(web)
    answers = await asyncio.gather(*(web.post(f"/shop/{CODE}", data=form) for _ in range(5)))
    assert {answer.status_code for answer in answers} == {303}
    assert len({answer.headers["location"] for answer in answers}) == 1
    assert len(await kept(services)) == 1


async def test_the_same_form_with_other_words_is_another_order_with_a_page_of_its_own(
    web, services
):
    form = await fill(web)
    first = await web.post(f"/shop/{CODE}", data=form)
    second = await web.post(f"/shop/{CODE}", data=form | {"name": "Trần Văn Hùng"})
    assert first.headers["location"] != second.headers["location"]
    assert len(await kept(services)) == 2
    assert "Lan" not in (await web.get(second.headers["location"])).text


async def test_orders_are_numbered_one_after_the_other(web, services):
    await order(web)
    await order(web)
    assert [row.number for row in await kept(services)] == [f"{CODE}-1", f"{CODE}-2"]


# Refused kindly: nothing is placed, what was typed stays, and it is said what to do

WRONG = {
    "nothing chosen": ({f"quantity-{GARLIC}": ""}, "Xin ghi số lượng"),
    "zero": ({f"quantity-{GARLIC}": "0,0"}, "Xin ghi số lượng"),
    "no number": ({f"quantity-{GARLIC}": "hai"}, "bằng số, ví dụ 2 hoặc 1,5"),
    "minus": ({f"quantity-{GARLIC}": "-2"}, "bằng số"),
    "as thousands": ({f"quantity-{GARLIC}": "1.500"}, "bằng số"),
    "half a fruit": ({f"quantity-{POMELO}": "1,5"}, "số tròn"),
    "more than there is": ({f"quantity-{GARLIC}": "50,5"}, "Chỉ còn 50 kg"),
    "sold out": ({f"quantity-{TEA}": "1", f"price-{TEA}": "90000"}, "vừa hết"),
    "of no shop": ({"quantity-XX99": "1"}, "gỡ xuống"),
    "too dear": ({f"quantity-{POMELO}": "99999"}, "một tỷ"),
    "no name": ({"name": " "}, "Xin ghi tên"),
    "an advertisement": ({"name": "Mua www.lua-dao.com"}, "chỉ ghi tên"),
    "a long name": ({"name": "Lan " * 30}, "chỉ ghi tên"),
    "no phone": ({"phone": ""}, "số điện thoại gọi được"),
    "a phone of nobody": ({"phone": "0123456789"}, "số điện thoại gọi được"),
    "police": ({"phone": "113"}, "số điện thoại gọi được"),
    "a link for a place": ({"place": "https://lua-dao.com"}, "chỉ ghi nơi giao"),
    "a long place": ({"place": "x" * 201}, "chỉ ghi nơi giao"),
    "the trap": ({"website": "http://x"}, "ô ẩn"),
}


@pytest.mark.parametrize("case", WRONG)
async def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_ordered(web, services, case):
    said, answer = WRONG[case]
    refused = await order(web, **said)
    assert refused.status_code == 422
    assert answer in words(refused)
    assert 'role="alert"' in refused.text
    assert html.escape(said.get("phone", BUYER["phone"])) in refused.text
    assert not await kept(services)


async def test_after_the_trap_the_same_person_may_press_again(web, services):
    form = await fill(web, website="autofilled")
    again = await web.post(f"/shop/{CODE}", data=form)
    assert (
        await web.post(f"/shop/{CODE}", data=form | form_of(again) | {"website": ""})
    ).is_redirect
    assert len(await kept(services)) == 1


async def test_a_price_that_changed_meanwhile_is_shown_before_anything_is_ordered(web, services):
    form = await fill(web)
    changed = fact(ProductChanged, 30, code=GARLIC, unit_price_vnd=130_000)
    await services.db.write(lambda tx: append(tx, [changed]))
    asked = await web.post(f"/shop/{CODE}", data=form)
    assert asked.status_code == 422
    assert "Giá vừa đổi" in words(asked)
    assert not await kept(services)
    await web.post(f"/shop/{CODE}", data=form | form_of(asked))
    assert [row.total_vnd for row in await kept(services)] == [130_000]


async def test_a_form_that_is_not_ours_or_a_day_old_orders_nothing(web, services):
    now = dt.datetime.now(dt.UTC)
    own = await fill(web)
    others = new_form(SECRET, "DT-0001", now)
    old = new_form(SECRET, CODE, now - OPEN_FOR - dt.timedelta(minutes=1))
    forged = own["form"][:-1] + ("0" if own["form"][-1] != "0" else "1")
    for token in ("", "x", "é.1.2", "..", others, old, forged):
        refused = await web.post(f"/shop/{CODE}", data=own | {"form": token})
        assert refused.status_code == 422, token
        assert "Trang mở đã lâu" in words(refused)
    assert not await kept(services)


async def test_one_phone_has_three_unanswered_orders_at_most(web, services):
    answers = [await order(web) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [303, 303, 303, 422]
    assert "3 đơn đang chờ" in words(answers[-1])
    assert (await order(web, phone="0912000111")).status_code == 303


async def test_one_who_orders_faster_than_people_do_is_told_to_wait(web, services):
    phones = [f"09{n:08}" for n in range(12_345_600, 12_345_625)]
    answers = [await order(web, phone=phone) for phone in phones]
    refused = [answer for answer in answers if answer.status_code == 429]
    assert refused
    assert "đợi một phút" in words(refused[0])
    assert int(refused[0].headers["retry-after"]) > 0
    assert len(await kept(services)) == len(answers) - len(refused)


def test_behind_a_proxy_of_this_machine_the_address_is_the_one_it_names():
    def asked(host: str, named: str | None):
        headers = [(b"x-forwarded-for", named.encode())] if named else []
        scope = {"type": "http", "client": (host, 1), "headers": headers}
        return caller_of(Request(scope))

    assert asked("127.0.0.1", "6.6.6.6, 203.0.113.9") == "203.0.113.9"
    assert asked("203.0.113.7", "6.6.6.6") == "203.0.113.7"
    assert asked("127.0.0.1", None) == "127.0.0.1"


@settings(
    max_examples=60,
    deadline=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    said=st.dictionaries(
        st.sampled_from(
            ["name", "phone", "place", "form", f"quantity-{GARLIC}", f"price-{GARLIC}", "quantity-"]
        ),
        st.text(max_size=60),
    )
)
async def test_no_words_in_the_form_make_it_fail(web, said):
    said = {name: value.encode(errors="replace").decode() for name, value in said.items()}
    answer = await web.post(f"/shop/{CODE}", data=await fill(web) | said)
    assert answer.status_code in {303, 422}


@pytest.mark.parametrize(
    ("said", "kept_as"),
    [
        ("0912345678", "+84912345678"),
        ("+84 912.345.678", "+84912345678"),
        ("84912345678", "+84912345678"),
        ("0275 3822 999", "+842753822999"),
        ("+1 650 253 0000", "+16502530000"),
        ("1900 1234", None),
        ("012345", None),
        ("0912345678 ext 3", None),
        ("9" * 300, None),
    ],
)
def test_a_phone_is_one_that_can_be_called(said, kept_as):
    assert phone_of(said) == kept_as


def test_a_phone_is_shown_as_people_write_it():
    assert phone_shown("+84912345678") == "0912 345 678"
    assert phone_shown("+16502530000").startswith("+1 ")


def test_a_form_is_read_only_with_the_secret_that_signed_it():
    now = dt.datetime.now(dt.UTC)
    form = new_form(SECRET, CODE, now)
    assert read_form(SECRET, CODE, form, now)
    assert read_form(b"t" * 32, CODE, form, now) is None


# The buyer's page


@pytest.fixture
async def page(web) -> str:
    return (await order(web)).headers["location"]


async def step(services: Services, kind, number: int, code: str) -> None:
    about = {"order": f"{CODE}-1", "platform": "offline", "code": code}
    await services.db.write(lambda tx: append(tx, [fact(kind, number, **about)]))


async def test_the_word_of_a_page_has_128_bits_and_only_its_hash_is_kept(page, services):
    word = page.removeprefix("/order/")
    assert len(word) == 22
    links = await services.db.read(lambda conn: conn.execute(select(order_link)).all())
    assert word not in str(links)


async def test_the_page_is_found_by_nothing_else(web, page):
    shown = await web.get(page)
    assert shown.headers["cache-control"] == "no-store"
    assert 'name="robots" content="noindex"' in shown.text
    for other in (f"{page}x", page[:-1], f"/order/{CODE}-1", "/order/" + "x" * 500):
        answer = await web.get(other)
        assert answer.status_code == 404
        assert "Không còn đơn nào ở đây" in answer.text


async def test_the_page_shows_what_how_much_and_where_it_stands(web, page, services):
    shown = words(await web.get(page))
    for said in (
        "Đơn 1",
        "Đơn đã tới cô Ba",
        "Cô Ba trả lời trước",
        "120.000 đ",
        "một trăm hai mươi ngàn đồng",
        "1 kg tỏi Lý Sơn",
        "Nguyễn Thị Lan",
        "0987 654 321",
    ):
        assert said in shown
    await step(services, OrderConfirmed, 40, code="BD36")
    assert "Cô Ba đã nhận đơn" in words(await web.get(page))


async def test_a_buyer_cancels_before_the_answer_and_once(web, page, services):
    for _ in range(2):
        assert (await web.post(f"{page}/cancel")).headers["location"] == page
    (row,) = await kept(services)
    assert (row.state, row.cancelled_by) == ("cancelled", "buyer")
    assert (await services.db.read(bodies)).count("order_cancelled") == 1
    assert "Đơn đã hủy" in words(await web.get(page))


async def test_several_taps_at_once_are_one_cancellation(web, page, services):
    taps = [f"{page}/cancel"] * 4 + [f"{page}/forget"] * 2
    answers = await asyncio.gather(*(web.post(tap) for tap in taps))
    assert {answer.status_code for answer in answers} == {303}
    assert (await services.db.read(bodies)).count("order_cancelled") == 1


async def test_what_was_confirmed_is_no_longer_the_buyers_to_cancel(web, page, services):
    shown = await web.get(page)
    assert f'action="{page}/cancel"' in shown.text
    await step(services, OrderConfirmed, 40, code="BD36")
    await web.post(f"{page}/cancel")
    assert [row.state for row in await kept(services)] == ["confirmed"]
    assert f'action="{page}/cancel"' not in (await web.get(page)).text


async def test_a_buyer_is_forgotten_on_request(web, page, services):
    await step(services, OrderConfirmed, 40, code="BD36")
    await web.post(f"{page}/forget")
    (row,) = await kept(services)
    assert (row.buyer_name, row.buyer_phone, row.destination) == (None, None, None)
    assert row.buyer_forgotten_at
    assert row.state == "confirmed"
    shown = words(await web.get(page))
    assert "Lan" not in shown.split()
    assert "đã xóa" in shown


async def test_with_the_name_an_unanswered_order_goes(web, page, services):
    await web.post(f"{page}/forget")
    assert [(row.state, row.buyer_phone) for row in await kept(services)] == [("cancelled", None)]


async def test_a_page_of_a_household_that_left_says_so(web, page, services):
    now = dt.datetime.now(dt.UTC)
    await services.db.write(lambda tx: personal.erase(tx, SELLER, HOME, ("test", "x"), now))
    shown = await web.get(page)
    assert shown.status_code == 200
    assert "không còn nhận đơn" in words(shown)
    assert "Lan" not in words(shown).split()


@pytest.mark.parametrize(("days", "is_kept"), [(-1, True), (1, False)])
async def test_buyers_are_forgotten_180_days_after_the_end(web, page, services, days, is_kept):
    assert KEPT.days == 180
    await web.post(f"{page}/cancel")
    (row,) = await kept(services)
    later = row.ended_at + KEPT + dt.timedelta(days=days)
    assert not await services.db.write(lambda tx: forget_old(tx, later))
    (row,) = await kept(services)
    assert (row.buyer_name is not None) == is_kept
    assert ((await web.get(page)).status_code == 200) == is_kept


async def test_buyers_of_platforms_are_forgotten_too(services):
    number = "VS-1187"
    about = {"order": number, "platform": "voso", "items": (), "total_vnd": 1}
    await services.db.write(lambda tx: append(tx, [fact(OrderPlaced, 50, **about)]))
    named = update(orders).where(orders.c.number == number).values(buyer_name="Lan")
    await services.db.write(lambda tx: tx.execute(named))
    later = fact(OrderPlaced, 50, **about).at + KEPT + dt.timedelta(days=1)
    await services.db.write(lambda tx: forget_old(tx, later))
    assert [row.buyer_name for row in await kept(services)] == [None]


async def test_the_stock_is_not_touched_before_the_household_says_yes(web, page, services):
    stock = select(product.c.stock).where(product.c.code == GARLIC)
    assert await services.db.read(lambda conn: conn.execute(stock).scalar_one()) == Decimal(50)


async def test_a_strangers_form_id_opens_nothing(web, page):
    assert (await web.get(f"/order/{uuid4()}")).status_code == 404


# Paying

ACCOUNT = {"bank": "vietcombank", "account": "0071000123456", "holder": "NGUYEN THI BA"}


async def give_account(services: Services) -> None:
    now = dt.datetime.now(dt.UTC)
    row = {"household": HOME, "person": SELLER, "given_at": now, **ACCOUNT}
    await services.db.write(lambda tx: tx.execute(insert(bank_account), row))


async def test_a_taken_order_is_paid_to_the_sellers_account_its_sum_and_number_in_the_code(
    web, page, services
):
    await give_account(services)
    assert (await web.get(f"{page}/qr.png")).status_code == 404  # nobody has promised anything yet
    await step(services, OrderConfirmed, 40, code="BD36")
    shown = words(await web.get(page))
    for said in ("Vietcombank", "0071000123456", "NGUYEN THI BA", "DON DT 0417 1"):
        assert said in shown
    picture = await web.get(f"{page}/qr.png")
    assert picture.headers["content-type"] == "image/png"
    found = await services.db.read(lambda conn: bought(conn, page.removeprefix("/order/")))
    payment = await services.db.read(lambda conn: payment_of(conn, found))
    asked = vietqr.read(payment.code)
    assert (asked.account, asked.amount, asked.purpose) == (
        "0071000123456",
        120_000,
        "DON DT 0417 1",
    )


async def test_without_an_account_or_once_paid_nobody_is_asked_for_money(web, page, services):
    await step(services, OrderConfirmed, 40, code="BD36")
    assert "Chuyển khoản" not in words(await web.get(page))
    await give_account(services)
    assert "Chuyển khoản" in words(await web.get(page))
    await step(services, OrderPaid, 41, code="BD36")
    shown = words(await web.get(page))
    assert "Chuyển khoản" not in shown
    assert "đã ghi là nhận được tiền" in shown
    assert (await web.get(f"{page}/qr.png")).status_code == 404
