"""One message is one turn: all of it or nothing, once, however often and by however many ways it comes."""

from __future__ import annotations

import asyncio
import datetime as dt
import io
import json
import logging
from decimal import Decimal

import pytest
from plain_log import plain_log
from sqlalchemy import select

from bot.config import Settings
from bot.dialogue.handler import Handler
from bot.dialogue.message import Erasure, Message, PersonNamed, PhotoKept, Text
from bot.dialogue.queries import CopyToken, EntryByCode, LedgerSums, NextHouseholdCode
from bot.dialogue.reply import Button, Line
from bot.dialogue.turn import Turn
from bot.logs import start_log
from bot.runner import Runner
from domain.events import (
    AddressChosen,
    ConsentGiven,
    ContactStarted,
    HouseholdRegistered,
    PersonalDataErased,
    SaleCorrected,
    SaleItem,
    SaleLogged,
    SaleRestored,
    SaleWithdrawn,
)
from domain.household import Household
from storage import copies, outbox
from storage.copies import copy_behind
from storage.schema import event, identity, inbox, metadata, person, session
from storage.schema import outbox as outbox_table
from storage.sweep import sweep

AT = dt.datetime(2026, 11, 21, 8, 0, tzinfo=dt.UTC)
SAVED = "card.left"
NAME, PHONE, BUYER, ADDRESS = "Nguyễn Thị Lan", "0912345678", "chị Hồng", "chat-4711"


def hello(turn: Turn) -> None:
    turn.fact(ContactStarted)
    turn.tell("greeting")


def agree(turn: Turn) -> None:
    turn.fact(ConsentGiven, purpose="ledger", version=1)
    turn.know(name=NAME)
    turn.keep(PersonNamed(phone=PHONE))
    turn.fact(AddressChosen, you="cô")
    code = turn.query(NextHouseholdCode("DT"))
    turn.household = Household(turn.id("household"), code, "82", "30226", turn.at)
    turn.fact(HouseholdRegistered, code=code)
    turn.tell(SAVED)


def sell(turn: Turn) -> None:
    item = SaleItem(
        product="cam", quantity=Decimal(20), unit="kg", unit_price_vnd=25_000, total_vnd=500_000
    )
    turn.fact(
        SaleLogged,
        code=turn.new_code(),
        items=(item,),
        total_vnd=500_000,
        buyer=turn.buyer_ref(BUYER),
        date=turn.on,
        platform="postmart",
    )
    turn.tell(SAVED)


def strike(turn: Turn) -> None:
    entry = turn.household.entries[0]
    figures = {"date": entry.date, "platform": entry.platform, "evidence": entry.evidence}
    turn.fact(SaleWithdrawn, code=entry.code, total_vnd=-entry.total_vnd, **figures)
    turn.tell(SAVED)


def restore(turn: Turn) -> None:
    entry = turn.household.entries[0]
    figures = {"date": entry.date, "platform": entry.platform, "evidence": entry.evidence}
    turn.fact(SaleRestored, code=entry.code, total_vnd=entry.total_vnd, **figures)
    turn.tell(SAVED)


def correct(turn: Turn) -> None:
    entry = turn.household.entries[0]
    item = entry.items[0].model_copy(
        update={"quantity": Decimal(10), "unit_price_vnd": 20_000, "total_vnd": 200_000}
    )
    turn.fact(
        SaleCorrected,
        code=entry.code,
        items=(item,),
        total_vnd=200_000,
        buyer=entry.buyer,
        date=entry.date,
        platform=entry.platform,
        before=entry.figures,
    )
    turn.tell(SAVED)


def erase(turn: Turn) -> None:
    turn.keep(Erasure())
    turn.fact(PersonalDataErased)
    turn.tell(SAVED)


def break_down(turn: Turn) -> None:
    sell(turn)
    raise LookupError("a handler's fault")


