"""An order that a buyer told the household: on its books from the tap on, sold when it is done."""

from __future__ import annotations

import datetime as dt

from bot.dialogue.queries import NextOrderNumber
from bot.dialogue.reply import Button, Value
from bot.dialogue.turn import Turn
from bot.drafts.order_card import number_in
from bot.drafts.order_steps import PACKING_HOUR
from bot.drafts.sale import SaleDraft, saved_items
from bot.drafts.sale_card import items_of
from bot.drafts.sums import total_values
from domain.events import OrderConfirmed, OrderPlaced
from domain.household import ZONE
from domain.orders import holding


def place_typed(turn: Turn, draft: SaleDraft) -> None:
    """Placed and taken at once: the household said so itself."""
    number, code = turn.query(NextOrderNumber()), turn.new_code()
    items = saved_items(draft)
    turn.fact(
        OrderPlaced,
        order=number,
        platform="offline",
        items=items,
        total_vnd=draft.total_vnd,
        buyer=turn.buyer_ref(draft.buyer) if draft.buyer else None,
        deadline=_handed_over(turn, draft),
        source="typed",
    )
    holds = holding(items, turn.household.products if turn.household else ())
    turn.fact(
        OrderConfirmed, order=number, platform="offline", code=code, evidence="said", holds=holds
    )
    _tell(turn, draft, number, code)


def _handed_over(turn: Turn, draft: SaleDraft) -> dt.datetime | None:
    if draft.date is None or draft.date < turn.on:
        return None
    return dt.datetime.combine(draft.date, dt.time(PACKING_HOUR), ZONE)


def _tell(turn: Turn, draft: SaleDraft, number: str, code: str) -> None:
    ref = f"offline/{number}"
    buttons = (
        Button(f"order.done:{ref}", "button.arrived"),
        Button(f"order.refuse:{ref}", "button.cancel_order"),
    )
    values: dict[str, Value] = {"order": number_in("offline", number), "code": code}
    total = total_values(draft.total_vnd)
    turn.tell("order.typed", *buttons, item=items_of(draft.lines), **values, **total)
