"""Summaries that are made by themselves: on time, once, told once, and sent until they have arrived."""

from __future__ import annotations

import asyncio
import base64
import datetime as dt
import hashlib
import hmac
import json
import os
import shutil
import signal
from functools import partial

import pytest
from commands import ROOT, command
from databases import new_postgres
from letterboxes import MailServer, Webhook, listening
from sqlalchemy import func, insert, select, update
from structlog.testing import capture_logs
from villages import appoint, known, of

from bot import mail
from bot.commands.letters import troubles
from bot.config import Settings, SettingsError, load_settings
from bot.handlers import HANDLERS
from bot.letters import NotTaken
from bot.runner import Runner
from bot.scheduled import make_due
from bot.scheduled_letters import GIVE_UP, send_letters
from bot.summary_news import tell_due
from domain.events import ReportReceived
from domain.household import ZONE
from domain.schedule import latest
from domain.summary_events import SummariesChosen
from storage import scheduled as kept
from storage.database import Database
from storage.rollups import advance
from storage.scheduled import LEASE
from storage.schema import outbox, role, scheduled, scheduled_part
from storage.store import append

MINUTE = dt.timedelta(minutes=1)
BEFORE = dt.datetime(2026, 11, 20, 9, 0, tzinfo=ZONE)  # a Friday on which the program first ran
MONDAY = dt.datetime(2026, 11, 23, 7, 0, tzinfo=ZONE)
SECRET = "whsec_" + base64.b64encode(b"k" * 32).decode()


def local(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=ZONE)


# When


@pytest.mark.parametrize(
    ("kind", "now", "period", "months"),
    [
        ("week", "2026-11-23 06:59", "2026-11-16", ("2026-01", "2026-11")),
        ("week", "2026-11-23 07:00", "2026-11-23", ("2026-01", "2026-11")),
        ("week", "2026-11-29 23:59", "2026-11-23", ("2026-01", "2026-11")),
        ("week", "2027-01-01 12:00", "2026-12-28", ("2026-01", "2026-12")),
        ("week", "2027-01-04 07:00", "2027-01-04", ("2027-01", "2027-01")),
        ("week", "2026-06-01 08:00", "2026-06-01", ("2026-01", "2026-05")),
        ("month", "2026-11-03 07:29", "2026-09", ("2026-09", "2026-09")),
        ("month", "2026-11-03 07:30", "2026-10", ("2026-10", "2026-10")),
        ("month", "2027-01-02 12:00", "2026-11", ("2026-11", "2026-11")),
        ("month", "2027-01-03 07:30", "2026-12", ("2026-12", "2026-12")),
    ],
)
def test_a_week_is_told_on_monday_at_seven_and_a_month_on_the_third(kind, now, period, months):
    due = latest(kind, local(now))
    assert (due.period, due.months) == (period, months)
    assert due.at <= local(now)


def test_the_hour_is_that_of_vietnam():
    assert latest("week", dt.datetime(2026, 11, 23, 0, 0, tzinfo=dt.UTC)).period == "2026-11-23"


# Made once


def report(value: int = 1200, province: str = "82") -> ReportReceived:
    return ReportReceived(
        id=of("report", value, province),
        at=BEFORE,
        province=province,
        indicator="transactions",
        period_from=dt.date(2026, 10, 1),
        period_to=dt.date(2026, 10, 31),
        value=value,
    )


async def begun(db: Database, *officers: str) -> Database:
    """Figures of October, officers with a chat each (`Hà 82`), and a program that has run before."""
    await db.write(partial(_begin, officers=officers))
    await db.write(advance)
    await make_due(db, Settings(), BEFORE)
    return db


def _begin(tx, officers) -> None:
    append(tx, [report()])
    for one in officers:
        name, area = one.split()
        known(tx, name, appoint(tx, name, "officer", area))


@pytest.fixture
async def started(db) -> Database:
    return await begun(db, "Hà 82", "Lan vn")


def runner(db: Database) -> Runner:
    return Runner(db, Settings(), HANDLERS)


async def count(db: Database, table, *where: object) -> int:
    asked = select(func.count()).select_from(table).where(*where)
    return await db.read(lambda conn: conn.execute(asked).scalar_one())


