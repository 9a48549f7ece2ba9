"""Messages to an area: to whom they go, once each, what stops them, what stands in the report."""

from __future__ import annotations

import asyncio
import datetime as dt
import tracemalloc
from collections import Counter
from uuid import uuid4, uuid5

import pytest
from crowd import AREA, LONG_AGO, SPACE, TEXT, WORKER, appoint, crowd, draft, start, who
from sqlalchemy import func, insert, select, text, update

from bot.broadcast_steps import change, make, try_out
from bot.broadcasts import feed_round
from domain.broadcasts import (
    A_WEEK,
    MOST,
    MOST_OF_WORKER,
    Audience,
    plain,
    reach_problem,
    text_problem,
)
from domain.events import EVENT, ConsentWithdrawn
from domain.household import ZONE
from domain.roles import Role
from storage import broadcast_feed, broadcast_lease, broadcasts, outbox, personal
from storage.broadcast_people import reach
from storage.outbox import BROADCAST
from storage.schema import broadcast as broadcast_table
from storage.schema import (
    broadcast_part,
    entry,
    event,
    household,
    identity,
    listing,
    role,
    session,
)
from storage.schema import outbox as outbox_table
from storage.store import append

NOW = dt.datetime(2026, 11, 21, 9, 0, tzinfo=ZONE)
SECOND = dt.timedelta(seconds=1)
DAY = dt.timedelta(days=1)
MIB = 1024 * 1024
SENDER = uuid4()
HERE = [Role("worker", AREA)]


async def going(db, people: int = 3):
    """A message that has been started, with its first recipients in the outbox."""
    which = await started(db, people)
    await fed(db)
    return which


async def started(db, people: int):
    """One whose recipients are still to be fixed."""
    await db.write(lambda tx: crowd(tx, range(1, people + 1)))
    await db.write(appoint)
    which = await db.write(lambda tx: draft(tx, NOW))
    await db.write(lambda tx: start(tx, which, NOW))
    return which


async def fed(db, now=NOW) -> int:
    await feed_round(db, now)
    return await db.read(lambda c: c.scalar(select(func.max(broadcast_table.c.handed_on))))


async def rows(db) -> list:
    found = select(outbox_table).order_by(outbox_table.c.position)
    return await db.read(lambda c: c.execute(found).all())


async def leased(db, now=NOW, limit=50, holder=SENDER) -> list[str]:
    found = await db.write(lambda tx: broadcast_lease.lease(tx, "telegram", holder, now, limit))
    return [row.recipient for row in found]


async def outcome(db, which) -> broadcasts.Outcome:
    def seen(conn):
        return broadcasts.outcome(
            conn, broadcasts.one(conn, WORKER, [*HERE, Role("officer", "82")], which)
        )

    return await db.read(seen)


async def withdraw(db, number: int, purpose: str = "broadcast") -> None:
    gone = ConsentWithdrawn(id=uuid4(), at=NOW, person=who(number), purpose=purpose, version=1)
    await db.write(lambda tx: append(tx, [gone]))


# To whom


async def test_who_agreed_and_lives_there_gets_it_once_in_their_own_words(db):
    await db.write(lambda tx: crowd(tx, range(100, 103), asked=False))
    await db.write(lambda tx: crowd(tx, range(200, 203), area="00004"))
    await going(db, 70)
    put = await rows(db)
    assert len(put) == 50, "no more wait unsent"
    for row in put:
        await db.write(lambda tx, row=row: broadcast_lease.arrived(tx, row.id, "1"))
    await feed_round(db, NOW)
    put = await rows(db)
    assert Counter(row.recipient for row in put) == Counter(map(str, range(1, 71)))
    assert put[-1].body["text"] == (
        "📣 Mai 8 giờ có lớp bán hàng ở nhà văn hóa xã, mời cô tới.\n"
        "Tin từ cán bộ Ngọc, xã Lai Vung. Không muốn nhận thì nhắn: dừng tin."
    )
    assert put[-1].body["buttons"] == [["broadcast.stop", "Dừng tin"]]


