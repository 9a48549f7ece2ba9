"""Publishing: what was published stays as it was; later changes stand beside it, with the right reasons."""

import asyncio
import csv
import datetime as dt
import io
import json
import random
from functools import partial
from uuid import uuid4

import pytest
from openpyxl import load_workbook
from sqlalchemy import select
from test_summary import Farm, cell, stored, summary

from bot.commands.door import work
from bot.commands.publishing import WHY
from bot.config import Settings
from bot.publishing import NotPublished, frozen, publish
from bot.runner import Runner
from bot.services import Services
from bot.since_fetched import since_fetched
from bot.summarise import fingerprint, summarise
from bot.summary import ask
from bot.summary_files import summary_csv, summary_json, summary_xlsx
from bot.summary_pdf import _contents
from bot.summary_text import summary_text
from domain.events import SaleCorrected, SaleWithdrawn
from storage.fetched import reader_of
from storage.personal import erase
from storage.publications import latest_publications, publications, published_body
from storage.schema import fetched
from storage.store import append

on_sqlite = pytest.mark.parametrize("url", ["sqlite"], indirect=True)  # both would say the same
JUNE = ("2026-06", "2026-06")
DAY = dt.date(2026, 6, 10)
PUBLISHED_AT = dt.datetime(2026, 7, 5, 2, tzinfo=dt.UTC)
REPORT = "2026-06-01,2026-06-30,transactions,postmart,{value},\n"


async def published(db, *, at=PUBLISHED_AT, reason=None, min_cell=1, months=JUNE):
    question = ask(*months)
    return await db.write(
        lambda tx: publish(tx, question, now=at, reason=reason, min_cell=min_cell)
    )


def corrected(farm, sale, total):
    before = {name: getattr(sale, name) for name in ("total_vnd", "date", "platform", "evidence")}
    fields = {"code": sale.code, "items": sale.items, "date": sale.date, "platform": sale.platform}
    place = {"province": sale.province, "commune": sale.commune}
    return farm.fact(SaleCorrected, total_vnd=total, before=before | place, **fields)


def struck(farm, sale):
    return farm.fact(
        SaleWithdrawn,
        code=sale.code,
        total_vnd=-sale.total_vnd,
        date=sale.date,
        platform=sale.platform,
        evidence=sale.evidence,
    )


def changed(found, indicator, platform=None, province=None):
    (change,) = [
        one
        for one in found.changes
        if (one.indicator, one.platform) == (indicator, platform)
        and (one.province and one.province.name) == province
    ]
    return change


def why(change):
    return {one.cause: (one.amount, one.events) for one in change.causes}


async def test_late_sales_and_a_replaced_report_stand_beside_what_was_published(db):
    """Publish, then log late sales, correct one and replace a report: figure, revision, right reasons."""
    farm = Farm()
    sales = [farm.sale(day=DAY) for _ in range(3)]
    await stored(db, farm.registered(), *sales, reports=REPORT.format(value=1000))
    await published(db)
    late = [farm.sale(day=DAY, total=700_000) for _ in range(4)]
    await stored(db, *late, corrected(farm, sales[0], 400_000), struck(farm, sales[1]))
    await stored(db, reports=REPORT.format(value=1020))
    found = await summary(db, *JUNE)
    change = changed(found, "transactions")
    assert (change.published, change.now, change.difference) == (1003, 1026, 23)
    assert why(change) == {
        "sale_logged": (4, 4),
        "sale_withdrawn": (-1, 1),
        "sale_corrected": (0, 1),
        "report_replaced": (20, 1),
    }
    assert why(changed(found, "value", "postmart")) == {
        "sale_logged": (2_800_000, 4),
        "sale_withdrawn": (-500_000, 1),
        "sale_corrected": (-100_000, 1),
    }
    text = summary_text(found)
    assert "Số liệu kỳ này đã công bố ngày 05/07/2026." in text
    assert (
        "Từ khi công bố 05/07/2026: giao dịch 1.003 → 1.026 (+23): 4 lượt bán ghi muộn (+4), "
        "1 lượt gạch bỏ (−1), 1 báo cáo thay báo cáo trước (+20)"
    ) in text
    assert (
        "giá trị giao dịch 1.500.000 đ → 3.700.000 đ (+2.200.000 đ): 4 lượt bán ghi muộn "
        "(+2.800.000 đ), 1 lượt gạch bỏ (−500.000 đ), 1 lượt sửa (−100.000 đ)"
    ) in text
    assert "\n  trong đó Postmart 1.003 → 1.026 (+23): 4 lượt bán ghi muộn (+4)" in text
    assert cell(found, "transactions").value == 1026


