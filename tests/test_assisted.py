"""A worker writes in a household's book only where it is theirs to do, once, and the household has the last word."""

from __future__ import annotations

import asyncio
import datetime as dt

import pytest
from chatting import Chats
from sqlalchemy import func, select
from villages import HERE, THERE, appoint, known, of, settle

from bot.dialogue.message import Tap
from bot.locales.render import Worded
from domain.events import ConsentWithdrawn, RoleWithdrawn
from storage import personal
from storage.rollups import advance, rebuild_check
from storage.schema import consent, entry, event, household, outbox, person, photo
from storage.store import append

NOW = dt.datetime(2026, 11, 21, 3, 0, tzinfo=dt.UTC)
SALE = "ghi cho hộ DT-0001: bán 5 kg cam 20k/kg cho chị Hồng"
REFUSED = "không ghi giúp hộ này được"


def _filled(tx) -> None:
    settle(tx, "DT-0001", "Ba")
    settle(tx, "DT-0003", "Giấu Tên", agreed=False)
    settle(tx, "HN-0001", "Người Thủ Đô", THERE)
    known(tx, "home", of("DT-0001", "person"))
    for name in ("Ngọc", "Hà"):
        known(tx, name, appoint(tx, name, "worker", HERE[1]))
    known(tx, "reader", appoint(tx, "reader", "reader", HERE[1]))


@pytest.fixture
async def chats(db) -> Chats:
    await db.write(_filled)
    return Chats(db)


async def entries(db) -> list[tuple[str, int]]:
    found = select(entry.c.code, entry.c.total_vnd).order_by(entry.c.code)
    return [tuple(row) for row in await db.read(lambda tx: tx.execute(found).all())]


@pytest.mark.parametrize("code", ["DT-0003", "HN-0001", "XX-9999"])
async def test_outside_the_area_and_without_a_yes_there_is_one_answer(chats, code):
    """Whether there is such a household is not said either."""
    answer = await chats.say("Ngọc", f"ghi cho hộ {code}: bán 5 kg cam 20k/kg")
    assert REFUSED in answer
    assert "Giấu" not in answer
    assert "Thủ" not in answer


async def test_a_reader_writes_nothing(chats):
    assert REFUSED in await chats.say("reader", SALE)


async def test_somebody_without_a_role_writes_in_no_other_book(chats):
    """A button of another's book, sent by whoever guessed it, opens nothing."""
    await chats.say("Ngọc", SALE)
    stolen = chats.message("home", Tap(chats.shown["Ngọc"]["Lưu"]))
    await chats.send(stolen)
    assert await entries(chats.db) == []


@pytest.mark.parametrize("purpose", ["worker", "ledger"])
async def test_a_yes_that_was_taken_back_ends_it_in_the_middle(chats, purpose):
    await chats.say("Ngọc", SALE)
    fact = ConsentWithdrawn(
        id=of("gone"),
        at=NOW,
        person=of("DT-0001", "person"),
        household=of("DT-0001"),
        purpose=purpose,
        version=1,
    )
    await chats.db.write(lambda tx: append(tx, [fact]))
    assert REFUSED in await chats.tap("Ngọc", "Lưu")
    assert await entries(chats.db) == []


async def test_a_role_that_was_taken_back_ends_it_in_the_middle(chats):
    await chats.say("Ngọc", SALE)
    fact = RoleWithdrawn(id=of("over"), at=NOW, person=of("Ngọc"), role="worker", area=HERE[1])
    await chats.db.write(lambda tx: append(tx, [fact]))
    await chats.tap("Ngọc", "Lưu")
    await chats.say("Ngọc", "lưu")
    assert await entries(chats.db) == []


async def test_two_workers_at_once_write_two_entries_with_a_code_each(chats):
    for name, kilos in (("Ngọc", 5), ("Hà", 7)):
        await chats.say(name, f"ghi cho hộ DT-0001: bán {kilos} kg cam 20k/kg")
    await asyncio.gather(*(chats.tap(name, "Lưu") for name in ("Ngọc", "Hà")))
    assert len({code for code, _ in await entries(chats.db)}) == 2


async def test_the_same_sale_from_two_workers_is_asked_about(chats):
    """The second sees that it is there already; nothing is doubled unsaid."""
    for name in ("Ngọc", "Hà"):
        await chats.say(name, SALE)
    await asyncio.gather(*(chats.tap(name, "Lưu") for name in ("Ngọc", "Hà")))
    assert len(await entries(chats.db)) == 1


