"""A report has a state and a history: sent back, its figures go and what stood before counts again."""

from __future__ import annotations

import asyncio
import datetime as dt
import io
import random

import pytest
from blank import empty_database
from chatting import AT, Chats
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from sqlalchemy import select
from villages import appoint, known

from bot import report_news
from bot.report_files import read_report_file
from bot.report_lines import check_lines
from bot.reports import import_reports
from bot.summarise import summarise
from bot.summary import ask
from bot.summary_workbook import summary_xlsx
from domain.report_articles import article_in, same_link
from domain.report_series import Sent, what_stands
from storage.decision_468 import statuses
from storage.rollups import advance, rebuild_check
from storage.schema import article, event, report, submission
from storage.submissions import of_all, of_key

HEAD = "period_from,period_to,indicator,platform,value,province\n"
OCTOBER = "2026-10-01,2026-10-31"


def _officers(tx) -> None:
    for name, area in (("province", "82"), ("country", "vn"), ("other", "vn")):
        known(tx, name, appoint(tx, name, "officer", area))


@pytest.fixture
async def chats(db) -> Chats:
    await db.write(_officers)
    return Chats(db)


@pytest.fixture
async def quick(tmp_path):
    """On SQLite only, where the database makes no difference."""
    opened = await empty_database(tmp_path)
    await opened.write(_officers)
    yield Chats(opened)
    await opened.close()


async def take(db, *lines: str, now=AT, **how: object):
    checked = check_lines(read_report_file((HEAD + "\n".join(lines)).encode()), now.date())
    return await db.write(
        lambda tx: import_reports(tx, checked, now=now, confirmed=True, reporter="Sở", **how)
    )


async def newest(db):
    return (await db.read(lambda conn: of_all(conn, 1)))[0]


async def send_back(chats, which, who="country", reason="wrong_number"):
    return await chats.press(who, f"report.reason:{which.id.hex}/{reason}")


async def counted(db, indicator="courses", start="2026-10", end="2026-10", **asked: object):
    while await db.write(advance):
        pass
    assert await db.read(rebuild_check) == []
    found = await db.read(lambda conn: summarise(conn, ask(start, end, **asked)))
    return found.figure(indicator).value


async def stored(db, kind):
    found = select(event.c.body).where(event.c.type == kind).order_by(event.c.position)
    return [row.body for row in await db.read(lambda tx: tx.execute(found).all())]


# States


async def test_a_clean_report_is_received_checked_and_accepted_at_once(quick):
    await take(quick.db, f"{OCTOBER},courses,,4,82", f"{OCTOBER},articles,,9,82")
    types = ["report_submitted", "report_received", "report_received", "report_checked"]
    found = select(event.c.type).where(event.c.type.like("report%")).order_by(event.c.position)
    kinds = await quick.db.read(lambda tx: tx.execute(found).scalars().all())
    assert kinds == [*types, "report_accepted"]
    (seen,) = await quick.db.read(lambda conn: of_key(conn, "Sở", 5))
    assert (seen.state, seen.lines, seen.who, seen.value) == ("accepted", 2, "Sở", 4)


async def test_what_says_nothing_new_is_no_report(quick):
    await take(quick.db, f"{OCTOBER},courses,,4,82")
    await take(quick.db, f"{OCTOBER},courses,,4,82")
    assert len(await stored(quick.db, "report_submitted")) == 1


# Sent back


async def test_what_was_sent_back_counts_no_longer_and_the_earlier_report_stands_again(chats):
    await take(chats.db, f"{OCTOBER},courses,,4,82")
    await take(chats.db, f"{OCTOBER},courses,,40,82")
    await send_back(chats, await newest(chats.db))
    assert await counted(chats.db) == 4
    (back,) = await stored(chats.db, "report_taken_back")
    assert (back["value"], back["stands"]) == (40, 4)


async def test_without_an_earlier_report_nothing_stands(quick):
    await take(quick.db, f"{OCTOBER},courses,,4,82")
    await send_back(quick, await newest(quick.db))
    assert not await quick.db.read(lambda tx: tx.execute(select(report)).all())
    assert await counted(quick.db) is None
    assert await counted(quick.db, by=["month", "province"]) is None
    await take(quick.db, f"{OCTOBER},courses,,0,01")
    assert await counted(quick.db) == 0


async def test_a_report_that_was_replaced_takes_nothing_away_when_it_is_sent_back(quick):
    await take(quick.db, f"{OCTOBER},courses,,4,82")
    first = await newest(quick.db)
    await take(quick.db, f"{OCTOBER},courses,,5,82", now=AT + dt.timedelta(hours=1))
    await send_back(quick, first)
    assert await counted(quick.db) == 5
    await send_back(quick, await newest(quick.db))
    assert not await counted(quick.db)


