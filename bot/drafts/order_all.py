"""All open orders cancelled at once: asked first, with how many they are and how much money."""

from __future__ import annotations

from bot.dialogue.reply import Button
from bot.dialogue.session import Task
from bot.dialogue.turn import Turn
from bot.drafts.order_list import exactly, meant
from bot.drafts.order_steps import cancel
from bot.drafts.sums import total_values
from domain.household import Order
from domain.orders import OPEN

ALL = "cancel_all"  # the step at which all of them are about to be cancelled


def ask_cancel_all(turn: Turn) -> None:
    """The count and the sum first; just the orders that were counted are cancelled."""
    orders = [o for o in meant(turn, OPEN) if not o.doubt]
    if not orders:
        turn.tell("order.none")
        return
    slots = {"orders": [[o.platform, o.number] for o in orders]}
    draft = turn.id("all").hex[:10]
    task = Task(handler="order", step=ALL, draft=draft, slots=slots, opened_at=turn.at)
    turn.session.open(task)
    ask_all(turn, task)


def _counted(turn: Turn, task: Task) -> list[Order]:
    """Those of them that are still open."""
    found = [exactly(turn, *which) for which in task.slots["orders"]]
    return [o for o in found if o is not None and o.state in OPEN and not o.doubt]


def ask_all(turn: Turn, task: Task) -> None:
    """How many, and how much money."""
    orders = _counted(turn, task)
    buttons = (
        Button(f"order.all_sure:{task.draft}", "button.cancel_all"),
        Button(f"order.all_keep:{task.draft}", "button.leave"),
    )
    total = total_values(sum(o.total_vnd for o in orders))
    turn.tell("order.cancel_all_ask", *buttons, count=len(orders), **total)


def cancel_all(turn: Turn, ref: str) -> None:
    """The household is sure."""
    task = turn.session.find(ref)
    if task is None:
        turn.tell("old.gone")
        return
    orders = _counted(turn, task)
    turn.session.close(ref)
    for order in orders:
        cancel(turn, order, None)
    turn.tell("order.cancelled_all", count=len(orders))


def keep_all(turn: Turn, ref: str) -> None:
    """All of them stay."""
    turn.session.close(ref)
    turn.tell("order.kept_all")
