"""Pages of officers: who may look, what is withheld from whom, every number the summary's own."""

from __future__ import annotations

import datetime as dt
import re
import shutil
from functools import partial

import pytest
from programme import FEW, SEVERAL, SIZES, fill_programme, selling, today
from test_worker_pages import browser, services, signed
from villages import THERE, appoint

from bot.month_chart import ON_PAGE
from bot.publishing import publish
from bot.summarise import summarise
from bot.summary import ask
from bot.summary_files import FORMATS
from storage import sign_ins
from storage.rollups import advance
from web.periods import Period, choices, last_month, last_year, read_month

__all__ = ["browser", "services"]

PAGES = [
    *("/ministry/", "/ministry/provinces", "/ministry/trends", "/ministry/coverage"),
    *("/ministry/revisions", "/ministry/events", "/ministry/downloads"),
]
COUNTRY, HERE, COMMUNE = "vn", "82", "30226"


@pytest.fixture(scope="module")
def filled(empty_sqlite, tmp_path_factory):
    """The figures are the same on both databases (`test_summary`); the pages read the summary only."""
    import asyncio

    from storage.database import Database

    file = tmp_path_factory.mktemp("ministry") / "filled.db"
    shutil.copyfile(empty_sqlite, file)

    async def fill():
        db = await Database.open(f"sqlite+aiosqlite:///{file}")
        await db.write(fill_programme)
        await db.close()

    asyncio.run(fill())
    return file


@pytest.fixture
def url(filled, tmp_path) -> str:
    shutil.copyfile(filled, tmp_path / "ministry.db")
    return f"sqlite+aiosqlite:///{tmp_path}/ministry.db"


async def somebody(services, browser, area, kind="officer"):
    who = await services.db.write(partial(appoint, who=f"{kind} {area}", kind=kind, area=area))
    return await signed(services, browser(), who)


async def shown(client, path, **asked: str):
    answer = await client.get(path, params=asked)
    assert answer.status_code == 200, answer.text
    return answer.text


def row_of(page, name):
    """The cells of a table's row, by the name that it begins with."""
    rows = re.findall(r"<tr><th scope=\"row\">(.*?)</tr>", page, re.DOTALL)
    (row,) = [row for row in rows if re.sub("<.*?>", "", row.split("</th>")[0]) == name]
    return re.findall(r"<td[^>]*>(.*?)</td>", row)


def cards_of(page):
    """Name -> number."""
    found = re.findall(r'<p class="(?:sum|where)">(.*?)</p><h2>(.*?)</h2>', page)
    return {name: number for number, name in found}


# Who may look


@pytest.mark.parametrize("path", [*PAGES, "/ministry/download"])
async def test_nobody_sees_officers_pages_without_a_link(services, browser, path):
    async with browser() as client:
        assert (await client.get(path)).status_code == 401


@pytest.mark.parametrize("kind", ["worker", "officer", "reader"])
@pytest.mark.parametrize("path", [*PAGES, "/ministry/download"])
async def test_a_commune_has_no_pages_of_figures(services, browser, path, kind):
    client = await somebody(services, browser, COMMUNE, kind)
    refused = await client.get(path)
    assert refused.status_code == 403
    assert "cán bộ tỉnh, trung ương" in refused.text


@pytest.mark.parametrize(
    ("area", "home"), [(COUNTRY, "/ministry/"), (HERE, "/ministry/"), (COMMUNE, "/worker/")]
)
async def test_the_link_leads_officers_to_the_figures_and_workers_to_their_households(
    services, browser, area, home
):
    who = await services.db.write(partial(appoint, who="Vụ", kind="officer", area=area))
    word = await services.db.write(lambda tx: sign_ins.new_link(tx, who, dt.datetime.now(dt.UTC)))
    client = browser()
    asked = await client.get(f"/worker/in/{word}")
    token = re.findall(r'name="token" value="([0-9a-f]+)"', asked.text)[-1]
    entered = await client.post(f"/worker/in/{word}", data={"token": token})
    assert entered.headers["location"] == home
    assert (await client.get(home)).status_code == 200


