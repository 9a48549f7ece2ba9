"""Every rule of the grammar, on sentences of our own: at least three each, so that none serves one message."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.language.command import as_json
from bot.language.understand import understand

TODAY = date(2026, 11, 21)
TEXT = (Path(__file__).parent / "language" / "rules.jsonl").read_text(encoding="utf-8")
ROWS: list[dict[str, Any]] = [json.loads(line) for line in TEXT.splitlines()]
FEWEST = 3


FINER = ("dealing", "request", "reason")  # said of a message beside the contract's object


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['rule']}: {row['text']}")
def test_the_rule_holds(row):
    understood = understand(row["text"], TODAY)
    got = as_json(understood)
    said = got | {name: getattr(understood, name) for name in FINER}
    for slot in ("intent", "date", "platform", "buyer", *FINER):
        if slot in row:
            assert said[slot] == row[slot], said
    if "ask" in row:
        assert row["ask"] in got["ask"], got
    if "totals" in row:
        assert [item["total_vnd"] for item in got["items"]] == row["totals"], got
    if "item" in row:
        assert not got["ask"], got
        assert {key: got["items"][0][key] for key in row["item"]} == row["item"], got


def test_every_rule_has_sentences_enough():
    count = Counter(row["rule"] for row in ROWS)
    assert not [rule for rule, sentences in count.items() if sentences < FEWEST]
