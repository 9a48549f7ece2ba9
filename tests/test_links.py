"""One person, several machines: a code is good once and for nobody's guess; nothing is doubled, nothing lost."""

from __future__ import annotations

import asyncio
import datetime as dt
import random
from uuid import UUID

import pytest
from chatting import Chats
from sqlalchemy import delete, func, select
from villages import HERE, of, settle

from bot.dialogue.message import Tap
from domain.events import EVENT
from domain.link_codes import code_said, shown
from storage import recipients
from storage.copies import copy_behind, open_copy
from storage.links import reference
from storage.rollups import advance, rebuild_check
from storage.schema import entry, event, identity, inbox, link_code, month_total, person, session
from storage.schema import outbox as outbox_table

LONG = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
HOME = of("DT-0001")
WHO = of("DT-0001", "person")


@pytest.fixture
async def chats(db) -> Chats:
    """Cô Ba's household writes from `first`."""
    await db.write(_settled)
    return Chats(db)


def _settled(tx) -> None:
    settle(tx, "DT-0001", "Ba", HERE)
    tx.execute(delete(identity).where(identity.c.person == WHO))
    row = {"channel": "web", "address": "first", "person": WHO, "since": LONG}
    tx.execute(identity.insert(), row)


async def people_of(db) -> list[tuple[str, UUID]]:
    rows = select(identity.c.address, identity.c.person).order_by(identity.c.address)
    return [tuple(row) for row in await db.read(lambda tx: tx.execute(rows).all())]


@pytest.mark.parametrize("said", ["K7XM-P3QA", "k7xm p3qa", "mã K7XM.P3QA", "/start K7XM-P3QA"])
def test_a_code_is_read_however_it_is_typed(said):
    assert code_said(said) == "K7XMP3QA"


@pytest.mark.parametrize("said", ["bán 25kg cam", "25kg 225k", "KX42", "cam2 gao3", "0912 3456"])
def test_no_other_words_are_taken_for_a_code(said):
    assert code_said(said) is None


def test_a_code_is_shown_in_groups():
    assert shown("K7XMP3QAT4NC") == "K7XM-P3QA-T4NC"


async def test_a_code_joins_once_whoever_is_quicker(chats):
    """Two strangers with the same code, both asked, both tap at once: one of them is let in."""
    code = await chats.code("first")
    for machine in ("second", "third"):
        assert "DT-…01" in await chats.say(machine, code)
    await asyncio.gather(*(chats.tap(machine, "Nối máy này") for machine in ("second", "third")))
    joined = [address for address, who in await people_of(chats.db) if who == WHO]
    assert len(joined) == 2
    assert "first" in joined


async def test_nothing_is_joined_without_a_yes(chats):
    await chats.say("second", await chats.code("first"), "bán 5 kg cam 20k/kg", "lưu")
    assert ("second", WHO) not in await people_of(chats.db)


async def test_a_code_is_kept_as_its_hash_and_stands_in_no_event(chats):
    code = (await chats.code("first")).replace("-", "")
    kept = await chats.db.read(
        lambda tx: [str(tx.execute(select(t)).mappings().all()) for t in (link_code, event)]
    )
    assert code not in "".join(kept)


async def test_a_newer_code_takes_the_place_of_an_older_one(chats):
    old = await chats.code("first")
    await chats.code("first")
    assert "DT-" not in await chats.say("second", old)


async def test_news_come_to_one_machine_of_a_person(chats):
    """The one on which they wrote last, until they choose another."""
    await chats.say("second", await chats.code("first"))
    await chats.tap("second", "Nối máy này")
    await chats.say("second", "đơn của tôi")

    async def told() -> list[tuple[str, str]]:
        return await chats.db.read(lambda tx: recipients.of_household(tx, HOME))

    assert await told() == [("web", "second")]
    await chats.say("first", "báo ở máy này")
    await chats.say("second", "đơn của tôi")
    assert await told() == [("web", "first")]