async def told(db: Database) -> dict[str, list[str]]:
    """What each chat was told."""
    rows = await db.read(lambda conn: conn.execute(select(outbox.c.recipient, outbox.c.body)).all())
    found: dict[str, list[str]] = {}
    for recipient, body in rows:
        found.setdefault(recipient, []).append(body["text"])
    return found


async def test_what_was_due_before_the_first_start_is_let_go(started):
    assert await count(started, scheduled) == 2
    assert await count(started, scheduled_part) == 0


async def test_each_officer_hears_once_of_their_own_area(started):
    await make_due(started, Settings(), MONDAY)
    for minutes in range(3):
        await make_due(started, Settings(), MONDAY + minutes * MINUTE)
        await tell_due(started, runner(started), MONDAY + minutes * MINUTE)
    heard = await told(started)
    assert {who: len(texts) for who, texts in heard.items()} == {"Hà": 1, "Lan": 1}
    assert "Đồng Tháp" in heard["Hà"][0]
    assert "cả nước" in heard["Lan"][0]
    assert all("Giao dịch: 1.200" in texts[0] for texts in heard.values())


async def test_two_processes_make_one_and_tell_it_once(postgres):
    """Both count at the same time; one of them keeps it, and each officer gets one message."""
    url = await new_postgres(postgres)
    one, two = await Database.open(url), await Database.open(url)
    try:
        await begun(one, "Hà 82", "Lan vn")
        with capture_logs() as logged:
            await asyncio.gather(*(make_due(db, Settings(), MONDAY) for db in (one, two)))
            await asyncio.gather(*(tell_due(db, runner(db), MONDAY) for db in (one, two)))
        assert [line["event"] for line in logged] == ["summary made"]
        assert {who: len(texts) for who, texts in (await told(one)).items()} == {"Hà": 1, "Lan": 1}
    finally:
        await one.close()
        await two.close()


async def test_of_what_was_missed_only_the_latest_of_each_kind_is_made_on_return(started):
    back = local("2027-02-09 12:00")
    await make_due(started, Settings(), back)
    rows = await started.read(
        lambda conn: conn.execute(
            select(scheduled.c.kind, scheduled.c.period).where(scheduled.c.figures.is_not(None))
        ).all()
    )
    assert sorted(tuple(row) for row in rows) == [("month", "2027-01"), ("week", "2027-02-08")]


async def test_made_at_night_it_is_told_in_the_morning(started):
    night = local("2026-11-25 02:00")
    await make_due(started, Settings(), night)
    await tell_due(started, runner(started), night)
    assert await told(started) == {}
    await tell_due(started, runner(started), local("2026-11-25 07:00"))
    assert len(await told(started)) == 2


class Killed(BaseException):
    """As when the process ends at once."""


@pytest.mark.parametrize("moment", ["before the message", "after it"])
async def test_killed_in_the_middle_the_next_process_tells_the_rest(started, monkeypatch, moment):
    await make_due(started, Settings(), MONDAY)
    mine = runner(started)
    if moment == "after it":
        monkeypatch.setattr(kept, "done", _killed)
    else:
        monkeypatch.setattr(mine, "handle", _killed)
    with pytest.raises(Killed):
        await tell_due(started, mine, MONDAY)
    assert len(await told(started)) == (moment == "after it")
    monkeypatch.undo()
    await tell_due(started, runner(started), MONDAY + MINUTE)
    assert {who: len(texts) for who, texts in (await told(started)).items()} == {"Hà": 1, "Lan": 1}


def _killed(*_args: object, **_more: object):
    raise Killed


async def test_who_said_stop_or_is_no_officer_any_more_hears_nothing(started):
    def stop(tx) -> None:
        append(tx, [SummariesChosen(id=of("stop"), at=BEFORE, person=of("Hà"), wanted=False)])

    await started.write(stop)
    await make_due(started, Settings(), MONDAY)
    over = update(role).where(role.c.person == of("Lan")).values(withdrawn_at=MONDAY)
    await started.write(lambda tx: tx.execute(over))
    await tell_due(started, runner(started), MONDAY)
    assert await told(started) == {}


async def test_what_was_told_is_what_was_made_whatever_came_after(started):
    await make_due(started, Settings(), MONDAY)

    await started.write(lambda tx: append(tx, [report(77, "91")]))
    await started.write(advance)
    await tell_due(started, runner(started), MONDAY + MINUTE)
    assert "Giao dịch: 1.200" in (await told(started))["Lan"][0]


# By mail


