"""What officers ask of the programme's figures is what they get: months, places, platforms, files."""

from __future__ import annotations

import datetime as dt
import re
import shutil
from itertools import product

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update
from villages import appoint, fact, known, of

from bot.config import Settings
from bot.dialogue.message import Message, Tap, Text
from bot.dialogue.summary_queries import Asked
from bot.drafts.summary_asked import asks_only_figures, question_of, ref_of, wanted
from bot.figure_changes import difference
from bot.handlers import HANDLERS
from bot.language.figures_asked import (
    asks_figures,
    choice_of_summaries,
    figures_asked,
    no_such_period,
)
from bot.locales.catalogue import text
from bot.runner import Runner
from bot.services import Services
from domain.events import ReportReceived, SaleLogged
from domain.roles import Role
from storage.database import Database
from storage.rollups import advance
from storage.schema import role, summary_link
from storage.store import append
from web.app import create_app

ON = dt.date(2026, 11, 21)
OFFICER = (Role("officer", "82"),)
COUNTRY = (Role("reader", "vn"),)


def asked(words: str, roles: tuple[Role, ...] = COUNTRY):
    return wanted(figures_asked(words, ON), roles, ON)


def said(question: Asked) -> str:
    """`2026-06 2026-06 82 voso`, without what was not said."""
    parts = (question.start, question.end, question.province, question.platform)
    return " ".join(filter(None, parts))


@pytest.mark.parametrize(
    ("words", "this", "beside"),
    [
        ("tổng hợp tháng 6", "2026-06 2026-06", "2026-05 2026-05"),
        ("tong hop quy 2", "2026-04 2026-06", "2026-01 2026-03"),
        ("tổng hợp quý II 2023", "2023-04 2023-06", "2023-01 2023-03"),
        ("tổng hợp", "2026-11 2026-11", "2026-10 2026-10"),
        ("số liệu tuần này", "2026-11 2026-11", "2026-10 2026-10"),
        ("tổng hợp từ đầu năm", "2026-01 2026-11", "2025-01 2025-11"),
        ("tổng hợp 6 tháng đầu năm 2023", "2023-01 2023-06", "2022-01 2022-06"),
        ("tổng hợp nửa cuối năm 2025", "2025-07 2025-12", "2025-01 2025-06"),
        ("tổng hợp năm ngoái", "2025-01 2025-12", "2024-01 2024-12"),
        ("tổng hợp 8/2022 đến 6/2023", "2022-08 2023-06", "2021-09 2022-07"),
        ("tổng hợp từ tháng 1 đến tháng 10 năm 2023", "2023-01 2023-10", "2022-01 2022-10"),
        (
            "tổng hợp Đồng Tháp tháng 10 trên Postmart",
            "2026-10 2026-10 82 postmart",
            "2026-09 2026-09 82 postmart",
        ),
        (
            "so sánh Quảng Nam quý này với quý trước",
            "2026-10 2026-12 63/49",
            "2026-07 2026-09 63/49",
        ),
        (
            "so sánh Đồng Tháp với An Giang tháng 10",
            "2026-10 2026-10 82",
            "2026-10 2026-10 91",
        ),
        ("so sánh tháng 6 với tháng 5", "2026-06 2026-06", "2026-05 2026-05"),
        ("tháng 6 so với tháng 6 năm ngoái", "2026-06 2026-06", "2025-06 2025-06"),
        ("so sánh tháng 6 với tháng 6 năm 2024", "2026-06 2026-06", "2024-06 2024-06"),
        ("so sánh tháng 6 với cùng kỳ", "2026-06 2026-06", "2025-06 2025-06"),
        ("tháng 6 so với cùng kỳ năm ngoái", "2026-06 2026-06", "2025-06 2025-06"),
        ("so sánh quý 2 với quý 1 năm 2023", "2023-04 2023-06", "2023-01 2023-03"),
        ("so sánh năm nay với năm ngoái", "2026-01 2026-12", "2025-01 2025-12"),
        ("so sánh tháng 6", "2026-06 2026-06", "2026-05 2026-05"),
        (
            "so sánh Vỏ Sò và Postmart tháng 6",
            "2026-06 2026-06 voso",
            "2026-06 2026-06 postmart",
        ),
        (
            "so sánh Đồng Tháp với cả nước năm 2025",
            "2025-01 2025-12 82",
            "2025-01 2025-12",
        ),
        ("tong hop ba ria vung tau nam 2024", "2024-01 2024-12 63/77", "2023-01 2023-12 63/77"),
        ("tổng hợp Hà Nội tháng 6", "2026-06 2026-06 01", "2026-05 2026-05 01"),
        ("tổng hợp Huế quý 3", "2026-07 2026-09 46", "2026-04 2026-06 46"),
    ],
)
def test_what_is_asked_is_read_with_and_without_marks(words, this, beside):
    found = asked(words)
    assert (said(found.this), said(found.beside)) == (this, beside)


