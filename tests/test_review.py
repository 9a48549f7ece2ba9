"""The review list: kept with consent and without names, grouped, labelled by hand, gone when the person wants."""

from __future__ import annotations

import datetime as dt
import json
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from stage import Stage

from bot.commands.door import work
from bot.config import Settings
from bot.dialogue.message import Puzzle
from bot.handlers import HANDLERS
from bot.runner import Runner
from bot.services import Services
from bot.transcripts import read, replay
from domain.events import ConsentGiven, ConsentWithdrawn
from domain.household import ZONE
from storage import personal, store
from storage.copies import copy_behind, open_copy
from storage.review import puzzles
from storage.schema import session
from storage.sweep import REVIEWED, sweep

NOW = dt.datetime(2026, 11, 21, 8, 0, tzinfo=ZONE)
WHO, OTHER = uuid4(), uuid4()
ALL = {"since": None, "only": None, "format": "table", "done": []}


class Heard:
    """What a command says."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.wrong: list[str] = []

    def say(self, line: str) -> None:
        self.said.append(line)

    def problem(self, line: str) -> None:
        self.wrong.append(line)

    def progress(self, line: str) -> None: ...
    def file(self, content: bytes, path: str | None) -> None: ...


def lost(text: str, days_ago: int = 0, number: int | None = None) -> Puzzle:
    id_ = UUID(int=number << 96) if number is not None else uuid4()
    at = NOW - dt.timedelta(days=days_ago)
    return Puzzle(id_, "lost", text, {"intent": "other", "items": []}, at)


def corrected(before: int, after: int, id_: UUID) -> Puzzle:
    return Puzzle(
        id_,
        "corrected",
        "bán 20 ký cam 22k",
        {"lines": [{"product": "cam", "unit_price_vnd": before}]},
        NOW,
        {"lines": [{"product": "cam", "unit_price_vnd": after}]},
        southern=True,
        province="82",
    )


@pytest.fixture
def services(db):
    chosen = Settings(database_url="sqlite+aiosqlite:///nowhere.db")
    return Services(chosen, db, Runner(db, chosen, HANDLERS), b"s" * 32)


@pytest.fixture
def keep(db):
    async def kept(*items: Puzzle, who: UUID = WHO) -> None:
        await db.write(lambda tx: personal.keep(tx, who, None, items))

    return kept


@pytest.fixture
def review(services):
    async def run(**given: object) -> Heard:
        heard = Heard()
        heard.code = await work(services, "review", ALL | given, heard)
        return heard

    return run


async def test_a_puzzle_comes_back_as_it_was_kept(db, keep):
    one = corrected(22000, 25000, uuid4())
    await keep(one)
    assert await db.read(puzzles) == [one]


async def test_the_newest_stands_first_and_equal_words_together(keep, review):
    await keep(
        lost("Mấy Giờ  rồi", days_ago=2),
        lost("may gio roi", days_ago=1, number=1),
        lost("abc", days_ago=0, number=2),
    )
    table = (await review()).said
    rows = [line.split()[:3] for line in table if line[:1].isdigit()]
    assert rows == [["00000002", "2026-11-21", "1"], ["00000001", "2026-11-20", "2"]]


async def test_a_correction_shows_only_what_changed(keep, review):
    await keep(corrected(22000, 25000, uuid4()))
    assert [line.strip() for line in (await review()).said][2:] == [
        "lines.0.unit_price_vnd 22000 → 25000"
    ]


async def test_a_sentence_corrected_again_keeps_what_was_first_understood(keep, db):
    id_ = uuid4()
    await keep(corrected(22000, 25000, id_))
    await keep(corrected(25000, 30000, id_))
    assert await db.read(puzzles) == [corrected(22000, 30000, id_)]


async def test_lines_for_labelling_have_the_shape_of_the_labelled_messages(keep, review):
    await keep(corrected(22000, 25000, UUID(int=5 << 96)))
    (line,) = (await review(format="jsonl")).said
    row = json.loads(line)
    assert (row["id"], row["text"], row["ref"]) == ("00000005", "bán 20 ký cam 22k", "2026-11-21")
    assert (row["intent"], row["ask"], row["dialect"]) == (None, [], "S")
    assert set(row["slots"].values()) == {None}


@pytest.mark.parametrize(
    ("asked", "left"),
    [
        ({"since": "2026-11-21"}, {"abc"}),
        ({"only": "corrected"}, {"bán 20 ký cam 22k"}),
        ({"since": "2026-11-22"}, set()),
    ],
)
async def test_the_list_can_be_narrowed(keep, review, asked, left):
    await keep(lost("may gio", days_ago=1), lost("abc"))
    await keep(Puzzle(uuid4(), "corrected", "bán 20 ký cam 22k", {}, NOW - dt.timedelta(3), {}))
    lines = (await review(format="jsonl", **asked)).said
    assert {json.loads(line)["text"] for line in lines} == left


async def test_done_takes_off_all_that_was_shown_as_one(keep, review, db):
    await keep(lost("abc", number=1), lost("ABC", days_ago=1), lost("khác", number=3))
    heard = await review(done=["00000001"])
    assert heard.said == ["2 taken off"]
    assert [one.text for one in await db.read(puzzles)] == ["khác"]


@pytest.mark.parametrize("wrong", [{"done": ["00000001", "nosuchid"]}, {"since": "hôm qua"}])
async def test_a_mistake_is_told_and_takes_nothing_off(keep, review, db, wrong):
    await keep(lost("abc", number=1))
    heard = await review(**wrong)
    assert (heard.code, len(heard.wrong)) == (1, 1)
    assert len(await db.read(puzzles)) == 1


async def test_an_empty_list_says_so(review):
    assert (await review()).said == ["nothing waits"]


async def test_withdrawing_takes_the_persons_sentences_and_nobody_elses(keep, db):
    await keep(lost("mine"))
    await keep(lost("theirs"), who=OTHER)
    given = {"id": uuid4(), "at": NOW, "person": WHO, "purpose": "improve", "version": 1}
    await db.write(lambda tx: store.append(tx, [ConsentGiven(**given)]))
    gone = ConsentWithdrawn(**given | {"id": uuid4(), "purpose": "public"})
    await db.write(lambda tx: store.append(tx, [gone]))
    assert len(await db.read(puzzles)) == 2
    gone = ConsentWithdrawn(**given | {"id": uuid4()})
    await db.write(lambda tx: store.append(tx, [gone]))
    assert [one.text for one in await db.read(puzzles)] == ["theirs"]


async def test_erasure_takes_them_too(keep, db):
    await keep(lost("mine"))
    await keep(lost("theirs"), who=OTHER)
    await db.write(lambda tx: personal.erase(tx, WHO, None, ("console", "x"), NOW))
    assert [one.text for one in await db.read(puzzles)] == ["theirs"]


async def test_a_copy_holds_them(keep, db):
    await keep(lost("mine"))
    secret = await db.write(lambda tx: open_copy(tx, WHO, None, NOW))
    copy = await db.read(lambda conn: copy_behind(conn, secret, NOW))
    assert [row["text"] for row in copy["review"]] == ["mine"]


async def test_after_a_year_they_go(keep, db):
    await keep(lost("mine"))
    await db.write(lambda tx: sweep(tx, NOW + REVIEWED))
    assert len(await db.read(puzzles)) == 1
    await db.write(lambda tx: sweep(tx, NOW + REVIEWED + dt.timedelta(seconds=1)))
    assert await db.read(puzzles) == []


# The way there

START = """@ person you=cô name="Ba" consents=ledger
@ household province=82 commune=30226
= 2026-11-21 08:00
"""
TWO_MISSES = "> xyz qwerty\n> lorem ipsum cho chị Lan\n"
SALE = "> ban 20kg cam sanh 25k\n> luu\n"


async def talked(db, text: str, start: str = START) -> list[Puzzle]:
    """What is kept after this conversation."""
    steps = read(start + text)
    await replay(steps, Stage(db, steps).play)
    return await db.read(puzzles)


async def session_of(db) -> dict:
    return await db.read(lambda conn: conn.execute(select(session.c.body)).scalar_one())


async def test_without_consent_nothing_is_kept_and_the_session_holds_no_name(db):
    assert await talked(db, TWO_MISSES) == []
    assert (await session_of(db))["puzzle"]["text"] == "lorem ipsum cho chị <tên>"


async def test_a_single_miss_is_not_even_held(db):
    await talked(db, "> lorem ipsum cho chị Lan\n")
    assert "puzzle" not in await session_of(db)


async def test_a_yes_keeps_the_sentence_that_waited_and_the_ones_to_come(db):
    kept = await talked(db, TWO_MISSES + SALE + "> ừ\n> may mot hai\n")
    assert [one.text for one in kept] == ["may mot hai", "lorem ipsum cho chị <tên>"]
    assert (kept[0].southern, kept[0].province) == (True, "82")
    assert "puzzle" not in await session_of(db)


@pytest.mark.parametrize("answer", ["không", "thôi", "[Không đồng ý]", "alo", "ban 3kg oi 20k/kg"])
async def test_whatever_is_no_yes_keeps_nothing(db, answer):
    assert await talked(db, f"{TWO_MISSES}{SALE}> {answer}\n> xyz qwerty\n> abc abc\n") == []


async def test_a_sentence_waits_a_day_and_no_longer(db):
    assert await talked(db, f"{TWO_MISSES}= 2026-11-22 08:30\n{SALE}> ừ\n") == []


async def test_what_waits_in_a_silent_session_is_swept_away(db):
    await talked(db, TWO_MISSES)
    await db.write(lambda tx: sweep(tx, NOW + dt.timedelta(days=1, minutes=5)))
    assert "puzzle" not in await session_of(db)


AGREED = START.replace("ledger", "ledger,improve")


async def test_a_correction_keeps_the_sentence_and_what_it_became(db):
    said = "> ban 35kg cam vinh 22k/kg cho co tam\n> sửa lại giá hăm lăm nghìn\n> 1\n"
    (kept,) = await talked(db, said, AGREED)
    assert (kept.kind, kept.text) == ("corrected", "ban 35kg cam vinh 22k/kg cho co <tên>")
    before, after = kept.understood["lines"][0], kept.corrected["lines"][0]
    assert (before["unit_price_vnd"], after["unit_price_vnd"]) == (22000, 25000)
    assert "tam" not in json.dumps([kept.understood, kept.corrected]).lower()


async def test_a_card_that_was_right_is_not_kept(db):
    assert await talked(db, SALE, AGREED) == []


async def test_correcting_a_saved_sale_is_no_misunderstanding(db):
    assert await talked(db, f"{SALE}> sửa lại giá 27k\n> 1\n", AGREED) == []


async def test_answers_about_oneself_are_not_kept(db):
    asked = "> đổi tên\n> 123456 !!\n> 123 456 !!\n"
    assert await talked(db, asked, AGREED) == []


async def test_who_was_asked_once_is_not_asked_again(db):
    steps = read(START + (TWO_MISSES + SALE + "> alo\n") * 2)
    played = await replay(steps, Stage(db, steps).play)
    assert sum("Đồng ý" in step.text for step in played if step.mark == "<") == 1
