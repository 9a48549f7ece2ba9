"""A voice note is answered once, whatever happens to it, to those before it and to who listens."""

from __future__ import annotations

import datetime as dt
import json
from functools import partial
from uuid import UUID, uuid4

import psutil
import pytest
from blank import empty_database
from ears import ears, listening, nothing_waits, until
from sqlalchemy import Connection, func, insert, select

from bot.config import Settings
from bot.delivery import Unavailable
from bot.dialogue.message import Message, Voice
from bot.handlers import HANDLERS
from bot.runner import Runner
from bot.voice_notes import LARGEST, VoiceNotes
from domain.events import ConsentGiven, ConsentWithdrawn, PersonalDataErased
from storage import personal, store, voice_notes
from storage.schema import identity, inbox, outbox, voice_kept, voice_note
from storage.sweep import REVIEWED, sweep
from storage.voice_notes import MOST_OF_ONE, MOST_WAITING, Sound

SALE = {"text": "bán hai ký cam sành giá hai mươi ngàn"}
PERSON = UUID(int=7)


@pytest.fixture
async def db(tmp_path):
    database = await empty_database(tmp_path)
    yield database
    await database.close()


def note(which: str, sender: str = "cô Ba", seconds: int = 5) -> Message:
    now = dt.datetime.now(dt.UTC)
    return Message(f"telegram:4242:{sender}:{which}", "telegram", sender, now, Voice(seconds))


def sound(**said: object) -> Sound:
    return Sound(audio=json.dumps(said).encode())


def answers(conn: Connection) -> dict[str, list[str]]:
    """What was said to each message, by its id."""
    rows = conn.execute(select(outbox.c.message, outbox.c.body).order_by(outbox.c.position))
    said: dict[str, list[str]] = {}
    for row in rows:
        said.setdefault(row.message, []).append(row.body["text"])
    return said


def known(tx: Connection, sender: str = "cô Ba", *purposes: str) -> None:
    """This sender has a book and agreed to this."""
    now = dt.datetime.now(dt.UTC)
    for purpose in ("ledger", *purposes):
        given = {"id": uuid4(), "at": now, "person": PERSON, "purpose": purpose, "version": 1}
        store.append(tx, [ConsentGiven(**given, channel="telegram")])
    who = {"channel": "telegram", "address": sender, "person": PERSON, "since": now}
    tx.execute(insert(identity), who)


# Once


async def test_what_is_heard_is_answered_as_a_message_of_its_own(db):
    notes = ears(db)
    await db.write(known)
    taken = await notes.take(note("1"), sound(**SALE))
    assert (taken.replies, taken.repeated) == ((), False)
    async with listening(notes):
        await nothing_waits(db)
    said = await db.read(answers)
    assert list(said) == ["voice:telegram:4242:cô Ba:1"]
    assert f"“{SALE['text']}”" in said["voice:telegram:4242:cô Ba:1"][0]


async def test_a_note_that_comes_again_is_not_heard_again(db):
    notes = ears(db)
    first = note("1")
    await notes.take(first, sound(**SALE))
    assert (await notes.take(first, sound(**SALE))).repeated
    async with listening(notes):
        await nothing_waits(db)
        before = await db.read(answers)
        assert (await notes.take(first, sound(**SALE))).repeated
        await nothing_waits(db)
    assert await db.read(answers) == before


async def test_a_note_whose_answer_was_stored_before_a_crash_is_not_answered_twice(db):
    notes = ears(db)
    await notes.take(note("1"), sound(**SALE))
    (leased,) = await db.write(partial(voice_notes.lease, now=dt.datetime.now(dt.UTC), most=9))
    await notes.runner.handle(_words(leased))  # and here the power fails
    before = await db.read(answers)
    other = ears(db)
    async with listening(other):
        await nothing_waits(db)
    assert await db.read(answers) == before


def _words(leased):
    from bot.voice_notes import words_of

    return words_of(leased, Voice(leased.seconds, SALE["text"]))


async def test_who_ends_in_the_middle_of_a_note_leaves_it_to_the_next(db):
    notes = ears(db)
    await notes.take(note("1"), sound(**SALE))
    now = dt.datetime.now(dt.UTC)
    assert len(await db.write(partial(voice_notes.lease, now=now, most=9))) == 1
    assert await db.write(partial(voice_notes.lease, now=now, most=9)) == []
    async with listening(ears(db)):
        await nothing_waits(db)
    assert len(await db.read(answers)) == 1


async def test_one_senders_notes_are_heard_in_their_order_and_others_do_not_wait_for_them(db):
    notes = ears(db)
    for which in ("1", "2"):
        await notes.take(note(which), sound(**SALE))
    await notes.take(note("1", "chú Sáu"), sound(**SALE))
    leased = await db.write(partial(voice_notes.lease, now=dt.datetime.now(dt.UTC), most=9))
    assert [each.id.rpartition("4242:")[2] for each in leased] == ["cô Ba:1", "chú Sáu:1"]


