"""Messages answered side by side, for one commit, leave what they leave one after the other."""

from __future__ import annotations

import asyncio
import datetime as dt
import threading
from dataclasses import replace

import pytest
from blank import empty_database
from sqlalchemy import select, update

from bot.config import Settings
from bot.dialogue.handler import Handler
from bot.dialogue.message import Message, Tap, Text
from bot.handlers import HANDLERS
from bot.runner import Runner
from domain.household import ZONE
from storage import store
from storage.picture import Pictures
from storage.schema import entry, event, household, month_total, person
from storage.store import load

START = dt.datetime(2026, 11, 29, 8, 0, tzinfo=ZONE)
FIRST = ["alo", "đồng ý", "cô Ba", "lai vung dong thap"]
PEOPLE = [f"p{n}" for n in range(8)]
TALK = [
    "bán 20 ký cam sành 25k cho chị Lan",
    "lưu",
    "hôm qua bán 5 ký quýt hồng 30k",
    "giá 27 chứ không phải 30",
    "lưu",
    "tháng này bán được bao nhiêu",
    "bán 3 ký cam 26k",
    "thôi",
]


class Village:
    """People who all write to one runner, alone or in the company of each other."""

    def __init__(self, db, handlers=HANDLERS) -> None:
        self.db = db
        self.runner = Runner(db, Settings(), handlers)

    async def alone(self, messages: list[Message]) -> list:
        return [await self.runner.handle(message) for message in messages]

    async def in_company(self, messages: list[Message]) -> list:
        """They wait together: the writer is held until all of them are there."""
        gate = threading.Event()
        held = asyncio.create_task(self.db.write(lambda _: gate.wait(30)))
        await asyncio.sleep(0)
        handling = [asyncio.create_task(self.runner.handle(one)) for one in messages]
        await asyncio.sleep(0)
        gate.set()
        await held
        return list(await asyncio.gather(*handling))

    async def left(self) -> list:
        """What stands in the tables that turns write; households by their code."""
        rows = [
            select(event.c.type, event.c.at, event.c.body).order_by(event.c.id),
            select(household.c.code, household.c.codes, household.c.buyer_count),
            select(entry).order_by(entry.c.code),
            select(month_total).order_by(month_total.c.household),
        ]
        return await self.db.read(lambda c: [c.execute(one).all() for one in rows])


def said(number: int, who: str, text: str) -> Message:
    at = START + dt.timedelta(minutes=number)
    return Message(f"{who}:{number}", "test", who, at, Text(text))


def tapped(number: int, who: str, button: str) -> Message:
    return replace(said(number, who, ""), content=Tap(button))


@pytest.fixture
async def sqlite(tmp_path):
    db = await empty_database(tmp_path)
    yield db
    await db.close()


async def test_in_company_and_alone_they_leave_the_same(tmp_path):
    """Everybody registers, sells, corrects and asks; two messages of one person are among those that wait."""
    rounds = [[said(n, who, text) for who in PEOPLE] for n, text in enumerate([*FIRST, *TALK])]
    doubled = [a + b for a, b in zip(rounds[4::2], rounds[5::2], strict=True)]
    left, replies = [], []
    for way in ("alone", "in_company"):
        folder = tmp_path / way
        folder.mkdir()
        db = await empty_database(folder)
        village = Village(db)
        for messages in rounds[:4]:
            await village.alone(messages)
        found = []
        for messages in doubled:
            found += await getattr(village, way)(messages)
        left.append(await village.left())
        replies.append([[kept.worded.text for kept in one.replies] for one in found])
        await db.close()
    assert left[0] == left[1]
    assert replies[0] == replies[1]


async def test_a_message_that_comes_twice_in_one_commit_is_one_turn(sqlite):
    village = Village(sqlite)
    for number, text in enumerate(FIRST):
        await village.alone([said(number, "p0", text)])
    card = (await village.alone([said(5, "p0", TALK[0])]))[0]
    save = card.replies[-1].worded.buttons[0][0]
    tap = tapped(6, "p0", save)
    others = [said(7, who, "alo") for who in PEOPLE[1:]]
    found = await village.in_company([tap, *others, tap])
    assert [one.repeated for one in found] == [False] * 8 + [True]
    assert found[0].replies == found[-1].replies
    assert len((await village.left())[2]) == 1


async def test_two_of_one_household_in_one_commit_both_count(sqlite):
    """The second was answered ahead, before the first sold: it is answered anew."""
    village = Village(sqlite)
    for who in ("p0", "p1"):
        for number, text in enumerate(FIRST):
            await village.alone([said(number, who, text)])
    homes = await sqlite.read(lambda c: c.scalars(select(person.c.household)).all())
    joined = update(person).values(household=homes[0])
    await sqlite.write(lambda tx: tx.execute(joined))
    village = Village(sqlite)  # it has met nobody yet
    for number in (10, 12):
        sold = {"p0": f"bán {number} ký cam 25k", "p1": f"bán {number} quả bưởi 40k một quả"}
        cards = await village.in_company([said(number, who, sold[who]) for who in sold])
        saves = [card.replies[-1].worded.buttons[0][0] for card in cards]
        taps = zip(sold, saves, strict=True)
        await village.in_company([tapped(number + 1, who, button) for who, button in taps])
    _, _, entries, months = await village.left()
    assert len({row.code for row in entries}) == 4
    assert sum(row.sales for row in months) == 4
    look = said(99, "p0", "")
    kept = await sqlite.write(lambda tx: load(tx, look, village.runner._core.pictures))
    fresh = await sqlite.write(lambda tx: load(tx, look, Pictures()))
    assert kept.household == fresh.household


async def test_a_fault_takes_none_of_its_company_with_it(sqlite):
    def answer(turn):
        if turn.message.sender == "p3":
            raise LookupError("a handler's fault")
        turn.tell("card.left")
        return True

    village = Village(sqlite, [Handler("stage", gate=answer)])
    found = await village.in_company([said(1, who, "alo") for who in PEOPLE])
    texts = [one.replies[0].worded.text for one in found]
    assert len(set(texts[:3] + texts[4:])) == 1
    assert texts[3] != texts[0]


async def test_a_turn_that_fails_when_it_is_written_leaves_nothing_and_the_others_once(
    sqlite, monkeypatch
):
    """The commit is tried without savepoints first: what the others had written by then is written anew."""
    village = Village(sqlite)
    for number, text in enumerate(FIRST):
        await village.alone([said(number, who, text) for who in PEOPLE])
    cards = await village.alone([said(5, who, TALK[0]) for who in PEOPLE])
    saves = [card.replies[-1].worded.buttons[0][0] for card in cards]
    record = store.record

    def failing(tx, turn, *rest: object):
        replies = record(tx, turn, *rest)
        if turn.message.sender == "p3":
            raise OSError("the disk is full")
        return replies

    monkeypatch.setattr(store, "record", failing)
    taps = [tapped(6, who, save) for who, save in zip(PEOPLE, saves, strict=True)]
    found = await village.in_company(taps)
    monkeypatch.undo()
    events, homes, entries, months = await village.left()
    assert sum(row.type == "sale_logged" for row in events) == len(entries) == 7
    assert sorted(row.sales for row in months) == [1] * 7
    assert sorted(row.codes for row in homes) == [0, *[1] * 7]
    again = await village.in_company(taps)
    assert [one.replies for one in again] == [one.replies for one in found]
