"""What is told and is no sale of the household's, or not yet: said back, with a button that makes it one."""

from __future__ import annotations

import datetime as dt

from bot.dialogue.forms import Slot, option
from bot.dialogue.reply import Button, Money, Value
from bot.dialogue.turn import Turn
from bot.drafts.sale import Choice, Doubt, SaleDraft, SaleLine, draft_of
from bot.drafts.sale_card import items_of
from bot.language.understanding import Understanding

SOLD = (
    "sold"  # whether it was sold after all; the doubt's one choice is the dealing and the sum owed
)
SAME_DAY = ("others", "purchase")  # if it was a sale, then on the day that was said
MONEY_APART = ("deposit", "debt", "repaid")  # the sum that was said is not what the goods cost
IN_THE_BOOK = ("debt", "repaid")  # a sale that was made: is it in the book already?

BUTTONS = {
    "plan": "button.sold",
    "inquiry": "button.sold",
    "deposit": "button.sold",
    "others": "button.ours",
    "purchase": "button.bought_from_us",
    "debt": "button.not_logged",
    "repaid": "button.not_logged",
}


def unsold(words: Understanding, on: dt.date) -> SaleDraft:
    """The draft of what would be a sale if the person says so; the day of it is asked then."""
    draft, dealing = draft_of(words, on).settled("confirm_all"), words.dealing or ""
    told = Choice(key=dealing, value=str(words.owed_vnd) if words.owed_vnd else None)
    doubts = [Doubt(slot=SOLD, choices=(told,)), *draft.doubts]
    if dealing not in SAME_DAY:
        draft = draft.with_(date=None)
        doubts = [*(d for d in doubts if d.slot != "date"), Doubt(slot="date")]
    if dealing in MONEY_APART:
        draft = draft.with_(lines=tuple(map(_unpriced, draft.lines)))
        doubts = [d for d in doubts if d.slot in (SOLD, "date", "product")]
    return draft.with_(doubts=tuple(doubts))


def _unpriced(line: SaleLine) -> SaleLine:
    """The line without the sum that was said; what its price comes to stays."""
    return line.with_(total_vnd=None, stated=False)


def _say_back(turn: Turn, draft: SaleDraft, token: str) -> None:
    doubt = draft.doubt(SOLD)
    if doubt is None:
        return
    told = doubt.choices[0]
    sold = option("sale", token, SOLD, "yes", BUTTONS[told.key])
    logged = Button(f"dealing.logged:{token}", "button.logged")
    buttons = (logged, sold) if told.key in IN_THE_BOOK else (sold,)
    turn.tell(f"dealing.{told.key}", *buttons, **_values(draft, told))


def _values(draft: SaleDraft, told: Choice) -> dict[str, Value]:
    """What is known of it; a line of the text whose value is not known is left out."""
    values: dict[str, Value] = {}
    goods = tuple(line for line in draft.lines if line.product)
    if goods:
        values["item"] = items_of(goods)
    if draft.buyer:
        values["buyer"] = draft.buyer
    if draft.deposit_vnd:
        values["deposit"] = Money(draft.deposit_vnd)
    if told.value:
        values["owed"] = Money(int(told.value))
    return values


def _never(_turn: Turn, _draft: SaleDraft) -> None:
    return None


def _sold(_turn: Turn, draft: SaleDraft, _value: str) -> SaleDraft:
    return draft.settled(SOLD)


WHETHER_SOLD: Slot[SaleDraft] = Slot(
    SOLD, lambda _turn, draft: draft.doubt(SOLD) is not None, _say_back, _never, _sold
)


def held(turn: Turn) -> str | None:
    """The token of what was told last and may have been sold since; None when nothing waits for it."""
    task = turn.session.newest
    return task.draft if task is not None and task.step == SOLD else None
