"""Which line of a sale a question is about: the one that lacks something, or the one being changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.dialogue.forms import Slot
from bot.dialogue.reply import Button
from bot.dialogue.turn import Turn
from bot.drafts.limits import is_quantity, is_sum
from bot.drafts.sale import SaleDraft, SaleLine

Test = Callable[[SaleLine], bool]


def no_product(line: SaleLine) -> bool:
    """Nothing is said of what was sold."""
    return not line.product


def no_quantity(line: SaleLine) -> bool:
    """Neither a quantity nor a sum is known."""
    return line.quantity is None and line.total_vnd is None and not line.sum_only


def bad_quantity(line: SaleLine) -> bool:
    """The quantity said cannot be one."""
    return line.quantity is not None and not is_quantity(line.quantity)


def no_unit(line: SaleLine) -> bool:
    """A bare number, and no sum that makes up for it."""
    return line.quantity is not None and not line.unit and line.total_vnd is None


def no_price(line: SaleLine) -> bool:
    """A quantity without any money."""
    return line.total_vnd is None and line.unit_price_vnd is None and line.quantity is not None


def no_total(line: SaleLine) -> bool:
    """No sum was said, and none can be worked out."""
    return line.total_vnd is None


def bad_sum(line: SaleLine) -> bool:
    """The price or the total said cannot be one."""
    total, price = line.total_vnd, line.unit_price_vnd
    return (total is not None and not is_sum(total)) or (price is not None and not is_sum(price))


def either(first: Test, second: Test) -> Test:
    """A test that a line fails when it fails one of these two."""
    return lambda line: first(line) or second(line)


def numbered(draft: SaleDraft, test: Test) -> tuple[int, SaleLine]:
    """The first line to which the test applies, with its number; else the one being changed."""
    lacking = (number for number, line in enumerate(draft.lines) if test(line))
    number = next(lacking, draft.focus or 0)
    return number, draft.lines[number]


def focused(draft: SaleDraft, part: str) -> SaleDraft:
    """The draft with the line of this number to be changed; with no line when there is none."""
    known = part.isdecimal() and int(part) < len(draft.lines)
    return draft.with_(focus=int(part) if known else None)


def one_line(slot: Slot[SaleDraft], test: Test) -> Slot[SaleDraft]:
    """The slot, which in a sale of several lines first asks which of them is to be changed."""

    def is_open(draft: SaleDraft) -> bool:
        settled = draft.focus is not None or draft.doubt(slot.name) or any(map(test, draft.lines))
        return len(draft.lines) > 1 and not settled

    def ask(turn: Turn, draft: SaleDraft, token: str) -> None:
        if is_open(draft):
            _ask_line(turn, draft, token, slot.name)
        else:
            slot.ask(turn, draft, token)

    def answer(turn: Turn, draft: SaleDraft) -> SaleDraft | None:
        return None if is_open(draft) else slot.answer(turn, draft)

    def skip(turn: Turn, draft: SaleDraft) -> SaleDraft | None:
        return None if is_open(draft) else slot.skip(turn, draft)

    return replace(slot, ask=ask, answer=answer, skip=skip)


def _ask_line(turn: Turn, draft: SaleDraft, token: str, slot: str) -> None:
    buttons = [
        Button(f"sale.change:{token}:{slot}={n}", "button.product", {"product": line.product or ""})
        for n, line in enumerate(draft.lines)
    ]
    turn.tell("ask.which_line", *buttons)
