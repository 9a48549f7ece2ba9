"""A transfer that a household asks for: the code as a picture, what it says in words."""

from __future__ import annotations

from bot.dialogue.reply import Line, QrCode, Value
from bot.dialogue.turn import Turn
from bot.drafts.sums import total_values
from domain.banks import BankAccount, banks
from domain.vietqr import LARGEST, purpose_of, purpose_of_order, vietqr


def show_code(turn: Turn, account: BankAccount, vnd: int | None, order: str | None) -> None:
    """The code and its caption; the purpose tells the household which payment it is."""
    if vnd is not None and vnd > LARGEST:
        turn.tell("qr.too_big", **total_values(LARGEST))
        return
    bank = banks()[account.bank]
    home = turn.household
    purpose = purpose_of_order(order) if order else purpose_of(home.code if home else "")
    values: dict[str, Value] = {
        "account_name": account.holder,
        "bank": bank.name,
        "purpose": purpose,
    }
    line = Line("qr.caption_any", values)
    if vnd is not None:
        line = Line("qr.caption", values | total_values(vnd))
    turn.say(line, picture=QrCode(vietqr(bank, account.number, vnd, purpose)))