@pytest.mark.parametrize(
    ("wanted", "people"),
    [({}, 4), ({"platform": "voso"}, 1), ({"step": "listing"}, 3), ({"area": "00004"}, 0)],
)
async def test_a_filter_counts_those_it_means(db, wanted, people):
    await db.write(lambda tx: crowd(tx, range(1, 5)))
    home = uuid5(SPACE, "home/2")
    offered = {"household": home, "code": "AB22", "platform": "voso", "listed_at": LONG_AGO}
    await db.write(lambda tx: tx.execute(insert(listing), offered))
    audience = Audience(**{"area": AREA, **wanted})
    assert (await db.read(lambda c: reach(c, HERE, audience, NOW))).people == people


async def test_quiet_means_no_sale_for_so_long_and_joined_before(db):
    await db.write(lambda tx: crowd(tx, range(1, 5)))
    sale = {"household": uuid5(SPACE, "home/1"), "draft": "", "message": "", "items": []}
    sale |= {"total_vnd": 1, "platform": "offline", "evidence": "said", "logged_at": NOW}
    sales = [sale | {"code": "A", "date": (NOW - 20 * DAY).date()}]
    await db.write(lambda tx: tx.execute(insert(entry), sales))
    new = update(household).where(household.c.id == uuid5(SPACE, "home/2"))
    await db.write(lambda tx: tx.execute(new.values(registered_at=NOW - 20 * DAY)))
    found = [
        (await db.read(lambda c, d=days: reach(c, HERE, Audience(AREA, quiet=d), NOW))).people
        for days in (14, 30)
    ]
    assert found == [4, 2]


async def test_nobody_is_counted_outside_ones_own_area(db):
    await db.write(lambda tx: crowd(tx, range(1, 5), area="00004"))
    audience = Audience("00004")
    assert (await db.read(lambda c: reach(c, HERE, audience, NOW))).people == 0
    assert (await db.read(lambda c: reach(c, [Role("officer", "vn")], audience, NOW))).people == 4


async def test_two_a_week_and_no_more(db):
    """The third within seven days reaches nobody, and the preview says so."""
    await db.write(lambda tx: crowd(tx, range(1, 4)))
    await db.write(appoint)
    for number in range(A_WEEK):
        at = NOW + number * DAY
        which = await db.write(lambda tx, at=at: draft(tx, at))
        await db.write(lambda tx, which=which, at=at: start(tx, which, at))
        await fed(db, at)
        for row in await rows(db):
            await db.write(lambda tx, row=row: broadcast_lease.arrived(tx, row.id, "1"))
        await feed_round(db, at)
    third = NOW + 6 * DAY
    found = await db.read(lambda c: reach(c, HERE, Audience(AREA), third))
    assert (found.people, found.full) == (0, 3)
    found = await db.read(lambda c: reach(c, HERE, Audience(AREA), NOW + 7 * DAY + SECOND))
    assert (found.people, found.full) == (3, 0)


async def test_who_got_their_second_one_since_is_left_out_when_their_turn_comes(db):
    which = await started(db, 2)
    for number in range(A_WEEK):
        old = outbox.row(uuid4(), "telegram", "1", {}, NOW, urgency=BROADCAST)
        await db.write(lambda tx, old=old: outbox.put(tx, [old | {"broadcast": uuid5(SPACE, "x")}]))
        assert number < A_WEEK
    await feed_round(db, NOW)
    mine = [row.recipient for row in await rows(db) if row.broadcast == which]
    assert mine == ["2"]
    assert (await outcome(db, which)).left_out == 1


async def test_an_invitation_to_a_course_is_one_of_the_two(db):
    await db.write(lambda tx: crowd(tx, range(1, 3)))
    for number, kind in enumerate(("invite", "invite", "tomorrow")):
        told = f"news:course:c{number}:{kind}:x"
        old = outbox.row(uuid4(), "telegram", "1", {}, NOW, message=told, urgency=outbox.NOTICE)
        await db.write(lambda tx, old=old: outbox.put(tx, [old]))
        found = await db.read(lambda c: reach(c, HERE, Audience(AREA), NOW))
        assert found.full == (number > 0)


async def test_a_person_with_two_channels_gets_it_once_where_they_wrote_last(db):
    await db.write(lambda tx: crowd(tx, range(1, 2)))
    other = {"channel": "web", "address": "w", "person": who(1), "since": LONG_AGO}
    await db.write(lambda tx: tx.execute(insert(identity), other))
    talk = {"contact": who(1), "body": {}}
    talks = [
        talk | {"channel": "telegram", "address": "1", "last_at": NOW - 2 * DAY},
        talk | {"channel": "web", "address": "w", "last_at": NOW - DAY},
    ]
    await db.write(lambda tx: tx.execute(insert(session), talks))
    await db.write(appoint)
    which = await db.write(lambda tx: draft(tx, NOW))
    await db.write(lambda tx: start(tx, which, NOW))
    await fed(db)
    assert [(row.channel, row.recipient) for row in await rows(db)] == [("web", "w")]


