"""Publications are open to everybody; a reader with a key learns what changed since, and from which events."""

import datetime as dt

import pytest
from test_api import client, key, problem
from test_publishing import DAY, REPORT, on_sqlite, published
from test_summary import Farm, stored

ASKED = {"from": "2026-06", "to": "2026-06"}
SUMMARY, EVENTS = "/api/v1/summary", "/api/v1/summary/events"

assert client


@pytest.fixture
async def ministry(db):
    return await key(db, "ministry")


async def opened(client, path, **headers: str):
    answer = await client.get(path, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


# Publications


async def test_publications_are_read_without_a_key_and_the_revision_stands_beside(client, db):
    farm = Farm()
    await stored(db, farm.registered(), farm.sale(day=DAY), reports=REPORT.format(value=9))
    assert await opened(client, "/api/v1/published") == {"published": []}
    await published(db)
    (listed,) = (await opened(client, "/api/v1/published"))["published"]
    assert (listed["id"], listed["from"], listed["revision"]) == ("2026-06_2026-06_1", "2026-06", 1)
    await stored(db, farm.sale(day=DAY))
    one = await opened(client, f"/api/v1/published/{listed['id']}")
    (whole,) = [
        f
        for f in one["summary"]["figures"]
        if (f["indicator"], f["province"], f["platform"]) == ("transactions", None, None)
    ]
    assert (whole["value"], whole["source"]) == (10, {"bot": 1, "reported": 9})
    (change,) = [
        c
        for c in one["changes"]
        if (c["indicator"], c["province"], c["platform"]) == ("transactions", None, None)
    ]
    assert (change["published"], change["now"], change["causes"][0]["events"]) == (10, 11, 1)
    await published(db, reason="bổ sung", at=dt.datetime(2026, 7, 9, tzinfo=dt.UTC))
    first = await opened(client, "/api/v1/published/2026-06_2026-06_1")
    assert [one["reason"] for one in first["revisions"]] == [None, "bổ sung"]
    assert first["summary"] == one["summary"]


@on_sqlite
async def test_a_publication_comes_as_a_file_and_is_not_sent_twice(client, db):
    farm = Farm()
    await stored(db, farm.registered(), farm.sale(day=DAY))
    await published(db)
    path = "/api/v1/published/2026-06_2026-06_1"
    text = await client.get(path, params={"format": "text"})
    assert "1 giao dịch" in text.text
    for params in ({"format": "text"}, {}):
        tag = (await client.get(path, params=params)).headers["etag"]
        again = await client.get(path, params=params, headers={"If-None-Match": tag})
        assert (again.status_code, again.content) == (304, b"")
    problem(await client.get(path, params={"format": "docx"}), 422)
    problem(await client.get("/api/v1/published/2026-06_2026-06_2"), 404)
    problem(await client.get("/api/v1/published/nothing"), 404)


@on_sqlite
async def test_nothing_that_is_withheld_is_in_what_everybody_reads(client, db):
    few = Farm("01", "00004")
    crowd = [Farm(*place) for place in (("82", "30226"), ("48", "20194")) for _ in range(6)]
    farms = (few, *crowd)
    await stored(db, *(f.registered() for f in farms), *(f.sale(day=DAY) for f in crowd))
    await stored(db, few.sale(day=DAY, total=7_654_321))
    await published(db, min_cell=5)
    await stored(db, few.sale(day=DAY, total=1_234_567))
    one = await opened(client, "/api/v1/published/2026-06_2026-06_1")
    hidden = [f for f in one["summary"]["figures"] if (f["province"] or {}).get("code") == "01"]
    assert hidden
    assert all(f["value"] is f["source"]["bot"] is None and f["display"] == "<5" for f in hidden)
    assert not [c for c in one["changes"] if (c["province"] or {}).get("code") == "01"]


# Since the last time


async def test_a_reader_learns_what_changed_since_they_fetched_it(client, db, ministry):
    farm = Farm()
    await stored(db, farm.registered(), farm.sale(day=DAY))
    first = await client.get(SUMMARY, params=ASKED, headers=ministry)
    assert first.json()["changed_since_fetched"] is None
    again = await client.get(SUMMARY, params=ASKED, headers=ministry)
    assert (again.content, again.headers["etag"]) == (first.content, first.headers["etag"])
    known = ministry | {"If-None-Match": first.headers["etag"]}
    assert (await client.get(SUMMARY, params=ASKED, headers=known)).status_code == 304
    await stored(db, farm.sale(day=DAY), reports=REPORT.format(value=9))
    later = await client.get(SUMMARY, params=ASKED | {"by": "month"}, headers=known)
    changes = later.json()["changed_since_fetched"]["changes"]
    (whole,) = [c for c in changes if (c["indicator"], c["platform"]) == ("transactions", None)]
    assert (whole["fetched"], whole["now"], whole["difference"]) == (1, 11, 10)
    assert {(c["cause"], c["amount"]) for c in whole["causes"]} == {
        ("sale_logged", 1),
        ("report_received", 9),
    }
    same = await client.get(SUMMARY, params=ASKED, headers=known)
    assert same.json()["changed_since_fetched"]["changes"] == changes
    other = await key(db, "department", area="82")
    theirs = await client.get(SUMMARY, params=ASKED, headers=other)
    assert theirs.json()["changed_since_fetched"] is None


# Events behind a figure


@on_sqlite
async def test_from_a_figure_to_the_counts_of_its_events(client, db, ministry):
    farm = Farm()
    sales = [farm.sale(day=DAY, total=n * 100_000) for n in (1, 2, 3)]
    await stored(db, farm.registered(), *sales, reports=REPORT.format(value=9))
    for indicator, value in (("transactions", 12), ("value", 600_000)):
        answer = await client.get(EVENTS, params=ASKED | {"indicator": indicator}, headers=ministry)
        body = answer.json()
        assert body["value"] == value == sum(c["amount"] for c in body["causes"])
        assert body["causes"][0] | {"name": ""} == {
            "source": "bot",
            "cause": "sale_logged",
            "name": "",
            "events": 3,
            "amount": 3 if indicator == "transactions" else 600_000,
        }
    for wrong in ({}, {"indicator": "value_per_transaction"}, {"indicator": "x"}):
        problem(await client.get(EVENTS, params=ASKED | wrong, headers=ministry), 422)
    problem(await client.get(EVENTS, params=ASKED | {"indicator": "value"}), 401)


@on_sqlite
async def test_events_of_few_households_are_told_to_their_own_department_only(client, db, ministry):
    few = Farm()
    await stored(db, few.registered(), few.sale(day=DAY))
    asked = ASKED | {"indicator": "value", "province": "82"}
    told = (await client.get(EVENTS, params=asked, headers=ministry)).json()
    assert (told["value"], told["events"], told["causes"], told["display"]) == (
        None,
        None,
        [],
        "<5",
    )
    own = await client.get(EVENTS, params=asked, headers=await key(db, "department", area="82"))
    assert (own.json()["value"], own.json()["events"]) == (500_000, 1)
    other = await client.get(EVENTS, params=asked, headers=await key(db, "department", area="01"))
    problem(other, 403)