def two(turn: Turn) -> None:
    turn.tell(SAVED, Button("a:1", "button.agree"))
    turn.tell(SAVED)


SAID = {
    "hello": hello,
    "agree": agree,
    "sell": sell,
    "strike": strike,
    "restore": restore,
    "correct": correct,
    "erase": erase,
    "break": break_down,
    "two": two,
    "picture": lambda turn: (turn.keep(PhotoKept(turn.id("p"), b"jpeg")), turn.tell(SAVED)),
    "one": lambda turn: turn.tell(SAVED, Button("a:1", "button.agree")),
    "unsayable": lambda turn: turn.say(Line("no.such.key")),
    "circles": lambda turn: [turn.query(EntryByCode(code=str(n))) for n in range(100)],
}


class Stage:
    """A runner whose one conversation does what it is told by a word; `seen` are the turns so far."""

    def __init__(self, db) -> None:
        self.db = db
        self.seen: list[Turn] = []
        self.runner = Runner(db, Settings(), [Handler("stage", gate=self._gate)])
        self.count = 0

    def _gate(self, turn: Turn) -> bool:
        self.seen.append(turn)
        word = turn.message.content.text
        (SAID.get(word) or self.ask)(turn)
        return True

    def ask(self, turn: Turn) -> None:
        turn.tell(SAVED)

    def message(self, word: str, sender: str = ADDRESS) -> Message:
        self.count += 1
        at = AT + dt.timedelta(seconds=self.count)
        return Message(f"{sender}:{self.count}", "web", sender, at, Text(word))

    async def say(self, *words: str, sender: str = ADDRESS, inline="all"):
        for word in words:
            handled = await self.runner.handle(self.message(word, sender), inline=inline)
        return handled

    async def look(self, *words: str) -> Turn:
        await self.say(*words, "look")
        return self.seen[-1]

    async def events(self) -> list[str]:
        rows = select(event.c.type).order_by(event.c.position)
        return await self.db.read(lambda c: list(c.scalars(rows)))


@pytest.fixture(autouse=True)
def log():
    root = logging.getLogger()
    before = (root.handlers, root.level)
    stream = io.StringIO()
    start_log("info", stream)
    yield stream
    root.handlers, root.level = before
    plain_log()


@pytest.fixture
def stage(db):
    return Stage(db)


async def contents(db) -> str:
    """Everything that any table but the events' holds, as text."""
    rows = await db.read(
        lambda c: [tuple(r) for t in metadata.sorted_tables for r in c.execute(select(t))]
    )
    return json.dumps(rows, default=str, ensure_ascii=False)


# Once


async def test_a_message_that_comes_again_gets_the_same_replies_and_changes_nothing(stage):
    await stage.say("hello", "agree")
    message = stage.message("sell")
    first = await stage.runner.handle(message, inline=True)
    before = await contents(stage.db)
    again = [await stage.runner.handle(message, inline=True) for _ in range(3)]
    assert await contents(stage.db) == before
    assert all(each.repeated and each.replies == first.replies for each in again)
    assert all(each.inline == first.inline is not None for each in again)
    assert not first.repeated


async def test_a_message_that_comes_many_times_at_once_is_one_turn(stage):
    await stage.say("hello", "agree")
    message = stage.message("sell")
    handled = await asyncio.gather(*(stage.runner.handle(message) for _ in range(20)))
    assert (await stage.events()).count("sale_logged") == 1
    assert sum(not each.repeated for each in handled) == 1
    assert len({each.replies for each in handled}) == 1


async def test_turns_of_one_household_at_once_each_get_their_own_code(stage):
    await stage.say("hello", "agree")
    messages = [stage.message("sell") for _ in range(30)]
    await asyncio.gather(*map(stage.runner.handle, messages))
    turn = await stage.look()
    assert turn.household.codes == 30
    assert turn.household.month(AT.date()).total_vnd == 30 * 500_000
    assert turn.household.month(AT.date()).sales == 30
    assert turn.household.buyer_count == 1
    codes = select(event.c.body["code"].as_string()).where(event.c.type == "sale_logged")
    assert len(set(await stage.db.read(lambda c: list(c.scalars(codes))))) == 30