async def test_who_blocked_the_bot_is_left_alone_until_they_write_again(db):
    await db.write(lambda tx: crowd(tx, range(1, 3)))
    await db.write(lambda tx: broadcast_lease.blocked(tx, "telegram", "1", NOW))
    assert (await db.read(lambda c: reach(c, HERE, Audience(AREA), NOW))).people == 1
    talk = {"channel": "telegram", "address": "1", "contact": who(1), "body": {}}
    later = talk | {"last_at": NOW + DAY}
    await db.write(lambda tx: tx.execute(insert(session), later))
    assert (await db.read(lambda c: reach(c, HERE, Audience(AREA), NOW))).people == 2


# Out, and who may still get it


async def test_opting_out_is_respected_for_what_is_queued_already(db):
    which = await going(db, 3)
    await withdraw(db, 2)
    assert sorted(await leased(db)) == ["1", "3"]
    assert [row.reason for row in await rows(db) if row.recipient == "2"] == ["unwanted"]
    assert (await outcome(db, which)).left_out == 1


async def test_what_others_put_at_this_urgency_stops_for_who_opted_out_too(db):
    await db.write(lambda tx: crowd(tx, range(1, 3)))
    news = [outbox.row(uuid4(), "telegram", to, {}, NOW, urgency=BROADCAST) for to in "12"]
    await db.write(lambda tx: outbox.put(tx, news))
    await withdraw(db, 1)
    assert await leased(db) == ["2"]


async def test_who_moved_away_or_erased_everything_gets_none(db):
    which = await started(db, 3)
    await feed_fixed(db)
    moved = update(household).where(household.c.id == uuid5(SPACE, "home/1"))
    await db.write(lambda tx: tx.execute(moved.values(province="01", commune="00004")))
    await db.write(lambda tx: personal.erase(tx, who(2), None, ("telegram", "2"), NOW))
    await feed_round(db, NOW)
    assert [row.recipient for row in await rows(db)] == ["3"]
    assert (await outcome(db, which)).left_out == 2


async def feed_fixed(db) -> None:
    """Recipients are fixed; nobody had their turn."""
    for one in await db.read(broadcast_feed.unfixed):
        people = await db.read(lambda c, one=one: broadcast_feed.recipients(c, one, NOW))
        await db.write(lambda tx, one=one, p=people: broadcast_feed.fix(tx, one.id, p))


async def test_nobody_joins_after_the_start_and_two_processes_fix_it_once(db):
    which = await started(db, 3)
    await feed_fixed(db)
    await db.write(lambda tx: crowd(tx, range(10, 15)))
    everybody = [who(n) for n in range(10, 15)]
    await db.write(lambda tx: broadcast_feed.fix(tx, which, everybody))
    assert await fed(db) == 3
    assert len(await rows(db)) == 3


async def test_ten_thousand_queued_cost_less_than_ten_mebibytes(db):
    """Memory while who gets it is fixed; of the database 16 bytes a person, and the few in the outbox."""
    for first in range(1, 10_001, 2_000):
        await db.write(lambda tx, first=first: crowd(tx, range(first, first + 2_000)))
    await db.write(lambda tx: appoint(tx, "officer", "82"))
    which = await db.write(lambda tx: draft(tx, NOW, area="82"))
    before = await size(db)
    await db.write(lambda tx: start(tx, which, NOW))
    tracemalloc.start()
    assert await fed(db) == broadcast_feed.BACKLOG
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 10 * MIB
    assert await size(db) - before < MIB, "a tenth of what is allowed"
    assert (await outcome(db, which)).waiting == 10_000


async def size(db) -> int:
    """Bytes of all tables."""
    pages = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
    whole = "SELECT pg_database_size(current_database())"
    sql = pages if db.url.get_backend_name() == "sqlite" else whole
    return await db.write(lambda tx: tx.scalar(text(sql)))


async def test_several_that_feed_at_once_double_nobody(db):
    which = await started(db, 40)
    await feed_fixed(db)
    await asyncio.gather(*(feed_round(db, NOW) for _ in range(6)))
    put = Counter(row.recipient for row in await rows(db))
    assert put == Counter(map(str, range(1, 41)))
    assert (await outcome(db, which)).waiting == 40


