"""Receipts behind words that nobody can guess: for whoever a household sends the link to."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, bindparam, insert, select

from bot.dialogue.queries import OpenReceipt
from domain.receipt import Receipt, ReceiptState
from storage.digital_addresses import shown_to_buyers
from storage.picture import ITEMS
from storage.schema import entry, household, receipt_link
from storage.shop import shop_of
from storage.tokens import hashed, new_word

NEW = insert(receipt_link)
LINE = (
    select(entry, household.c.code.label("home"), household.c.province.label("now_province"))
    .add_columns(household.c.commune.label("now_commune"))
    .join_from(entry, household, household.c.id == entry.c.household)
    .where(household.c.erased_at.is_(None))
)
THIS = LINE.where(entry.c.household == bindparam("whose"), entry.c.code == bindparam("which"))
BEHIND = (
    LINE.add_columns(receipt_link.c.shown)
    .join(
        receipt_link,
        (receipt_link.c.household == entry.c.household) & (receipt_link.c.code == entry.c.code),
    )
    .where(receipt_link.c.hash == bindparam("hash_is"))
)


def open_receipt(
    tx: Connection, whose: UUID | None, code: str, now: dt.datetime
) -> OpenReceipt | None:
    """A new address that shows the receipt of this line from now on; None when there is no such line."""
    row = tx.execute(THIS, {"whose": whose, "which": code}).one_or_none()
    if row is None:
        return None
    word = new_word()
    link = {"household": whose, "code": code, "shown": _seen(row), "made_at": now}
    tx.execute(NEW, link | {"hash": hashed(word)})
    return OpenReceipt(f"/receipt/{word}", _receipt(tx, row, _state(row)))


def receipt_behind(conn: Connection, word: str) -> Receipt | None:
    """The receipt as it is now; None when the word opens nothing, or the household has left."""
    row = conn.execute(BEHIND, {"hash_is": hashed(word)}).one_or_none()
    if row is None:
        return None
    state = _state(row)
    if state == "valid" and row.shown != _seen(row):
        state = "corrected"
    return _receipt(conn, row, state)


def _seen(row: Row[Any]) -> str:
    """What a buyer sees of the line, as signs: others after a correction."""
    items = ITEMS.dump_json(ITEMS.validate_python(row.items))
    return hashlib.sha256(b"%b %d %b" % (items, row.total_vnd, str(row.date).encode())).hexdigest()


def _state(row: Row[Any]) -> ReceiptState:
    if row.returned_at is not None:
        return "returned"
    return "valid" if row.struck_at is None else "struck"


def _receipt(conn: Connection, row: Row[Any], state: ReceiptState) -> Receipt:
    shop = shop_of(conn, row.home)
    return Receipt(
        code=row.code,
        items=ITEMS.validate_python(row.items),
        total_vnd=row.total_vnd,
        date=row.date,
        province=row.now_province,
        commune=row.now_commune,
        seller=shop.seller if shop else None,
        shop=shop.code if shop else None,
        address=shown_to_buyers(conn, row.household),
        state=state,
    )