@pytest.fixture
async def file(tmp_path, empty_sqlite):
    """A SQLite database of a program that ran before, without officers."""
    shutil.copyfile(empty_sqlite, tmp_path / "letters.db")
    db = await Database.open(f"sqlite+aiosqlite:///{tmp_path}/letters.db")
    yield await begun(db)
    await db.close()


def mailing(server: MailServer) -> Settings:
    addresses = "bo@example.vn,so@example.vn"
    return Settings(smtp_url=server.url, mail_from="lensan@example.vn", mail_to=addresses)


async def post_all(db: Database, settings: Settings, now: dt.datetime) -> None:
    await make_due(db, settings, now)
    await send_letters(db, settings, now)


async def test_each_address_gets_a_letter_of_its_own_with_the_files(file):
    async with listening(MailServer()) as server:
        await post_all(file, mailing(server), MONDAY)
        await post_all(file, mailing(server), MONDAY + MINUTE)
    assert sorted(to for to, _ in server.letters) == ["bo@example.vn", "so@example.vn"]
    letter = server.letters[0][1]
    assert "Tổng số giao dịch qua sàn là 1.200 giao dịch" in letter.get_body().get_content()
    files = {part.get_filename(): part.get_content() for part in letter.iter_attachments()}
    assert [name.rpartition(".")[2] for name in files] == ["xlsx", "pdf"]
    starts = [content[:4] for content in files.values()]
    assert starts == [b"PK\x03\x04", b"%PDF"]
    assert letter["Subject"] == "Lên Sàn: tổng hợp tuần, tới 23/11/2026"


async def test_letters_are_written_in_the_language_of_the_setting(file):
    async with listening(MailServer()) as server:
        english = mailing(server).model_copy(update={"language": "en"})
        await post_all(file, english, MONDAY)
    letter = server.letters[0][1]
    assert "Transactions on the platforms: 1,200" in letter.get_body().get_content()
    assert letter["Subject"] == "Lên Sàn: weekly summary, to 23 Nov 2026"


async def test_a_letter_that_did_not_arrive_is_the_same_letter_later(file):
    async with listening(MailServer(answers=[451, 250, 250])) as server:
        with capture_logs() as logged:
            await post_all(file, mailing(server), MONDAY)
            assert len(server.letters) == 2
            await post_all(file, mailing(server), MONDAY + dt.timedelta(seconds=30))
            assert len(server.letters) == 2, "not at once"
            await post_all(file, mailing(server), MONDAY + MINUTE)
    first, *_, again = server.letters
    assert len(server.letters) == 3
    assert (again[0], again[1]["Message-ID"]) == (first[0], first[1]["Message-ID"])
    assert again[1]["Date"] == first[1]["Date"]
    assert len({letter["Message-ID"] for _, letter in server.letters}) == 2
    assert "example.vn" not in str(logged)


async def test_a_refused_address_is_given_up_and_the_other_is_not(file):
    async with listening(MailServer(answers=[550])) as server:
        for hours in range(3):
            await post_all(file, mailing(server), MONDAY + dt.timedelta(hours=hours))
    assert len(server.letters) == 2
    states = await file.read(lambda conn: sorted(conn.scalars(select(scheduled_part.c.state))))
    assert states == ["failed", "sent"]


async def test_a_server_that_is_away_is_asked_for_a_day(file):
    gone = mailing(MailServer(port=9))
    now, tries = MONDAY, 0
    await make_due(file, gone, MONDAY)
    while await count(file, scheduled_part, scheduled_part.c.done_at.is_(None)):
        await send_letters(file, gone, now)
        now, tries = now + dt.timedelta(minutes=30), tries + 1
        assert tries < 60
    assert now <= MONDAY + GIVE_UP + dt.timedelta(minutes=30)
    assert await count(file, scheduled_part, scheduled_part.c.state == "failed") == 2


async def test_what_letters_carried_goes_with_the_last_of_them(file):
    async with listening(MailServer(answers=[250, 451])) as server:
        await post_all(file, mailing(server), MONDAY)
        assert await count(file, scheduled, scheduled.c.body.is_not(None)) == 1
        await post_all(file, mailing(server), MONDAY + MINUTE)
    assert await count(file, scheduled, scheduled.c.body.is_not(None)) == 0


