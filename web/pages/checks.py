"""What waits for a worker's word in their area: what stands out first, then the newest."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from domain.roles import acting
from storage.check_lists import put_forward
from web.chat import Ours, now
from web.claims import claim_words
from web.pages.worker import number_of, shown, today
from web.signed_in import Visitor
from web.words import t

EACH = 20  # claims on one page
DONE = ("confirm", "dispute")

router = APIRouter(prefix="/worker", include_in_schema=False)


@router.get("/checks")
async def checks(
    ours: Ours,
    who: Visitor,
    number: Annotated[str, Query(alias="page")] = "1",
    done: str = "",
) -> Response:
    """Sales and certificates of the area that nobody decided, EACH at a time."""
    found = await ours.db.read(partial(put_forward, who=who.person, roles=who.roles, now=now()))
    page = number_of(number)
    claims = found[(page - 1) * EACH : page * EACH]
    return await shown(
        "worker_checks.html",
        ours,
        who,
        claims=[claim_words(claim, today()) for claim in claims],
        total=len(found),
        number=page,
        pages=max(1, -(-len(found) // EACH)),
        note=t(f"web.check.done.{done}") if done in DONE else "",
        reads_only=not acting(who.roles),
    )