@pytest.mark.parametrize(
    ("words", "of"), [("tổng hợp Đồng Tháp tháng 6/2024", 63), ("tổng hợp tháng 6/2024", 63)]
)
def test_a_time_before_the_merger_is_told_by_the_63(words, of):
    assert asked(words).this.provinces == of


def test_two_times_are_told_of_one_area_even_when_it_was_merged_between_them():
    found = asked("so sánh Đồng Tháp tháng 6/2026 với tháng 6/2024")
    assert found.this.province == found.beside.province == "82"


@pytest.mark.parametrize(
    ("roles", "words", "province", "own"),
    [
        (OFFICER, "tổng hợp tháng 6", "82", True),
        (OFFICER, "tổng hợp Tiền Giang tháng 6", "63/82", True),
        (OFFICER, "tổng hợp An Giang tháng 6", "91", False),
        (OFFICER, "tổng hợp cả nước tháng 6", None, False),
        (COUNTRY, "tổng hợp Đồng Tháp tháng 6", "82", False),
        ((Role("worker", "30226"),), "tổng hợp tháng 6", "82", False),
    ],
)
def test_only_in_ones_own_province_is_nothing_withheld(roles, words, province, own):
    this = asked(words, roles).this
    assert (this.province, this.own) == (province, own)


@pytest.mark.parametrize(
    ("words", "this", "beside"),
    [
        ("so sánh tháng 10 với Đồng Tháp", "2026-10 2026-10 91", "2026-10 2026-10 82"),
        ("so sánh với Đồng Tháp tháng 10", "2026-10 2026-10 91", "2026-10 2026-10 82"),
        ("so sánh tháng 10 với An Giang", "2026-10 2026-10 91", "2026-09 2026-09 91"),
        ("so sánh tháng 10 với tháng 8 Đồng Tháp", "2026-10 2026-10 82", "2026-08 2026-08 82"),
        (
            "so sánh Vỏ Sò và Postmart Đồng Tháp tháng 10",
            "2026-10 2026-10 82 voso",
            "2026-10 2026-10 82 postmart",
        ),
    ],
)
def test_a_month_beside_another_province_is_ones_own_in_that_month(words, this, beside):
    found = asked(words, (Role("officer", "91"),))
    assert (said(found.this), said(found.beside)) == (this, beside)


@pytest.mark.parametrize(
    ("words", "number", "quarter"),
    [
        ("tổng hợp tháng 13", "13", False),
        ("tong hop thang muoi ba", "13", False),
        ("tổng hợp 13/2026", "13", False),
        ("tổng hợp tháng 0", "0", False),
        ("tổng hợp quý 5/2025", "5", True),
    ],
)
def test_a_month_or_quarter_that_no_year_has_is_known_as_such(words, number, quarter):
    period = no_such_period(words)
    assert period is not None
    assert (period.number, period.quarter) == (number, quarter)


@pytest.mark.parametrize(
    "words",
    ["tổng hợp tháng 12", "tổng hợp 13/10/2026", "tổng hợp tháng mười", "tổng hợp quý 4/2025"],
)
def test_months_and_quarters_of_every_year_are_not_refused(words):
    assert no_such_period(words) is None


@pytest.mark.parametrize(
    ("words", "name", "provinces"),
    [
        ("tổng hợp Lai Vung tháng 10", "Lai Vung", ("82",)),
        ("tong hop lai vung thang 10", "lai vung", ("82",)),
        ("tổng hợp xã Lai Vung tháng 10", "Lai Vung", ("82",)),
        ("tổng hợp Năm Căn quý 3", "Năm Căn", ("96",)),
        ("tổng hợp Đà Lạt tháng 10", "Đà Lạt", ("68",)),
        ("so sánh An Giang với Lai Vung tháng 10", "Lai Vung", ("82",)),
        ("tổng hợp Xyz tháng 10", "Xyz", ()),
    ],
)
def test_a_name_that_is_no_province_is_asked_about(words, name, provinces):
    place = asked(words).elsewhere
    assert place is not None
    assert (place.name, place.provinces) == (name, provinces)


