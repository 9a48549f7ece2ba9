"""What a worker sees first: their area in numbers, and the households that let them look."""

from __future__ import annotations

from functools import partial
from typing import Annotated, get_args
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from starlette.responses import Response

from storage.worker_lists import LONGEST_SEARCH, PAGE, QUIET, Order, Step, Wanted, counts, page_of
from web.chat import Ours
from web.pages.sign_in import named
from web.pages.worker import row_of, shown, today
from web.signed_in import Visitor

LONGEST_NUMBER = 5  # digits of a page's number
STEPS = get_args(Step)
ORDERS = get_args(Order)

router = APIRouter(prefix="/worker", include_in_schema=False)


@router.get("/")
async def home(ours: Ours, who: Visitor) -> Response:
    """The area, and its households in numbers, each a link to the list."""
    found = await ours.db.read(partial(counts, roles=who.roles, today=today()))
    return await shown(
        "worker_home.html", ours, who, roles=[named(role) for role in who.roles], counts=found
    )


@router.get("/households")
async def households(  # noqa: PLR0913 the filters of the list
    ours: Ours,
    who: Visitor,
    *,
    quiet: str = "",
    step: str = "",
    photo: str = "",
    q: str = "",
    sort: str = "quiet",
    number: Annotated[str, Query(alias="page")] = "1",
) -> Response:
    """Those of the area that agreed, 50 at a time; a filter that there is not is none."""
    wanted = Wanted(
        quiet=next((days for days in QUIET if quiet == str(days)), None),
        step=next((one for one in STEPS if step == one), None),
        no_photo=photo == "none",
        words=q[:LONGEST_SEARCH].replace("\0", ""),
        order=next((one for one in ORDERS if sort == one), "quiet"),
        page=_number(number),
    )
    rows, total = await ours.db.read(
        partial(page_of, roles=who.roles, wanted=wanted, today=today())
    )
    return await shown(
        "worker_households.html",
        ours,
        who,
        wanted=wanted,
        rows=[row_of(row) for row in rows],
        total=total,
        pages=max(1, -(-total // PAGE)),
        address=partial(_address, wanted),
        steps=STEPS,
        orders=ORDERS,
        quiet_days=QUIET,
    )


def _number(text: str) -> int:
    plain = text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER
    return max(int(text), 1) if plain else 1


def _address(wanted: Wanted, number: int) -> str:
    """Another page of the same list."""
    asked = {
        "quiet": wanted.quiet,
        "step": wanted.step,
        "photo": "none" if wanted.no_photo else None,
        "q": wanted.words,
        "sort": wanted.order,
        "page": number,
    }
    return f"/worker/households?{urlencode({k: v for k, v in asked.items() if v})}"
