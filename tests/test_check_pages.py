"""Confirming and disputing on pages: nothing outside the area, nothing by another page's form, nothing twice."""

from __future__ import annotations

import datetime as dt
import io
import re
import shutil
from functools import partial

import httpx
import pytest
from PIL import Image
from sqlalchemy import func, select
from test_worker_pages import browser, services, signed, somebody
from villages import HERE, NASTY, THERE, appoint, fact, of, settle

from domain.events import ProductListed, ProductPhotoAdded, SaleItem, SaleLogged
from storage import personal
from storage.schema import certificate, decision, entry, event, help_message
from storage.store import append

__all__ = ["browser", "services"]

NOW = dt.datetime.now(dt.UTC)
TODAY = NOW.date()
HOME = "/worker/households/DT-0001"
CHECKS = f"{HOME}/checks"
PHOTO = of("photo")


def jpeg(colour: str = "green") -> bytes:
    picture = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(picture, "JPEG")
    return picture.getvalue()


@pytest.fixture
def url(empty_sqlite, tmp_path) -> str:
    """What pages say is the same on both databases; what is stored is tried on both in `test_checks`."""
    file = tmp_path / "checks.db"
    shutil.copyfile(empty_sqlite, file)
    return f"sqlite+aiosqlite:///{file}"


@pytest.fixture
async def starred(services):
    """The first household has a product with stars and a photo, and has sold something just now."""

    def add(tx):
        goods = {"code": "OC44", "product": NASTY, "unit_price_vnd": 120_000, "ocop_stars": 4}
        listed = fact(ProductListed, "DT-0001", "oc", HERE, platform="voso", **goods)
        pictured = fact(ProductPhotoAdded, "DT-0001", "pic", HERE, code="OC44", photo=PHOTO)
        item = SaleItem(product="cam sành", total_vnd=300_000)
        new = {"code": "NW11", "items": (item,), "total_vnd": 300_000, "date": TODAY}
        sale = fact(SaleLogged, "DT-0001", "new", HERE, platform="voso", at=NOW, **new)
        append(tx, [listed, pictured, sale])
        kept = personal.PhotoKept(PHOTO, jpeg())
        personal.keep(tx, of("DT-0001", "person"), of("DT-0001"), [kept])

    await services.db.write(add)


def form_of(page: str, subject: str, ref: str = "") -> dict[str, str]:
    """What the form of this claim sends, without a verdict."""
    for form in re.findall(r'<form class="check".*?</form>', page, re.DOTALL):
        fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))
        if (fields.get("subject"), fields.get("ref")) == (subject, ref):
            fields.pop("verdict", None)
            return fields
    raise AssertionError(f"no form of {subject} {ref}")


async def evidence(services) -> str:
    return await services.db.read(
        lambda c: c.scalar(select(entry.c.evidence).where(entry.c.household == of("DT-0001")))
    )


async def decisions(services) -> list[str]:
    return list(await services.db.read(lambda c: c.scalars(select(decision.c.state)).all()))


async def test_a_sale_confirmed_on_its_page_and_the_form_sent_twice(services, browser):
    async with somebody(services, browser, "30226") as client:
        page = (await client.get(HOME)).text
        sent = form_of(page, "sale", "KX42") | {"verdict": "confirm"}
        for _ in range(2):
            done = await client.post(CHECKS, data=sent)
            assert done.status_code == 303
        shown = (await client.get(done.headers["location"])).text
    assert "Đã ghi xác nhận." in shown
    assert re.search(r"Đã xác nhận: cán bộ \w+, \d\d:\d\d \d\d/\d\d/\d{4}", shown)
    assert await evidence(services) == "confirmed"
    count = select(func.count()).select_from(event).where(event.c.type == "sale_confirmed")
    assert await services.db.read(lambda c: c.scalar(count)) == 1


async def test_the_second_worker_is_told_who_was_first(services, browser):
    async with somebody(services, browser, "30226") as one:
        ha = await services.db.write(partial(appoint, who="Hà", kind="worker", area="82"))
        named = [personal.PersonNamed(name="Ngọc")]
        await services.db.write(lambda tx: personal.keep(tx, of("Ngọc"), None, named))
        async with browser() as other:
            await signed(services, other, ha)
            first = form_of((await one.get(HOME)).text, "sale", "KX42")
            second = form_of((await other.get(HOME)).text, "sale", "KX42")
            await one.post(CHECKS, data=first | {"verdict": "confirm"})
            late = await other.post(
                CHECKS, data=second | {"verdict": "dispute", "reason": "amount"}
            )
    assert late.status_code == 409
    assert "cán bộ Ngọc đã xác nhận trước" in late.text
    assert await decisions(services) == ["confirmed"]


