"""For people with a role: which words of a sentence gave which slot, and which rule decided."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Form, HTTPException
from starlette.responses import Response

from bot.dialogue.words import known_of
from bot.language.tokens import LONGEST
from bot.language.understand import understand
from bot.language.understanding import NOBODY, Known
from bot.services import Services
from domain.household import ZONE
from storage.own_words import OwnWords, own_words
from storage.sign_ins import SignedIn
from web.chat import Ours
from web.pages.worker import shown, today
from web.signed_in import Sender, Visitor
from web.words import t

LONGEST_ID = 200  # signs of a message's id
SLOTS = {
    "intent": "web.explain.intent",
    "product": "web.explain.product",
    "quantity": "web.explain.quantity",
    "unit_price_vnd": "web.explain.unit_price",
    "total_vnd": "web.explain.total",
    "buyer": "web.explain.buyer",
    "date": "web.explain.date",
    "unit": "web.explain.unit",
    "unit_or_total": "web.explain.unit_or_total",
    "platform": "web.explain.platform",
    "order_id": "web.explain.order",
}

router = APIRouter(prefix="/worker", include_in_schema=False)


@router.get("/explain")
async def explain(ours: Ours, who: Visitor, message: str = "") -> Response:
    """A sentence of one's own talk, by its message; without one only the field to try another in."""
    if not message:
        return await _explained(ours, who)
    found = None
    if len(message) <= LONGEST_ID:
        found = await ours.db.read(partial(own_words, who=who.person, message=message))
    if found is None:
        raise HTTPException(404)
    return await _explained(ours, who, found)


@router.post("/explain")
async def try_out(ours: Ours, who: Sender, text: Annotated[str, Form()] = "") -> Response:
    """Any sentence, as if it was said today; nothing is kept."""
    return await _explained(ours, who, OwnWords(text.strip()[:LONGEST], dt.datetime.now(ZONE)))


async def _explained(ours: Services, who: SignedIn, words: OwnWords | None = None) -> Response:
    rows: list[dict[str, str]] = []
    if words is not None and words.text:
        known = known_of(words.household, words.person) if words.person else NOBODY
        rows = _rows(words.text, words.at.astimezone(ZONE).date(), known)
    said = words.text if words else ""
    return await shown("worker_explain.html", ours, who, said=said, rows=rows, today=today())


def _rows(text: str, day: dt.date, known: Known) -> list[dict[str, Any]]:
    trace = understand(text, day, known, explain=True).trace
    return [
        {"words": row.words, "slot": _slot(row.slot), "rule": row.rule, "value": row.value}
        for row in trace
    ]


def _slot(name: str) -> str:
    """The slot in Vietnamese; one without a word keeps its own name."""
    return t(SLOTS[name]) if name in SLOTS else name