async def test_only_one_process_sends_at_a_time(db):
    await going(db, 6)
    assert len(await leased(db, limit=2)) == 2
    other = uuid4()
    assert await leased(db, holder=other) == []
    assert len(await leased(db, NOW + broadcast_lease.TURN, holder=other)) == 4


async def test_after_two_sendings_without_an_answer_there_is_no_third(db):
    which = await going(db, 1)
    for number in range(3):
        at = NOW + number * 2 * outbox.LEASE
        assert await leased(db, at) == ([] if number == 2 else ["1"])
    assert (await outcome(db, which)).unsure == 1


async def test_a_sending_that_certainly_failed_raises_no_doubt(db):
    await going(db, 1)
    for number in range(5):
        assert await leased(db, NOW + number * SECOND) == ["1"]
        (row,) = await rows(db)
        again = NOW + (number + 1) * SECOND

        def told(tx, row=row, again=again):
            outbox.failed(tx, row.id, again, "toofast")
            broadcast_lease.certain(tx, row.id)

        await db.write(told)


async def test_what_was_sent_keeps_its_words_only_once(db):
    await going(db, 1)
    (row,) = await rows(db)
    await db.write(lambda tx: broadcast_lease.arrived(tx, row.id, "7"))
    (row,) = await rows(db)
    assert (row.state, row.ref, row.body) == ("sent", "7", None)


# Steered


async def step(db, which, wanted, now=NOW, person=WORKER):
    return await db.write(lambda tx: change(tx, person, which, uuid4(), wanted, now))


async def test_paused_nobody_gets_it_and_resumed_everybody_does(db):
    which = await going(db, 3)
    assert (await step(db, which, "pause")).state == "paused"
    assert await leased(db) == []
    await step(db, which, "resume", NOW + SECOND)
    assert sorted(await leased(db, NOW + SECOND)) == ["1", "2", "3"]


async def test_paused_at_once_it_still_knows_who_is_to_get_it(db):
    which = await started(db, 3)
    await step(db, which, "pause")
    await feed_round(db, NOW)
    assert await rows(db) == []
    assert (await outcome(db, which)).waiting == 3


async def test_stopped_nobody_gets_it_any_more_and_who_was_to_get_it_is_forgotten(db):
    which = await going(db, 3)
    assert (await step(db, which, "stop")).state == "stopped"
    assert await leased(db) == []
    assert await fed(db) == 3
    assert (await step(db, which, "resume")).state == "stopped", "an end is an end"
    assert await db.read(lambda c: c.execute(select(broadcast_part)).all()) == []
    assert (await outcome(db, which)).left_out == 3


async def test_it_is_finished_when_everybody_had_it_and_the_event_has_the_counts(db):
    which = await going(db, 3)
    one, two, three = await rows(db)
    await db.write(lambda tx: broadcast_lease.arrived(tx, one.id, "1"))
    await db.write(lambda tx: outbox.failed(tx, two.id, None, "blocked"))
    await feed_round(db, NOW)
    assert (await seen(db, which)).state == "sending"
    await db.write(lambda tx: outbox.failed(tx, three.id, None, "refused"))
    await feed_round(db, NOW)
    assert (await seen(db, which)).state == "finished"
    last = select(event.c.body).order_by(event.c.position.desc()).limit(1)
    told = EVENT.validate_python(await db.read(lambda c: c.scalar(last)))
    assert told.type == "broadcast_finished"
    assert (told.delivered, told.blocked, told.failed) == (1, 1, 1)
    assert TEXT[:5] not in str(told)


async def seen(db, which):
    return await db.read(lambda c: broadcasts.one(c, WORKER, HERE, which))


async def test_a_message_that_waits_for_one_answer_holds_no_other_up(db):
    first = await going(db, 1)
    later = await db.write(lambda tx: draft(tx, NOW + SECOND, area=AREA))
    await db.write(lambda tx: start(tx, later, NOW))
    for _ in range(3):
        await feed_round(db, NOW)
    assert {row.broadcast for row in await rows(db)} == {first, later}


async def test_at_night_nothing_goes_out(db):
    await started(db, 3)
    for hour in (6, 20, 23):
        await feed_round(db, NOW.replace(hour=hour))
    assert await rows(db) == []
    await feed_round(db, NOW.replace(hour=7))
    assert len(await rows(db)) == 3


