"""Questions to workers and the worker's day: who sees and hears what, on both databases."""

from __future__ import annotations

import asyncio
import datetime as dt
from uuid import uuid4, uuid5

import pytest
from sqlalchemy import Connection, func, select
from villages import HERE, THERE, appoint, fact, known, of, settle

from bot.config import load_settings
from bot.dialogue.message import HelpWords, Message, Tap, Text
from bot.dialogue.worker_queries import WorkerDay
from bot.handlers import HANDLERS
from bot.help_news import tell_due
from bot.language.household_calls import household_called
from bot.language.topics import topic_of
from bot.runner import Runner
from domain.events import ConsentGiven, ConsentWithdrawn
from domain.help import DAY, LONGEST, may_take_over, plain_words
from domain.help_events import HelpRequested
from domain.household import ZONE
from storage import help as threads
from storage import personal, worker_search
from storage.copies import copy_behind, open_copy
from storage.database import Database
from storage.help_letters import open_by_worker
from storage.schema import event, help_message, help_news, help_thread, outbox
from storage.store import append
from storage.worker_day import day_of

NOON = dt.datetime(2026, 11, 21, 12, 0, tzinfo=ZONE)
CODE, OTHER, SIGN = "DT-0001", "DT-0002", "a1b2c3d4e5f6"
COMMUNE, PROVINCE = HERE[1], HERE[0]


def ask(tx: Connection, code: str = CODE, sign: str = SIGN, *, scoped: bool = True) -> None:
    """A question of this household, with a yes to it alone."""
    words = HelpWords(uuid5(of(code), sign), sign, of(code), "household", "mấy giờ mở cửa", NOON)
    personal.keep(tx, of(code, "person"), of(code), [words])
    if scoped:
        yes = {"purpose": "worker", "version": 1, "scope": sign}
        append(tx, [fact(ConsentGiven, code, f"yes {sign}", HERE, at=NOON, **yes)])
    asked = {"help": sign, "topic": "other", "message": words.id}
    append(tx, [fact(HelpRequested, code, f"ask {sign}", HERE, at=NOON, **asked)])


async def village(db: Database) -> None:
    """One household that lets nobody look, one that does, and workers here and there."""

    def made(tx: Connection) -> None:
        settle(tx, CODE, "Tám", agreed=False)
        settle(tx, OTHER, "Lan")
        for who, kind, area in (
            ("here", "worker", COMMUNE),
            ("too", "worker", COMMUNE),
            ("above", "worker", PROVINCE),
            ("officer", "officer", PROVINCE),
            ("reader", "reader", COMMUNE),
            ("there", "worker", THERE[1]),
        ):
            known(tx, who, appoint(tx, who, kind, area))
        known(tx, "farmer", of(CODE, "person"))

    await db.write(made)


def runner_of(db: Database) -> Runner:
    return Runner(db, load_settings({}, None), HANDLERS)


def said(who: str, content: Text | Tap, number: int = 0) -> Message:
    return Message(f"web:{who}:{number}", "web", who, NOON, content)


async def events(db: Database, kind: str) -> int:
    counted = select(func.count()).select_from(event).where(event.c.type == kind)
    return await db.read(lambda tx: tx.execute(counted).scalar_one())


# Who sees a question


async def test_a_question_is_seen_by_those_who_may_answer_in_its_area(db):
    await village(db)
    await db.write(ask)
    people = {who: of(who) for who in ("here", "above", "officer", "reader", "there")}
    people["farmer"] = of(CODE, "person")

    def seeing(tx: Connection) -> tuple[set[str], set[str]]:
        found = {n for n, who in people.items() if threads.to_answer(tx, who, SIGN, locked=False)}
        return found, {n for n, who in people.items() if threads.waiting_for(tx, who, NOON)}

    assert await db.read(seeing) == ({"here", "above", "officer"},) * 2


async def test_without_a_yes_or_after_its_end_nobody_sees_a_question(db):
    await village(db)
    await db.write(lambda tx: ask(tx, scoped=False))
    assert await db.read(lambda tx: threads.waiting_for(tx, of("here"), NOON)) == ()
    await db.write(lambda tx: ask(tx, sign="b1b2c3d4e5f6"))
    assert len(await db.read(lambda tx: threads.waiting_for(tx, of("here"), NOON))) == 1
    gone = fact(ConsentWithdrawn, CODE, "no", HERE, purpose="worker", version=1)
    await db.write(lambda tx: append(tx, [gone]))
    assert await db.read(lambda tx: threads.waiting_for(tx, of("here"), NOON)) == ()


