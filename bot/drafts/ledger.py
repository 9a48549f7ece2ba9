"""Entries of the ledger in the conversation: finding one, its line, its receipt, the month's total."""

from __future__ import annotations

import datetime as dt

from bot.dialogue.queries import EntryByCode
from bot.dialogue.reply import Button, Line, Money, Value, Words
from bot.dialogue.turn import Turn
from bot.drafts.sale_card import items_of
from domain.household import Entry, MonthTotal

AT_ONCE = dt.timedelta(hours=24)  # within this, an entry is struck without a question


def entry_by_code(turn: Turn, code: str) -> Entry | None:
    """The household's entry with this receipt code."""
    recent = turn.household.entries if turn.household else ()
    found = next((e for e in recent if e.code == code), None)
    if found is None and turn.household is not None:
        found = turn.query(EntryByCode(code=code))
    return found


def entry_by_draft(turn: Turn, draft: str) -> Entry | None:
    """The entry that was saved from this card."""
    recent = turn.household.entries if turn.household else ()
    found = next((e for e in recent if e.draft == draft), None)
    if found is None and turn.household is not None:
        found = turn.query(EntryByCode(draft=draft))
    return found


def last_standing(turn: Turn) -> Entry | None:
    """The newest entry that is not struck."""
    recent = turn.household.entries if turn.household else ()
    return next((e for e in recent if e.struck_at is None), None)


def month_values(turn: Turn, day: dt.date, *, vnd: int, sales: int) -> dict[str, Value]:
    """The month of `day` after a change of the ledger; nothing when no sale is left in it."""
    before = turn.household.month(day) if turn.household else MonthTotal(f"{day:%Y-%m}")
    count = before.sales + sales
    if count <= 0:
        return {}
    return {"month": day.month, "month_total": Money(before.total_vnd + vnd), "count": count}


def month_none(day: dt.date, month: dict[str, Value]) -> tuple[Line, ...]:
    """The line that takes the place of an empty month's total."""
    return () if month else (Line("month.none", {"month": day.month}),)


def receipt_buttons(code: str) -> tuple[Button, ...]:
    """[Sửa] [Gạch bỏ] under a receipt."""
    return (
        Button(f"entry.edit:{code}", "button.edit"),
        Button(f"entry.strike:{code}", "button.strike"),
    )


def entry_values(entry: Entry) -> dict[str, Value]:
    """What the messages about an entry show of it."""
    return {
        "code": entry.code,
        "item": items_of(entry.items),
        "total": Money(entry.total_vnd),
        "total_words": Words(entry.total_vnd),
    }
