"""Why a sentence was read so: every slot with its words, the rule that decided and its value."""

from __future__ import annotations

import datetime as dt

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.config import Settings
from bot.language.command import explain_table, explained
from bot.language.understand import understand
from bot.runner import Runner
from bot.services import Services
from storage.keys import new_key
from web.app import create_app

ON = dt.date(2026, 11, 21)


def trace(said: str) -> dict[str, tuple[str, str]]:
    """Slot -> words and value."""
    rows = understand(said, ON, explain=True).trace
    return {row.slot: (row.words, row.value) for row in rows}


def test_each_slot_of_a_sale_names_its_words_and_its_value():
    found = trace("hqua bán 20 ký cam sành giá 25 ngàn cho chị Lan")
    assert found["intent"][1] == "log_sale"
    assert found["date"] == ("hqua", "2026-11-20")
    assert found["quantity"] == ("20 ký", "20 kg")
    assert found["product"] == ("cam sành", "cam sành")
    assert found["unit_price_vnd"] == ("25 ngàn", "25000")
    assert found["buyer"] == ("chị Lan", "chị Lan")
    assert found["total_vnd"] == ("", "500000")


def test_what_is_asked_stands_with_its_readings():
    assert trace("bán 3 chục trứng 50 nghìn")["unit_or_total"] == ("", "each | all")


@pytest.mark.parametrize(
    "said", ["8 thùng cam, thùng 15kg, 20k/kg", "sửa giá 27k", "xyz", "đơn 2305"]
)
def test_every_row_has_a_rule(said):
    assert all(row.rule for row in understand(said, ON, explain=True).trace)


def test_the_table_stands_in_four_columns():
    head, *rows = explain_table(understand("bán 2 ký cam 20k", ON, explain=True)).splitlines()
    assert head.split() == ["words", "slot", "rule", "value"]
    places = [head.index(word) for word in ("slot", "rule", "value")]
    assert all(row[place - 1] == " " for row in rows for place in places)


def test_explaining_changes_nothing_of_what_was_understood():
    said = "bán 2 ký cam 20k"
    assert explained(understand(said, ON, explain=True)) | {"trace": []} == explained(
        understand(said, ON)
    )


@given(st.text(max_size=200))
def test_any_text_can_be_explained(text):
    explain_table(understand(text, ON, explain=True))


# Over HTTP


@pytest.fixture
async def ask(db):
    """Asks with a new key of this role; without one when the role is None."""
    chosen = Settings(database_url="sqlite+aiosqlite:///nowhere.db")
    app = create_app(Services(chosen, db, Runner(db, chosen, []), b"s" * 32))
    now = dt.datetime.now(dt.UTC)
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://explain.test"
    ) as client:

        async def asked(role: str | None, **query: str) -> httpx.Response:
            headers = {}
            if role is not None:
                secret = await db.write(
                    lambda tx: new_key(tx, role, role, now, area="82", platform="voso")
                )
                headers["Authorization"] = f"Bearer {secret}"
            return await client.get("/api/v1/explain", params=query, headers=headers)

        yield asked


@pytest.mark.parametrize("role", ["ministry", "department"])
async def test_the_api_gives_the_parse_and_its_trace(ask, role):
    answer = (await ask(role, text="hqua bán 2 ký cam 20k", on="2026-11-21")).json()
    assert answer == explained(understand("hqua bán 2 ký cam 20k", ON, explain=True))
    assert {"words": "hqua", "slot": "date"}.items() <= answer["trace"][1].items()


@pytest.mark.parametrize(("role", "status"), [(None, 401), ("platform", 403)])
async def test_nobody_else_may_ask(ask, role, status):
    assert (await ask(role, text="bán 2 ký cam 20k")).status_code == status


@pytest.mark.parametrize(
    "query",
    [
        *({}, {"text": ""}, {"text": "x" * 5000}),
        *(
            {"text": "hôm qua bán 2 kg cam", "on": on}
            for on in ("hôm qua", "0001-01-01", "9999-12-31")
        ),
    ],
)
async def test_a_wrong_question_is_told_what_is_wrong(ask, query):
    answer = await ask("ministry", **query)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