# Bad luck


@pytest.mark.parametrize("fate", ["dies", "babbles"])
async def test_a_process_that_fails_is_replaced_and_the_person_is_asked_to_say_it_again(db, fate):
    notes = ears(db)
    await notes.take(note("1"), sound(**{fate: True}))
    await notes.take(note("1", "chú Sáu"), sound(**SALE))
    async with listening(notes):
        await nothing_waits(db)
    said = await db.read(answers)
    assert "chưa nghe được lời này" in said["voice:telegram:4242:cô Ba:1"][0]
    assert f"“{SALE['text']}”" in "".join(said["voice:telegram:4242:chú Sáu:1"])


async def test_a_note_that_its_channel_cannot_give_is_tried_again_and_then_told(db):
    tries: list[str] = []

    async def fetch(source: str) -> bytes:
        tries.append(source)
        raise Unavailable("file: 502")

    notes = ears(db, fetch={"telegram": fetch})
    await notes.take(note("1"), Sound(source="AwAC"))
    async with listening(notes):
        await nothing_waits(db)
    assert tries == ["AwAC"] * 3
    assert "chưa tới" in (await db.read(answers))["voice:telegram:4242:cô Ba:1"][0]


async def test_a_note_is_fetched_by_the_name_that_its_channel_gave(db):
    async def fetch(source: str) -> bytes:
        assert source == "AwAC"
        return json.dumps(SALE).encode()

    notes = ears(db, fetch={"telegram": fetch})
    await notes.take(note("1"), Sound(source="AwAC"))
    async with listening(notes):
        await nothing_waits(db)
    assert f"“{SALE['text']}”" in (await db.read(answers))["voice:telegram:4242:cô Ba:1"][0]


@pytest.mark.parametrize("problem", ["long", "not_sound"])
async def test_why_nothing_was_heard_is_said(db, problem):
    notes = ears(db)
    await notes.take(note("1"), sound(problem=problem))
    async with listening(notes):
        await nothing_waits(db)
    (said,) = (await db.read(answers)).values()
    assert said[0].startswith("🎤")


# Too much


async def test_two_hundred_at_once_are_answered_once_each_and_the_rest_is_told_at_once(db):
    """The queue is bounded in all; what is behind its end is said, not dropped."""
    notes = ears(db)
    for n in range(MOST_WAITING + 20):
        handled = await notes.take(note(str(n), f"hộ {n % 40}"), sound(**SALE), inline="all")
        assert bool(handled.replies) is (n >= MOST_WAITING)
    async with listening(notes):
        await nothing_waits(db)
    said = await db.read(answers)
    heard = {which for which in said if which.startswith("voice:") and not which.endswith(":place")}
    assert len(heard) == MOST_WAITING
    assert len([which for which in said if not which.startswith("voice:")]) == 20


async def test_nobody_fills_the_queue_alone(db):
    notes = ears(db)
    for n in range(MOST_OF_ONE):
        assert not (await notes.take(note(str(n)), sound(**SALE))).replies
    refused = await notes.take(note("more"), sound(**SALE))
    assert "nhiều lời nói quá" in refused.replies[0].worded.text
    assert not (await notes.take(note("1", "chú Sáu"), sound(**SALE))).replies


async def test_a_note_known_before_is_not_refused_when_the_queue_is_full(db):
    notes = ears(db)
    for n in range(MOST_OF_ONE):
        await notes.take(note(str(n)), sound(**SALE))
    assert (await notes.take(note("0"), sound(**SALE))).repeated


@pytest.mark.parametrize(
    ("seconds", "audio", "size"),
    [(61, b"x", 0), (10_800, b"x", 0), (5, b"x", LARGEST + 1), (5, bytes(LARGEST + 1), 0)],
)
async def test_what_is_too_long_or_too_large_is_never_kept(db, seconds, audio, size):
    told = await ears(db).take(note("1", seconds=seconds), Sound(audio=audio), size)
    assert "quá một phút" in told.replies[0].worded.text
    assert await db.read(voice_notes.waiting) == 0


async def test_who_waits_for_five_seconds_is_told_how_many_are_before_them_once(db):
    now = dt.datetime.now(dt.UTC)
    for n in range(3):
        message = note("1", f"hộ {n}")
        taken = partial(voice_notes.take, message=message, sound=sound(**SALE), now=now)
        await db.write(taken)
    assert await db.write(partial(voice_notes.untold, now=now)) == []
    later = now + dt.timedelta(seconds=5)
    (first,) = await db.write(partial(voice_notes.lease, now=now, most=1))
    told = await db.write(partial(voice_notes.untold, now=later))
    assert [(each.sender, ahead) for each, ahead in told] == [("hộ 1", 1), ("hộ 2", 2)]
    assert await db.write(partial(voice_notes.untold, now=later)) == []
    assert first.sender == "hộ 0"  # somebody listens to it already


