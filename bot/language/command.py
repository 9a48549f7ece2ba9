"""`lensan parse`: one message as the contract's JSON object, or explained as a table. Pure but for `main`."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import date
from typing import Any

from bot.language.understand import understand
from bot.language.understanding import Item, Understanding


def parse_json(text: str, on: date, ref: object = None) -> dict[str, Any]:
    """The contract's object for one message read on that day; `ref` comes back as its id."""
    return as_json(understand(text, on), ref)


def as_json(understood: Understanding, ref: object = None) -> dict[str, Any]:
    """An Understanding as the contract's `parse` output."""
    period = understood.period
    return {
        "id": ref,
        "intent": understood.intent,
        "items": [_item(item) for item in understood.items],
        "buyer": understood.buyer,
        "date": _iso(understood.date),
        "platform": understood.platform,
        "order_id": understood.order_id,
        "period": [_iso(period[0]), _iso(period[1])] if period else None,
        "ask": list(understood.ask),
        "text": understood.text,
    }


def explained(understood: Understanding) -> dict[str, Any]:
    """The same with what `--explain` shows."""
    return as_json(understood) | {"trace": [asdict(row) for row in understood.trace]}


def _item(item: Item) -> dict[str, Any]:
    return {
        "product": item.product,
        "quantity": None if item.quantity is None else format(item.quantity, "f"),
        "unit": item.unit,
        "unit_price_vnd": item.unit_price_vnd,
        "price_unit": item.price_unit,
        "total_vnd": item.total_vnd,
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def parse_line(row: dict[str, Any]) -> dict[str, Any]:
    """One `{"id", "text", "ref"}` of `--jsonl`. Raises ValueError in words a user can read."""
    text, ref = row.get("text"), row.get("ref")
    if not isinstance(text, str):
        raise ValueError("text is missing")  # noqa: TRY004 the line's fault, not a caller's
    if not isinstance(ref, str):
        raise ValueError("ref is missing: the day it was sent, YYYY-MM-DD")  # noqa: TRY004 as above
    return parse_json(text, date.fromisoformat(ref), row.get("id"))


def parse_lines(lines: Iterable[str]) -> Iterator[str]:
    """JSON lines in, JSON lines out, in order."""
    for line in lines:
        if line.strip():
            yield json.dumps(parse_line(json.loads(line)), ensure_ascii=False)


def explain_table(understood: Understanding) -> str:
    """Which words gave which slot, the rule that decided and the value, in columns."""
    found = ((t.words, t.slot, t.rule, t.value) for t in understood.trace)
    rows = [("words", "slot", "rule", "value"), *found]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )


def main() -> None:
    """For trying the grammar alone: JSON lines on standard input."""
    for line in parse_lines(sys.stdin):
        sys.stdout.write(line + "\n")


if __name__ == "__main__":
    main()