async def test_first_messages_at_once_lose_no_state(stage):
    """A lock on a row that is not there yet would lock nothing."""

    def count(turn: Turn) -> None:
        turn.session.misses += 1
        turn.tell(SAVED)

    stage.ask = count
    people = [f"p{n}" for n in range(20)]
    messages = [stage.message("count", sender=who) for who in people for _ in range(5)]
    await asyncio.gather(*map(stage.runner.handle, messages))
    rows = select(session.c.body["misses"].as_integer())
    assert await stage.db.read(lambda c: list(c.scalars(rows))) == [5] * 20


async def test_the_same_message_gives_the_same_events(stage, monkeypatch):
    """A turn that is run again after a lost transaction must not be another one."""
    await stage.say("hello", "agree", "sell")
    turn = stage.seen[-1]
    again = Turn(turn.message, None, turn.session, turn.person, turn.household)
    sell(again)
    assert again.events == turn.events


# All or nothing


async def test_a_fault_is_answered_once_keeps_the_message_and_changes_nothing_else(stage):
    await stage.say("hello", "agree", "sell")
    before = await stage.events()
    message = stage.message("break")
    handled = await stage.runner.handle(message)
    assert [kept.worded.text for kept in handled.replies] == [
        "Em chưa làm được việc này. Sổ vẫn còn nguyên, bà con nhắn lại giúp em ạ."
    ]
    assert (await stage.runner.handle(message)).replies == handled.replies
    assert await stage.events() == before
    failed = select(inbox.c.id, inbox.c.said).where(inbox.c.state == "failed")
    rows = await stage.db.read(lambda c: c.execute(failed).all())
    assert rows == [(message.id, {"kind": "text", "text": "break"})]
    assert (await stage.look()).household.codes == 1


@pytest.mark.parametrize("word", ["unsayable", "circles"])
async def test_a_programmers_mistake_is_a_fault_too(stage, word):
    handled = await stage.say(word)
    assert handled.replies[0].worded.text.startswith("Em chưa làm được")


async def test_after_a_fault_the_conversation_goes_on(stage):
    await stage.say("hello", "agree", "break", "sell")
    assert (await stage.events())[-1] == "sale_logged"


async def test_a_fault_is_logged_once_without_a_word_of_the_person(stage, log):
    await stage.say("hello", "agree", "break")
    (line,) = log.getvalue().splitlines()
    assert json.loads(line)["fault"] == ["LookupError"]
    assert not [word for word in (NAME, BUYER, "a handler's fault") if word in line]


# What a turn sees


async def test_a_turn_sees_what_the_turns_before_it_left(stage):
    turn = await stage.look("hello", "agree", "sell")
    (entry,) = turn.household.entries
    (product,) = turn.household.products
    assert (turn.person.name, turn.person.you) == (NAME, "cô")
    assert turn.person.consents == {"ledger"}
    assert (turn.household.code, turn.household.province) == ("DT-0001", "82")
    assert (entry.total_vnd, entry.buyer, entry.buyer_name) == (500_000, "b1", BUYER)
    assert entry.items[0].quantity == Decimal(20)
    assert (product.name, product.last_vnd, product.last_unit) == ("cam", 25_000, "kg")
    assert turn.household.buyers == (("b1", BUYER),)
    assert turn.household.months[-1].total_vnd == 500_000


async def test_struck_and_restored_the_ledger_is_as_before(stage):
    before = (await stage.look("hello", "agree", "sell")).household
    struck = (await stage.look("strike")).household
    assert struck.entries[0].struck_at is not None
    assert (struck.months[-1].total_vnd, struck.months[-1].sales) == (0, 0)
    assert struck.products[0].last_vnd is None
    after = (await stage.look("restore")).household
    assert after.months == before.months
    assert after.products == before.products
    assert after.entries[0].struck_at is None


