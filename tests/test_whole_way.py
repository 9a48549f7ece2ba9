"""The whole way over HTTP: a person talks, and exactly that changes her ledger and the ministry's figure."""

from __future__ import annotations

import asyncio
import datetime as dt
import time
from collections.abc import Iterator
from uuid import uuid4

import httpx
import pytest
from databases import new_postgres
from server import Server, running

from domain.household import ZONE

SENTENCE = "hôm qua bán 20 ký cam sành giá 25 ngàn cho chị Lan"
FIRST = ["alo", "[Đồng ý]", "cô Ba", "Lai Vung, Đồng Tháp"]
LISTING = ["đăng cam sành 25k/kg, có 200 ký, lên postmart", "[Đồng ý]", "4 sao", "[Đăng]"]
FIGURES_WITHIN = 60.0  # seconds, on a busy machine


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def server(request, tmp_path_factory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("whole")
    if request.param == "sqlite":
        url = f"sqlite+aiosqlite:///{folder}/lensan.db"
    else:
        url = asyncio.run(new_postgres(request.getfixturevalue("postgres")))
    settings = {"database_url": url, "secret": "s" * 32}
    with running(folder, **settings) as server:
        yield server


class Chat:
    """One person at the web chat; `[label]` taps the newest button of that label."""

    def __init__(self, http: httpx.Client) -> None:
        self.http = http
        self.me = str(uuid4())
        self.shown: dict[str, str] = {}

    def say(self, words: str, message: str | None = None) -> list[dict[str, object]]:
        body = {"client_id": self.me, "message_id": message or str(uuid4())}
        what = {"button": self.shown[words]} if words in self.shown else {"text": words}
        answer = self.http.post("/chat/messages", json=body | what)
        assert answer.status_code == 200, answer.text
        replies = answer.json()["replies"]
        for reply in replies:
            self.shown |= {f"[{b['label']}]": b["id"] for b in reply["buttons"]}
        return replies


@pytest.fixture
def chat(server) -> Iterator[Chat]:
    with httpx.Client(base_url=server.address) as http:
        yield Chat(http)


@pytest.fixture
def ministry(server) -> Iterator[httpx.Client]:
    key = server.command("key", "--role", "ministry", "--name", "test").stdout.strip()
    bearer = {"Authorization": f"Bearer {key}"}
    with httpx.Client(base_url=server.address, headers=bearer) as http:
        yield http


def postmart(ministry: httpx.Client) -> dict[str, int]:
    """The figures of Postmart in the two months in which yesterday can be, even about midnight."""
    today = dt.datetime.now(ZONE)
    months = {"from": f"{today - dt.timedelta(days=2):%Y-%m}", "to": f"{today:%Y-%m}"}
    answer = ministry.get("/api/v1/summary", params=months)
    assert answer.status_code == 200, answer.text
    rows = answer.json()["figures"]
    mine = [r for r in rows if r["platform"] == "postmart" and r["month"] is r["province"] is None]
    return {row["indicator"]: row["value"] or 0 for row in mine}


def settled(ministry: httpx.Client, want: dict[str, int]) -> dict[str, int]:
    """The figures once they are as wanted, or as they are after the time they may take."""
    end = time.monotonic() + FIGURES_WITHIN
    while (got := postmart(ministry)) != got | want and time.monotonic() < end:
        time.sleep(0.1)
    return got


def test_a_sale_by_one_message_and_one_tap_changes_the_figure_by_exactly_itself(
    server, chat, ministry
):
    for words in [*FIRST, *LISTING]:
        chat.say(words)
    assert "cam sành" in chat.say("xem hàng")[0]["text"]
    chat.say(SENTENCE)
    assert "500.000 đ" in chat.say("[Lưu]")[0]["text"]
    assert "375.000 đ" in chat.say("sửa lại 15 ký")[0]["text"]
    assert "500.000 đ → 375.000 đ" in chat.say("[Lưu]")[0]["text"]
    assert "Đã gạch bỏ 375.000 đ" in chat.say("[Gạch bỏ]")[0]["text"]

    before = settled(ministry, {})
    chat.say(f"{SENTENCE} trên Postmart")
    tap, button = str(uuid4()), chat.shown["[Lưu]"]
    receipt = chat.say("[Lưu]", tap)
    wanted = {
        "transactions": before.get("transactions", 0) + 1,
        "value": before.get("value", 0) + 500_000,
    }
    assert settled(ministry, wanted).items() >= wanted.items()

    chat.shown["[Lưu]"] = button
    assert chat.say("[Lưu]", tap) == receipt
    assert settled(ministry, wanted).items() >= wanted.items()
    assert server.command("rebuild", "--check").returncode == 0