@on_sqlite
async def test_what_a_publication_does_not_tell_apart_is_not_called_unchanged(db):
    farm = Farm()
    await stored(db, farm.registered(), farm.sale(day=DAY))
    await published(db)
    await stored(db, farm.sale(day=DAY))
    old = summary_text(await summary(db, *JUNE, provinces=63, province="Đồng Tháp"))
    assert "Bản công bố 05/07/2026 không nêu riêng phạm vi này nên không so được." in old
    assert "không có thay đổi" not in old
    new = summary_text(await summary(db, *JUNE, province="Đồng Tháp"))
    assert "giao dịch 1 → 2 (+1): 1 lượt bán ghi muộn (+1)" in new


@on_sqlite
async def test_every_format_says_what_was_published_what_changed_and_why(db):
    farm = Farm()
    await stored(db, farm.registered(), farm.sale(day=DAY))
    await published(db)
    await stored(db, *(farm.sale(day=DAY, total=900_000) for _ in range(2)))
    found = await summary(db, *JUNE)
    rows = list(csv.DictReader(io.StringIO(summary_csv(found).removeprefix("\ufeff"))))
    (row,) = [r for r in rows if (r["indicator"], r["platform"]) == ("value", "")]
    told = [row[name] for name in ("published", "published_revision", "difference", "causes")]
    assert told == ["500000", "1", "1800000", "sale_logged +1800000 (2)"]
    book = load_workbook(io.BytesIO(summary_xlsx(found)))
    heading, *cells = book["Thay đổi sau công bố"].iter_rows(values_only=True)
    kept = dict(zip(heading, next(c for c in cells if c[0] == "value"), strict=True))
    assert [kept[name] for name in ("published", "now", "cause_amount", "cause_events")] == [
        *(500_000, 2_300_000, 1_800_000, 2),
    ]
    line = (
        "Từ khi công bố 05/07/2026: giá trị giao dịch 500.000 đ → 2.300.000 đ (+1.800.000 đ): "
        "2 lượt bán ghi muộn (+1.800.000 đ)"
    )
    assert line in summary_text(found)
    assert [line, False] in _contents(found)["changed"]
    body = json.loads(summary_json(found))
    (change,) = [c for c in body["changes"] if (c["indicator"], c["platform"]) == ("value", None)]
    assert (change["published"], change["now"]) == (500_000, 2_300_000)


async def test_what_was_published_is_read_again_as_it_was(db):
    farm = Farm()
    await stored(db, farm.registered(), farm.sale(day=DAY), reports=REPORT.format(value=9))
    asked = {"by": ["province", "platform"]}
    before = await summary(db, *JUNE, **asked)
    event = await published(db)
    await stored(db, farm.sale(day=DAY))
    body = await db.read(lambda conn: published_body(conn, event.id))
    again = frozen(body)
    assert again == before
    assert again.figures == before.figures
    assert summary_text(again) == summary_text(before)


