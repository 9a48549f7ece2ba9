"""API keys: shown once, for a scope, until a day; listed without what opens; measured, so that one can't crowd out others."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import httpx
import pytest
from blank import empty_database
from hypothesis import given
from hypothesis import strategies as st

from bot.commands import keys as commands
from bot.commands.output import Mistake
from bot.config import Settings
from bot.runner import Runner
from bot.services import Services
from domain.household import ZONE
from storage.keys import ROLE_MAY, kept_keys, new_key, revoke, whose_key
from web.app import create_app
from web.rate import Rate

NOW = dt.datetime.now(dt.UTC)
ASKED = {"role": "ministry", "name": "bộ", "area": None, "platform": None, "scope": []}
ASKED |= {"expires": None, "revoke": None}
OF_ROLE = {
    "ministry": {},
    "department": {"area": "82"},
    "platform": {"platform": "voso"},
}


class Heard:
    """What a command says."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.problems: list[str] = []

    def say(self, line: str) -> None:
        self.lines.append(line)

    def problem(self, line: str) -> None:
        self.problems.append(line)


@pytest.fixture
async def services(tmp_path):
    chosen = Settings(database_url="sqlite+aiosqlite:///nowhere.db")
    db = await empty_database(tmp_path)
    yield Services(chosen, db, Runner(db, chosen, []), b"s" * 32)
    await db.close()


@pytest.fixture
async def client(services):
    carrier = httpx.ASGITransport(create_app(services))
    async with httpx.AsyncClient(transport=carrier, base_url="http://keys.test") as opened:
        yield opened


async def made(services: Services, **asked: Any) -> str:
    """The key that the command prints."""
    heard = Heard()
    assert await commands.key(services, ASKED | asked, heard) == 0
    (line,) = heard.lines
    return line


async def listed(services: Services) -> list[str]:
    heard = Heard()
    assert await commands.keys(services, {}, heard) == 0
    return heard.lines


def bearing(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


# The command


async def test_a_key_may_what_its_role_may_unless_it_is_made_for_less(services):
    for role, where in OF_ROLE.items():
        await made(services, role=role, name=role, **where)
        await made(services, role=role, name=f"{role} reads", scope=["read"], **where)
    kept = {one.key.name: one.key.scope for one in await services.db.read(kept_keys)}
    for role in OF_ROLE:
        assert kept[role] == set(ROLE_MAY[role])
        assert kept[f"{role} reads"] == {"read"}


@pytest.mark.parametrize(
    ("asked", "problem"),
    [
        ({"scope": ["orders"]}, "may read, report"),
        ({"scope": ["read,write"]}, "--scope: write"),
        ({"role": "department", "area": "Xã Lai Vung, Đồng Tháp"}, "its province"),
        ({"role": "platform"}, "--platform"),
        ({"name": None}, "--name"),
        ({"name": None, "revoke": ""}, "which key"),
        ({"revoke": "nobody"}, "no open key"),
        *(({"expires": e}, "--expires") for e in ("0d", "2020-01-01", "9999-12-31", "x", "99999d")),
    ],
)
async def test_a_key_that_makes_no_sense_is_not_made(services, asked, problem):
    with pytest.raises(Mistake, match=problem):
        await commands.key(services, ASKED | asked, Heard())
    assert await services.db.read(kept_keys) == []


async def test_a_key_is_good_through_its_last_day_in_vietnam(services):
    day = NOW.astimezone(ZONE).date() + dt.timedelta(days=40)
    secret = await made(services, expires=str(day))
    evening = dt.datetime.combine(day, dt.time(23, 59), ZONE)
    for moment, opens in ((evening, True), (evening + dt.timedelta(minutes=1), False)):
        found = await services.db.read(lambda conn, at=moment: whose_key(conn, secret, at))
        assert (found is not None) == opens


async def test_the_list_tells_all_of_a_key_but_what_opens(services, client):
    secret = await made(services, role="department", area="Đồng Tháp", scope=["read"], name="sở")
    await made(services, name="cũ")
    await services.db.write(lambda tx: revoke(tx, "cũ", NOW))
    long_ago = NOW - dt.timedelta(days=9)
    await services.db.write(
        lambda tx: new_key(tx, "hết", "ministry", long_ago, expires_at=NOW - dt.timedelta(days=1))
    )
    assert (await client.get("/api/v1/indicators", headers=bearing(secret))).status_code == 200
    heading, *rows = await listed(services)
    assert heading.split() == ["state", "role", "scope", "area", "made", "expires", "last", "used", "name"]  # fmt: skip
    by_name = {row.split()[-1]: row for row in rows}
    assert {name: row.split()[0] for name, row in by_name.items()} == {
        "sở": "open",
        "cũ": "revoked",
        "hết": "expired",
    }
    assert re.search(r"department +read +Đồng Tháp", by_name["sở"])
    used = (
        rf"{NOW.astimezone(ZONE):%Y-%m-%d}|{NOW.astimezone(ZONE) + dt.timedelta(hours=1):%Y-%m-%d}"
    )
    assert len(re.findall(used, by_name["sở"])) == 2  # made and used
    assert secret not in "".join(rows)


# What a scope opens


@pytest.mark.parametrize(("role", "scope"), [(r, s) for r, may in ROLE_MAY.items() for s in may])
async def test_a_scope_opens_what_it_says_and_nothing_else(services, client, role, scope):
    mine = bearing(
        await services.db.write(
            lambda tx: new_key(tx, "k", role, NOW, scope=[scope], **OF_ROLE[role])
        )
    )
    asked = {"from": "2026-10", "to": "2026-10"}
    answers = {
        "read": await client.get("/api/v1/summary", params=asked, headers=mine),
        "report": await client.post("/api/v1/reports", content=b"", headers=mine),
        "orders": await client.post("/api/v1/orders", content=b"", headers=mine),
    }
    opened = {name for name, answer in answers.items() if answer.status_code != 403}
    assert opened == {scope}


# What does not open


async def test_no_key_unknown_expired_and_revoked_are_answered_alike(services, client):
    old = NOW - dt.timedelta(seconds=1)
    expired = await services.db.write(lambda tx: new_key(tx, "e", "ministry", NOW, expires_at=old))
    revoked = await services.db.write(lambda tx: new_key(tx, "r", "ministry", NOW))
    await services.db.write(lambda tx: revoke(tx, "r", NOW))
    answers = [
        await client.get("/api/v1/indicators", headers=bearing(one))
        for one in (expired, revoked, "x" * 43)
    ]
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.content for answer in answers}) == 1
    assert len({tuple(answer.headers.items()) for answer in answers}) == 1


