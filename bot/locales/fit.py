"""Whether a message fits a phone of 360 × 560 px: its question and its buttons show together."""

from __future__ import annotations

import textwrap

from bot.locales.render import Worded

WIDTH = 36  # signs a line
LINES = 14
BUTTON = 16  # signs on a button


def lines_shown(text: str) -> int:
    """How many lines a phone shows of it."""
    wrapped = (textwrap.wrap(line, WIDTH, break_on_hyphens=False) for line in text.split("\n"))
    return sum(max(len(lines), 1) for lines in wrapped)


def misfits(worded: Worded) -> list[str]:
    """What is too long: the text, named by its first line, and each button. Consent may be longer."""
    shown = lines_shown(worded.text)
    text = [f"{shown} lines: {worded.text.splitlines()[0]}"] if shown > LINES else []
    return text + [f"button {label}" for _, label in worded.buttons if len(label) > BUTTON]
