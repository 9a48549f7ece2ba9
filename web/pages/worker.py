"""What a worker sees: their area in numbers, the households that let them look, one of them with its book."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import Annotated, Any, get_args
from urllib.parse import urlencode

from fastapi import APIRouter, HTTPException, Query
from starlette.responses import Response

from bot.services import Services
from domain.geography import commune
from domain.household import ZONE, Entry, Household
from storage.figures import is_sample
from storage.sign_ins import SignedIn
from storage.worker_lists import (
    LONGEST_SEARCH,
    PAGE,
    QUIET,
    Listed,
    Order,
    Step,
    Wanted,
    counts,
    one_household,
    page_of,
)
from web.chat import Ours
from web.pages.sign_in import named
from web.signed_in import Visitor, form_token
from web.words import page, t

LONGEST_NUMBER = 5  # digits of a page's number
STEPS = get_args(Step)
ORDERS = get_args(Order)

router = APIRouter(prefix="/worker", include_in_schema=False)


def today() -> dt.date:
    """The day in Vietnam."""
    return dt.datetime.now(ZONE).date()


async def shown(name: str, ours: Services, who: SignedIn, **values: Any) -> Response:
    """A page of somebody who is signed in."""
    token = form_token(ours.secret, who.hash)
    return page(name, sample=await ours.db.read(is_sample), token=token, **values)


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
        rows=[_row(row) for row in rows],
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


def _row(row: Listed) -> dict[str, Any]:
    return {
        "code": row.code,
        "name": " ".join(filter(None, (row.you, row.name))),
        "place": commune(row.commune).full_name,
        "fact": _fact(row),
        "products": row.products,
        "unpictured": row.unpictured,
    }


def _fact(row: Listed) -> str:
    """How long nothing was sold, as a fact: `21 ngày chưa bán`."""
    if row.last_sold is None:
        return t("web.worker.never_sold", date=f"{row.registered_at.astimezone(ZONE):%d/%m/%Y}")
    days = (today() - row.last_sold).days
    if days <= 0:
        return t("web.worker.sold_today")
    return t("web.worker.quiet_days", days=days)


@router.get("/households/{code}")
async def household(ours: Ours, who: Visitor, code: str) -> Response:
    """One household; 404 alike for one outside the area, one that didn't agree, and none at all."""
    found = await ours.db.read(partial(one_household, roles=who.roles, code=code[:20]))
    if found is None:
        raise HTTPException(404)
    row, home = found
    return await shown(
        "worker_household.html",
        ours,
        who,
        home=_row(row),
        since=f"{home.registered_at.astimezone(ZONE):%d/%m/%Y}",
        products=home.products,
        entries=[_entry(one) for one in home.entries],
        months=[_month(home, back) for back in (0, 1)],
    )


def _entry(one: Entry) -> dict[str, Any]:
    """A line of the book, without the buyer: who bought is nobody else's matter."""
    return {
        "code": one.code,
        "date": f"{one.date:%d/%m/%Y}",
        "what": ", ".join(item.product for item in one.items),
        "total": one.total_vnd,
        "where": t(f"platform.{one.platform}"),
        "evidence": t(f"web.worker.evidence.{one.evidence}"),
        "struck": one.struck_at is not None,
    }


def _month(home: Household, back: int) -> dict[str, Any]:
    first = today().replace(day=1)
    for _ in range(back):
        first = (first - dt.timedelta(days=1)).replace(day=1)
    month = home.month(first)
    return {"name": f"{first:%m/%Y}", "total": month.total_vnd, "sales": month.sales}