async def test_a_dispute_is_kept_with_its_reason_and_the_line_stays(services, browser):
    async with somebody(services, browser, "30226") as client:
        sent = form_of((await client.get(HOME)).text, "sale", "KX42")
        bad = await client.post(CHECKS, data=sent | {"verdict": "dispute", "reason": "none"})
        assert bad.status_code == 409
        done = await client.post(CHECKS, data=sent | {"verdict": "dispute", "reason": "not_sold"})
        shown = (await client.get(done.headers["location"])).text
    assert "Đang hỏi lại hộ (không có lần bán này)" in shown
    assert "500.000" in shown
    assert await evidence(services) == "said"


@pytest.mark.parametrize("area", ["00004", "29869"])
async def test_a_worker_of_another_commune_with_the_right_form_does_nothing(
    services, browser, area
):
    async with somebody(services, browser, "30226") as client:
        sent = form_of((await client.get(HOME)).text, "sale", "KX42") | {"verdict": "confirm"}
    other = await services.db.write(partial(appoint, who="Xa", kind="worker", area=area))
    async with browser() as client:
        await signed(services, client, other)
        token = re.findall(r'name="token" value="(\w+)"', (await client.get("/worker/")).text)[0]
        refused = await client.post(CHECKS, data=sent | {"token": token})
        unnamed = await client.post(
            "/worker/households/DT-0003/checks", data=sent | {"token": token}
        )
        photo = await client.get(f"{HOME}/photos/{PHOTO}")
        checks = (await client.get("/worker/checks")).text
    assert {refused.status_code, unnamed.status_code, photo.status_code} == {404}
    assert "DT-000" not in checks
    assert await decisions(services) == []


async def test_a_form_of_another_page_is_refused(services, browser):
    async with somebody(services, browser, "30226") as client:
        sent = form_of((await client.get(HOME)).text, "sale", "KX42") | {"verdict": "confirm"}
        forged = await client.post(CHECKS, data=sent | {"token": "0" * 64})
        bare = await client.post(CHECKS, data={k: v for k, v in sent.items() if k != "token"})
    assert (forged.status_code, bare.status_code) == (403, 403)
    assert await decisions(services) == []


async def test_a_reader_sees_and_decides_nothing(services, browser):
    reader = await services.db.write(partial(appoint, who="Xem", kind="reader", area="30226"))
    async with browser() as client:
        await signed(services, client, reader)
        page = (await client.get(HOME)).text
        assert 'class="check"' not in page
        assert "KX42" in page
        assert "chỉ xem" in (await client.get("/worker/checks")).text


async def test_names_that_bite_stay_words(services, browser, starred):
    async with somebody(services, browser, "30226") as client:
        pages = [
            (await client.get(path)).text
            for path in (HOME, "/worker/households/DT-0004", "/worker/checks")
        ]
    for page in pages:
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert" in page
        assert re.search(r"<bdi>[^<]*\u202e", page), "a mark that turns the line stays in its place"


async def test_what_stands_out_comes_first_among_what_is_to_be_checked(services, browser, starred):
    async with somebody(services, browser, "30226") as client:
        page = (await client.get("/worker/checks")).text
        assert "2 mục chưa ai xem" in page
        assert page.index("Khai sao, chưa có giấy") < page.index("NW11")
        sent = form_of(page, "certificate", "OC44") | {"verdict": "confirm"}
        done = await client.post(CHECKS, data=sent)
        assert done.headers["location"] == "/worker/checks?done=confirm"
        assert "1 mục chưa ai xem" in (await client.get("/worker/checks")).text


# Certificates


def certificate_form(page: str) -> dict[str, str]:
    form = re.findall(r'<form method="post" enctype.*?</form>', page, re.DOTALL)[0]
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))


async def post(client: httpx.AsyncClient, fields: dict[str, str], picture: bytes = b""):
    files = {"photo": ("giay.jpg", picture, "image/jpeg")} if picture else None
    return await client.post(f"{HOME}/certificates/OC44", data=fields, files=files)


TOLD = {"number": "12/QĐ-UBND", "stars": "4", "issued": "2026-01-05", "until": "2029-01-05"}


async def test_a_certificate_read_on_a_visit_with_its_photo_sent_twice(services, browser, starred):
    async with somebody(services, browser, "30226") as client:
        hidden = certificate_form((await client.get(HOME)).text)
        for _ in range(2):
            done = await post(client, hidden | TOLD, jpeg("red"))
            assert done.status_code == 303
        page = (await client.get(done.headers["location"])).text
        photos = set(re.findall(rf'href="({HOME}/photos/[\w-]+)"', page))
        got = [await client.get(path) for path in photos]
    assert "12/QĐ-UBND" in page
    assert "Có giá trị tới 05/01/2029" in page
    assert len(photos) == 2
    assert {(one.status_code, one.headers["content-type"]) for one in got} == {(200, "image/jpeg")}
    told = select(func.count()).select_from(event).where(event.c.type == "certificate_given")
    assert await services.db.read(lambda c: c.scalar(told)) == 1


