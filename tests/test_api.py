"""The API of the figures: who may see and report what; a wrong request is told, never a 5xx."""

import datetime as dt
import json
from pathlib import Path

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from bot.config import Settings
from bot.report_files import read_report_file
from bot.report_lines import check_lines
from bot.reports import import_reports
from bot.runner import Runner
from bot.services import Services
from storage.keys import new_key, revoke
from storage.rollups import advance
from storage.schema import api_key, event
from web.app import create_app

SEED = Path(__file__).parent / "figures" / "programme-2023-06.csv"
NOW = dt.datetime.now(dt.UTC)
PERIOD = {"from": "2022-08", "to": "2023-06"}
REPORT = {
    "period_from": "2023-07-01",
    "period_to": "2023-07-31",
    "indicator": "transactions",
    "platform": "voso",
    "value": 5,
}

NO_REPORTS = [
    json.dumps([REPORT | {"period_to": "9999-12-31"}]).encode(),
    *(b"", b"{}", b"[]", b"null", b"[1", b"\xff", b"[" * 100_000),
    *(b'[{"value": NaN}]', b'[{"note": "\\ud800"}]'),
    json.dumps([REPORT | {"note": "a\x00b"}]).encode(),
    json.dumps([REPORT]).encode().replace(b": 5", b": " + b"9" * 5000),
]


@pytest.fixture
async def client(db):
    chosen = Settings(database_url="sqlite+aiosqlite:///nowhere.db")
    app = create_app(Services(chosen, db, Runner(db, chosen, []), b"s" * 32))
    carrier = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=carrier, base_url="http://figures.test") as open_client:
        yield open_client


@pytest.fixture
async def ministry(db):
    return await key(db, "ministry")


async def key(db, role, **scope: object):
    secret = await db.write(lambda tx: new_key(tx, f"{role} key", role, NOW, **scope))
    return {"Authorization": f"Bearer {secret}"}


async def published(db):
    lines = check_lines(read_report_file(SEED.read_bytes()), NOW.date())
    await db.write(lambda tx: import_reports(tx, lines, now=NOW))
    await counted(db)


async def counted(db):
    while await db.write(advance):
        pass


async def events(db):
    """How many figures were taken in."""
    figures = select(func.count()).where(event.c.type == "report_received")
    return await db.read(lambda conn: conn.execute(figures).scalar())


def value(answer, indicator, platform=None):
    found = [
        f
        for f in answer.json()["figures"]
        if (f["indicator"], f["platform"], f["month"]) == (indicator, platform, None)
    ]
    return found[0]["value"]


def problem(answer, status):
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert body["status"] == status
    return body


# Keys


@pytest.mark.parametrize("path", ["/api/v1/summary?from=2022-08&to=2023-06", "/api/v1/indicators"])
async def test_without_a_key_there_is_nothing_to_see(client, path):
    for headers in (
        {},
        {"Authorization": "Bearer wrong"},
        {"Authorization": "Basic eDp5"},
        {"Authorization": "Bearer " + "x" * 9000},
    ):
        answer = await client.get(path, headers=headers)
        assert "www-authenticate" in answer.headers
        problem(answer, 401)


async def test_a_key_that_was_revoked_or_ran_out_opens_nothing(client, db, ministry):
    await db.write(lambda tx: revoke(tx, "ministry key", NOW))
    problem(await client.get("/api/v1/indicators", headers=ministry), 401)
    old = await key(db, "ministry", expires_at=NOW - dt.timedelta(seconds=1))
    problem(await client.get("/api/v1/indicators", headers=old), 401)


async def test_a_keys_last_use_is_known(client, db, ministry):
    await client.get("/api/v1/indicators", headers=ministry)
    assert await db.read(lambda conn: conn.execute(select(api_key.c.last_used_at)).scalar())