@pytest.mark.parametrize(
    "words",
    [
        "Em ơi tổng hợp giúp chị",
        "TỔNG HỢP THÁNG 10",
        "Tổng Hợp Tháng Mười",
        "tổng hợp Đồng Tháp tháng 10",
        "số liệu bán hàng cả nước trên Vỏ Sò",
        "tổng hợp sản phẩm OCOP",
    ],
)
def test_words_of_the_question_are_no_place(words):
    assert asked(words).elsewhere is None


def test_a_place_in_ones_own_province_is_told_by_the_province():
    found = asked("tổng hợp Lai Vung tháng 10", OFFICER)
    assert (found.elsewhere, found.this.province, found.commune) == (None, "82", True)
    assert asked("so sánh Lai Vung với An Giang tháng 10", OFFICER).elsewhere is not None


@pytest.mark.parametrize(
    ("words", "only"),
    [
        ("tổng hợp tháng 10", True),
        ("tổng hợp Quảng Nam tháng 10", True),
        ("so sánh Đồng Tháp với An Giang", True),
        ("bổ sung số liệu của Đồng Tháp", False),
        ("tổng hợp tháng 10 sai", False),
        ("số liệu Đồng Tháp gửi muộn", False),
    ],
)
def test_a_reason_that_speaks_of_figures_is_no_question(words, only):
    assert asks_only_figures(words, ON) is only


def test_months_that_have_not_come_and_days_are_known_as_such():
    assert asked("tổng hợp tháng 1/2027").ahead
    assert asked("tổng hợp quý này").open
    assert asked("số liệu tuần này").partly
    assert not asked("tổng hợp tháng 6").partly
    assert not asked("tổng hợp từ đầu năm").partly


@pytest.mark.parametrize("words", ["bán 5 kg cam 20k", "hôm nay", "mời cán bộ", "đăng tỏi"])
def test_other_words_are_no_question_about_figures(words):
    assert not asks_figures(words)
    assert choice_of_summaries(words) is None


@pytest.mark.parametrize(
    ("words", "choice"),
    [("dừng tổng hợp", False), ("thoi gui tong hop", False), ("nhận lại tổng hợp", True)],
)
def test_a_word_stops_them_and_another_brings_them_back(words, choice):
    assert choice_of_summaries(words) is choice


MONTHS = st.dates(dt.date(2022, 8, 1), dt.date(2030, 12, 31)).map(lambda day: f"{day:%Y-%m}")
PLACES = st.sampled_from([None, "82", "63/49", "01"])


@given(MONTHS, MONTHS, PLACES, st.sampled_from([None, "voso", "postmart"]))
def test_a_question_comes_back_from_its_button_whatever_it_is(start, end, place, platform):
    of_set = 63 if place and "/" in place else 34
    asked_first = Asked(start, end, of_set, place, platform, own=place == "82")
    assert question_of(ref_of(asked_first), OFFICER) == asked_first
    assert len(f"programme.more:{ref_of(asked_first)}") <= 64


@given(st.text(max_size=40))
def test_a_forged_button_asks_nothing(ref):
    assert question_of(ref, OFFICER) is None


@given(st.integers(0, 10**13), st.integers(0, 10**13))
def test_a_difference_says_the_way_and_never_both(now, then):
    change = difference("transactions", now, then)
    assert change.direction == ("same" if now == then else "more" if now > then else "less")
    assert bool(change.by) == (now != then)


@pytest.mark.parametrize(
    ("now", "then", "percent"),
    [
        (1236, 1101, "12,3"),
        (1, 3, "66,7"),
        (5, 0, ""),
        (10**6, 1, ""),
        (100_001, 100_000, ""),
        (1, 9_999, "99,9"),
    ],
)
def test_per_cent_are_of_what_was_before_and_left_out_where_they_say_nothing(now, then, percent):
    assert difference("transactions", now, then).percent == percent


def test_every_way_to_differ_has_words():
    for between in ("time", "place"):
        for told, kind in product(("share", "alone"), ("more", "less")):
            assert text(f"programme.change.{kind}.{told}.{between}")
        assert text(f"programme.change.same.share.{between}")


