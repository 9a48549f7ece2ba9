"""The form of a bank account: bank, number, holder; a card with what it is kept for, then a clear yes."""

from __future__ import annotations

import re

from pydantic import BaseModel, ConfigDict

from bot.dialogue.forms import Form, Slot, option
from bot.dialogue.reply import Button, Line
from bot.dialogue.turn import Turn
from bot.dialogue.words import text_of
from domain.banks import BankAccount, banks, named_banks
from domain.fold import fold

OFFERED = 7  # banks with a button of their own
LONGEST_HOLDER = 50  # letters
SHORTEST, LONGEST = 6, 19  # digits of an account
CARD_START = "9704"  # of the numbers on Vietnamese cards, which are no accounts
CARD_LENGTHS = (16, 19)

_DIGITS = re.compile(r"\d(?:[ .-]?\d)*")


class AccountDraft(BaseModel):
    """What is known so far. `vnd` and `order`: the code that was wanted when no account was known."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    bank: str | None = None
    number: str | None = None
    holder: str | None = None
    wanted: bool = False
    vnd: int | None = None
    order: str | None = None

    def with_(self, **fields: str | None) -> AccountDraft:
        """The same with these fields."""
        return self.model_copy(update=fields)

    @property
    def account(self) -> BankAccount | None:
        """The whole account, when nothing is missing."""
        if self.bank is None or self.number is None or self.holder is None:
            return None
        return BankAccount(self.bank, self.number, self.holder)


def numbers_in(text: str) -> list[str]:
    """Runs of digits that are as long as an account's, spaces and dots left out."""
    found = [re.sub(r"\D", "", run) for run in _DIGITS.findall(text)]
    return [digits for digits in found if SHORTEST <= len(digits) <= LONGEST]


def is_card(number: str) -> bool:
    """Whether it is the number on a card."""
    return number.startswith(CARD_START) and len(number) in CARD_LENGTHS


def read_account(text: str, draft: AccountDraft) -> AccountDraft:
    """The draft with the bank and the number that the words name; two of a kind name none."""
    named, numbers = named_banks(text), [n for n in numbers_in(text) if not is_card(n)]
    return draft.with_(
        bank=named[0].key if len(named) == 1 else draft.bank,
        number=numbers[0] if len(numbers) == 1 else draft.number,
    )


def _merge(turn: Turn, draft: AccountDraft) -> AccountDraft | None:
    after = read_account(text_of(turn), draft)
    return after if after != draft else None


def _ask_bank(turn: Turn, draft: AccountDraft, token: str) -> None:
    if draft.number is None:
        turn.tell("qr.ask_account")
        return
    offered = list(banks().values())[:OFFERED]
    buttons = [
        option("bank", token, "bank", bank.key, "button.bank", bank=bank.name) for bank in offered
    ]
    turn.tell("bank.ask_bank", *buttons, number=draft.number)


def _pick_bank(_turn: Turn, draft: AccountDraft, value: str) -> AccountDraft | None:
    return draft.with_(bank=value) if value in banks() else None


def _ask_number(turn: Turn, draft: AccountDraft, _token: str) -> None:
    turn.tell("bank.ask_number", bank=banks()[draft.bank or ""].name)


def _refuse_number(turn: Turn, _draft: AccountDraft) -> Line | None:
    found = numbers_in(text_of(turn))
    if any(map(is_card, found)):
        return Line("bank.card_number")
    return Line("bank.number_length") if re.search(r"\d", text_of(turn)) else None


def _ask_holder(turn: Turn, _draft: AccountDraft, _token: str) -> None:
    turn.tell("bank.ask_holder")


def _read_holder(turn: Turn, draft: AccountDraft) -> AccountDraft | None:
    """As banks print it: capitals without marks."""
    name = fold(text_of(turn)).strip(" .").upper()
    fits = re.fullmatch(r"[A-Z]+(?: [A-Z]+)+", name) and len(name) <= LONGEST_HOLDER
    return draft.with_(holder=name) if fits else None


def _card(turn: Turn, draft: AccountDraft, _before: AccountDraft | None, token: str) -> None:
    values = {
        "number": draft.number or "",
        "bank": banks()[draft.bank or ""].name,
        "holder": draft.holder or "",
    }
    buttons = (
        Button(f"bank.save:{token}", "button.agree"),
        Button(f"bank.which:{token}", "button.edit"),
        Button(f"bank.leave:{token.partition('.')[0]}", "button.leave"),
    )
    turn.tell("bank.card", *buttons, **values)


def _gone(turn: Turn, _ref: str) -> None:
    turn.tell("old.gone")


ACCOUNT: Form[AccountDraft] = Form(
    name="bank",
    draft=AccountDraft,
    slots=(
        Slot("bank", lambda _, d: d.bank is None, _ask_bank, _merge, pick=_pick_bank),
        Slot(
            "number",
            lambda _, d: d.number is None,
            _ask_number,
            _merge,
            refuse=_refuse_number,
        ),
        Slot("holder", lambda _, d: d.holder is None, _ask_holder, _read_holder),
    ),
    merge=_merge,
    card=_card,
    named=(
        ("bank", "button.slot.bank"),
        ("number", "button.slot.account"),
        ("holder", "button.slot.holder"),
    ),
    gone=_gone,
)
