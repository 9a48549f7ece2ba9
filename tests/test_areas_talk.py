"""Every conversation of workers, held by everybody: each button with what is not theirs, each phrase, each search.

Handlers, buttons and phrases are those that there are: a new one is walked without being named here.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import shutil
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from functools import partial
from importlib.resources import files
from pathlib import Path

import pytest
from canaries import (
    ACTORS,
    AREAS,
    NOW,
    PLACES,
    Actor,
    about,
    draft_of,
    fill,
    leaks,
    machine,
    not_theirs,
    sign,
    word,
)
from sqlalchemy import select, update
from structlog.testing import capture_logs
from villages import of

from bot.broadcasts import feed_round
from bot.config import Settings
from bot.dialogue.message import Content, Location, Message, Tap, Text
from bot.handlers import HANDLERS
from bot.runner import Runner
from bot.telling import TELLERS
from storage.database import Database
from storage.schema import outbox, role

WALKED = [h for h in HANDLERS if h.of_roles or h.name in ("training", "course_news")]
"""Those of a role, and those whose buttons carry the code of a course."""
CODES = ("worker.see", "assisted.take", "help.write")  # buttons with a household's code
SIGNS = "help."  # with a question's sign
DRAFTS = "broadcast."
PLACED = ("role.area", "assisted.place", "broadcast.area")
LESSONS = ("training.", "course.")
TALKED = ("help.reply", "help.write", "assisted.take", "broadcast.write", "worker.find")
"""Buttons after which words are waited for."""
WORDS = "bán 5 kg cam 20k/kg"


def victims(actor: Actor) -> tuple[str, ...]:
    """Households that this one may do nothing for."""
    if actor.kind == "worker" and actor.area == AREAS["there"]:
        return ("DT-0001", "HN-0002")
    inside = actor.kind in ("worker", "officer") and not actor.over
    return ("DT-0002", "HN-0001") if inside else ("DT-0001", "HN-0002")


def refs(action: str, actor: Actor) -> list[str]:
    """What stands behind a forged or old button; behind one that nobody knows here, everything."""
    codes, areas = victims(actor), list(AREAS.values())
    lessons = ["c-here", "c-there"] if not actor.kind or actor.over else ["c-none"]
    lessons = ["c-here"] if actor.area == AREAS["there"] else lessons
    if action in CODES:
        return list(codes)
    if action in PLACED:
        return areas
    kinds = {
        "claim.": [f"{c}/{kind}/12345678" for c in codes for kind in ("sale/KX42", "place/")],
        SIGNS: [sign(code) for code in codes],
        DRAFTS: [draft_of(name).hex for name in AREAS],
        **dict.fromkeys(LESSONS, lessons),
    }
    found = [some for start, some in kinds.items() if action.startswith(start)]
    if action == "claim.reason":
        return [f"{one}/amount" for one in kinds["claim."]]
    known = ("role.", "worker.", "checks.", "course.", "assisted.", "visit.", "check_in.")
    return found[0] if found else [""] if action.startswith(known) else [*codes, *areas, "x.1", ""]


def phrases() -> Iterator[str]:
    """The first phrase of each request, as the tables have them."""
    for line in files("bot.language").joinpath("words.csv").read_text("utf-8").splitlines():
        kind, _, said = line.split(",", 2)
        if kind == "request":
            yield said.split("|")[0]


def sentences(actor: Actor) -> Iterator[str]:
    for code in PLACES:
        yield word(code, "name")
        yield f"hộ {word(code, 'name')}"
        yield word(code, "phone").replace("+84", "0")
        yield code
    for code in victims(actor):
        yield f"ghi cho hộ {code}: {WORDS}"
        yield "lưu"
        yield f"địa chỉ số {code}"
        yield f"nhắn cho hộ {code}"
    yield "hôm nay"
    yield "nhắn bà con: mai họp"
    yield "vn"
    yield "mời cán bộ Ba Đình, Hà Nội"
    yield "mời cán bộ Lai Vung, Đồng Tháp"
    yield "xã Lai Vung, Đồng Tháp có mấy hộ"


@dataclass(slots=True)
class Walker:
    """Somebody who writes; `wrong`: what came back that is not theirs, and after what."""

    name: str
    runner: Runner
    said: int = 0
    heard: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    async def send(self, content: Content) -> None:
        self.said += 1
        at = NOW + dt.timedelta(seconds=self.said)
        own = machine(self.name)
        message = Message(f"web:{own}:{self.said}", "web", own, at, content)
        handled = await self.runner.handle(message, inline="all")
        told = "\n".join(str(reply.worded) for reply in handled.replies)
        self.heard.append(told)
        found = leaks(told, ACTORS[self.name], str(content))
        if found:
            self.wrong.append(f"{content}: {found}")

    async def talk(self) -> None:
        """Everything there is to tap and to say."""
        actor = ACTORS[self.name]
        for action in sorted({tap for handler in WALKED for tap in handler.taps}):
            for ref in refs(action, actor):
                await self.send(Tap(f"{action}:{ref}"))
                if action in TALKED:
                    await self.send(Text(WORDS))
        for said in phrases():
            await self.send(Text(said))
        await self.send(Location(10.2967, 105.6608))
        for said in sentences(actor):
            await self.send(Text(said))


@pytest.fixture(scope="module")
def filled(empty_sqlite, tmp_path_factory) -> Path:
    file = tmp_path_factory.mktemp("areas") / "filled.db"
    shutil.copyfile(empty_sqlite, file)
    asyncio.run(_fill(f"sqlite+aiosqlite:///{file}"))
    return file


async def _fill(url: str) -> None:
    db = await Database.open(url)
    await db.write(fill)
    over = [of(name) for name, actor in ACTORS.items() if actor.over]
    await db.write(
        lambda tx: tx.execute(update(role).where(role.c.person.in_(over)).values(withdrawn_at=NOW))
    )
    await db.close()


@pytest.fixture
async def db(filled, tmp_path) -> AsyncIterator[Database]:
    """SQLite; the queries of conversations are tried on both in their own tests."""
    shutil.copyfile(filled, tmp_path / "areas.db")
    opened = await Database.open(f"sqlite+aiosqlite:///{tmp_path}/areas.db")
    yield opened
    await opened.close()


async def told_later(db: Database, runner: Runner) -> list[tuple[str, str]]:
    """The news that everybody gets by morning, as (address, body)."""
    morning = NOW + dt.timedelta(days=1)
    for tell_due in TELLERS:
        while await tell_due(db, runner, morning):
            pass
    for _ in range(2):
        await feed_round(db, morning)
    unasked = outbox.c.message.like("news:%") | outbox.c.broadcast.is_not(None)
    asked = select(outbox.c.recipient, outbox.c.body).where(unasked)
    return [(row[0], str(row[1])) for row in await db.read(lambda tx: tx.execute(asked).all())]


@pytest.mark.parametrize("name", ACTORS)
async def test_nobody_hears_or_changes_what_is_not_theirs(db, name):
    runner = Runner(db, Settings(), HANDLERS)
    walker = Walker(name, runner)
    before = await db.read(partial(about, needles=not_theirs(ACTORS[name])))
    with capture_logs() as logged:
        await walker.talk()
    after = await db.read(partial(about, needles=not_theirs(ACTORS[name])))
    assert walker.wrong == []
    assert [one for one in logged if one["log_level"] == "error"] == [], "a fault of ours"
    assert {t: set(rows) ^ set(before[t]) for t, rows in after.items() if rows != before[t]} == {}


async def test_who_is_inside_hears_of_the_area(db):
    """Otherwise a talk that comes to nothing would find nothing wrong."""
    for name, code, area in (("worker", "DT-0001", "here"), ("elsewhere", "HN-0001", "there")):
        walker = Walker(name, Runner(db, Settings(), HANDLERS))
        for said in ("hôm nay", "cần kiểm tra", "lớp học", word(code, "name")):
            await walker.send(Text(said))
        await walker.send(Tap(f"help.reply:{sign(code)}"))
        heard = "\n".join(walker.heard)
        expected = {code, word(code, "name"), word(area, "title")}
        assert {one for one in expected if one not in heard} == set()
        assert walker.wrong == []


async def test_what_is_told_unasked_goes_to_whom_it_is_theirs(db):
    people = {machine(name): name for name in ACTORS}
    told = await told_later(db, Runner(db, Settings(), HANDLERS))
    heard = [f"{people[who]}: {leaks(body, ACTORS[people[who]])}" for who, body in told]
    assert {people[who] for who, _ in told} >= {"worker", "elsewhere"}, "of the open questions"
    assert [one for one in heard if not one.endswith("set()")] == []


async def test_what_somebody_began_as_a_household_waits_while_they_ask_of_their_area(db):
    walker = Walker("reader", Runner(db, Settings(), HANDLERS))
    with capture_logs() as logged:
        for said in (
            "đăng ký",
            "hôm nay",
            "hộ zqalfaname",
            "vâng",
            "hôm nay",
            "bán 5 kg cam 20k/kg",
        ):
            await walker.send(Text(said))
    assert [one for one in logged if one["log_level"] == "error"] == []
    assert word("DT-0001", "name") in walker.heard[2]


async def test_a_course_elsewhere_is_none_of_theirs_whatever_its_code(db):
    """Codes are counted up, and so easily guessed."""
    walker = Walker("household", Runner(db, Settings(), HANDLERS))
    await walker.send(Tap("training.about:c-there"))
    await walker.send(Tap("training.go:c-there"))
    await walker.send(Tap("training.about:c-none"))
    assert len(set(walker.heard)) == 1, "one answer for all that is not theirs"
    await walker.send(Tap("training.about:c-here"))
    assert word("here", "title") in walker.heard[-1]


async def test_a_button_that_ends_what_is_long_over_is_told_so(db):
    walker = Walker("worker", Runner(db, Settings(), HANDLERS))
    with capture_logs() as logged:
        await walker.send(Tap("assisted.stop:"))
    assert [one for one in logged if one["log_level"] == "error"] == []
    assert walker.heard[0]