async def test_a_message_that_comes_again_writes_and_tells_once(chats):
    await chats.say("Ngọc", SALE)
    sent = chats.message("Ngọc", Tap(chats.shown["Ngọc"]["Lưu"]))
    await chats.send(sent)
    await chats.send(sent)
    told = select(func.count()).select_from(outbox).where(outbox.c.recipient == "home")
    assert len(await entries(chats.db)) == 1
    assert await chats.db.read(lambda tx: tx.scalar(told)) == 1


async def test_an_entry_carries_both_and_counts_as_said(chats):
    """The household, its member and the worker; the figures are those of the household's commune."""
    await chats.say("Ngọc", SALE)
    await chats.tap("Ngọc", "Lưu")
    logged = select(event.c.body).where(event.c.type == "sale_logged")
    (body,) = await chats.db.read(lambda tx: tx.scalars(logged).all())
    who = {key: body[key] for key in ("household", "person", "worker", "commune", "evidence")}
    assert who == {
        "household": str(of("DT-0001")),
        "person": str(of("DT-0001", "person")),
        "worker": str(of("Ngọc")),
        "commune": HERE[1],
        "evidence": "said",
    }
    await chats.db.write(advance)
    assert await chats.db.read(rebuild_check) == []


async def test_the_household_hears_each_entry_and_may_say_that_it_is_wrong(chats):
    await chats.say("Ngọc", SALE)
    await chats.tap("Ngọc", "Lưu")
    ((code, _),) = await entries(chats.db)
    assert code in await chats.press("home", f"helped.wrong:{code}=100000")
    heard = select(outbox.c.body).where(outbox.c.recipient == "Ngọc", outbox.c.urgency == 1)
    (told,) = await chats.db.read(lambda tx: tx.scalars(heard).all())
    assert code in Worded.from_json(told).text
    answer = await chats.db.read(lambda tx: tx.scalar(select(entry.c.answer)))
    assert answer == "wrong"


async def test_the_household_says_nothing_of_entries_of_its_own(chats):
    await chats.say("home", "bán 5 kg cam 20k/kg", "lưu")
    ((code, _),) = await entries(chats.db)
    await chats.press("home", f"helped.right:{code}=100000")
    assert await chats.db.read(lambda tx: tx.scalar(select(entry.c.answer))) is None


async def opened(chats: Chats) -> str:
    """A book that was opened with a paper; the household's code."""
    await chats.say("Ngọc", "đăng ký hộ mới", "bác Sáu Lúa", "0912345678")
    await chats.photo("Ngọc")
    newest = select(household.c.code).order_by(household.c.registered_at.desc()).limit(1)
    return await chats.db.read(lambda tx: tx.scalar(newest))


async def test_no_book_is_opened_without_the_photo_of_the_paper(chats):
    await chats.say("Ngọc", "đăng ký hộ mới", "bác Sáu Lúa", "0912345678", "ký rồi", "lưu", "ừ")
    count = select(func.count()).select_from(household)
    assert await chats.db.read(lambda tx: tx.scalar(count)) == 3


async def test_the_paper_stands_behind_both_consents_and_goes_with_the_household(chats):
    code = await opened(chats)
    home = select(household.c.id).where(household.c.code == code).scalar_subquery()
    papers = select(consent.c.purpose, consent.c.paper).where(consent.c.paper.is_not(None))
    found = dict(map(tuple, await chats.db.read(lambda tx: tx.execute(papers).all())))
    kept = await chats.db.read(lambda tx: tx.execute(select(photo.c.id, photo.c.household)).one())
    assert found == {"ledger": kept.id, "worker": kept.id}
    who = await chats.db.read(
        lambda tx: tx.scalar(select(person.c.id).where(person.c.household == home))
    )
    await chats.db.write(lambda tx: personal.erase(tx, who, kept.household, ("web", "nobody"), NOW))
    assert await chats.db.read(lambda tx: tx.execute(select(photo.c.id)).all()) == []


async def test_a_book_that_was_opened_names_nobody_in_its_events(chats):
    await opened(chats)
    await chats.say("Ngọc", "bán 5 kg cam 20k/kg cho chị Hồng", "lưu")
    bodies = str(await chats.db.read(lambda tx: tx.scalars(select(event.c.body)).all()))
    assert not any(word in bodies for word in ("Lúa", "912345678", "Hồng"))


async def test_buttons_of_another_book_fit_every_channel(chats):
    """Telegram takes 64 bytes, the household's code included."""
    await chats.say(
        "Ngọc", "ghi cho hộ DT-0001: bán 12 tom the 50", "ghi cho hộ DT-0001", "bán 3 chậu mai 2tr1"
    )
    await chats.say("Ngọc", "sửa", SALE, "sửa")
    longest = max(len(button.encode()) for button in chats.shown["Ngọc"].values())
    assert longest <= 64
