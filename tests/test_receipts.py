"""A receipt over HTTP: whoever has its link sees the sale as it stands, and nobody else anything."""

from __future__ import annotations

import datetime as dt
import html
import re
import xml.etree.ElementTree as ET
from collections.abc import AsyncIterator
from decimal import Decimal
from functools import partial
from itertools import pairwise
from uuid import uuid4

import httpx
import pytest
from shops import BEFORE, CODE, HOME, PLACE, SELLER, close_shop, fact, open_shop
from sqlalchemy import select

from bot.config import Settings
from bot.dialogue.message import BuyerNamed
from bot.handlers import HANDLERS
from bot.receipt_pictures import WIDTH, receipt_png, receipt_svg
from bot.runner import Runner
from bot.services import Services
from domain.events import SaleCorrected, SaleItem, SaleLogged, SaleRestored, SaleWithdrawn
from storage import personal
from storage.receipts import open_receipt
from storage.schema import receipt_link
from storage.store import append
from web.app import create_app
from web.rate import Rate

PUBLIC = "https://lensan.example.vn"
PNG = b"\x89PNG\r\n"
GARLIC = SaleItem(
    product="tỏi Lý Sơn",
    quantity=Decimal(5),
    unit="kg",
    unit_price_vnd=121_000,
    price_unit="kg",
    total_vnd=605_000,
)
TEA = SaleItem(product='trà <b>"sen"</b>', total_vnd=400_000)
DAY = dt.date(2026, 11, 20)
COUNTED = {"date": DAY, "platform": "offline", "evidence": "said"}
BEFORE_IT = {"total_vnd": 1_005_000, **COUNTED, **PLACE}


def sell(tx):
    append(
        tx,
        [
            fact(
                SaleLogged,
                30,
                code="KX42",
                items=(GARLIC, TEA),
                total_vnd=1_005_000,
                buyer="b1",
                **COUNTED,
            )
        ],
    )
    personal.keep(tx, SELLER, HOME, [BuyerNamed("b1", "Nguyễn Thị Hoa")])


def correct(tx):
    sale = {"code": "KX42", "items": (GARLIC,), "total_vnd": 605_000, **COUNTED}
    append(tx, [fact(SaleCorrected, 31, before=BEFORE_IT, **sale)])


def strike(tx):
    append(tx, [fact(SaleWithdrawn, 32, code="KX42", total_vnd=-1_005_000, **COUNTED)])


def restore(tx):
    append(tx, [fact(SaleRestored, 33, code="KX42", total_vnd=1_005_000, **COUNTED)])


def erase(tx):
    personal.erase(tx, SELLER, HOME, ("web", "nobody"), BEFORE)


@pytest.fixture
async def services(db, url) -> Services:
    for work in (open_shop, sell):
        await db.write(work)
    chosen = Settings(database_url=url, public_url=PUBLIC)
    return Services(chosen, db, Runner(db, chosen, HANDLERS), b"s" * 32)


@pytest.fixture
async def web(services) -> AsyncIterator[httpx.AsyncClient]:
    carrier = httpx.ASGITransport(create_app(services))
    async with httpx.AsyncClient(
        transport=carrier, base_url="http://farm.test", headers={"accept": "text/html"}
    ) as client:
        yield client


@pytest.fixture
async def path(db, services) -> str:
    return await sent(db)


async def sent(db, code: str = "KX42") -> str:
    """The path of a receipt that the household has just sent to a buyer."""
    opened = await db.write(partial(open_receipt, whose=HOME, code=code, now=BEFORE))
    return opened.path


async def words(web, path) -> str:
    """What a reader sees of the page."""
    page = await web.get(path)
    assert page.status_code == 200
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", page.text.split("<main")[1])))


def meta(page: str) -> dict[str, str]:
    found = re.findall(r'<meta (?:property|name)="([^"]+)" content="([^"]*)">', page)
    return {name: html.unescape(value) for name, value in found}


# What it says


async def test_it_says_what_how_much_in_digits_and_words_when_code_and_shop(web, path):
    shown = await words(web, path)
    for said in (
        "Biên lai KX42",
        "1.005.000 đ",
        "(một triệu không trăm lẻ năm ngàn đồng)",
        "5 kg tỏi Lý Sơn",
        "121.000 đ/kg",
        "605.000 đ",
        'trà <b>"sen"</b>',
        "400.000 đ",
        "Ngày bán: 20/11/2026",
        "Người bán: cô Ba, xã",
        f"{PUBLIC}/shop/{CODE}",
        "không phải hóa đơn thuế",
    ):
        assert said in shown


async def test_without_consent_to_be_seen_it_says_the_commune_only(web, db, path):
    await db.write(close_shop)
    page = (await web.get(path)).text
    assert "Người bán: xã" in page or "Người bán: phường" in page
    for hidden in ("cô Ba", "/shop/", CODE, "0912"):
        assert hidden not in page


async def test_the_buyer_is_not_on_it(web, path):
    assert "Hoa" not in (await web.get(path)).text


async def test_a_sale_that_was_corrected_shows_as_it_is_now_and_says_so(web, db, path):
    assert "Đã sửa" not in await words(web, path)
    await db.write(correct)
    shown = await words(web, path)
    assert "Đã sửa sau khi gửi" in shown
    assert "605.000 đ" in shown
    assert "1.005.000 đ" not in shown
    assert "Đã sửa" not in await words(web, await sent(db))  # what is sent now was never another


async def test_a_struck_sale_is_no_longer_valid_until_it_is_brought_back(web, db, path):
    await db.write(strike)
    page = (await web.get(path)).text
    assert "không còn giá trị" in page
    assert "<s>1.005.000 đ</s>" in page
    assert "1.005.000" not in meta(page)["og:title"]
    await db.write(restore)
    assert "không còn giá trị" not in await words(web, path)