async def test_the_open_page_leads_only_officers_to_theirs(services, browser):
    client = await somebody(services, browser, COUNTRY)
    assert 'href="/ministry/"' in await shown(client, "/ministry")
    assert 'href="/ministry/"' not in await shown(browser(), "/ministry")
    assert "trang cán bộ" in await shown(browser(), "/ministry")


async def test_no_other_page_is_sent_the_officers_cookie(services, browser):
    client = await somebody(services, browser, COUNTRY)
    given = [one for one in client.cookies.jar if one.name == "worker"]
    assert {one.path for one in given} == {"/worker", "/ministry"}
    assert all(one.has_nonstandard_attr("HttpOnly") for one in given)


async def test_signing_out_closes_both_doors(services, browser):
    client = await somebody(services, browser, COUNTRY)
    token = re.findall(r'name="token" value="([0-9a-f]+)"', await shown(client, "/ministry/"))[-1]
    await client.post("/worker/out", data={"token": token})
    assert (await client.get("/ministry/")).status_code == 401
    assert (await client.get("/worker/")).status_code == 401
    assert not [one for one in client.cookies.jar if one.name == "worker"]


# What stands there


async def test_every_number_of_a_page_is_the_summarys(services, browser):
    client = await somebody(services, browser, COUNTRY)
    page = cards_of(await shown(client, "/ministry/"))
    month = last_month(today()).start
    found = await services.db.read(partial(summarise, question=ask(month, month)))
    wholes = [one for one in found.figures if one.platform is None]
    assert page == {found.definitions[w.indicator].name: w.display for w in wholes}
    assert len(page) == 8


async def test_a_month_is_compared_with_the_one_before(services, browser):
    client = await somebody(services, browser, COUNTRY)
    month = last_month(today())
    now, before = [
        (await services.db.read(partial(summarise, question=ask(p.start, p.end)))).figure("courses")
        for p in (month, month.before)
    ]
    assert (now.value, before.value) == (len(SIZES) * 4, len(SIZES) * 4)
    assert "bằng tháng trước" in await shown(client, "/ministry/")


async def test_a_month_that_is_not_over_is_not_compared(services, browser):
    """A few days would always be less than a whole month."""
    client = await somebody(services, browser, COUNTRY)
    page = await shown(client, "/ministry/", **{"from": f"{today():%Y-%m}"})
    assert "kỳ chưa hết" in page
    assert "tháng trước" not in page


async def test_few_households_are_withheld_from_everybody_but_their_own_province(services, browser):
    country = await somebody(services, browser, COUNTRY)
    own = await somebody(services, browser, HERE)
    other = await somebody(services, browser, "01")
    name = "Giao dịch qua sàn"
    for client in (country, other):
        assert cards_of(await shown(client, "/ministry/", province="Đồng Tháp"))[name] == "&lt;5"
        assert "&lt;5" in row_of(await shown(client, "/ministry/provinces"), "Đồng Tháp")
    assert cards_of(await shown(own, "/ministry/"))[name] not in ("&lt;5", "")
    assert "&lt;5" in row_of(await shown(own, "/ministry/provinces"), "Đồng Tháp")
    assert "Cả nước" in await shown(own, "/ministry/", province="")


async def test_a_download_withholds_the_same(services, browser):
    country = await somebody(services, browser, COUNTRY)
    own = await somebody(services, browser, HERE)
    asked = {"province": "Đồng Tháp", "format": "csv"}
    hidden, seen = [await shown(c, "/ministry/download", **asked) for c in (country, own)]
    assert "<5" in hidden
    assert "<5" not in seen


async def test_provinces_are_sorted_by_what_is_asked(services, browser):
    client = await somebody(services, browser, COUNTRY)
    page = await shown(client, "/ministry/provinces", of="accounts", sort="most")
    table = page[page.index("<tbody>") :]
    names = [re.sub("<.*?>", "", n) for n in re.findall(r'<th scope="row">(.*?)</th>', table)]
    assert names[:2] == ["Đắk Lắk", "Hà Nội"]
    assert names[-1] == "Cả nước"
    assert len(names) == 35


