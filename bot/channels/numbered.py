"""Replies without buttons: choices as lines under the words, long texts in several messages. Pure."""

from __future__ import annotations

import re

from bot.locales.catalogue import text
from bot.locales.render import Worded

BREAKS = (r"\n+", r"(?<=[.!?…;:])\s+", r"\s+")  # where a text may be parted, the best place first
LEAST = 0.3  # of a message is filled at least before a better place counts more than a full one


def spoken(worded: Worded) -> str:
    """The words and, under them, what can be answered: numbered, or word by word where numbers mean sums.

    What the words number themselves is not listed again. The last line says how to answer.
    """
    if not worded.buttons:
        return worded.text
    labels = [label for _, label in worded.buttons]
    if worded.numbered:
        numbered = [(f"{number}. {label}", label) for number, label in enumerate(labels, 1)]
        lines = [line for line, label in numbered if not _stands(line, label, worded.text)]
    else:
        lines = [f"– {label}" for label in labels]
    how = "choices.numbered" if worded.numbered else "choices.words"
    return "\n".join((worded.text, *lines, text(how, worded.language)))


def _stands(line: str, label: str, words: str) -> bool:
    """Whether a list in the words has it: *1. Đơn 1204, 360.000 đ*, or the number alone is the choice."""
    own = f"{label}. " if label.isdigit() else line
    return any(each.startswith(own) for each in words.split("\n"))


def parts(said: str, limit: int) -> list[str]:
    """The text in pieces of at most `limit` UTF-16 units, parted at lines, else sentences, else words."""
    pieces = []
    while _units(said) > limit:
        end = _end(said, _fitting(said, limit))
        pieces.append(said[:end].rstrip())
        said = said[end:].lstrip()
    return [*pieces, said] if said or not pieces else pieces


def _fitting(said: str, limit: int) -> int:
    """How many characters fit."""
    room = said.encode("utf-16-le", "replace")[: 2 * limit]
    return len(room.decode("utf-16-le", "ignore"))


def _end(said: str, most: int) -> int:
    """Where the first piece ends."""
    for pattern in BREAKS:
        ends = [found.start() for found in re.finditer(pattern, said[: most + 1])]
        if ends and ends[-1] >= most * LEAST:
            return ends[-1]
    return most


def _units(said: str) -> int:
    return len(said.encode("utf-16-le", "replace")) // 2