async def test_a_role_taken_back_ends_what_its_holder_sends(db):
    which = await started(db, 3)
    await feed_fixed(db)
    await db.write(lambda tx: tx.execute(update(role).values(withdrawn_at=NOW)))
    await feed_round(db, NOW)
    assert await rows(db) == []
    state = select(broadcast_table.c.state).where(broadcast_table.c.id == which)
    assert await db.read(lambda c: c.scalar(state)) == "stopped"
    assert await step(db, which, "resume") is None


async def test_nobody_else_steers_it_but_the_officer_of_the_area(db):
    which = await going(db, 1)
    stranger, officer = uuid4(), uuid4()
    await db.write(lambda tx: given(tx, stranger, "worker", AREA))
    await db.write(lambda tx: given(tx, officer, "officer", "82"))
    assert await step(db, which, "stop", person=stranger) is None
    assert (await step(db, which, "stop", person=officer)).state == "stopped"


def given(tx, person, kind, area) -> None:
    row = {"person": person, "kind": kind, "area": area, "given_at": LONG_AGO}
    tx.execute(insert(role), row)


# Written


async def test_the_same_form_twice_is_one_message(db):
    await db.write(lambda tx: crowd(tx, range(1, 3)))
    await db.write(appoint)
    for _ in range(2):
        await db.write(lambda tx: draft(tx, NOW))
    assert len(await db.read(lambda c: c.execute(select(broadcast_table)).all())) == 1
    made = select(event.c.type).where(event.c.type == "broadcast_made")
    assert len(await db.read(lambda c: c.execute(made).all())) == 1


async def test_to_nobody_it_is_not_sent(db):
    await db.write(appoint)
    which = await db.write(lambda tx: draft(tx, NOW))
    assert await step(db, which, "start") == "nobody"


@pytest.mark.parametrize(
    ("kind", "people", "problem"),
    [
        ("worker", 0, "nobody"),
        ("worker", MOST_OF_WORKER, None),
        ("worker", 100_000, "many"),
        ("worker", MOST_OF_WORKER + 1, "officer"),
        ("officer", MOST, None),
        ("officer", MOST + 1, "many"),
    ],
)
def test_how_many_somebody_may_write_to(kind, people, problem):
    assert reach_problem(kind, people) == problem


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "empty"),
        (" \u202e\0 ", "empty"),
        ("a" * 501, "long"),
        ("a\n" * 20, "long"),
        ("xem http://a.vn", "link"),
        ("xem javascript:alert(1)", "link"),
        ("xem https://a.vn và HTTPS://b.vn", None),
        ("giá: 25.000 đ/kg", None),
    ],
)
def test_what_may_stand_in_a_message(text, problem):
    assert text_problem(plain(text)) == problem


async def test_words_that_may_not_be_sent_make_no_draft(db):
    await db.write(appoint)
    made = await db.write(lambda tx: make(tx, WORKER, uuid4(), Audience(AREA), " ", NOW))
    assert made == "empty"
    assert await db.read(lambda c: c.execute(select(broadcast_table)).all()) == []


def test_signs_that_nobody_sees_are_taken_out():
    assert plain("a\u202eb\u200b\0c\r\n\n\n\n d\t") == "abc\n\nd"


async def test_nobody_writes_outside_their_area_and_readers_to_nobody(db):
    await db.write(appoint)
    reader = uuid4()
    await db.write(lambda tx: given(tx, reader, "reader", AREA))
    for person, area in ((WORKER, "00004"), (WORKER, "82"), (reader, AREA), (uuid4(), AREA)):
        made = await db.write(
            lambda tx, p=person, a=area: make(tx, p, uuid4(), Audience(a), TEXT, NOW)
        )
        assert made is None


async def test_tried_on_oneself_it_goes_to_nobody_else_once_a_press(db):
    await db.write(lambda tx: crowd(tx, range(1, 4)))
    await db.write(lambda tx: appoint(tx, chat=900))
    which = await db.write(lambda tx: draft(tx, NOW))
    press = uuid4()
    for _ in range(2):
        await db.write(lambda tx: try_out(tx, WORKER, which, press, NOW))
    (row,) = await rows(db)
    assert (row.recipient, row.urgency) == ("900", outbox.NOTICE)
    assert "mời chị tới" in row.body["text"]