async def test_a_yes_to_one_question_shows_no_other_and_no_household(db):
    await village(db)
    await db.write(ask)
    await db.write(lambda tx: ask(tx, sign="b1b2c3d4e5f6", scoped=False))
    waiting = await db.read(lambda tx: threads.waiting_for(tx, of("here"), NOON))
    assert [one.help for one in waiting] == [SIGN]
    assert await db.read(lambda tx: threads.to_write(tx, of("here"), CODE)) is None
    assert await db.read(lambda tx: worker_search.called(tx, of("here"), "tam")) == ()


async def test_the_commune_is_asked_first_and_the_province_when_it_has_nobody(db):
    await village(db)
    near = await db.read(lambda tx: threads.workers_of(tx, PROVINCE, COMMUNE, uuid4()))
    far = await db.read(lambda tx: threads.workers_of(tx, PROVINCE, "30229", uuid4()))
    assert {who for who, _ in near} == {of("here"), of("too")}
    assert {who for who, _ in far} == {of("above")}


# Who answers


async def test_of_two_workers_who_answer_at_once_one_has_the_question(db):
    await village(db)
    await db.write(ask)
    runner = runner_of(db)
    for who in ("here", "too"):
        await runner.handle(said(who, Tap(f"help.reply:{SIGN}")))
    answers = [runner.handle(said(who, Text("8 giờ sáng"), 1)) for who in ("here", "too")]
    told = await asyncio.gather(*answers)
    texts = [each.replies[0].worded.text for each in told]
    assert await events(db, "help_answered") == 1
    assert sum("đã nhận câu hỏi này" in text for text in texts) == 1


async def test_an_old_button_does_nothing_for_whoever_may_not(db):
    await village(db)
    await db.write(ask)
    runner, shown = runner_of(db), ""
    for who in ("reader", "there", "stranger"):
        for n, action in enumerate(("reply", "call", "pass", "close", "write")):
            ref = OTHER if action == "write" else SIGN
            tapped = await runner.handle(said(who, Tap(f"help.{action}:{ref}"), 2 * n))
            after = await runner.handle(said(who, Text("8 giờ sáng"), 2 * n + 1))
            assert tapped.replies
            shown += "".join(k.worded.text for each in (tapped, after) for k in each.replies)
    assert "Tám" not in shown
    assert "Lan" not in shown
    assert [await events(db, f"help_{kind}") for kind in ("answered", "opened", "closed")] == [
        0
    ] * 3


async def test_news_of_a_question_is_told_once_to_each_however_often_it_is_looked_for(db):
    await village(db)
    await db.write(ask)
    runner = runner_of(db)
    await asyncio.gather(*(tell_due(db, runner, NOON) for _ in range(4)))
    news = select(outbox.c.recipient).where(outbox.c.message.like("news:help:%"))
    told = await db.read(lambda tx: tx.execute(news).scalars().all())
    left = select(func.count()).select_from(help_news).where(help_news.c.told_at.is_(None))
    assert sorted(told) == ["here", "too"]
    assert await db.read(lambda tx: tx.execute(left).scalar_one()) == 0


async def test_at_night_nobody_is_told(db):
    await village(db)
    night = NOON.replace(hour=22)
    words = {"help": SIGN, "topic": "other", "message": uuid4()}
    asked = fact(HelpRequested, CODE, "night", HERE, at=night, **words)
    await db.write(lambda tx: append(tx, [asked]))
    await tell_due(db, runner_of(db), night + dt.timedelta(hours=7))
    untold = select(func.count()).select_from(help_news).where(help_news.c.told_at.is_(None))
    assert await db.read(lambda tx: tx.execute(untold).scalar_one()) == 2


# Writing first


async def test_a_form_sent_twice_is_one_letter(db):
    await village(db)
    once = uuid4()
    write = lambda tx: open_by_worker(tx, of("here"), OTHER, "chào chị", once, NOON)  # noqa: E731
    assert [await db.write(write), await db.write(write)] == ["sent", "sent"]
    assert await events(db, "help_opened") == 1


REFUSED = (
    ("there", OTHER, "chào chị", "unseen"),
    ("reader", OTHER, "chào chị", "unseen"),
    ("here", CODE, "chào chị", "unseen"),
    ("here", "DT-9999", "chào chị", "unseen"),
    ("here", OTHER, " \u202e\n ", "empty"),
    ("here", OTHER, "x" * (LONGEST + 1), "long"),
)