async def test_a_correction_replaces_the_entry_and_the_price(stage):
    household = (await stage.look("hello", "agree", "sell", "correct")).household
    (entry,) = household.entries
    assert (entry.total_vnd, entry.items[0].quantity) == (200_000, Decimal(10))
    assert household.products[0].last_vnd == 20_000
    assert (household.months[-1].total_vnd, household.months[-1].sales) == (200_000, 1)


async def test_what_a_handler_asks_the_store_for_it_gets(stage):
    asked = []

    def ask(turn: Turn) -> None:
        sums = turn.query(LedgerSums(turn.on, turn.on))
        entry = turn.query(EntryByCode(code=turn.household.entries[0].code))
        asked.append((sums, entry, turn.query(EntryByCode(code="ZZ99"))))
        turn.tell(SAVED)

    stage.ask = ask
    await stage.say("hello", "agree", "sell", "sell", "ask")
    ((sums, entry, nothing),) = asked
    assert (sums.total_vnd, sums.sales, sums.by_day) == (1_000_000, 2, ((AT.date(), 1_000_000),))
    assert (sums.products[0].product, sums.products[0].quantity) == ("cam", Decimal(40))
    assert entry.total_vnd == 500_000
    assert nothing is None


async def test_the_buttons_that_stand_last_can_be_typed(stage):
    await stage.say("two")
    assert stage.seen[-1].session.options == [("a:1", "Đồng ý")]
    await stage.say("no question")
    assert stage.seen[-1].session.options == []


# Replies


async def test_one_reply_goes_in_the_channels_own_answer(stage):
    handled = await stage.say("one", inline=True)
    assert handled.inline == handled.replies[0]
    assert await waiting(stage.db) == 0


async def test_several_replies_wait_in_the_outbox_in_their_order(stage):
    handled = await stage.say("two", inline=True)
    assert handled.inline is None
    assert await waiting(stage.db) == 2
    (first,) = await stage.db.write(
        lambda tx: outbox.lease(tx, "web", AT + dt.timedelta(days=1), 9)
    )
    assert first.id == handled.replies[0].id


async def test_a_reply_in_the_channels_answer_does_not_pass_one_that_waits(stage):
    await stage.say("two", inline=False)
    handled = await stage.say("one", inline=True)
    assert handled.inline is None
    assert await waiting(stage.db) == 3


async def test_a_channel_may_give_all_replies_in_its_answer(stage):
    handled = await stage.say("two", inline="all")
    assert len(handled.replies) == 2
    assert await waiting(stage.db) == 0


async def waiting(db) -> int:
    rows = select(outbox_table.c.id).where(outbox_table.c.done_at.is_(None))
    return len(await db.read(lambda c: c.execute(rows).all()))


# Before consent, and after


async def test_before_consent_no_word_is_kept(stage):
    await stage.say("hello", f"my name is {NAME}")
    await stage.say("break")
    assert NAME not in await contents(stage.db)
    assert await stage.db.read(lambda c: c.execute(select(identity)).all()) == []
    assert await stage.db.read(lambda c: c.execute(select(person)).all()) == []


async def test_a_stranger_is_a_random_id_that_stays_theirs_after_consent(stage):
    await stage.say("hello")
    before = stage.seen[-1].person.id
    turn = await stage.look("agree")
    assert turn.person.id == before
    await stage.say("hello", sender="somebody-else")
    assert stage.seen[-1].person.id != before


async def test_no_event_holds_a_name_a_number_or_an_address(stage):
    await stage.say("hello", "agree", "sell", "correct", "strike")
    rows = await stage.db.read(lambda c: c.execute(select(event)).all())
    kept = json.dumps([tuple(row) for row in rows], default=str, ensure_ascii=False)
    assert not [word for word in (NAME, PHONE, BUYER, ADDRESS) if word in kept]


