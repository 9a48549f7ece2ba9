"""After the receipt: correct an entry, strike it, bring it back, look at the last ones."""

from __future__ import annotations

import datetime as dt

from bot.dialogue.forms import CARD
from bot.dialogue.handler import Handler
from bot.dialogue.reply import Button, Day, Line, Lines, Money
from bot.dialogue.turn import Turn
from bot.dialogue.words import requested, said
from bot.drafts.corrections import corrected
from bot.drafts.ledger import (
    AT_ONCE,
    ask_strike,
    entry_by_code,
    entry_by_message,
    month_none,
    month_values,
    of_an_order,
)
from bot.drafts.sale import draft_of, draft_of_entry
from bot.drafts.sale_card import items_of
from bot.drafts.sale_form import SALE
from domain.events import SaleRestored, SaleWithdrawn
from domain.fold import fold
from domain.household import ZONE, Entry

SHOWN = 5  # entries in the list of the last ones


def _claims(turn: Turn) -> bool:
    words = turn.understood
    if words is None:
        return False
    if requested(turn, "undo_last", "restore", "export"):
        return True
    return words.intent == "correct_last" or said(turn) in ("undo", "restore")


def _begin(turn: Turn) -> None:
    words = turn.understood
    if requested(turn, "export"):
        _list(turn)
    elif requested(turn, "restore") or said(turn) == "restore":
        _restore_last(turn)
    elif requested(turn, "undo_last") or said(turn) == "undo" or _is_deletion(turn):
        _strike_last(turn)
    elif words is not None:
        _correct(turn)


def _is_deletion(turn: Turn) -> bool:
    return turn.understood is not None and turn.understood.action == "delete"


def _meant(turn: Turn) -> Entry | None:
    """The entry that a correction is about: the one with the product it names, else the newest."""
    words = turn.understood
    names = {fold(item.product) for item in words.items if item.product} if words else set()
    standing = [e for e in turn.household.entries if e.struck_at is None] if turn.household else []
    for entry in standing:
        if names & {fold(item.product) for item in entry.items}:
            return entry
    return standing[0] if standing else None


def _correct(turn: Turn) -> None:
    entry = _meant(turn)
    words = turn.understood
    if entry is None or words is None:
        turn.tell("change.nothing")
        return
    if entry.order is not None:
        of_an_order(turn, entry)
        return
    before = draft_of_entry(entry)
    after = corrected(before, words)
    if after is None:
        _edit(turn, entry.code)
        return
    task = SALE.task(turn)
    task.past = [(CARD, before.model_dump(mode="json", exclude_none=True))]
    SALE.resume(turn, task, after, before)


def _edit(turn: Turn, ref: str) -> None:
    """[Sửa] under a receipt: ask which slot."""
    entry = entry_by_code(turn, ref)
    if entry is None:
        turn.tell("change.not_found", code=ref)
    elif entry.struck_at is not None:
        _struck_already(turn, entry)
    elif entry.order is not None:
        of_an_order(turn, entry)
    else:
        task = SALE.task(turn)
        task.slots = draft_of_entry(entry).model_dump(mode="json", exclude_none=True)
        turn.session.open(task)
        SALE.which(turn, task.draft)


def _strike_last(turn: Turn) -> None:
    entry = _meant(turn)
    if entry is None:
        turn.tell("undo.nothing")
        return
    _strike(turn, entry.code)


def _strike(turn: Turn, ref: str, *, sure: bool = False) -> None:
    """[Gạch bỏ]: at once within a day; later one question first, old buttons get touched by thumbs."""
    entry = entry_by_code(turn, ref)
    if entry is None:
        turn.tell("undo.nothing")
    elif entry.struck_at is not None:
        _struck_already(turn, entry)
    elif sure or turn.at - entry.logged_at <= AT_ONCE:
        _withdraw(turn, entry)
    else:
        ask_strike(turn, entry)


def _withdraw(turn: Turn, entry: Entry) -> None:
    turn.fact(
        SaleWithdrawn,
        code=entry.code,
        undoes="order_completed" if entry.order else "sale_logged",
        **{**dict(entry.figures), "total_vnd": -entry.total_vnd},
    )
    month = month_values(turn, entry.date, vnd=-entry.total_vnd, sales=-1)
    done = Line("undo.done", {"total": Money(entry.total_vnd), "code": entry.code, **month})
    turn.say(done, *month_none(entry.date, month), buttons=_restore_button(entry))


