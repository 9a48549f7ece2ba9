"""What docs/en/worker.md tells workers holds: its buttons are there, its sentences are understood; no part is missing."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from server import ROOT
from test_worker_guide import GUIDE as FIRST

from bot.language.household_calls import household_called
from bot.language.understand import understand
from bot.language.understanding import NOBODY
from bot.locales.catalogue import catalogue
from bot.locales.requests import in_first_language

GUIDE = (ROOT / "docs" / "en" / "worker.md").read_text()
PLAIN = {"worker", "done", "English"}  # known as answers, wherever one may be given
AS_SAID = "like this"  # shows how sentences and buttons look


def marked(mark: str) -> list[str]:
    return sorted(set(re.findall(f"{mark}(.+?){mark}", GUIDE)) - {AS_SAID})


@pytest.mark.parametrize("label", marked(r"\*\*"))
def test_every_button_of_the_guide_is_one_of_ours(label):
    assert label in catalogue("en").values()


@pytest.mark.parametrize("sentence", marked("`"))
def test_every_sentence_of_the_guide_is_understood(sentence):
    meant = in_first_language(sentence, "en") or sentence
    words = understand(meant, dt.date(2026, 11, 21), NOBODY)
    assert (
        words.request or words.date or words.items or household_called(meant) or sentence in PLAIN
    )


def test_the_guide_has_the_parts_of_the_first_one():
    parts = [len(re.findall(r"^## ", guide, re.MULTILINE)) for guide in (GUIDE, FIRST)]
    assert parts[0] == parts[1]