async def test_what_was_said_on_a_machine_that_left_is_seen_there_no_more(chats):
    await chats.say("second", await chats.code("first"))
    await chats.tap("second", "Nối máy này")
    await chats.say("second", "bán 5 kg cam 20k/kg cho chị Hồng")
    await chats.say("first", "mất máy")
    await chats.press("first", f"link.lost:{reference('web', 'second')}")
    heard = select(inbox.c.said).where(inbox.c.sender == "second", inbox.c.said.is_not(None))
    told = select(outbox_table.c.body).where(outbox_table.c.recipient == "second")
    said = await chats.db.read(lambda tx: [*tx.scalars(heard), *tx.scalars(told)])
    assert "Hồng" not in str(said)
    assert len(said) == 1  # that it has left


async def test_a_person_who_is_erased_leaves_no_code(chats):
    await chats.code("first")
    await chats.say("first", "xóa hết thông tin")
    await chats.tap("first", "Xóa hẳn")
    await chats.say("first", "xóa hẳn")
    left = await chats.db.read(
        lambda tx: [tx.scalar(select(func.count()).select_from(t)) for t in (link_code, identity)]
    )
    assert left == [0, 0]


async def test_a_copy_holds_the_codes(chats):
    await chats.code("first")
    secret = await chats.db.write(lambda tx: open_copy(tx, WHO, HOME, LONG))
    copy = await chats.db.read(lambda tx: copy_behind(tx, secret, LONG))
    assert len(copy["link_code"]) == 1


async def test_a_contact_who_becomes_somebody_else_leaves_nothing(chats):
    """Whoever agreed and gave no commune yet had no book: their name and consents go."""
    await chats.say("second", "alo")
    await chats.tap("second", "Đồng ý")
    await chats.say("second", "chị Lan", await chats.code("first"))
    await chats.tap("second", "Nối máy này")
    names = await chats.db.read(lambda tx: tx.scalars(select(person.c.name)).all())
    assert names == ["Ba"]


@pytest.mark.parametrize("seed", range(2))
async def test_however_often_machines_come_and_go_nothing_is_doubled_or_lost(chats, seed):
    """Every sale that got its receipt stands once in the book, in the month and in the figures."""
    chance, machines, saved = random.Random(seed), ["first"], 0
    for number in range(12):
        act = chance.choice(["sell", "sell", "join", "leave", "again"])
        if act == "join" and len(machines) < 4:
            new = f"m{number}"
            await chats.say(new, await chats.code(chance.choice(machines)))
            await chats.tap(new, "Nối máy này")
            machines.append(new)
        elif act == "leave" and len(machines) > 1:
            gone, left = chance.sample(machines, 2)
            await chats.say(left, "bỏ nối")
            await chats.press(left, f"link.leave:{reference('web', gone)}")
            machines.remove(gone)
        elif act == "sell":
            machine = chance.choice(machines)
            await chats.say(machine, f"bán {number + 2} kg cam 20k/kg")
            sent = chats.message(machine, _tap(chats, machine))
            for _ in range(chance.choice([1, 2])):  # the channel may send it again
                await chats.send(sent)
            saved += number + 2
    await chats.db.write(advance)
    book = await chats.db.read(
        lambda tx: (
            tx.scalar(select(func.sum(entry.c.total_vnd))) or 0,
            tx.scalar(select(func.sum(month_total.c.total_vnd))) or 0,
            rebuild_check(tx),
        )
    )
    assert book == (saved * 20_000, saved * 20_000, [])


def _tap(chats: Chats, machine: str):
    return Tap(chats.shown[machine]["Lưu"])


async def test_no_event_about_machines_holds_an_address(chats):
    await chats.say("second", await chats.code("first"))
    await chats.tap("second", "Nối máy này")
    bodies = await chats.db.read(lambda tx: tx.scalars(select(event.c.body)).all())
    facts = [EVENT.validate_python(body) for body in bodies]
    assert {"link_code_given", "channel_joined"} <= {fact.type for fact in facts}
    assert "second" not in str(bodies)
    assert "first" not in str(bodies)
    rows = await chats.db.read(lambda tx: tx.scalars(select(session.c.address)).all())
    assert set(rows) == {"first", "second"}
