"""What all tests share."""

from __future__ import annotations

import pytest
from browsers import chromium
from databases import db, empty_sqlite, postgres, url

__all__ = ["chromium", "db", "empty_sqlite", "postgres", "url"]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update", action="store_true", help="rewrite what the golden transcripts expect"
    )
