"""What did not change is not sent again, and what changed is never held back: ETag, Last-Modified, 304."""

from __future__ import annotations

import datetime as dt
from email.utils import format_datetime, parsedate_to_datetime
from pathlib import Path

import httpx
import pytest
from blank import empty_database
from hypothesis import example, given
from hypothesis import strategies as st
from starlette.requests import Request

from bot.config import Settings
from bot.report_files import read_report_file
from bot.report_lines import check_lines
from bot.reports import import_reports
from bot.runner import Runner
from bot.services import Services
from storage.keys import new_key
from storage.rollups import advance
from web.app import create_app
from web.conditional import Stand

SEED = Path(__file__).parent / "figures" / "programme-2023-06.csv"
NOW = dt.datetime.now(dt.UTC)
LONG_AGO = dt.datetime(2026, 11, 1, 8, 0, 0, 400_000, tzinfo=dt.UTC)
PERIOD = {"from": "2022-08", "to": "2023-06"}
SUMMARY, MEANT, DESCRIBED = "/api/v1/summary", "/api/v1/indicators", "/api/v1/openapi.json"
PATHS = [SUMMARY, MEANT, DESCRIBED]


@pytest.fixture
async def client(tmp_path):
    chosen = Settings(database_url="sqlite+aiosqlite:///nowhere.db")
    db = await empty_database(tmp_path)
    lines = check_lines(read_report_file(SEED.read_bytes()), NOW.date())
    await db.write(lambda tx: import_reports(tx, lines, now=NOW))
    while await db.write(advance):
        pass
    secret = await db.write(lambda tx: new_key(tx, "k", "ministry", NOW))
    carrier = httpx.ASGITransport(
        create_app(Services(chosen, db, Runner(db, chosen, []), b"s" * 32))
    )
    async with httpx.AsyncClient(
        transport=carrier,
        base_url="http://again.test",
        params=PERIOD,
        headers={"Authorization": f"Bearer {secret}"},
    ) as opened:
        yield opened
    await db.close()


def asking(**headers: str) -> Request:
    raw = [(k.replace("_", "-").encode(), v.encode()) for k, v in headers.items()]
    return Request({"type": "http", "headers": raw})


def http_date(moment: dt.datetime) -> str:
    return format_datetime(moment.replace(microsecond=0), usegmt=True)


# Validators


@pytest.mark.parametrize(
    ("known", "same"),
    [('"a"', True), ('W/"a"', True), ('"b", "a"', True), ("*", True), ('"b"', False), ("a", False)],
)
def test_a_tag_that_is_known_is_this_answer_whatever_the_time_says(known, same):
    stand = Stand('"a"', LONG_AGO)
    asked = asking(if_none_match=known, if_modified_since=http_date(LONG_AGO - dt.timedelta(9)))
    assert stand.is_known(asked) == same


@pytest.mark.parametrize("since", ["", "yesterday", "2026-11-01", "Sun, 99 Nov 2026 08:00:00 GMT"])
def test_a_time_that_is_none_says_nothing(since):
    assert not Stand('"a"', LONG_AGO).is_known(asking(if_modified_since=since))


def test_what_has_no_time_is_not_known_by_its_time():
    assert not Stand('"a"').is_known(asking(if_modified_since=http_date(NOW)))
    assert "Last-Modified" not in Stand('"a"').headers(NOW)


MOMENTS = st.integers(0, 200_000).map(lambda ms: LONG_AGO + dt.timedelta(milliseconds=ms))


@given(changed=MOMENTS, again=MOMENTS, asked=MOMENTS)
@example(LONG_AGO, LONG_AGO + dt.timedelta(seconds=0.5), LONG_AGO + dt.timedelta(seconds=60))
@example(LONG_AGO, LONG_AGO + dt.timedelta(seconds=0.5), LONG_AGO + dt.timedelta(seconds=0.1))
def test_whoever_was_answered_before_a_change_is_never_told_that_nothing_changed(
    changed, again, asked
):
    """`again` is a later change, committed within a minute; the first answer was given before it could be seen."""
    if not changed <= again <= changed + dt.timedelta(minutes=1) or asked < changed:
        return
    seen = Stand('"a"', changed).headers(asked)["Last-Modified"]
    if asked < again + dt.timedelta(minutes=1):
        assert not Stand('"b"', again).is_known(asking(if_modified_since=seen))


@given(changed=MOMENTS, later=st.integers(62, 10_000))
def test_after_a_minute_the_time_alone_saves_the_answer(changed, later):
    now = changed + dt.timedelta(seconds=later)
    seen = Stand('"a"', changed).headers(now)["Last-Modified"]
    assert Stand('"a"', changed).is_known(asking(if_modified_since=seen))


# The API


@pytest.mark.parametrize("path", PATHS)
async def test_what_is_known_comes_back_without_a_body_and_with_its_tag(client, path):
    first = await client.get(path)
    again = await client.get(path, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    for name in ("etag", "cache-control"):
        assert again.headers[name] == first.headers[name]


async def test_a_summary_is_known_by_its_time_and_not_by_an_earlier_one(client):
    answers = [
        await client.get(SUMMARY, headers={"If-Modified-Since": http_date(moment)})
        for moment in (dt.datetime.now(dt.UTC) + dt.timedelta(minutes=1), LONG_AGO)
    ]
    assert [answer.status_code for answer in answers] == [304, 200]


async def test_a_summary_never_names_a_time_to_come(client):
    found = await client.get(SUMMARY)
    assert parsedate_to_datetime(found.headers["last-modified"]) < dt.datetime.now(dt.UTC)


@pytest.mark.parametrize("path", PATHS)
async def test_head_says_what_get_would(client, path):
    got, headed = await client.get(path), await client.head(path)
    named = ("etag", "content-type", "cache-control", "last-modified")
    assert headed.status_code == 200
    assert [headed.headers.get(n) for n in named] == [got.headers.get(n) for n in named]


async def test_only_the_keys_own_cache_keeps_its_answers_and_nobody_keeps_a_refusal(client):
    for path in (SUMMARY, MEANT):
        answer = await client.get(path)
        assert answer.headers["cache-control"] == "private, no-cache"
        assert answer.headers["vary"] == "Authorization, Accept-Language"
    assert (await client.get(DESCRIBED)).headers["cache-control"].startswith("public, max-age=")
    for refused in (
        await client.get(SUMMARY, params={"from": "x"}),
        await client.get(SUMMARY, headers={"Authorization": "Bearer no"}),
        await client.post("/api/v1/reports", content=b"x"),
        await client.get("/api/v1/nothing"),
    ):
        assert refused.status_code >= 400
        assert refused.headers["cache-control"] == "no-store"
