"""Where households want their money: one bank account each, personal, gone with a removal or an erasure."""

from __future__ import annotations

from typing import Protocol
from uuid import UUID

from sqlalchemy import Connection, bindparam, delete, select

from bot.dialogue.message import AccountGiven, AccountRemoved
from bot.dialogue.queries import OwnBankAccount
from domain.banks import BankAccount
from storage.schema import bank_account
from storage.upsert import upsert

GIVEN = upsert(bank_account, ("bank", "account", "holder", "person", "given_at"))
REMOVED = delete(bank_account).where(bank_account.c.household == bindparam("whose"))
OWN = select(bank_account).where(bank_account.c.household == bindparam("whose"))


class Asker(Protocol):
    """Who asks."""

    @property
    def household(self) -> UUID | None: ...


def keep(tx: Connection, home: UUID | None, who: UUID, item: AccountGiven | AccountRemoved) -> None:
    """This account from now on, in the place of another; or none any more."""
    if isinstance(item, AccountRemoved):
        tx.execute(REMOVED, {"whose": home})
        return
    values = {
        "household": home,
        "bank": item.account.bank,
        "account": item.account.number,
        "holder": item.account.holder,
        "person": who,
        "given_at": item.at,
    }
    tx.execute(GIVEN, values)


def account_of(conn: Connection, home: UUID | None) -> BankAccount | None:
    """The household's account, if it gave one."""
    row = conn.execute(OWN, {"whose": home}).one_or_none()
    return None if row is None else BankAccount(row.bank, row.account, row.holder)


def own(tx: Connection, _: OwnBankAccount, asker: Asker) -> BankAccount | None:
    """The asker's."""
    return account_of(tx, asker.household)