async def test_the_map_says_every_province_and_its_figure(services, browser):
    client = await somebody(services, browser, COUNTRY)
    page = await shown(client, "/ministry/provinces", provinces="63", of="courses")
    assert len(re.findall(r'<a href="/ministry/\?[^"]*" aria-label="', page)) == 63
    assert 'aria-label="Cần Thơ: 4"' in await shown(client, "/ministry/provinces", of="courses")


async def test_months_that_are_not_over_are_told_from_those_that_are(services, browser):
    client = await somebody(services, browser, COUNTRY)
    over, page = await shown(client, "/ministry/"), await shown(client, "/ministry/trends")
    assert "kỳ chưa hết" not in over
    assert "kỳ chưa hết" in page
    assert ON_PAGE["leaf"] in page


async def test_an_address_that_is_not_understood_shows_the_usual_period_and_says_so(
    services, browser
):
    client = await somebody(services, browser, COUNTRY)
    for asked in (
        {"from": "2026-13"},
        {"from": "x'\"<b>"},
        {"from": "2026-05", "to": "2025-01"},
        {"province": "Atlantis\0"},
        {"platform": "ebay"},
        {"provinces": "35"},
        {"province": "Quảng Nam", "provinces": "34"},
    ):
        for path in PAGES:
            page = await shown(client, path, **asked)
            assert "Chưa hiểu lựa chọn" in page or path.endswith("trends"), (path, asked)
            assert "'\"<b>" not in page


@pytest.mark.parametrize("shape", sorted(FORMATS))
async def test_every_format_can_be_taken_with_its_own_name(services, browser, shape):
    client = await somebody(services, browser, COUNTRY)
    asked = {"format": shape, "by": ["month", "platform"]}
    taken = await client.get("/ministry/download", params=asked)
    assert taken.status_code == 200
    assert taken.headers["content-type"].split(";")[0] == FORMATS[shape][1].split(";")[0]
    assert re.search(
        r'attachment; filename="len-san-\d{4}-\d\d-\d{4}-\d\d\.[\w.]+"',
        taken.headers["content-disposition"],
    )
    assert taken.content


async def test_a_format_that_there_is_not_is_not_found(services, browser):
    client = await somebody(services, browser, COUNTRY)
    assert (await client.get("/ministry/download", params={"format": "doc"})).status_code == 404


async def test_coverage_names_who_has_reported_and_who_has_not(services, browser):
    client = await somebody(services, browser, COUNTRY)
    page = await shown(client, "/ministry/coverage")
    assert f'<p class="sum">{len(SIZES)}/34</p><h2>Giao dịch qua sàn</h2>' in page
    assert f"{34 - len(SIZES)} nơi chưa báo cáo" in page
    own = await somebody(services, browser, HERE)
    assert '<p class="sum">1/1</p><h2>Giao dịch qua sàn</h2>' in await shown(
        own, "/ministry/coverage"
    )


async def test_behind_a_figure_stand_counts_of_events_that_add_up_to_it(services, browser):
    client = await somebody(services, browser, COUNTRY)
    page = await shown(client, "/ministry/events", indicator="transactions")
    (sold, reported) = re.findall(
        r'<td class="number">([\d.]+)</td><td class="number">\+([\d.]+)</td>', page
    )
    assert sold == (str(FEW + SEVERAL), str(FEW + SEVERAL))
    whole = re.findall(r"<b>([\d.]+)</b>", page)[-1]
    assert int(whole.replace(".", "")) == FEW + SEVERAL + int(reported[1].replace(".", ""))
    assert (await client.get("/ministry/events", params={"indicator": "x"})).status_code == 404


