"""The public suites: every number, sum and day of theirs is read, or listed with the reason why it is not.

Two rules stand for many rows: a day or month without a year lies in the past here and in the future there,
so either counts; and of a foreign sum only the number is read.
"""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from bot.language.dates import Dates
from bot.language.day import Day
from bot.language.number import Number
from bot.language.numbers import Numbers
from bot.language.tokens import tokenize
from bot.language.vocabulary import tag

FOLDER = Path(__file__).parent / "language"
TODAY = date(2017, 2, 2)  # the suite's own
DAYS_AND_LONGER = ("day", "week", "month", "quarter", "year")
MOST_EXCEPTIONS = 0.12


def _rows(name: str) -> list[dict[str, Any]]:
    text = (FOLDER / name).read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


EXCEPTIONS = {row["text"]: row["reason"] for row in _rows("public_exceptions.jsonl")}
NUMERALS = _rows("public/duckling_vi_numeral.jsonl")
MONEY = _rows("public/duckling_vi_money.jsonl")
SPOKEN = [r for r in _rows("public/nemo_vi_itn.jsonl") if r.get("numeric") is not None]
TIMES = [
    r for r in _rows("public/duckling_vi_time.jsonl")
    if r["value"] and r["value"].get("grain") in DAYS_AND_LONGER
]  # fmt: skip


def _reader(text: str) -> Numbers:
    sentence = tokenize(text)
    return Numbers(sentence, tag(sentence))


def _numbers(text: str, *, money: bool) -> tuple[list[Number], int]:
    at, found, position = _reader(text), [], 0
    while position < at.count:
        number = at.read(position, money=money) if found else at.signed(position, money=money)
        empty = number is None or number.end <= position
        if (
            number is None
            or empty
            or (number.value == 0 and at.count > number.end and position == 0)
        ):
            position += 1
            continue
        found.append(number)
        position = number.end
    return found, at.count


def _same(got: Decimal, want: Any) -> bool:
    return abs(got - Decimal(str(want))) <= Decimal("1e-9") * max(
        Decimal(1), abs(Decimal(str(want)))
    )


def _numeral_read(row: dict[str, Any]) -> bool:
    found, count = _numbers(row["text"], money=False)
    return len(found) == 1 and found[0].end == count and _same(found[0].value, row["value"])


def _money_read(row: dict[str, Any]) -> bool:
    want = [row["value"][key] for key in ("amount", "from", "to") if key in row["value"]]
    found, _ = _numbers(row["text"], money=True)
    return len(found) == len(want) and all(
        _same(n.value, w) for n, w in zip(found, want, strict=True)
    )


def _spoken_read(row: dict[str, Any]) -> bool:
    number = next(
        (
            n
            for p in range(_reader(row["text"]).count)
            if (n := _reader(row["text"]).signed(p, money=False))
        ),
        None,
    )
    return number is not None and _same(number.value, row["numeric"])


def _day_read(row: dict[str, Any]) -> bool:
    value = row["value"]
    want = date.fromisoformat((value.get("value") or value["from"])[:10])
    return any(want in _days(day) for day in Dates(_reader(row["text"]), TODAY).find())


def _days(day: Day) -> set[date | None]:
    """The day or the first day of the span; of a span without a year also a year later."""
    first = day.period[0] if day.period else None
    later = first.replace(year=first.year + 1) if first else None
    return {day.past, day.future, first, later}


READERS = [
    *((row, _numeral_read) for row in NUMERALS),
    *((row, _money_read) for row in MONEY),
    *((row, _spoken_read) for row in SPOKEN),
    *((row, _day_read) for row in TIMES),
]


@pytest.mark.parametrize(
    ("row", "read"), READERS, ids=lambda x: x["text"] if isinstance(x, dict) else ""
)
def test_a_public_row_is_read_or_excepted_with_a_reason(row, read):
    assert read(row) != (row["text"] in EXCEPTIONS), EXCEPTIONS.get(row["text"])


def test_exceptions_are_few_and_every_one_is_a_row_with_a_reason():
    texts = {row["text"] for row, _ in READERS}
    assert EXCEPTIONS.keys() <= texts
    assert all(EXCEPTIONS.values())
    assert len(EXCEPTIONS) < MOST_EXCEPTIONS * len(READERS)