def _restore_button(entry: Entry) -> tuple[Button, ...]:
    return (Button(f"entry.restore:{entry.code}", "button.restore"),)


def _struck_already(turn: Turn, entry: Entry) -> None:
    if entry.returned_at is not None:
        _came_back(turn, entry)
        return
    day = (entry.struck_at or turn.at).astimezone(ZONE).date()
    turn.tell("old.struck", *_restore_button(entry), date=Day(day, turn.on), code=entry.code)


def _came_back(turn: Turn, entry: Entry) -> None:
    """What a buyer sent back is no sale any more."""
    turn.tell("undo.returned", order=entry.order or entry.code)


def _restore_last(turn: Turn) -> None:
    entries = turn.household.entries if turn.household else ()
    struck = [e for e in entries if e.struck_at is not None and e.returned_at is None]
    if not struck:
        turn.tell("undo.nothing_struck")
        return
    newest = max(struck, key=lambda e: e.struck_at or dt.datetime.min.replace(tzinfo=dt.UTC))
    _restore(turn, newest.code)


def _restore(turn: Turn, ref: str) -> None:
    entry = entry_by_code(turn, ref)
    if entry is None:
        turn.tell("undo.nothing_struck")
    elif entry.returned_at is not None:
        _came_back(turn, entry)
    elif entry.struck_at is None:
        day = (entry.changed_at or entry.logged_at).astimezone(ZONE).date()
        turn.tell("old.restored", date=Day(day, turn.on), code=entry.code)
    else:
        _bring_back(turn, entry)


def _bring_back(turn: Turn, entry: Entry) -> None:
    turn.fact(SaleRestored, code=entry.code, **dict(entry.figures))
    month = month_values(turn, entry.date, vnd=entry.total_vnd, sales=1)
    strike = Button(f"entry.strike:{entry.code}", "button.strike")
    values = {"total": Money(entry.total_vnd), "code": entry.code, **month}
    turn.tell("undo.back", strike, **values)


def _keep(turn: Turn, _ref: str) -> None:
    turn.tell("undo.kept")


def _list(turn: Turn) -> None:
    entries = turn.household.entries[:SHOWN] if turn.household else ()
    if not entries:
        turn.tell("book.none")
        return
    lines = tuple(_list_line(number, entry) for number, entry in enumerate(entries, 1))
    turn.tell("book.list", Button("slip.which:", "button.slip_any"), sales=Lines(lines))


def _list_line(number: int, entry: Entry) -> Line:
    values = {"number": number, "item": items_of(entry.items), "total": Money(entry.total_vnd)}
    if entry.struck_at is not None:
        return Line("book.line_struck", values)
    values |= {"day": entry.date.day, "month": entry.date.month}
    if entry.worker is not None:
        return Line("book.line_helped", values)
    return Line("book.line", values)


def _edited(turn: Turn) -> bool:
    """An edited message corrects the entry that it made: a change card, one tap."""
    edits, words = turn.message.edits, turn.understood
    if edits is None or turn.household is None or words is None:
        return False
    entry = entry_by_message(turn, edits)
    if entry is None or words.intent != "log_sale" or entry.struck_at is not None:
        return False
    before = draft_of_entry(entry)
    after = draft_of(words, before.date or turn.on).settled("confirm_all")
    after = after.with_(entry=entry.code, again=True, platform=after.platform or before.platform)
    if after.model_copy(update={"sure": True}) == before:
        turn.tell("edited.same")
        return True
    turn.tell("edited.follows")
    task = SALE.task(turn)
    SALE.resume(turn, task, after, before)
    return True


HANDLER = Handler(
    name="ledger",
    claims=_claims,
    begin=_begin,
    taps={
        "entry.edit": _edit,
        "entry.strike": _strike,
        "entry.strike_sure": lambda turn, ref: _strike(turn, ref, sure=True),
        "entry.restore": _restore,
        "entry.keep": _keep,
        "book.see": lambda turn, _ref: _list(turn),
    },
    edited=_edited,
    assists=True,
)
