"""The measure of the language layer, on labelled messages: score.py's own checks, run here without a process."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from typing import Any

import pytest

from bot.language.command import parse_line
from domain.fold import fold

FOLDER = Path(__file__).parent / "language"
_SPEC = importlib.util.spec_from_file_location("score", FOLDER / "score.py")
assert _SPEC
assert _SPEC.loader
score = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(score)


def _labels(name: str) -> list[dict[str, Any]]:
    lines = (FOLDER / name).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def _without_marks(labels: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [row | {"text": fold(row["text"])} for row in labels if row["style"] != "nodia"]


DEV, OWN = _labels("dev.jsonl"), _labels("messages.jsonl")
SEEN = ("heldout.jsonl", "more_sales.jsonl", "more_other.jsonl", "blind.jsonl")
MORE = [row for name in SEEN for row in _labels(name)]
SETS = {
    "dev": DEV,
    "own": OWN,
    "more": MORE,
    "without marks": _without_marks(DEV + OWN),
    "unseen": _labels("blind2.jsonl"),  # its misses are not looked at: only their ids are told
}


def _checks(label: dict[str, Any]) -> dict[str, bool]:
    got = parse_line({key: label[key] for key in ("id", "text", "ref")})
    asked, accepts = bool(got["ask"]), bool(label.get("accept_ask"))
    right = got["intent"] in [label["intent"], *label.get("accept_intents", [])]
    checks = {"intent": right, "silent": not score.is_silent(got, label)}
    if label["ask"]:
        checks["asked"] = asked
    elif label["intent"] in ("log_sale", "list_product"):
        checks["over-ask"] = accepts or not asked
        checks["slots"] = right and (score.same_slots(got, label) or (asked and accepts))
    return checks


def _share(labels: list[dict[str, Any]], measure: str) -> tuple[float, list[str]]:
    outcomes = [(label["id"], _checks(label).get(measure)) for label in labels]
    counted = [(name, ok) for name, ok in outcomes if ok is not None]
    return sum(ok for _, ok in counted) / len(counted), [name for name, ok in counted if not ok]


@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize(
    ("measure", "least"),
    [("silent", 1.0), ("asked", 1.0), ("intent", 0.97), ("slots", 0.93), ("over-ask", 0.95)],
)
def test_the_measure_holds(name, measure, least):
    share, missed = _share(SETS[name], measure)
    assert share >= least, missed


@pytest.mark.parametrize("measure", ["intent", "slots"])
def test_the_given_messages_are_read_almost_without_a_miss(measure):
    share, missed = _share(DEV, measure)
    assert share >= 0.99, missed