async def test_a_department_sees_its_province_and_no_other(client, db):
    mine = await key(db, "department", area="48")
    report = [REPORT | {"province": "Quảng Nam"}, REPORT | {"province": "Hà Nội"}]
    await client.post("/api/v1/reports", json=report, headers=await key(db, "ministry"))
    await counted(db)
    asked = {"from": "2023-07", "to": "2023-07"}
    answer = await client.get("/api/v1/summary", params=asked, headers=mine)
    assert {f["province"]["name"] for f in answer.json()["figures"]} == {"Đà Nẵng"}
    assert value(answer, "transactions") == 5
    answer = await client.get(
        "/api/v1/summary", params=asked | {"province": "Quảng Nam"}, headers=mine
    )
    assert value(answer, "transactions", "voso") == 5
    answer = await client.get(
        "/api/v1/summary", params=asked | {"province": "Hà Nội"}, headers=mine
    )
    problem(answer, 403)


async def test_a_platform_sees_and_reports_itself(client, db):
    mine = await key(db, "platform", platform="voso")
    other = [REPORT | {"platform": "postmart"}]
    assert (
        problem(await client.post("/api/v1/reports", json=other, headers=mine), 422)["errors"][0][
            "field"
        ]
        == "platform"
    )
    await client.post("/api/v1/reports", json=[REPORT | {"platform": None}], headers=mine)
    await counted(db)
    asked = {"from": "2023-07", "to": "2023-07"}
    answer = await client.get("/api/v1/summary", params=asked, headers=mine)
    assert {f["platform"] for f in answer.json()["figures"]} == {"voso"}
    assert value(answer, "transactions", "voso") == 5
    problem(
        await client.get("/api/v1/summary", params=asked | {"platform": "postmart"}, headers=mine),
        403,
    )


@pytest.mark.parametrize(
    "scope",
    [
        {"role": "department"},
        {"role": "department", "area": "30226"},
        {"role": "platform"},
        {"role": "guest"},
    ],
)
async def test_a_key_without_its_area_may_nothing(client, db, scope):
    mine = await key(db, **scope)
    problem(await client.get("/api/v1/summary", params=PERIOD, headers=mine), 403)
    problem(await client.post("/api/v1/reports", json=[REPORT], headers=mine), 403)


# Summaries


async def test_the_published_figures_and_what_they_mean(client, db, ministry):
    await published(db)
    answer = await client.get("/api/v1/summary", params=PERIOD, headers=ministry)
    assert answer.status_code == 200
    assert value(answer, "transactions") == 987_495
    assert answer.json()["cut_off"].endswith("+07:00")
    text = await client.get("/api/v1/summary", params=PERIOD | {"format": "text"}, headers=ministry)
    assert "987.495 giao dịch (Vỏ sò: 173.745; Postmart: 813.750)" in text.text
    meant = (await client.get("/api/v1/indicators", headers=ministry)).json()
    assert [one["key"] for one in meant][:2] == ["products", "transactions"]
    assert all(one["name"] and one["definition"] and one["since"] for one in meant)


@pytest.mark.parametrize(
    ("shape", "begins"), [("csv", "\ufeffindicator".encode()), ("xlsx", b"PK"), ("png", b"\x89PNG")]
)
async def test_files_come_as_what_they_are(client, ministry, shape, begins):
    answer = await client.get(
        "/api/v1/summary", params=PERIOD | {"format": shape}, headers=ministry
    )
    assert answer.content.startswith(begins)


