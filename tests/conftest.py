"""What all tests share."""

from __future__ import annotations

import gc

import pytest
from browsers import chromium
from databases import db, empty_sqlite, postgres, url

__all__ = ["chromium", "db", "empty_sqlite", "postgres", "url"]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update", action="store_true", help="rewrite what the golden transcripts expect"
    )


def pytest_collection_finish() -> None:
    """Seven thousand tests and the program itself stay: to go through them again and again took a tenth."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