async def test_a_stock_sent_back_leaves_the_one_before_until_the_one_after(quick):
    months = [("2026-07-31", 100), ("2026-08-31", 500), ("2026-09-30", 120)]
    for number, (day, value) in enumerate(months):
        line = f"{day[:8]}01,{day},accounts,,{value},82"
        await take(quick.db, line, now=AT + dt.timedelta(minutes=number))
    (_, middle, _) = await quick.db.read(lambda conn: of_all(conn, 3))
    await send_back(quick, middle)
    ends = ("2026-07", "2026-08", "2026-09", "2026-10")
    found = [await counted(quick.db, "accounts", "2026-07", end) for end in ends]
    assert found == [100, 100, 120, 120]


async def test_a_status_sent_back_leaves_what_was_said_of_that_day_before(quick):
    for number, status in enumerate(("studying", "not_assigned")):
        line = f"{OCTOBER},decision_468,,{status},82"
        await take(quick.db, line, now=AT + dt.timedelta(minutes=number))
    await send_back(quick, await newest(quick.db))
    day = dt.date(2026, 10, 31)
    assert (await quick.db.read(lambda conn: statuses(conn, day)))["82"].status == "studying"
    (older,) = [s for s in await quick.db.read(lambda c: of_all(c, 2)) if s.state == "accepted"]
    await send_back(quick, older)
    assert await quick.db.read(lambda conn: statuses(conn, day)) == {}


async def test_what_would_count_days_twice_is_not_sent_back(quick):
    await take(quick.db, "2026-07-01,2026-09-30,courses,,40,82")
    await take(quick.db, "2026-07-01,2026-09-30,courses,,0,82", now=AT + dt.timedelta(minutes=1))
    emptied = await newest(quick.db)
    await take(quick.db, "2026-07-01,2026-07-31,courses,,9,82", now=AT + dt.timedelta(minutes=2))
    assert "trùng ngày" in await send_back(quick, emptied)
    assert await counted(quick.db, "courses", "2026-07", "2026-09") == 9


async def test_in_the_chat_a_province_beside_the_country_is_asked_about_then_taken(quick):
    await take(quick.db, f"{OCTOBER},courses,,90,")
    asked = await quick.say("province", "báo cáo tháng 10 có 12 khóa đào tạo")
    assert "cả nước" in asked
    assert "90" in asked
    assert await counted(quick.db) == 90
    await quick.tap("province", "Đúng số này")
    assert await counted(quick.db) == 102


async def test_only_an_officer_of_the_country_sends_back(quick):
    await take(quick.db, f"{OCTOBER},courses,,4,82")
    which = await newest(quick.db)
    for who in ("province", "nobody"):
        await send_back(quick, which, who)
    assert (await newest(quick.db)).state == "accepted"


async def test_of_two_officers_at_once_the_second_sees_what_the_first_decided(chats):
    await take(chats.db, f"{OCTOBER},courses,,4,82")
    which = await newest(chats.db)
    said = await asyncio.gather(
        send_back(chats, which, "country", "wrong_number"),
        send_back(chats, which, "other", "no_grounds"),
    )
    assert sorted("Đã trả lại:" in one for one in said) == [False, True]
    assert sum("đã trả lại" in one for one in said) == 1
    assert len(await stored(chats.db, "report_sent_back")) == 1
    assert not await counted(chats.db)


async def test_the_reporter_is_told_once(quick):
    await quick.say("province", "báo cáo tháng 10 có 12 khóa đào tạo")
    await quick.tap("province", "Gửi báo cáo")
    await send_back(quick, await newest(quick.db))
    heard = []
    original = quick.runner.handle

    async def handle(message, **how: object):
        heard.append(message)
        return await original(message, **how)

    quick.runner.handle = handle
    for _ in range(2):
        while await report_news.tell_due(quick.db, quick.runner, AT + dt.timedelta(hours=1)):
            pass
    assert [one.sender for one in heard] == ["province"]


async def test_whatever_was_reported_and_sent_back_the_figures_are_those_that_still_stand(quick):
    """Against a naive recount: the last report of each month that was not sent back."""
    dice, kept = random.Random(7), []
    for step in range(40):
        if kept and dice.random() < 0.4:
            gone = kept.pop(dice.randrange(len(kept)))
            await send_back(quick, gone[0])
            continue
        month, value = dice.choice(("08", "09", "10")), dice.randrange(1, 9)
        line = f"2026-{month}-01,2026-{month}-30,courses,,{value},82"
        taken = await take(quick.db, line, now=AT + dt.timedelta(minutes=step))
        if taken.accepted:
            kept.append((await newest(quick.db), month, value))
    last = {month: value for _, month, value in kept}
    assert await counted(quick.db, "courses", "2026-08", "2026-10") == sum(last.values())


