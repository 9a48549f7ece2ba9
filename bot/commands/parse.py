"""The language layer alone: no database, no settings."""

from __future__ import annotations

import datetime as dt
import json
import sys
from typing import Any

from bot.commands.output import Given, Mistake, Output
from bot.language.command import as_json, explain_table, parse_line
from bot.language.understand import understand

VIETNAM = dt.timezone(dt.timedelta(hours=7))


def parse(given: Given, out: Output) -> int:
    """What one text means, or each line of standard input."""
    if given["jsonl"]:
        return _lines(out)
    day = _day(given["on"]) if given["on"] else dt.datetime.now(VIETNAM).date()
    if not given["text"]:
        raise Mistake("say what is to be understood, or --jsonl")
    understood = understand(" ".join(given["text"]), day, explain=given["explain"])
    if given["explain"]:
        out.say(explain_table(understood))
    else:
        out.say(json.dumps(as_json(understood), ensure_ascii=False))
    return 0


def _lines(out: Output) -> int:
    """A bad line is named and answered with null in its place, so that the others keep theirs."""
    wrong = 0
    for number, line in enumerate(sys.stdin, 1):
        if not line.strip():
            continue
        try:
            answer = json.dumps(parse_line(_object(line)), ensure_ascii=False)
        except (ValueError, OverflowError) as fault:
            out.problem(f"line {number}: {fault}")
            wrong += 1
            answer = "null"
        sys.stdout.write(answer + "\n")
    return 1 if wrong else 0


def _object(line: str) -> dict[str, Any]:
    row = json.loads(line)
    if not isinstance(row, dict):
        raise ValueError("is no object")  # noqa: TRY004 the line's fault, not a caller's
    return row


def _day(text: str) -> dt.date:
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        raise Mistake(f"--on: {text} is no day written as 2026-11-21") from None
    if not 2000 <= day.year < 3000:
        raise Mistake(f"--on: {text} is no day of these times")
    return day
