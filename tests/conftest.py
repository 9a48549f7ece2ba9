"""What all tests share."""

from __future__ import annotations

import pytest
from databases import db, postgres

__all__ = ["db", "postgres"]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update", action="store_true", help="rewrite what the golden transcripts expect"
    )