@given(
    st.none() | st.integers(0, 9),
    st.lists(st.builds(Sent, st.integers(0, 9), st.booleans()), max_size=6),
)
def test_what_stands_is_the_last_number_and_the_items_after_it(base, sent):
    numbers = [place for place, one in enumerate(sent) if not one.adds]
    begin = numbers[-1] if numbers else -1
    first = sent[begin].value if numbers else base
    items = [one.value for one in sent[begin + 1 :]]
    assert what_stands(base, sent) == (sum(items, first or 0) if items else first)


# News items


async def test_the_same_link_counts_once_however_it_is_written(quick):
    await quick.say("province", "báo cáo tin Quýt hồng https://Bao.vn/quyt/?utm_source=zalo#top")
    await quick.tap("province", "Gửi báo cáo")
    assert "đã có" in await quick.say("country", "báo cáo tin Quýt https://www.bao.vn/quyt")
    assert await counted(quick.db, "articles", "2026-11", "2026-11") == 1
    await send_back(quick, await newest(quick.db))
    assert not await counted(quick.db, "articles", "2026-11", "2026-11")
    await quick.say("province", "báo cáo tin Quýt hồng https://bao.vn/quyt")
    await quick.tap("province", "Gửi báo cáo")
    assert await counted(quick.db, "articles", "2026-11", "2026-11") == 1


async def test_news_items_count_on_top_of_a_number_and_one_that_is_sent_back_takes_one_away(quick):
    await take(quick.db, "2026-11-01,2026-11-30,articles,,10,82", now=AT - dt.timedelta(hours=1))
    items = []
    for name in ("a", "b"):
        await quick.say("province", f"báo cáo tin Tin {name} https://bao.vn/{name}")
        await quick.tap("province", "Gửi báo cáo")
        items.append(await newest(quick.db))
    assert await counted(quick.db, "articles", "2026-11", "2026-11") == 12
    await send_back(quick, items[0])
    assert await counted(quick.db, "articles", "2026-11", "2026-11") == 11


async def test_a_number_below_the_listed_news_items_is_asked_about(quick):
    for name in ("a", "b"):
        await quick.say("province", f"báo cáo tin Tin {name} https://bao.vn/{name}")
        await quick.tap("province", "Gửi báo cáo")
    assert "Đúng số này" in await quick.say("province", "báo cáo 1 tin bài tháng 11")
    kept = await quick.db.read(lambda tx: tx.execute(select(article.c.title)).scalars().all())
    assert kept == ["Tin a", "Tin b"]


async def test_listed_news_items_stand_in_the_summary_of_their_months_and_province(quick):
    await quick.say("province", "báo cáo tin Quýt hồng https://bao.vn/quyt")
    await quick.tap("province", "Gửi báo cáo")
    november = {"here": {"province": "82"}, "all": {}}
    found = {
        name: await quick.db.read(
            lambda conn, asked=asked: summarise(conn, ask("2026-11", "2026-11", **asked))
        )
        for name, asked in november.items()
    }
    for one in found.values():
        assert [(a.title, a.link, a.province.code) for a in one.articles] == [
            ("Quýt hồng", "https://bao.vn/quyt", "82")
        ]
    elsewhere = ask("2026-11", "2026-11", province="01", provinces=34)
    assert (await quick.db.read(lambda conn: summarise(conn, elsewhere))).articles == []
    sheet = load_workbook(io.BytesIO(summary_xlsx(found["all"])))["Tin, bài"]
    assert [cell.value for cell in sheet[2]][3:] == ["Quýt hồng", "https://bao.vn/quyt"]
    await send_back(quick, await newest(quick.db))
    gone = ask("2026-11", "2026-11")
    assert (await quick.db.read(lambda conn: summarise(conn, gone))).articles == []


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("https://bao.vn/a?id=1&x=2", "http://www.bao.vn/a/?x=2&id=1#c", True),
        ("https://bao.vn/a?id=1", "https://bao.vn/a?id=2", False),
        ("https://bao.vn/a", "https://bao.vn/A", False),
    ],
)
def test_which_links_are_the_same(one, other, alike):
    assert (same_link(one) == same_link(other)) is alike


@given(st.text(max_size=200))
def test_any_words_round_a_link_are_read_or_left(words):
    found = article_in(f"{words} https://bao.vn/x ")
    assert found is None or found.link.lower().startswith("http")


# Whose


async def test_an_officer_reports_for_their_own_province_only(quick):
    await quick.say("province", "báo cáo tháng 10 có 12 khóa đào tạo")
    await quick.tap("province", "Gửi báo cáo")
    (kept,) = await stored(quick.db, "report_received")
    assert kept["province"] == "82"
    assert kept["person"]


async def test_no_name_of_a_person_stands_in_what_is_sent_in(quick):
    await quick.say("province", "báo cáo tháng 10 có 12 khóa đào tạo")
    await quick.tap("province", "Gửi báo cáo")
    (row,) = await quick.db.read(lambda tx: tx.execute(select(submission)).all())
    assert (row.sender, row.state) == (None, "accepted")
    assert row.person is not None