async def test_no_password_goes_over_an_open_line(file, monkeypatch):
    monkeypatch.setattr(mail, "HERE", set())
    async with listening(MailServer()) as server:
        url = f"smtp://me:secret@127.0.0.1:{server.port}"
        with pytest.raises(NotTaken, match="no encryption"):
            await asyncio.to_thread(mail.reach, url)
    assert not any("AUTH" in line for line in server.said)


# By webhook


def hooked(box: Webhook) -> Settings:
    return Settings(webhook_url=box.url, webhook_secret=SECRET)


def is_signed(headers: dict[str, str], body: bytes) -> bool:
    """As the specification of Standard Webhooks says, written down independently."""
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.{body.decode()}"
    expected = hmac.new(b"k" * 32, signed.encode(), hashlib.sha256).digest()
    return headers["webhook-signature"] == "v1," + base64.b64encode(expected).decode()


async def test_the_webhook_is_signed_and_carries_the_summary(file):
    async with listening(Webhook()) as box:
        await post_all(file, hooked(box), MONDAY)
        await post_all(file, hooked(box), MONDAY + MINUTE)
    assert len(box.posts) == 1
    headers, body = box.posts[0]
    assert is_signed(headers, body)
    assert not is_signed(headers, body + b" ")
    told = json.loads(body)
    assert told["type"] == "summary.week"
    summary = told["data"]["summary"]
    assert (summary["from"], summary["to"]) == ("2026-01", "2026-11")
    values = {f["indicator"]: f["value"] for f in reversed(summary["figures"])}
    assert values["transactions"] == 1200


async def test_a_webhook_is_told_again_under_the_same_id_with_the_same_body(file):
    async with listening(Webhook(answers=[500, 503])) as box:
        await post_all(file, hooked(box), MONDAY)
        await file.write(lambda tx: append(tx, [report(99, "91")]))
        await file.write(advance)
        for minutes in (1, 2, 3, 4):
            await post_all(file, hooked(box), MONDAY + minutes * MINUTE)
    assert len(box.posts) == 3
    assert len({headers["webhook-id"] for headers, _ in box.posts}) == 1
    assert len({body for _, body in box.posts}) == 1
    assert all(is_signed(*post) for post in box.posts)


async def test_a_webhook_that_is_gone_is_left_alone(file):
    async with listening(Webhook(answers=[410])) as box:
        for hours in range(3):
            await post_all(file, hooked(box), MONDAY + dt.timedelta(hours=hours))
    assert len(box.posts) == 1


async def test_a_process_that_died_over_a_letter_leaves_it_to_the_next(file, monkeypatch):
    async with listening(Webhook()) as box:
        await make_due(file, hooked(box), MONDAY)
        monkeypatch.setattr(kept, "done", _killed)
        with pytest.raises(Killed):
            await send_letters(file, hooked(box), MONDAY)
        monkeypatch.undo()
        await send_letters(file, hooked(box), MONDAY + MINUTE)
        assert len(box.posts) == 1, "it may still be under way"
        await send_letters(file, hooked(box), MONDAY + LEASE)
    assert len({headers["webhook-id"] for headers, _ in box.posts}) == 1
    assert await count(file, scheduled_part, scheduled_part.c.state == "sent") == 1


SENDS = """
import asyncio, datetime as dt, os, sys
from bot.config import load_settings
from bot.scheduled_letters import send_letters
from storage.database import Database

async def main(url, now):
    db = await Database.open(url)
    env = {name: value for name, value in os.environ.items() if "_TEST_" not in name}
    await send_letters(db, load_settings(env), dt.datetime.fromisoformat(now))

asyncio.run(main(*sys.argv[1:]))
"""


async def test_killed_after_sending_the_rest_goes_out_and_that_one_under_its_id(file):
    """A process of its own, with SIGKILL between the post of its first letter and what it would keep of it."""
    async with listening(Webhook()) as box, listening(MailServer()) as server:
        env = {
            "LENSAN_SMTP_URL": server.url,
            "LENSAN_MAIL_FROM": "lensan@example.vn",
            "LENSAN_MAIL_TO": "bo@example.vn",
            "LENSAN_WEBHOOK_URL": box.url,
            "LENSAN_WEBHOOK_SECRET": SECRET,
        }
        await make_due(file, load_settings(env), MONDAY)
        url = file.url.render_as_string(hide_password=False)
        await file.close()
        env |= {"LENSAN_TEST_KILL_AT": "after_send:1", "PATH": os.environ["PATH"]}
        words = (url, MONDAY.isoformat())
        ended = await asyncio.to_thread(command, words, ROOT, env, code=SENDS)
        assert ended.returncode == -signal.SIGKILL
        assert len(server.letters) + len(box.posts) == 1
        del env["LENSAN_TEST_KILL_AT"]
        again = await Database.open(url)
        await send_letters(again, load_settings(env), MONDAY + LEASE)
        assert await count(again, scheduled_part, scheduled_part.c.state == "sent") == 2
        await again.close()
    assert len({letter["Message-ID"] for _, letter in server.letters}) == 1
    assert len({headers["webhook-id"] for headers, _ in box.posts}) == 1
    assert len(server.letters) + len(box.posts) == 3