async def test_the_same_months_are_published_again_only_with_a_reason_and_all_stay(db):
    farm = Farm()
    await stored(db, farm.registered(), farm.sale(day=DAY))
    first = await published(db)
    with pytest.raises(NotPublished, match="same"):
        await published(db, reason="bổ sung")
    await stored(db, farm.sale(day=DAY))
    with pytest.raises(NotPublished, match="reason"):
        await published(db)
    with pytest.raises(NotPublished, match="reason"):
        await published(db, reason="  ")
    second = await published(db, reason="bổ sung lượt bán", at=PUBLISHED_AT + dt.timedelta(days=9))
    every = await db.read(lambda conn: publications(conn, *JUNE))
    assert [(one.event, one.revision) for one in every] == [(first.id, 1), (second.id, 2)]
    found = await summary(db, *JUNE)
    assert found.published.revision == 2
    assert not found.changes
    text = summary_text(found)
    assert "Lần 1: ngày 05/07/2026." in text
    assert "công bố lần 2 ngày 14/07/2026, lý do: bổ sung lượt bán." in text
    assert "Từ khi công bố 14/07/2026: không có thay đổi." in text


async def test_two_who_publish_at_once_make_one_publication(db):
    farm = Farm()
    await stored(db, farm.registered(), farm.sale(day=DAY))
    both = await asyncio.gather(published(db), published(db), return_exceptions=True)
    assert sorted(str(one) for one in both if isinstance(one, NotPublished)) == ["same"]
    assert len(await db.read(lambda conn: publications(conn, *JUNE))) == 1


async def test_an_event_that_nobody_has_counted_yet_is_in_what_is_published(db):
    farm = Farm()
    await stored(db, farm.registered(), farm.sale(day=DAY))
    await db.write(lambda tx: append(tx, [farm.sale(day=DAY)]))
    fact = await published(db)
    (sold,) = [
        one.value
        for one in fact.figures
        if one.indicator == "transactions" and one.province is None and one.platform is None
    ]
    assert sold == 2
    assert (await summary(db, *JUNE)).figure("transactions").value == 2


@on_sqlite
async def test_months_that_are_not_over_and_months_without_figures_are_not_published(db):
    farm = Farm()
    await stored(db, farm.registered(), farm.sale(day=DAY))
    with pytest.raises(NotPublished, match="early"):
        await published(db, at=dt.datetime(2026, 6, 30, 16, tzinfo=dt.UTC))
    with pytest.raises(NotPublished, match="empty"):
        await published(db, months=("2026-03", "2026-03"))
    assert not await db.read(lambda conn: latest_publications(conn, 5))


@on_sqlite
async def test_other_months_know_nothing_of_a_publication(db):
    farm = Farm()
    await stored(db, farm.registered(), farm.sale(day=DAY))
    await published(db)
    assert (await summary(db, "2026-05", "2026-06")).published is None
    assert (await summary(db, *JUNE, by=["month"])).published is not None


async def test_a_publication_changes_what_has_been_fetched_at_once(db):
    farm = Farm()
    await stored(db, farm.registered(), farm.sale(day=DAY))
    before = await db.read(lambda conn: fingerprint(conn, ask(*JUNE)))
    await published(db)
    assert await db.read(lambda conn: fingerprint(conn, ask(*JUNE))) != before


@on_sqlite
async def test_few_households_are_told_neither_then_nor_now_nor_by_the_difference(db):
    """A cell withheld at publication is not compared; kinds of few events are told together."""
    many = [Farm() for _ in range(9)]
    others = [Farm("48", "20194") for _ in range(6)]  # the second cell, so that nobody subtracts
    one = Farm("01", "00004")
    farms = (*many, *others, one)
    await stored(db, *(f.registered() for f in farms), *(f.sale(day=DAY) for f in farms))
    event = await published(db, min_cell=5)
    hidden = [f for f in event.figures if f.province == "01"]
    assert hidden
    assert all(f.withheld and f.value is None for f in hidden)
    sale = many[0].sale(day=DAY, total=900_000)
    await stored(db, sale, one.sale(day=DAY), corrected(many[1], sale, 800_000))
    found = await summary(db, *JUNE, min_cell=5, by=["province", "platform"])
    assert {c.province.name for c in found.changes if c.province} == {"Đồng Tháp"}
    assert [c.cause for c in changed(found, "transactions", province="Đồng Tháp").causes] == ["few"]
    own = ask(*JUNE, province="01")
    seen = await db.read(lambda conn: summarise(conn, own, 5))
    assert not seen.changes
    assert all(cell.value is None for cell in seen.published.figures if cell.indicator == "value")


