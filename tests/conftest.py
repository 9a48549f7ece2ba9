"""What all tests share."""

from __future__ import annotations

import gc

import pytest
from browsers import chromium
from databases import db, empty_sqlite, postgres, url
from hypothesis import HealthCheck, settings
from plain_log import plain_log

__all__ = ["chromium", "db", "empty_sqlite", "postgres", "url"]


plain_log()
# What decides is what is found, not how fast: the machine may be slow, or busy with something else.
settings.register_profile("lensan", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("lensan")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update", action="store_true", help="rewrite what the golden transcripts expect"
    )


LONG = (
    "test_recount",
    "test_killed",
    "test_commands",
    "test_openapi",
    "test_broadcast_sent",
    "test_check_ins",
    "test_sample",
    "test_orders_whole_way",
    "test_order_import",
    "test_shop_browser",
    "test_worker_browser",
    "test_worker_visit_browser",
    "test_worker_guide",
    "test_areas_walk",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long begins first: otherwise one half of the tests waits for it at the end."""
    items.sort(key=lambda item: item.path.stem not in LONG)


def pytest_collection_finish() -> None:
    """Seven thousand tests and the program itself stay: to go through them again and again took a tenth."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
