"""Entries of the ledger in the conversation: finding one, its line, its receipt, the month's total."""

from __future__ import annotations

import datetime as dt

from bot.dialogue.queries import EntryByCode
from bot.dialogue.reply import Button, Day, Line, Money, Name, Value
from bot.dialogue.turn import Turn
from bot.drafts.sale_card import items_of
from domain.household import ZONE, Entry, MonthTotal

AT_ONCE = dt.timedelta(hours=24)  # within this, an entry is struck without a question


def entry_by_code(turn: Turn, code: str) -> Entry | None:
    """The household's entry with this receipt code."""
    return _entry(turn, EntryByCode(code=code))


def entry_by_draft(turn: Turn, draft: str) -> Entry | None:
    """The entry that was saved from this card."""
    return _entry(turn, EntryByCode(draft=draft))


def entry_by_message(turn: Turn, message: str) -> Entry | None:
    """The entry that came of this message."""
    return _entry(turn, EntryByCode(message=message))


def _entry(turn: Turn, wanted: EntryByCode) -> Entry | None:
    """Among the recent ones, else in the store."""
    if turn.household is None:
        return None
    for entry in turn.household.entries:
        if wanted in (
            EntryByCode(code=entry.code),
            EntryByCode(draft=entry.draft),
            EntryByCode(message=entry.message),
        ):
            return entry
    found: Entry | None = turn.query(wanted)
    return found


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


def ask_strike(turn: Turn, entry: Entry) -> None:
    """The one question before an entry is struck."""
    logged = entry.logged_at.astimezone(ZONE).date()
    values = {"item": items_of(entry.items), "total": Money(entry.total_vnd)}
    turn.tell("undo.ask", *strike_buttons(entry.code), **values, date=Day(logged, turn.on))


def strike_buttons(code: str) -> tuple[Button, ...]:
    """[Gạch bỏ] [Thôi], where striking was asked about."""
    return (
        Button(f"entry.strike_sure:{code}", "button.strike"),
        Button(f"entry.keep:{code}", "button.leave"),
    )


def of_an_order(turn: Turn, entry: Entry) -> None:
    """An order's entry is the platform's figure: it is not changed here."""
    turn.tell("change.order", order=entry.order or "", platform=Name(f"platform.{entry.platform}"))
