"""Courses: what can be one, who counts, who hears of it and when, what is left when somebody is erased."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from uuid import UUID

import pytest
from held import opened, worker
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, create_engine, func, insert, select
from villages import fact, of, settle

from bot import course_book
from bot.config import Settings
from bot.course_book import Acting, NewName
from bot.course_news import tell_due
from bot.dialogue.message import Message, PersonNamed, Tap, Text
from bot.handlers import HANDLERS
from bot.runner import Runner
from domain.courses import (
    DAY_FROM,
    DAY_TO,
    Course,
    CoursePlan,
    decent,
    hour_faults,
    is_decent,
    plan_faults,
    reminders,
)
from domain.events import EVENT, ConsentGiven, ConsentWithdrawn
from domain.household import ZONE
from domain.indicators import deltas
from domain.roles import Role
from storage import attendee_list, courses, personal
from storage.course_news import BATCH, reached
from storage.database import JSON_OF_OURS
from storage.rollups import advance, rebuild_check
from storage.schema import attendee, course, course_news, course_person, event, identity, rollup
from storage.store import append
from storage.sweep import sweep

HERE = ("56", "22870")
THERE = ("01", "00004")
NOON = dt.datetime(2026, 11, 21, 12, 0, tzinfo=ZONE)
STARTS = dt.datetime(2026, 11, 25, 8, 0, tzinfo=ZONE)
ENDS = dt.datetime(2026, 11, 25, 11, 30, tzinfo=ZONE)
DURING = dt.datetime(2026, 11, 25, 9, 0, tzinfo=ZONE)
MOMENTS = st.integers(0, 60 * 24 * 60).map(lambda m: NOON + dt.timedelta(minutes=m))
PHONE = "+84912345678"


# What can be one


@pytest.mark.parametrize(
    ("role", "commune", "may"),
    [
        (Role("worker", "22870"), "22870", True),
        (Role("officer", "56"), "22870", True),
        (Role("officer", "vn"), "22870", True),
        (Role("reader", "22870"), "22870", False),
        (Role("worker", "22870"), "30226", False),
    ],
)
def test_courses_are_held_in_ones_own_area(role, commune, may):
    plan = CoursePlan("Chụp ảnh", "Nhà văn hóa", commune, STARTS, ENDS)
    assert (list(plan_faults(plan, [role], NOON)) == []) is may


@given(MOMENTS, MOMENTS, MOMENTS)
def test_a_course_without_fault_is_ahead_and_ends_on_its_own_day_after_it_began(now, starts, ends):
    if not list(hour_faults(starts, ends, now)):
        assert now < starts < ends
        assert starts.astimezone(ZONE).date() == ends.astimezone(ZONE).date()


# When people hear of it


@given(MOMENTS)
def test_nobody_is_written_to_at_night_or_earlier_than_may_be(moment):
    then = decent(moment)
    assert then >= moment
    assert DAY_FROM <= then.astimezone(ZONE).hour < DAY_TO
    assert then == moment or not is_decent(moment)
    assert then - moment < dt.timedelta(hours=24)


@given(MOMENTS, MOMENTS)
def test_reminders_are_ahead_by_day_on_the_day_before_and_in_the_morning(starts, now):
    found = Course("c1", "", "", *HERE, starts, starts, UUID(int=1), "1234", "w")
    for kind, moment in reminders(found, now).items():
        assert now < moment < starts
        assert is_decent(moment)
        days = (found.day - moment.astimezone(ZONE).date()).days
        assert days == (1 if kind == "eve" else 0)


# Who counts


@dataclass
class Class:
    """A course on a database, and what a worker and its people do."""

    db: object
    runner: Runner
    who: UUID
    numbers: int = 0
    told: list[str] = field(default_factory=list)

    async def does(self, what: Callable[..., object], **fields: object) -> object:
        acting = Acting(self.who, fields.pop("at", DURING))
        return await self.db.write(partial(what, who=acting, code="c7", **fields))

    async def says(self, code: str, text: str | Tap, at: dt.datetime = DURING) -> list[str]:
        """What the household of this code is answered."""
        self.numbers += 1
        content = text if isinstance(text, Tap) else Text(text)
        sent = Message(f"t:{code}:{self.numbers}", "web", code, at, content)
        return [r.worded.text for r in (await self.runner.handle(sent, inline="all")).replies]

    async def goes_on(self, at: dt.datetime, rounds: int = 1) -> None:
        for _ in range(rounds):
            await tell_due(self.db, self.runner, at)

    async def stands(self) -> Course:
        found = await self.db.read(lambda conn: courses.one(conn, "c7"))
        assert found is not None
        return found

    async def figures(self) -> dict[tuple[str, str], int]:
        while await self.db.write(advance):
            pass
        assert await self.db.read(rebuild_check) == []
        rows = select(rollup.c.indicator, rollup.c.platform, func.sum(rollup.c.amount)).where(
            rollup.c.indicator.in_(("courses", "attendances"))
        )
        rows = rows.group_by(rollup.c.indicator, rollup.c.platform)
        found = await self.db.read(lambda conn: conn.execute(rows).all())
        return {(row[0], row[1]): int(row[2]) for row in found if row[2]}

    async def types(self, kind: str) -> int:
        counted = select(func.count()).where(event.c.type == kind)
        return await self.db.read(lambda conn: conn.execute(counted).scalar_one())


def meet(tx: Connection, code: str, place: tuple[str, str] = HERE, *, wants: bool = True) -> None:
    """A household that writes on the web under its code."""
    settle(tx, code, code, place, agreed=False)
    if wants:
        append(tx, [fact(ConsentGiven, code, "b", place, purpose="broadcast", version=1)])
    row = {"channel": "web", "address": code, "person": of(code, "person"), "since": NOON}
    tx.execute(insert(identity), row)


@pytest.fixture
async def held(db, url) -> Class:
    def make(tx: Connection) -> UUID:
        for code in ("KH-0001", "KH-0002"):
            meet(tx, code)
        meet(tx, "KH-0003", wants=False)
        meet(tx, "HN-0001", THERE)
        who = worker(tx, "Hà", HERE[1])
        opened(tx, who, "c7", STARTS, ENDS, platform="voso", sign="4187", places="1")
        return who

    who = await db.write(make)
    return Class(db, Runner(db, Settings(database_url=url), HANDLERS), who)


async def test_a_course_counts_when_it_is_over_and_somebody_came(held):
    await held.says("KH-0001", "điểm danh 4187")
    assert await held.figures() == {("attendances", "voso"): 1}
    await held.goes_on(ENDS + dt.timedelta(minutes=29))
    assert ("courses", "voso") not in await held.figures()
    for minutes in (31, 32):
        await held.goes_on(ENDS + dt.timedelta(minutes=minutes))
    assert await held.figures() == {("attendances", "voso"): 1, ("courses", "voso"): 1}


async def test_a_course_to_which_nobody_came_counts_once_somebody_is_written_down(held):
    over = ENDS + dt.timedelta(hours=1)
    await held.goes_on(over)
    assert await held.figures() == {}
    await held.does(course_book.count, people=12, before=0, at=over)
    await held.does(course_book.count, people=10, before=12, at=over)
    assert await held.figures() == {("attendances", "voso"): 10, ("courses", "voso"): 1}
    assert await held.types("course_held") == 1


async def test_a_cancelled_course_counts_nothing_whenever_it_is_cancelled(held):
    await held.says("KH-0001", "điểm danh 4187")
    await held.does(course_book.enlist, names=[NewName("Bà Năm")])
    await held.does(course_book.count, people=12, before=0)
    await held.goes_on(ENDS + dt.timedelta(hours=1))
    assert await held.figures() == {("attendances", "voso"): 14, ("courses", "voso"): 1}
    for _ in range(2):
        assert await held.does(course_book.cancel, at=ENDS + dt.timedelta(days=2)) is None
    assert await held.figures() == {}
    assert await held.types("course_cancelled") == 1
    late = {"at": ENDS + dt.timedelta(days=2)}
    assert await held.does(course_book.count, people=3, before=0, **late) == "cancelled"


async def test_a_phone_on_the_list_and_its_owner_count_once_whichever_came_first(held):
    async def owns(code: str) -> None:
        named = [PersonNamed(phone="0912 345 678")]
        await held.db.write(lambda tx: personal.keep(tx, of(code, "person"), of(code), named))

    await owns("KH-0001")
    await held.does(course_book.enlist, names=[NewName("Nho", PHONE)])
    await held.says("KH-0001", "điểm danh 4187")
    assert (await held.stands()).came == 1
    await held.does(course_book.enlist, names=[NewName("Vợ Nho", PHONE)])
    assert (await held.stands()).came == 2, "two people share a phone"
    await owns("KH-0002")
    await held.says("KH-0002", "điểm danh 4187")
    assert (await held.stands()).came == 2
    for entry in await held.db.read(lambda conn: attendee_list.entries(conn, "c7")):
        await held.does(course_book.strike, which=entry.id)
        await held.does(course_book.strike, which=entry.id)
    assert (await held.stands()).came == 2, "both checked in by themselves"
    assert await held.figures() == {("attendances", "voso"): 2}


async def test_the_link_and_the_worker_write_the_same_phone_down_once(held):
    by_link = partial(course_book.enlist_by_link, word=f"c7-{'w' * 16}", phone=PHONE, at=DURING)
    for _ in range(2):
        await held.db.write(by_link)
    await held.does(course_book.enlist, names=[NewName("Nho", PHONE), NewName("nho", PHONE)])
    await held.db.write(by_link)
    assert (await held.stands()).came == 1
    assert await held.figures() == {("attendances", "voso"): 1}


ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("list"), st.sampled_from(["A", "B"]), st.sampled_from([None, PHONE])),
        st.tuples(st.just("strike"), st.integers(0, 3), st.none()),
        st.tuples(st.just("count"), st.integers(0, 9), st.none()),
        st.tuples(st.just("link"), st.none(), st.none()),
        st.tuples(st.just("clock"), st.none(), st.none()),
        st.tuples(st.just("cancel"), st.none(), st.none()),
    ),
    max_size=12,
)


@pytest.fixture
def engine(tmp_path, empty_sqlite):
    """An empty database that forgets what is not committed."""
    shutil.copyfile(empty_sqlite, tmp_path / "acts.db")
    opened_one = create_engine(f"sqlite:///{tmp_path}/acts.db", **JSON_OF_OURS)
    yield opened_one
    opened_one.dispose()


@given(ACTS)
@settings(
    deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
def test_figures_agree_with_what_stands_after_any_order_of_acts(engine, acts):
    with engine.connect() as tx:
        who = worker(tx, "Hà", HERE[1])
        opened(tx, who, "c1", STARTS, ENDS)
        for n, (act, first, second) in enumerate(acts):
            perform(tx, Acting(who, STARTS + dt.timedelta(minutes=n + 1)), act, first, second)
        course_book.hold(tx, "c1", ENDS + dt.timedelta(hours=1))
        found = courses.one(tx, "c1")
        assert found is not None
        assert counted(tx, "attendances") == found.came >= 0
        assert counted(tx, "courses") == (found.held_at is not None and not found.cancelled_at)
        assert not found.came or found.held_at is not None
        assert not (found.cancelled_at and found.came)


def counted(tx: Connection, indicator: str) -> int:
    bodies = tx.scalars(select(event.c.body)).all()
    added = [delta for body in bodies for delta in deltas(EVENT.validate_python(body))]
    return sum(delta.amount for delta in added if delta.key.indicator == indicator)


def perform(tx: Connection, who: Acting, act: str, first, second) -> None:
    code = "c1"
    match act:
        case "list":
            course_book.enlist(tx, who, code, [NewName(first, second)])
        case "strike":
            found = attendee_list.entries(tx, code)
            if first < len(found):
                course_book.strike(tx, who, code, found[first].id)
        case "count":
            before = courses.one(tx, code)
            course_book.count(tx, who, code, first, before.unnamed if before else 0)
        case "link":
            found_word = courses.one(tx, code)
            assert found_word is not None
            course_book.enlist_by_link(tx, found_word.word, PHONE, who.at)
        case "clock":
            course_book.hold(tx, code, who.at + dt.timedelta(hours=12))
        case "cancel":
            course_book.cancel(tx, who, code)


# Who may come, who hears of it


async def test_the_last_place_is_given_once(held):
    first = await held.says("KH-0001", Tap("training.go:c7"), NOON)
    second = await held.says("KH-0002", Tap("training.go:c7"), NOON)
    again = await held.says("KH-0001", Tap("training.go:c7"), NOON)
    assert "Đã ghi tên" in first[0]
    assert "đủ người" in second[0]
    assert "Đã ghi tên" in again[0]
    assert await held.types("training_accepted") == 1


async def test_only_those_of_the_area_who_want_such_messages_are_invited_once(held):
    assert await held.db.read(lambda conn: reached(conn, "c7", HERE[1])) == 2
    for _ in range(2):
        await held.does(course_book.invite, area=HERE[1], at=NOON)
    withdrawn = fact(ConsentWithdrawn, "KH-0002", "w", HERE, purpose="broadcast", version=1)
    await held.db.write(lambda tx: append(tx, [withdrawn]))
    await held.goes_on(NOON, 3)
    invited = select(event.c.person).where(event.c.type == "training_invited")
    found = await held.db.read(lambda conn: conn.scalars(invited).all())
    assert found == [of("KH-0001", "person")], "whoever stopped such messages meanwhile gets none"


@pytest.mark.parametrize("area", ["56", "01", "00004", "vn", "", "nonsense"])
async def test_nobody_outside_the_workers_area_is_invited(held, area):
    assert await held.does(course_book.invite, area=area, at=NOON) == "area"


async def test_nobody_is_invited_more_than_twice_a_week_nor_many_at_once(held):
    def more(tx: Connection) -> None:
        for number in range(BATCH + 5):
            meet(tx, f"KH-1{number:03d}")
        for code in ("c8", "c9"):
            opened(tx, held.who, code, STARTS, ENDS)

    await held.db.write(more)
    for code in ("c7", "c8", "c9"):
        acting = Acting(held.who, NOON)
        await held.db.write(partial(course_book.invite, who=acting, code=code, area=HERE[1]))
    await held.goes_on(NOON)
    assert 0 < await held.types("training_invited") <= BATCH
    await held.goes_on(NOON, 12)
    assert await held.types("training_invited") == 2 * (BATCH + 7)


async def test_invitations_of_the_night_wait_for_the_morning(held):
    night = NOON.replace(hour=22)
    await held.does(course_book.invite, area=HERE[1], at=night)
    await held.goes_on(night)
    assert await held.types("training_invited") == 0
    await held.goes_on(night + dt.timedelta(hours=9))
    assert await held.types("training_invited") == 2


async def test_guessing_the_digits_ends_after_five_and_numbers_of_other_days_are_no_guess(held):
    for _ in range(7):
        await held.says("KH-0001", "1111", NOON)
    for number in range(5):
        assert "chưa khớp" in (await held.says("KH-0001", f"điểm danh 111{number}"))[0]
    assert "nhiều mã" in (await held.says("KH-0001", "điểm danh 4187"))[0]
    assert "Đã điểm danh" in (await held.says("KH-0002", "điểm danh 4187"))[0]
    assert (await held.stands()).came == 1


async def test_the_digits_of_another_province_open_nothing(held):
    assert "chưa khớp" in (await held.says("HN-0001", "điểm danh 4187"))[0]
    assert (await held.stands()).came == 0


# What is personal


async def test_erasing_takes_the_person_out_and_leaves_the_figures(held):
    named = [PersonNamed(phone=PHONE)]
    who = of("KH-0001", "person")
    await held.db.write(lambda tx: personal.keep(tx, who, of("KH-0001"), named))
    await held.does(course_book.enlist, names=[NewName("Nho", PHONE)])
    await held.says("KH-0001", "điểm danh 4187")
    await held.says("KH-0001", Tap("training.rate:c7=hard"), ENDS)
    await held.says("KH-0001", "muốn học quay phim", ENDS)
    await held.db.write(lambda tx: personal.erase(tx, who, of("KH-0001"), ("web", "KH-0001"), ENDS))

    def left(conn: Connection) -> int:
        tables = (course_person, attendee, course_news)
        return sum(conn.execute(select(func.count()).select_from(t)).scalar_one() for t in tables)

    assert await held.db.read(left) == 0
    assert await held.figures() == {("attendances", "voso"): 1}
    bodies = await held.db.read(lambda conn: conn.scalars(select(event.c.body)).all())
    assert "quay phim" not in str(bodies)
    assert "912345678" not in str(bodies)


async def test_names_and_phones_of_a_list_are_forgotten_in_time(held):
    await held.does(course_book.enlist, names=[NewName("Nho", PHONE)])
    await held.db.write(partial(sweep, now=DURING + dt.timedelta(days=89)))
    kept = await held.db.read(lambda conn: attendee_list.entries(conn, "c7"))
    assert (kept[0].name, kept[0].phone) == ("Nho", PHONE)
    await held.db.write(partial(sweep, now=DURING + dt.timedelta(days=91)))
    kept = await held.db.read(lambda conn: attendee_list.entries(conn, "c7"))
    assert (kept[0].name, kept[0].phone) == (None, None)
    assert (await held.stands()).came == 1


async def test_two_courses_of_one_day_and_province_never_share_their_digits(held):
    def many(tx: Connection) -> None:
        for number in range(40):
            opened(tx, held.who, f"c{100 + number}", STARTS, ENDS)

    await held.db.write(many)
    signs = await held.db.read(lambda conn: conn.scalars(select(course.c.sign)).all())
    assert len(set(signs)) == len(signs) == 41
    assert all(len(sign) == 4 and sign.isdigit() for sign in signs)