async def test_what_did_not_change_is_not_sent_again(client, db, ministry):
    await published(db)
    first = await client.get("/api/v1/summary", params=PERIOD, headers=ministry)
    assert first.headers["last-modified"].endswith("GMT")
    known = ministry | {"If-None-Match": first.headers["etag"]}
    again = await client.get("/api/v1/summary", params=PERIOD, headers=known)
    assert (again.status_code, again.content, again.headers["etag"]) == (
        304,
        b"",
        first.headers["etag"],
    )
    assert (
        await client.get("/api/v1/summary", params=PERIOD | {"format": "text"}, headers=known)
    ).status_code == 200
    await client.post("/api/v1/reports", json=[REPORT], headers=ministry)
    await counted(db)
    assert (await client.get("/api/v1/summary", params=PERIOD, headers=known)).status_code == 200


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"to": "2023-06"}, "from"),
        ({"from": "2023-06"}, "to"),
        (PERIOD | {"from": "x"}, "from"),
        (PERIOD | {"to": "9999-12"}, "to"),
        (PERIOD | {"province": "Atlantis\x00"}, "province"),
        (PERIOD | {"platform": "x"}, "platform"),
        (PERIOD | {"by": "province,x"}, "by"),
        (PERIOD | {"provinces": "1"}, "provinces"),
        (PERIOD | {"format": "docx"}, "format"),
    ],
)
async def test_a_wrong_question_names_its_field(client, ministry, asked, field):
    answer = await client.get("/api/v1/summary", params=asked, headers=ministry)
    assert [one["field"] for one in problem(answer, 422)["errors"]] == [field]


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    asked=st.dictionaries(
        st.sampled_from(["from", "to", "province", "platform", "by", "provinces", "format"]),
        st.text(max_size=30),
    )
)
async def test_any_question_is_answered_or_refused(client, ministry, asked):
    answer = await client.get("/api/v1/summary", params=asked, headers=ministry)
    assert answer.status_code in {200, 422}


# Reports


async def test_reports_are_taken_all_or_none(client, db, ministry):
    good, bad = REPORT, REPORT | {"value": -1, "indicator": "articles"}
    answer = await client.post("/api/v1/reports", json=[good, bad], headers=ministry)
    (wrong,) = problem(answer, 422)["errors"]
    assert (wrong["line"], wrong["field"]) == (2, "value")
    assert await events(db) == 0
    answer = await client.post("/api/v1/reports", json=[good], headers=ministry)
    assert answer.json() == {"accepted": 1, "replaced": 0, "unchanged": 0}
    answer = await client.post("/api/v1/reports", json=[good | {"value": 6}], headers=ministry)
    assert answer.json() == {"accepted": 1, "replaced": 1, "unchanged": 0}


async def test_the_same_idempotency_key_changes_nothing_and_answers_the_same(client, db, ministry):
    once = ministry | {"Idempotency-Key": "july"}
    first = await client.post("/api/v1/reports", json=[REPORT], headers=once)
    again = await client.post("/api/v1/reports", json=[REPORT], headers=once)
    assert first.json() == again.json() == {"accepted": 1, "replaced": 0, "unchanged": 0}
    assert await events(db) == 1
    problem(await client.post("/api/v1/reports", json=[REPORT | {"value": 9}], headers=once), 422)
    other = await key(db, "ministry") | {"Idempotency-Key": "june"}
    answer = await client.post("/api/v1/reports", json=[REPORT | {"value": 9}], headers=other)
    assert answer.json()["replaced"] == 1


async def test_a_refused_report_may_be_sent_again_with_its_key(client, ministry):
    once = ministry | {"Idempotency-Key": "slip"}
    problem(await client.post("/api/v1/reports", json=[REPORT | {"value": "x"}], headers=once), 422)
    assert (await client.post("/api/v1/reports", json=[REPORT], headers=once)).status_code == 200


@pytest.mark.parametrize(
    "body",
    NO_REPORTS,
    ids=range(len(NO_REPORTS)),
)
async def test_a_body_that_is_no_list_of_reports_is_refused(client, db, ministry, body):
    answer = await client.post("/api/v1/reports", content=body, headers=ministry)
    assert problem(answer, 422)["errors"]
    assert await events(db) == 0


async def test_a_note_of_a_report_is_kept_and_nothing_internal_is_told(client, db, ministry):
    answer = await client.post(
        "/api/v1/reports", json=[REPORT | {"note": "theo công văn 12"}], headers=ministry
    )
    assert set(answer.json()) == {"accepted", "replaced", "unchanged"}
    figure = select(event.c.body).where(event.c.type == "report_received")
    kept = await db.read(lambda conn: conn.execute(figure).scalar())
    assert (kept["note"], kept["reporter"], kept["channel"]) == (
        "theo công văn 12",
        "ministry key",
        "api",
    )