# The page behind the link


@pytest.fixture
async def services(tmp_path, empty_sqlite):
    shutil.copyfile(empty_sqlite, tmp_path / "links.db")
    url = f"sqlite+aiosqlite:///{tmp_path}/links.db"
    db = await Database.open(url)
    await db.write(_figures)
    await db.write(advance)
    settings = Settings(database_url=url, public_url="http://farm.test")
    yield Services(settings, db, Runner(db, settings, HANDLERS), b"s" * 32)
    await db.close()


def _figures(tx) -> None:
    """One household's sale in Đồng Tháp, one report of An Giang; an officer of Đồng Tháp."""
    sale = {"code": "KX42", "items": (), "total_vnd": 1_234_000, "platform": "voso"}
    day = dt.date(2026, 6, 3)
    append(tx, [fact(SaleLogged, "DT-0001", "sale", ("82", "30226"), date=day, **sale)])
    value = {"indicator": "transactions", "value": 900, "province": "91"}
    at = dt.datetime(2026, 7, 1, tzinfo=dt.UTC)
    june = {"period_from": dt.date(2026, 6, 1), "period_to": dt.date(2026, 6, 30)}
    append(tx, [ReportReceived(id=of("report"), at=at, **value, **june)])
    known(tx, "Hà", appoint(tx, "Hà", "officer", "82"))


async def tapped(services: Services, action: str, place: str = "82") -> str:
    """The address that the tap gives."""
    ref = ref_of(Asked("2026-06", "2026-06", 34, place))
    now = dt.datetime.now(dt.UTC)
    message = Message(f"web:{action}:{place}:{now}", "web", "Hà", now, Tap(f"{action}:{ref}"))
    handled = await services.runner.handle(message, inline="all")
    found = re.search(r"/summaries/[\w.-]+", handled.replies[0].worded.text)
    assert found is not None, handled.replies[0].worded.text
    return found[0]


def browser(services: Services) -> httpx.AsyncClient:
    carrier = httpx.ASGITransport(create_app(services))
    return httpx.AsyncClient(transport=carrier, base_url="http://farm.test")


async def test_the_link_opens_the_figures_and_their_files(services):
    page = await tapped(services, "programme.more")
    async with browser(services) as client:
        shown = await client.get(page)
        assert "Tổng số giao dịch qua sàn là 1 giao dịch" in shown.text
        assert "noindex" in shown.headers["x-robots-tag"]
        pdf = await client.get(await tapped(services, "programme.pdf"))
        xlsx = await client.get(await tapped(services, "programme.xlsx"))
        assert (pdf.content[:4], xlsx.content[:2]) == (b"%PDF", b"PK")
        assert "len-san-2026-06-2026-06.pdf" in pdf.headers["content-disposition"]
        assert (await client.get(f"{page}.exe")).status_code == 404
        assert (await client.get("/summaries/nobody")).status_code == 404


async def test_the_link_is_closed_after_a_day_and_with_the_role(services):
    first, second = [await tapped(services, "programme.more") for _ in range(2)]
    async with browser(services) as client:
        over = update(summary_link).values(expires_at=dt.datetime.now(dt.UTC))
        await services.db.write(lambda tx: tx.execute(over))
        assert (await client.get(first)).status_code == 404
        third = await tapped(services, "programme.more")
        assert (await client.get(third)).status_code == 200
        gone = update(role).values(withdrawn_at=dt.datetime.now(dt.UTC))
        await services.db.write(lambda tx: tx.execute(gone))
        assert (await client.get(third)).status_code == 404
    assert first != second


async def test_who_moves_to_another_province_loses_what_was_withheld_there(services):
    page = await tapped(services, "programme.more")
    other = update(role).values(area="91")
    await services.db.write(lambda tx: tx.execute(other))
    async with browser(services) as client:
        shown = (await client.get(page)).text
    assert "không nêu do số hộ quá ít" in shown
    assert "1,2 triệu" not in shown


async def test_a_household_without_a_role_asks_for_its_own_book(services):
    now = dt.datetime.now(dt.UTC)
    message = Message("web:1", "web", "Ba", now, Text("tổng hợp tháng 6"))
    handled = await services.runner.handle(message, inline="all")
    assert "Tổng hợp tháng 6/2026" not in str(handled.replies)