async def test_the_reasons_add_up_to_the_difference_in_every_cell(db):
    """Whatever came after the publication, in every province and platform, to the last đồng."""
    chance = random.Random(7)
    farms = [Farm(*place) for place in (("82", "30226"), ("01", "00004"), ("48", "20194"))]
    sales = []

    def any_event():
        farm = chance.choice(farms)
        mine = [sale for sale in sales if sale.household == farm.id]
        kind = chance.random()
        if not mine or kind < 0.6:
            platform = chance.choice(["voso", "postmart", "offline"])
            day = dt.date(2026, chance.choice([5, 6, 7]), chance.randint(1, 28))
            sale = farm.sale(day=day, platform=platform, total=chance.randint(1, 10**7))
            sales.append(sale)
            return sale
        sale = sales.pop(sales.index(chance.choice(mine)))
        return struck(farm, sale) if kind < 0.8 else corrected(farm, sale, chance.randint(1, 10**7))

    await stored(db, *(farm.registered() for farm in farms), *(any_event() for _ in range(80)))
    months = ("2026-05", "2026-06")
    await published(db, months=months)
    await stored(db, *(any_event() for _ in range(120)), reports=REPORT.format(value=7))
    for provinces in (34, 63):
        found = await summary(db, *months, by=["province", "platform"], provinces=provinces)
        assert found.changes
        for change in found.changes:
            assert change.difference == (change.now or 0) - (change.published or 0)
            if change.indicator != "value_per_transaction":
                assert sum(c.amount for c in change.causes) == change.difference
    assert {c.province.name for c in found.changes if c.province} == set()


@on_sqlite
async def test_what_somebody_has_seen_goes_with_them(db):
    farm = Farm()
    await stored(db, farm.registered(), farm.sale(day=DAY))
    officer, other = uuid4(), uuid4()

    def looks(tx, who):
        found = summarise(tx, ask(*JUNE))
        _, look = since_fetched(tx, reader_of(who), ask(*JUNE), found, PUBLISHED_AT)
        look.keep(tx)

    for who in (officer, other):
        await db.write(partial(looks, who=who))
    await db.write(lambda tx: erase(tx, officer, None, ("console", "x"), PUBLISHED_AT))
    left = await db.read(lambda conn: conn.scalars(select(fetched.c.reader)).all())
    assert left == [reader_of(other)]


# The command


class Heard:
    """What a command says."""

    def __init__(self) -> None:
        self.lines, self.problems = [], []

    def say(self, line):
        self.lines.append(line)

    def problem(self, line):
        self.problems.append(line)

    def progress(self, line):
        pass


@on_sqlite
async def test_the_command_publishes_and_names_the_publication(db):
    chosen = Settings(database_url="sqlite+aiosqlite:///nowhere.db")
    services = Services(chosen, db, Runner(db, chosen, []), b"s" * 32)
    farm = Farm()
    await stored(db, farm.registered(), farm.sale(day=DAY))

    async def lensan(**given: str):
        heard = Heard()
        asked = {"from": "2026-06", "to": "2026-06", "provinces": None, "note": None, **given}
        code = await work(services, "publish", asked, heard)
        return code, heard.lines, heard.problems

    assert await lensan() == (0, ["2026-06_2026-06_1"], [])
    assert (await lensan())[0] == 1
    await stored(db, farm.sale(day=DAY))
    code, _, problems = await lensan()
    assert (code, problems) == (1, [WHY["reason"]])
    assert await lensan(note="bổ sung") == (0, ["2026-06_2026-06_2"], [])
    assert (await lensan(to="2026-13"))[2] == ["--to: must be a month like 2023-06"]
    assert (await lensan(to="2999-01"))[0] == 1
