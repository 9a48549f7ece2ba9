"""From a figure to the kinds of events behind it: how many, and what they add up to; never whose."""

from __future__ import annotations

from functools import partial

from fastapi import APIRouter, HTTPException
from starlette.responses import Response

from bot.drill_down import COUNTABLE, events_behind
from bot.figure_words import signed
from bot.locales.spoken import text
from web.asked import AskedOfMonth
from web.chat import Ours
from web.exact import exact
from web.officers import Officer
from web.pages.ministry import framed
from web.words import t

router = APIRouter(prefix="/ministry", include_in_schema=False)

PATH = "/ministry/events"


@router.get("/events")
async def events(
    ours: Ours, who: Officer, asked: AskedOfMonth, indicator: str = "transactions"
) -> Response:
    """One figure of the question."""
    if indicator not in COUNTABLE:
        raise HTTPException(404)
    smallest = ours.settings.min_cell
    found = await ours.db.read(
        partial(events_behind, question=asked.question, indicator=indicator, min_cell=smallest)
    )
    return await framed(
        "ministry_events.html",
        ours,
        who,
        asked,
        PATH,
        kept={"indicator": indicator},
        indicator=indicator,
        figure=text(f"indicator.name.{indicator}"),
        names=[(key, t(f"indicator.name.{key}")) for key in COUNTABLE],
        shown=found.display,
        value=exact(indicator, found.value),
        hidden=found.events is None,
        rows=[
            (one.name, exact("", one.events), signed(indicator, one.amount)) for one in found.causes
        ],
    )
