"""Where the money shall go: give, change, see and remove the household's bank account."""

from __future__ import annotations

from bot.dialogue.forms import CARD
from bot.dialogue.handler import Handler
from bot.dialogue.message import AccountGiven, AccountRemoved
from bot.dialogue.queries import OwnBankAccount
from bot.dialogue.reply import Button
from bot.dialogue.session import Task
from bot.dialogue.turn import Turn
from bot.dialogue.words import requested, said, text_of
from bot.drafts.bank_account import ACCOUNT, AccountDraft, numbers_in, read_account
from bot.drafts.transfer import show_code
from domain.banks import BankAccount, banks, named_banks


def _claims(turn: Turn) -> bool:
    if requested(turn, "bank.change", "bank.remove"):
        return True
    words, text = turn.understood, text_of(turn)
    if words is None or words.items:
        return False
    return bool(numbers_in(text) and named_banks(text))


def _begin(turn: Turn) -> None:
    account: BankAccount | None = turn.query(OwnBankAccount())
    if requested(turn, "bank.remove"):
        _ask_remove(turn, account)
        return
    draft = read_account(text_of(turn), AccountDraft())
    if account is not None and draft == AccountDraft():
        _show(turn, account)
    else:
        ACCOUNT.start(turn, draft)


def _show(turn: Turn, account: BankAccount) -> None:
    buttons = (
        Button("bank.again:", "button.bank_change"),
        Button("bank.remove:", "button.bank_remove"),
    )
    bank = banks()[account.bank].name
    turn.tell("bank.now", *buttons, number=account.number, bank=bank, holder=account.holder)


def _again(turn: Turn, _ref: str) -> None:
    ACCOUNT.start(turn, AccountDraft())


def _answer(turn: Turn, task: Task) -> bool:
    if task.step == CARD and said(turn) in ("yes", "save"):
        _save(turn, f"{task.draft}.{task.shown}")
        return True
    return ACCOUNT.answer(turn, task)


def _save(turn: Turn, ref: str) -> None:
    """The yes under the card is the consent to its purpose."""
    taken = ACCOUNT.take(turn, ref)
    account = taken[1].account if taken else None
    if taken is None or account is None:
        return
    turn.give_consent("payment")
    turn.keep(AccountGiven(account, turn.at))
    turn.tell("bank.saved", bank=banks()[account.bank].name, number=account.number)
    draft = taken[1]
    if draft.wanted:
        show_code(turn, account, draft.vnd, draft.order)


def _ask_remove(turn: Turn, account: BankAccount | None) -> None:
    if account is None:
        turn.tell("bank.none")
        return
    buttons = (
        Button("bank.removed:", "button.bank_remove"),
        Button("bank.keep:", "button.leave"),
    )
    bank = banks()[account.bank].name
    turn.tell("bank.remove_ask", *buttons, number=account.number, bank=bank)


def _remove_tapped(turn: Turn, _ref: str) -> None:
    _ask_remove(turn, turn.query(OwnBankAccount()))


def _removed(turn: Turn, _ref: str) -> None:
    if turn.query(OwnBankAccount()) is None:
        turn.tell("bank.none")
        return
    turn.withdraw_consent("payment")
    turn.keep(AccountRemoved())
    turn.tell("bank.removed")


HANDLER = Handler(
    name="bank",
    claims=_claims,
    begin=_begin,
    ask=ACCOUNT.ask,
    answer=_answer,
    skip=ACCOUNT.skip,
    taps={
        **ACCOUNT.taps(),
        "bank.save": _save,
        "bank.again": _again,
        "bank.remove": _remove_tapped,
        "bank.removed": _removed,
        "bank.keep": lambda turn, _ref: turn.tell("bank.kept"),
    },
)