# How often


async def test_a_key_that_asks_too_often_is_told_when_to_go_on_and_others_are_not_held_up(
    services, client
):
    mine, other = [bearing(await made(services, name=name)) for name in ("a", "b")]
    client._transport.app._pages.app.app.state.keys = Rate(lambda: 0.0, burst=3, a_second=0.5)
    answers = [await client.get("/api/v1/indicators", headers=mine) for _ in range(4)]
    assert [a.status_code for a in answers] == [200, 200, 200, 429]
    assert [a.headers["ratelimit"] for a in answers] == [
        '"key";r=2;t=2',
        '"key";r=1;t=4',
        '"key";r=0;t=6',
        '"key";r=0;t=6',
    ]
    assert answers[0].headers["ratelimit-policy"] == '"key";q=3;w=6'
    assert answers[3].headers["retry-after"] == "2"
    assert answers[3].json()["status"] == 429
    assert (await client.get("/api/v1/indicators", headers=other)).status_code == 200


@given(st.lists(st.floats(0, 5), max_size=40), st.integers(1, 9), st.sampled_from([0.5, 1.0, 10.0]))
def test_who_waits_as_long_as_told_is_let_in(pauses, burst, a_second):
    """Whatever was asked before: `next_in` seconds later one more is taken, and never more than `burst` at once."""
    now = 0.0
    rate = Rate(lambda: now, burst=burst, a_second=a_second)
    for pause in pauses:
        now += pause
        stands = rate.measure("somebody")
        assert 0 <= stands.left < burst
        if not stands.let_in:
            assert stands.next_in > 0
            now += stands.next_in
            assert rate.takes("somebody")


# What may be done


@pytest.mark.parametrize("path", ["/api/v1/summary", "/api/v1/orders", "/chat/history"])
async def test_who_may_not_do_this_is_told_what_may_be_done(client, path):
    refused = await client.delete(path)
    allowed = refused.headers["allow"].split(", ")
    assert refused.status_code == 405
    for method in allowed:
        assert (await client.request(method, path)).status_code != 405
    assert allowed == (["POST"] if path.endswith("orders") else ["GET", "HEAD"])
