"""A QR code for a transfer: of a sum, or of an order. It asks for a payment and never counts as one."""

from __future__ import annotations

from bot.dialogue.handler import Handler
from bot.dialogue.queries import OwnBankAccount
from bot.dialogue.reply import Button, Name
from bot.dialogue.session import Task
from bot.dialogue.turn import Turn
from bot.dialogue.words import read, refused_number, requested
from bot.drafts.bank_account import ACCOUNT, AccountDraft
from bot.drafts.order_card import number_of
from bot.drafts.order_list import find, numbered, order_buttons
from bot.drafts.transfer import show_code
from domain.banks import BankAccount
from domain.household import Order

OVER = ("cancelled", "expired", "returned")


def _claims(turn: Turn) -> bool:
    words = turn.understood
    return requested(turn, "qr") and words is not None and words.intent != "log_sale"


def _begin(turn: Turn) -> None:
    words = turn.understood
    if words is not None and words.order_id:
        _of_order(turn, words.order_id)
        return
    vnd = read(turn, "total_vnd")
    if vnd is None:
        _open(turn)
    else:
        _code(turn, vnd)


def _open(turn: Turn) -> None:
    task = Task(handler="qr", step="sum", draft="qr", opened_at=turn.at)
    turn.session.open(task)
    _ask(turn, task)


def _ask(turn: Turn, _task: Task) -> None:
    turn.tell("qr.ask_sum", Button("qr.any:", "button.qr_any"))


def _answer(turn: Turn, task: Task) -> bool:
    vnd = read(turn, "total_vnd")
    if vnd is None or vnd <= 0 or refused_number(turn, "price"):
        return False
    turn.session.close(task.draft)
    _code(turn, vnd)
    return True


def _any_sum(turn: Turn, _ref: str) -> None:
    turn.session.close("qr")
    _code(turn, None)


def _of_order(turn: Turn, said: str) -> None:
    """The whole sum of one of the household's own orders; a platform takes its money itself."""
    found = numbered(turn, said)
    if not found:
        turn.tell("order.not_found", order=said)
    elif len(found) > 1:
        turn.tell("ask.order", *order_buttons(found, "qr.order"))
    else:
        _ask_for(turn, found[0])


def _picked(turn: Turn, ref: str) -> None:
    order = find(turn, ref)
    if order is not None:
        _ask_for(turn, order)


def _ask_for(turn: Turn, order: Order) -> None:
    number = number_of(order)
    if order.platform != "offline":
        turn.tell("qr.platform_order", order=number, place=Name(f"platform.{order.platform}"))
    elif order.paid_at is not None:
        turn.tell("qr.paid_already", order=number)
    elif order.state in OVER:
        turn.tell("order.already", order=number, state=Name(f"state.{order.state}"))
    else:
        _code(turn, order.total_vnd, order.number)


def _code(turn: Turn, vnd: int | None, order: str | None = None) -> None:
    account: BankAccount | None = turn.query(OwnBankAccount())
    if account is None:
        ACCOUNT.start(turn, AccountDraft(wanted=True, vnd=vnd, order=order))
    else:
        show_code(turn, account, vnd, order)


HANDLER = Handler(
    name="qr",
    claims=_claims,
    begin=_begin,
    ask=_ask,
    answer=_answer,
    taps={"qr.any": _any_sum, "qr.order": _picked},
    aside=True,
)
