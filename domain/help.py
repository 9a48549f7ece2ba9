"""Questions to workers: what is taken of people's words, and who may answer when. Pure."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata

LONGEST = 500  # characters of one message to or from a worker
DAY = dt.timedelta(days=1)  # without an answer: then another worker may take it over
SPACES = re.compile(r"\s+")
UNSEEN = ("Cc", "Cf", "Cs")  # control characters, turned directions, halves of signs


def plain_words(text: str) -> str:
    """The words in one line, without signs that are not seen."""
    line = SPACES.sub(" ", text)
    return "".join(c for c in line if unicodedata.category(c) not in UNSEEN).strip()


def may_take_over(waits: str | None, since: dt.datetime, now: dt.datetime) -> bool:
    """Whether a question that somebody has waited a day for them."""
    return waits == "worker" and now - since >= DAY
