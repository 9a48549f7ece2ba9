"""Potential and support in a real browser on a phone and a desk, with axe looking on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from uuid import uuid4

import pytest
from playwright.sync_api import expect
from server import Server, running_with
from sqlalchemy import Connection, insert
from test_support import by, days_ago, settle_all
from test_worker_browser import come_in, looked_at, page
from villages import fill, of

from domain.potential import Record, score
from storage.records import record_of
from storage.schema import potential
from storage.supports import begin

__all__ = ["page"]

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[Server]:
    """A village, of which one household has been supported for forty days."""
    folder = tmp_path_factory.mktemp("support")
    with running_with(folder, fill, supported) as started:
        yield started


def supported(tx: Connection) -> None:
    settle_all(tx, 6)
    at = days_ago(40)
    points = score(record_of(tx, of("DT-1000"), at) or Record())
    like = [of(f"DT-100{number}") for number in range(1, 7)]
    rows = [{"household": home, "score": points, "record": asdict(Record())} for home in like]
    tx.execute(insert(potential), rows)
    begin(tx, by("Ngọc", at), "DT-1000", uuid4())


@pytest.fixture
def scripts() -> bool:
    return True


def test_a_household_with_potential_is_found_and_supported(page, server, tmp_path):
    made = server.command("invite", "--role", "worker", "--area", "Lai Vung, Đồng Tháp")
    page.goto(made.stdout.strip())
    come_in(page, scripts=True)
    page.get_by_role("link", name="Tiềm năng").click()
    expect(page.locator(".claims li").first).to_contain_text("điểm")
    page.locator("summary").first.click()
    looked_at(page, "potential", tmp_path)
    page.locator("main h2 a", has_not_text="Đào").nth(1).click()
    page.get_by_role("button", name="Tôi hỗ trợ hộ này").click()
    expect(page.locator(".note")).to_have_text("Đã ghi: anh/chị hỗ trợ hộ này.")
    looked_at(page, "household", tmp_path)
    page.get_by_role("button", name="Thôi hỗ trợ").click()
    expect(page.locator(".note")).to_have_text("Đã ghi: thôi hỗ trợ.")
    page.get_by_role("link", name="Tiềm năng").click()
    page.get_by_role("link", name="Ai hỗ trợ hộ nào").click()
    expect(page.locator("main")).to_contain_text("So với 6 hộ tương tự")
    looked_at(page, "support", tmp_path)
