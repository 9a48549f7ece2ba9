"""Receipts for buyers in the conversation: which sale is meant, and the message that is sent on."""

from __future__ import annotations

from collections.abc import Iterable

from bot.dialogue.queries import OpenReceipt, ReceiptLink
from bot.dialogue.reply import Button, Line, Lines, Money, ReceiptSheet
from bot.dialogue.turn import Turn
from bot.dialogue.words import known_of, text_of
from bot.drafts.ledger import entry_by_code
from bot.drafts.sale_card import items_of
from bot.drafts.sums import total_values
from bot.language.past_sale import PastSale, past_sale
from domain.fold import fold
from domain.household import Entry

SHOWN = 5  # sales to choose from


def told(turn: Turn) -> PastSale:
    """What the words tell of the sale."""
    known = known_of(turn.household, turn.person)
    return past_sale(text_of(turn), "receipt", turn.on, known)


def standing(turn: Turn) -> list[Entry]:
    """The newest lines of the book that are not struck."""
    return [e for e in turn.household.entries if e.struck_at is None] if turn.household else []


def coded(turn: Turn, said: PastSale) -> Entry | None:
    """The line with the code in the words."""
    return entry_by_code(turn, said.code) if said.code else None


def fitting(turn: Turn, said: PastSale) -> list[Entry]:
    """The standing lines that fit the buyer, goods and day in the words, the newest first."""
    found = standing(turn)
    found = _by(found, _of_buyer(turn, said, found))
    if said.goods:
        found = [e for e in found if any(_has(e, fold(name)) for name in said.goods)]
    return [e for e in found if said.day in (None, e.date)]


def names_any(turn: Turn, said: PastSale) -> bool:
    """Whether the words tell anything of the sale."""
    return bool(said.buyer or said.goods or said.day or _of_buyer(turn, said, standing(turn)))


def _of_buyer(turn: Turn, said: PastSale, entries: Iterable[Entry]) -> str | None:
    """The buyer in the words, folded; without *cho* one that the book knows: *chị Lan xin biên lai*."""
    if said.buyer:
        return fold(said.buyer)
    words = f" {fold(text_of(turn))} "
    names = (fold(e.buyer_name) for e in entries if e.buyer_name)
    return next((name for name in names if f" {name} " in words), None)


def _by(entries: list[Entry], buyer: str | None) -> list[Entry]:
    return [e for e in entries if buyer is None or buyer in fold(e.buyer_name or "")]


def _has(entry: Entry, name: str) -> bool:
    return any(name in fold(i.product) or fold(i.product) in name for i in entry.items)


def send(turn: Turn, entry: Entry) -> None:
    """The picture and the link, to be sent on, and who is named on them."""
    opened: OpenReceipt | None = turn.query(ReceiptLink(entry.code))
    if opened is None:
        turn.tell("change.not_found", code=entry.code)
        return
    site = turn.rules.public_url
    url = f"{site}{opened.path}"
    forward = Line("slip.ready", total_values(entry.total_vnd) | {"code": entry.code, "url": url})
    seen = Line("slip.named" if opened.receipt.shop else "slip.unnamed")
    turn.say(forward, seen, picture=ReceiptSheet(opened.receipt, site))


def ask_which(turn: Turn, key: str, entries: Iterable[Entry]) -> None:
    """These sales, one a line and a button."""
    shown = list(entries)[:SHOWN]
    lines = tuple(_line(number, entry) for number, entry in enumerate(shown, 1))
    buttons = (Button(f"slip.of:{e.code}", "button.slip", {"code": e.code}) for e in shown)
    turn.tell(key, *buttons, sales=Lines(lines))


def _line(number: int, entry: Entry) -> Line:
    values = {"number": number, "item": items_of(entry.items), "total": Money(entry.total_vnd)}
    day = {"day": entry.date.day, "month": entry.date.month}
    return Line("book.line", values | day)