# Who sees it


async def test_an_address_that_opens_nothing_is_answered_kindly(web, services):
    for word in ("x", "x" * 22, "x" * 500, "%00"):
        page = await web.get(f"/receipt/{word}")
        assert page.status_code == 404
        assert "Không còn biên lai nào ở đây" in page.text


async def test_the_receipts_of_a_household_that_left_are_gone(web, db, path):
    await db.write(erase)
    assert (await web.get(path)).status_code == 404
    assert (await web.get(f"{path}/picture.png")).status_code == 404
    assert not await db.read(lambda conn: list(conn.execute(select(receipt_link))))


async def test_its_word_cannot_be_guessed_and_only_its_hash_is_kept(db, services):
    one, other = (await sent(db)).split("/")[-1], (await sent(db)).split("/")[-1]
    assert one != other
    assert len(one) >= 22  # of 64 signs: 128 bits
    kept = await db.read(lambda conn: str(list(conn.execute(select(receipt_link)))))
    assert one not in kept


async def test_another_household_gets_no_receipt_of_this_ones_sale(db, services):
    assert await db.write(partial(open_receipt, whose=uuid4(), code="KX42", now=BEFORE)) is None


async def test_no_search_engine_keeps_it(web, path):
    page = await web.get(path)
    assert page.headers["x-robots-tag"] == "noindex"
    assert meta(page.text)["robots"] == "noindex"


async def test_a_pasted_link_shows_the_sum_and_a_picture_that_chats_may_fetch(web, path):
    shown = meta((await web.get(path)).text)
    assert shown["og:title"] == "Biên lai KX42 · 1.005.000 đ"
    assert shown["og:url"] == f"{PUBLIC}{path}"
    picture = await web.get(shown["og:image"].removeprefix(PUBLIC))
    assert (picture.status_code, picture.headers["content-type"]) == (200, "image/png")
    assert picture.headers["cross-origin-resource-policy"] == "cross-origin"
    assert picture.content.startswith(PNG)


async def test_it_needs_no_scripts(web, path):
    assert "<script" not in (await web.get(path)).text


async def test_words_are_not_tried_out_faster_than_people_read(web, path, monkeypatch):
    slow = Rate(lambda: 0.0, burst=3)
    web._transport.app._pages.app.app.state.receipts = slow  # the application inside its guard
    assert [(await web.get(path)).status_code for _ in range(4)] == [200, 200, 200, 429]
    refused = await web.get(path)
    assert "Mở nhanh quá" in refused.text
    assert int(refused.headers["retry-after"]) > 0


# The picture


LONG = "bưởi da xanh loại một, trái to, hái tận vườn, giao trong ngày cho khách ở xa"
SHEET = {
    "title": "Biên lai KX42",
    "state": "",
    "holds": True,
    "total": "1.250.000.000 đ",
    "words": "một tỷ hai trăm năm mươi triệu đồng",
    "items": [[f"20 quả {LONG}", "35.000 đ/quả", "700.000 đ"], ["a <b> & c", "", "1 đ"]],
    "facts": ["Ngày bán: 20/11/2026", "Người bán: cô Ba"],
    "note": "không phải hóa đơn thuế",
}


def runs(sheet) -> list[ET.Element]:
    return list(ET.fromstring(receipt_svg(sheet)).iter("{http://www.w3.org/2000/svg}text"))


def test_the_picture_says_all_of_it_and_cuts_nothing():
    shown = " ".join(run.text or "" for run in runs(SHEET))
    for said in (SHEET["total"], "700.000 đ", "35.000 đ/quả", *SHEET["facts"], "a <b> & c"):
        assert said in shown
    assert not [word for word in LONG.split() if word not in shown]
    assert receipt_png(SHEET).startswith(PNG)


def test_no_two_lines_of_the_picture_are_over_each_other():
    left = [run for run in runs(SHEET) if run.get("text-anchor") == "start"]
    places = [(int(run.get("y")), int(run.get("font-size"))) for run in left]
    for (above, _), (below, size) in pairwise(places):
        assert below - above >= size


def test_the_picture_grows_with_what_is_on_it():
    many = SHEET | {"items": SHEET["items"] * 10}
    heights = [int(ET.fromstring(receipt_svg(s)).get("height")) for s in (SHEET, many)]
    assert heights[1] > heights[0]
    assert int(ET.fromstring(receipt_svg(many)).get("width")) == WIDTH


def test_a_receipt_that_does_not_hold_says_so_on_its_picture():
    over = SHEET | {"state": "Biên lai không còn giá trị", "holds": False}
    assert "Biên lai không còn giá trị" in " ".join(run.text or "" for run in runs(over))


# From the talk to the buyer


async def test_what_the_household_gets_in_the_chat_its_buyer_opens(web, services, monkeypatch):
    monkeypatch.setattr(Rate, "takes", lambda *_: True)
    me, shown = str(uuid4()), {}
    said = ["alo", "[Đồng ý]", "cô Ba", "Lai Vung, Đồng Tháp", "bán 20 kg cam giá 25.000", "[Lưu]"]
    for line in [*said, "gửi biên lai cho khách"]:
        what = {"button": shown[line]} if line in shown else {"text": line}
        body = {"client_id": me, "message_id": str(uuid4())} | what
        replies = (await web.post("/chat/messages", json=body)).json()["replies"]
        shown = {f"[{b['label']}]": b["id"] for r in replies for b in r["buttons"]}
    reply = replies[-1]
    assert (await web.get(reply["image"])).content.startswith(PNG)
    link = re.search(rf"{PUBLIC}(/receipt/\S+)", reply["text"])
    assert link
    page = await words(web, link[1])
    assert "20 kg cam" in page
    assert "500.000 đ" in page