async def test_what_is_behind_a_withheld_figure_is_withheld(services, browser):
    country, own = [await somebody(services, browser, area) for area in (COUNTRY, HERE)]
    asked = {"indicator": "value", "province": "Đồng Tháp"}
    hidden, seen = [await shown(c, "/ministry/events", **asked) for c in (country, own)]
    assert "Không nêu" in hidden
    assert "<table>" not in hidden
    assert "<table>" in seen


async def test_a_publication_stands_beside_what_changed_since(services, browser):
    """On the page of everybody, too; before one there is, the figures are called running ones."""
    client = await somebody(services, browser, COUNTRY)
    assert "chưa công bố" in await shown(client, "/ministry/revisions")
    open_page = await shown(browser(), "/ministry")
    assert "Số đang ghi nhận, chưa công bố" in open_page
    assert "Công bố lần" not in open_page
    month = last_month(today())
    now = dt.datetime.now(dt.UTC)
    await services.db.write(partial(publish, question=ask(month.start, month.start), now=now))
    await settled(services)
    then = await shown(client, "/ministry/revisions")
    assert "đúng như đã công bố" in then
    await services.db.write(partial(selling, code="QC-0001", place=THERE))
    await settled(services)
    for page in (await shown(client, "/ministry/revisions"), await shown(browser(), "/ministry")):
        assert "ghi muộn" in page
        assert month.name in page
    assert "+1</p><h3>Giao dịch qua sàn</h3>" in await shown(client, "/ministry/revisions")
    for file in set(
        re.findall(r'href="(/api/v1/published/[^"]+)', await shown(browser(), "/ministry"))
    ):
        assert (await browser().get(file.replace("&amp;", "&"))).status_code == 200, file


async def test_the_same_question_is_answered_anew_once_something_was_counted(services, browser):
    client = await somebody(services, browser, COUNTRY)
    name = "Giao dịch qua sàn"
    first = cards_of(await shown(client, "/ministry/"))[name]
    assert cards_of(await shown(client, "/ministry/"))[name] == first
    await services.db.write(partial(selling, code="QC-0001", place=THERE))
    await settled(services)
    second = cards_of(await shown(client, "/ministry/"))[name]
    assert int(second.replace(".", "")) == int(first.replace(".", "")) + 1


async def settled(services):
    while await services.db.write(advance):
        pass


async def test_pages_have_no_style_or_script_in_them(services, browser):
    client = await somebody(services, browser, COUNTRY)
    for path in PAGES:
        page = await shown(client, path)
        assert " style=" not in page
        assert "<script" not in page


# Periods

NOVEMBER = dt.date(2026, 11, 22)


def test_the_offered_periods_are_those_that_officers_name():
    assert [one.name for one in choices(NOVEMBER)] == [
        "Tháng 11/2026",
        "Tháng 10/2026",
        "Quý IV/2026",
        "Quý III/2026",
        "Năm 2026",
        "Năm 2025",
        "Tháng 8/2022 đến tháng 11/2026",
    ]


@pytest.mark.parametrize(
    ("start", "end", "kind", "before"),
    [
        ("2026-01", "2026-01", "month", ("2025-12", "2025-12")),
        ("2026-01", "2026-03", "quarter", ("2025-10", "2025-12")),
        ("2026-02", "2026-04", "range", ("2025-11", "2026-01")),
        ("2026-01", "2026-12", "year", ("2025-01", "2025-12")),
        ("2022-08", "2022-08", "month", None),
        ("2022-09", "2022-10", "range", None),
    ],
)
def test_the_period_before_is_as_long_and_lies_in_the_series(start, end, kind, before):
    period = Period(start, end)
    assert period.kind == kind
    assert period.before == (Period(*before) if before else None)
    assert before is None or period.before.after == period


@pytest.mark.parametrize(
    ("said", "month"),
    [("2026-10", "2026-10"), ("10/2026", "2026-10"), ("3-2026", "2026-03"), ("10.2026", "10.2026")],
)
def test_a_month_is_read_as_browsers_and_hands_write_it(said, month):
    assert read_month(said) == month


def test_a_year_of_trends_ends_with_this_month():
    assert last_year(NOVEMBER) == Period("2025-12", "2026-11")
