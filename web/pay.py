"""How a buyer pays by transfer: the seller's account, and the same as a VietQR code. It proves no payment."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from domain.banks import banks
from domain.vietqr import LARGEST, purpose_of_order, vietqr
from storage.accounts import account_of
from storage.buyers import Bought

PAID_FOR = ("confirmed", "packed", "shipped", "completed")  # before, nobody has promised anything


@dataclass(frozen=True, slots=True)
class Payment:
    """What a transfer needs, in words, and all of it as the text of a code."""

    bank: str
    account: str
    holder: str
    purpose: str
    code: str


def payment_of(conn: Connection, found: Bought) -> Payment | None:
    """How to pay this order; None while it isn't taken, once it is paid, or without an account."""
    account = account_of(conn, found.household) if _is_due(found) else None
    bank = banks().get(account.bank) if account else None
    if account is None or bank is None:
        return None
    purpose = purpose_of_order(found.order.number)
    code = vietqr(bank, account.number, found.order.total_vnd, purpose)
    return Payment(bank.name, account.number, account.holder, purpose, code)


def _is_due(found: Bought) -> bool:
    order = found.order
    is_open = order.state in PAID_FOR and order.paid_at is None and not found.gone
    return is_open and 1 <= order.total_vnd <= LARGEST