async def test_without_an_engine_it_is_said_that_nobody_listens(db):
    deaf = VoiceNotes(db, Runner(db, Settings(), HANDLERS), None)
    told = await deaf.take(note("1"), sound(**SALE))
    assert "chưa nghe được lời nói" in told.replies[0].worded.text
    assert await db.read(voice_notes.waiting) == 0


async def test_notes_of_before_are_answered_when_nobody_listens_any_more(db):
    """The setting was changed to off while they waited."""
    await ears(db).take(note("1"), sound(**SALE))
    async with listening(VoiceNotes(db, Runner(db, Settings(), HANDLERS), None)):
        await nothing_waits(db)
    (said,) = (await db.read(answers)).values()
    assert said[0].startswith("🎤")


# Processes


async def test_nothing_is_begun_before_the_first_note_and_what_is_idle_ends(db):
    notes = ears(db)
    assert notes.recogniser is not None
    notes.recogniser.idle = 0.01
    async with listening(notes):
        assert notes.recogniser.processes == ()
        await notes.take(note("1"), sound(**SALE))
        await nothing_waits(db)

        async def none() -> bool:
            return notes.recogniser.processes == ()

        await until(none)
        await notes.take(note("2"), sound(**SALE))  # and another one begins
        await nothing_waits(db)
    assert len(await db.read(answers)) == 2


async def test_its_processes_end_with_who_listens(db):
    notes = ears(db)
    async with listening(notes):
        await notes.take(note("1"), sound(**SALE))
        await nothing_waits(db)
        (process,) = notes.recogniser.processes
    assert not psutil.pid_exists(process)


# What is kept


def kept(conn: Connection) -> list[str]:
    return list(conn.scalars(select(voice_kept.c.text)))


async def test_the_sound_is_gone_when_it_was_heard(db):
    await db.write(known)
    notes = ears(db)
    await notes.take(note("1"), sound(**SALE))
    async with listening(notes):
        await nothing_waits(db)
    assert await db.read(kept) == []
    assert await db.read(lambda c: c.scalar(select(func.count()).select_from(voice_note))) == 0


async def test_with_consent_it_is_kept_for_a_year_and_gone_with_the_consent(db):
    await db.write(lambda tx: known(tx, "cô Ba", "voice"))
    notes = ears(db)
    await notes.take(note("1"), sound(**SALE))
    await notes.take(note("1", "chú Sáu"), sound(**SALE))  # who was never asked
    async with listening(notes):
        await nothing_waits(db)
    assert await db.read(kept) == [SALE["text"]]
    now = dt.datetime.now(dt.UTC)
    await db.write(partial(sweep, now=now))
    assert await db.read(kept) == [SALE["text"]]
    withdrawn = ConsentWithdrawn(
        id=uuid4(), at=now, person=PERSON, purpose="voice", version=1, channel="telegram"
    )
    await db.write(lambda tx: store.append(tx, [withdrawn]))
    assert await db.read(kept) == []


async def test_no_recording_is_kept_longer_than_a_year(db):
    await db.write(lambda tx: known(tx, "cô Ba", "voice"))
    notes = ears(db)
    await notes.take(note("1"), sound(**SALE))
    async with listening(notes):
        await nothing_waits(db)
    later = dt.datetime.now(dt.UTC) + REVIEWED + dt.timedelta(hours=1)
    await db.write(partial(sweep, now=later))
    assert await db.read(kept) == []


async def test_who_has_themselves_erased_leaves_no_sound_waiting_or_kept(db):
    await db.write(lambda tx: known(tx, "cô Ba", "voice"))
    notes = ears(db)
    await notes.take(note("1"), sound(**SALE))
    async with listening(notes):
        await nothing_waits(db)
    await notes.take(note("2"), sound(**SALE))
    now = dt.datetime.now(dt.UTC)
    whose = "telegram", "cô Ba"
    await db.write(lambda tx: personal.erase(tx, PERSON, None, whose, now))
    assert await db.read(kept) == []
    assert await db.read(voice_notes.waiting) == 0
    assert PersonalDataErased  # the event is the conversation's matter


async def test_of_a_stranger_no_words_are_kept(db):
    notes = ears(db)
    await notes.take(note("1"), sound(**SALE))
    said = await db.read(lambda c: list(c.scalars(select(inbox.c.said))))
    assert said == [None]
