"""Why a sentence is read as it is: the parse with the words and the rule behind every slot."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query
from starlette.responses import JSONResponse, Response

from bot.language.command import explained
from bot.language.tokens import LONGEST
from bot.language.understand import understand
from domain.household import ZONE
from web.keys import Caller

FIRST, LAST = dt.date(2000, 1, 1), dt.date(2999, 12, 31)  # days that have days around them
ROLES = {"ministry", "department"}

router = APIRouter(prefix="/api/v1", tags=["language"])


@router.get("/explain")
async def explain(
    key: Caller,
    text: Annotated[str, Query(min_length=1, max_length=LONGEST, description="What was said")],
    on: Annotated[
        dt.date | None, Query(ge=FIRST, le=LAST, description="The day it was said; today")
    ] = None,
) -> Response:
    """What `lensan parse` gives, and in `trace` for each slot: words, rule, value. Nothing is kept."""
    if key.role not in ROLES:
        raise HTTPException(403, "this key may not have sentences explained")
    day = on or dt.datetime.now(ZONE).date()
    return JSONResponse(explained(understand(text, day, explain=True)))