async def test_a_certificate_that_is_over_is_shown_as_such(services, browser, starred):
    over = TOLD | {"issued": "2021-01-05", "until": "2024-01-05"}
    async with somebody(services, browser, "30226") as client:
        hidden = certificate_form((await client.get(HOME)).text)
        await post(client, hidden | over)
        assert "<strong>Hết hạn ngày 05/01/2024</strong>" in (await client.get(HOME)).text
        assert "Giấy chứng nhận hết hạn" in (await client.get("/worker/checks")).text


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"number": ""}, "number"),
        ({"number": "<b>"}, "number"),
        ({"number": "khong so"}, "number"),
        ({"issued": "2017-01-01"}, "issued"),
        ({"issued": f"{TODAY + dt.timedelta(days=9)}", "until": "2031-01-01"}, "issued"),
        ({"issued": "hôm nay"}, "issued"),
        ({"until": "2025-01-05"}, "until"),
        ({"until": "2099-01-05"}, "until"),
        ({"stars": "6"}, "number"),
        ({"form": "x.1.2"}, "form"),
    ],
)
async def test_what_cannot_stand_on_a_certificate_is_told_beside_its_field(
    services, browser, starred, wrong, field
):
    async with somebody(services, browser, "30226") as client:
        hidden = certificate_form((await client.get(HOME)).text)
        refused = await post(client, hidden | TOLD | wrong)
    assert refused.status_code == 422
    told = "mở đã lâu" if field == "form" else f'id="{field}-OC44-fault"'
    assert told in refused.text
    kept = select(func.count()).select_from(certificate)
    assert await services.db.read(lambda c: c.scalar(kept)) == 0


async def test_a_file_that_is_no_photo_is_told_and_nothing_is_kept(services, browser, starred):
    async with somebody(services, browser, "30226") as client:
        hidden = certificate_form((await client.get(HOME)).text)
        refused = await post(client, hidden | TOLD, b"%PDF-1.4")
    assert refused.status_code == 422
    assert 'id="photo-OC44-fault"' in refused.text


# A letter to the household


async def test_a_letter_sent_twice_is_one_question_and_its_words_can_be_erased(services, browser):
    async with somebody(services, browser, "30226") as client:
        page = (await client.get(HOME)).text
        form = re.findall(r'<form method="post" action="[^"]+/letters">.*?</form>', page, re.DOTALL)
        hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form[0]))
        words = f"{NASTY} Mai {NASTY}"
        for _ in range(2):
            sent = await client.post(f"{HOME}/letters", data=hidden | {"words": words})
            assert sent.status_code == 303
        shown = (await client.get(sent.headers["location"])).text
        long = await client.post(f"{HOME}/letters", data=hidden | {"words": "a" * 501})
        empty = await client.post(f"{HOME}/letters", data=hidden | {"words": " \u202e "})
        elsewhere = await client.post("/worker/households/HN-0001/letters", data=hidden)
    assert "Đã nhận lời nhắn" in shown
    assert (long.status_code, empty.status_code, elsewhere.status_code) == (422, 422, 404)
    bodies = select(event.c.body).where(event.c.type == "help_opened")
    (body,) = await services.db.read(lambda c: c.scalars(bodies).all())
    assert "script" not in str(body)
    kept = await services.db.read(lambda c: c.scalars(select(help_message.c.text)).all())
    assert len(kept) == 1
    assert "Mai" in kept[0]
    assert "\u202e" not in kept[0]


# What happened


async def test_the_timeline_tells_events_in_words_with_who_of_the_workers(services, browser):
    async with somebody(services, browser, "30226") as client:
        sent = form_of((await client.get(HOME)).text, "sale", "KX42") | {"verdict": "confirm"}
        await client.post(CHECKS, data=sent)
        page = (await client.get(HOME)).text
    told = re.findall(r"<li><time>[^<]+</time> <bdi>([^<]+)</bdi>", page)
    assert told[0] == "Xác nhận lần bán KX42"
    assert any(one.startswith("Ghi lần bán KX42: cam sành") for one in told)


async def test_a_household_elsewhere_with_the_same_codes_is_another(services, browser):
    await services.db.write(partial(settle, code="HN-0002", name="Lạ", place=THERE, sold=1))
    async with somebody(services, browser, "30226") as client:
        sent = form_of((await client.get(HOME)).text, "sale", "KX42") | {"verdict": "confirm"}
        assert (
            await client.post("/worker/households/HN-0002/checks", data=sent)
        ).status_code == 404