async def test_a_letter_that_may_not_go_leaves_nothing(db):
    await village(db)

    def sent(tx: Connection) -> list[str]:
        return [open_by_worker(tx, of(w), c, text, uuid4(), NOON) for w, c, text, _ in REFUSED]

    kept = select(func.count()).select_from(help_message)
    assert await db.write(sent) == [result for *_, result in REFUSED]
    assert await db.read(lambda tx: tx.execute(kept).scalar_one()) == 0


async def test_words_are_in_the_copy_and_gone_with_the_household(db):
    await village(db)
    await db.write(ask)
    who, home = of(CODE, "person"), of(CODE)
    word = await db.write(lambda tx: open_copy(tx, who, home, NOON))
    copy = await db.read(lambda tx: copy_behind(tx, word, NOON))
    assert [row["text"] for row in copy["help_message"]] == ["mấy giờ mở cửa"]
    await db.write(lambda tx: personal.erase(tx, who, home, ("web", "farmer"), NOON))
    for table in (help_thread, help_message, help_news):
        counted = select(func.count()).select_from(table)
        assert await db.read(lambda tx, c=counted: tx.execute(c).scalar_one()) == 0
    assert await db.read(lambda tx: threads.waiting_for(tx, of("here"), NOON)) == ()


# The day


async def test_the_day_counts_everybody_of_the_area_and_names_who_agreed(db):
    await village(db)
    await db.write(lambda tx: settle(tx, "HN-0001", "Xa", THERE))
    day = await db.read(lambda tx: day_of(tx, of("here"), NOON, WorkerDay(4, 10)))
    named = [task.who.code for task in day.tasks if task.who]
    assert (day.quiet, day.help) == (2, 2)
    assert named == [OTHER]
    assert await db.read(lambda tx: day_of(tx, of("nobody"), NOON, WorkerDay(4, 10))) is None


async def test_a_search_finds_whole_words_within_the_area_only(db):
    await village(db)

    def looked(tx: Connection) -> list[int]:
        words = ("%", "_", "La_", "%an", "' or 1=1 --", "la", "")
        return [len(worker_search.called(tx, of("here"), each)) for each in words]

    def finders(tx: Connection) -> dict[str, tuple[int, int]]:
        people = ("here", "reader", "there", "nobody")
        called = worker_search.called
        return {
            w: (len(called(tx, of(w), "lan")), len(called(tx, of(w), OTHER.lower())))
            for w in people
        }

    assert await db.read(looked) == [0] * 7
    assert await db.read(finders) == {
        "here": (1, 1),
        "reader": (1, 1),
        "there": (0, 0),
        "nobody": (0, 0),
    }


# Words


@pytest.mark.parametrize(
    ("text", "kept"),
    [("a\n b\tc", "a b c"), ("x\u202ey\u200fz", "xyz"), ("  ", ""), ("“Ừ” <b>", "“Ừ” <b>")],
)
def test_words_go_on_as_they_are_but_for_signs_that_are_not_seen(text, kept):
    assert plain_words(text) == kept


def test_a_question_may_be_taken_over_after_a_day_of_waiting_for_the_worker():
    assert may_take_over("worker", NOON, NOON + DAY)
    assert not may_take_over("worker", NOON, NOON + DAY - dt.timedelta(seconds=1))
    assert not may_take_over("household", NOON, NOON + DAY)
    assert not may_take_over(None, NOON, NOON + DAY)


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("lua bi ray nau xit thuoc gi", "pest"),
        ("nhà nước có cho vay mua máy cày không", "loan"),
        ("mưa hoài sao phơi", "weather"),
        ("chuyện khác", "other"),
    ],
)
def test_a_topic_is_that_of_the_longest_phrase_by_its_marks(text, topic):
    assert topic_of(text) == topic


@pytest.mark.parametrize(
    ("text", "called"),
    [
        ("hộ chị Lan", "chị Lan"),
        ("ho DT-0412", "DT-0412"),
        ("dt-0412", "dt-0412"),
        ("0912 345 678", "0912345678"),
        ("hộ", None),
        ("hộ kinh doanh thì cần giấy tờ gì vậy", None),
        ("bán 20 kg cam", None),
        ("hôm nay", None),
    ],
)
def test_a_call_names_a_household_and_nothing_else(text, called):
    assert household_called(text) == called