async def test_after_erasure_nothing_personal_is_left_and_the_events_are(stage):
    await stage.say("hello", "agree", "sell", "picture", sender=ADDRESS)
    before = await stage.events()
    handled = await stage.say("erase", inline=True)
    assert handled.inline is not None
    await stage.db.write(lambda tx: sweep(tx, AT + dt.timedelta(days=2)))
    kept = await contents(stage.db)
    left = kept.replace(
        f"{ADDRESS}:", ""
    )  # ids of messages stay: they are known when they come again
    assert not [word for word in (NAME, PHONE, BUYER, ADDRESS, "jpeg") if word in left]
    assert await stage.events() == [*before, "personal_data_erased"]


async def test_after_erasure_the_same_address_is_a_stranger(stage):
    await stage.say("hello", "agree", "sell")
    before = stage.seen[-1].person.id
    await stage.say("erase")
    await stage.say("hello")
    turn = stage.seen[-1]
    assert turn.person.id != before
    assert (turn.person.name, turn.household) == (None, None)
    assert turn.person.consents == frozenset()


async def test_the_answer_to_an_erasure_still_goes_out_and_comes_again(stage):
    await stage.say("hello", "agree")
    message = stage.message("erase")
    handled = await stage.runner.handle(message)
    assert (await stage.runner.handle(message)).replies == handled.replies
    now = dt.datetime.now(dt.UTC)
    (row,) = await stage.db.write(lambda tx: outbox.lease(tx, "web", now, 9))
    assert row.message == message.id
    assert row.recipient == ADDRESS


async def test_a_copy_holds_what_is_stored_for_a_day(stage):
    paths = []

    def ask(turn: Turn) -> None:
        paths.append(turn.query(CopyToken()))
        turn.tell(SAVED)

    stage.ask = ask
    await stage.say("hello", "agree", "sell", "copy")
    token = paths[-1].rpartition("/")[2]
    now = AT + dt.timedelta(hours=1)
    copy = await stage.db.read(lambda c: copy_behind(c, token, now))
    assert copy["person"][0]["name"] == NAME
    assert copy["buyer"][0]["name"] == BUYER
    assert len(copy["entry"]) == 1
    late = AT + copies.OPEN_FOR + dt.timedelta(minutes=1)
    assert await stage.db.read(lambda c: copy_behind(c, token, late)) is None
    assert await stage.db.read(lambda c: copy_behind(c, "another", now)) is None


async def test_old_words_are_swept_and_what_counts_stays(stage):
    await stage.say("hello", "agree", "sell", inline="all")
    await stage.say("hello", sender="stranger", inline="all")
    before = await stage.events()
    await stage.db.write(lambda tx: sweep(tx, AT + dt.timedelta(days=31)))
    said = select(inbox.c.said).where(inbox.c.said.is_not(None))
    told = select(outbox_table.c.body).where(outbox_table.c.body.is_not(None))
    assert await stage.db.read(lambda c: c.execute(said).all() + c.execute(told).all()) == []
    assert await stage.events() == before
    assert (await stage.look()).household.entries
    senders = select(session.c.address)
    assert await stage.db.read(lambda c: list(c.scalars(senders))) == [ADDRESS]


async def test_a_sentence_held_before_consent_is_let_go_after_a_day(stage):
    def hold(turn: Turn) -> None:
        turn.session.held, turn.session.held_at = f"sold to {BUYER}", turn.at
        turn.tell(SAVED)

    stage.ask = hold
    await stage.say("hold")
    await stage.db.write(lambda tx: sweep(tx, AT + dt.timedelta(hours=23)))
    assert BUYER in await contents(stage.db)
    await stage.db.write(lambda tx: sweep(tx, AT + dt.timedelta(hours=25)))
    assert BUYER not in await contents(stage.db)