async def test_two_processes_send_a_letter_once(postgres):
    url = await new_postgres(postgres)
    one, two = await Database.open(url), await Database.open(url)
    try:
        await begun(one)
        async with listening(Webhook()) as box:
            await asyncio.gather(*(post_all(db, hooked(box), MONDAY) for db in (one, two)))
            assert len(box.posts) == 1
    finally:
        await one.close()
        await two.close()


# Settings, and the doctor


def refusal(**env: str) -> str:
    with pytest.raises(SettingsError) as wrong:
        load_settings({f"LENSAN_{name.upper()}": value for name, value in env.items()})
    return str(wrong.value)


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"smtp_url": "http://mail"}, "LENSAN_SMTP_URL"),
        ({"smtp_url": "smtp://mail"}, "LENSAN_MAIL_FROM"),
        ({"smtp_url": "smtp://mail", "mail_from": "a@b.vn"}, "LENSAN_MAIL_TO"),
        ({"mail_to": "a@b.vn"}, "LENSAN_SMTP_URL"),
        ({"mail_to": "a@b.vn,nobody"}, "LENSAN_MAIL_TO"),
        ({"mail_from": "Lên Sàn"}, "LENSAN_MAIL_FROM"),
        ({"webhook_url": "https://b.vn/x"}, "LENSAN_WEBHOOK_SECRET"),
        ({"webhook_secret": SECRET}, "LENSAN_WEBHOOK_URL"),
        ({"webhook_url": "http://b.vn/x", "webhook_secret": SECRET}, "LENSAN_WEBHOOK_URL"),
        ({"webhook_secret": "whsec_c2hvcnQ="}, "LENSAN_WEBHOOK_SECRET"),
        ({"webhook_secret": "k" * 40}, "LENSAN_WEBHOOK_SECRET"),
    ],
)
def test_wrong_settings_of_letters_stop_the_start_with_one_line(given, named):
    line = refusal(**given)
    assert line.startswith(f"{named}: ")
    assert "\n" not in line
    assert "Example: " in line


def test_right_settings_of_letters_are_taken_and_no_secret_shows():
    settings = load_settings(
        {
            "LENSAN_SMTP_URL": "smtps://me:geheim@mail.example.vn",
            "LENSAN_MAIL_FROM": "lensan@example.vn",
            "LENSAN_MAIL_TO": "a@b.vn, c@d.vn",
            "LENSAN_WEBHOOK_URL": "https://example.vn/in",
            "LENSAN_WEBHOOK_SECRET": SECRET,
        }
    )
    assert settings.mail_to == ("a@b.vn", "c@d.vn")
    assert not {"geheim", SECRET} & set(repr(settings).split("'"))


async def test_the_doctor_says_what_is_not_reached_or_behind(file):
    assert await troubles(file, Settings()) == []
    async with listening(MailServer()) as server, listening(Webhook()) as box:
        settings = mailing(server).model_copy(
            update={"webhook_url": box.url, "webhook_secret": hooked(box).webhook_secret}
        )
        assert await troubles(file, settings) == []
    found = await troubles(file, settings)
    assert [one.split(" was")[0] for one in found] == ["the mail server", "the webhook"]


async def test_the_doctor_names_a_summary_that_nobody_sends(file):
    long_ago = dt.datetime.now(dt.UTC) - dt.timedelta(hours=2)
    row = {"kind": "week", "period": "2026-11-16", "target": "webhook", "state": "waiting"}
    stuck = insert(scheduled_part).values(**row, due_at=long_ago)
    await file.write(lambda tx: tx.execute(stuck))
    assert "1 summaries wait" in (await troubles(file, Settings()))[0]
