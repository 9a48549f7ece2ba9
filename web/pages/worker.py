"""One household of a worker's area with its book; what all pages of workers share."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import Any

from fastapi import APIRouter, HTTPException
from starlette.responses import Response

from bot.services import Services
from domain.geography import commune
from domain.household import ZONE, Entry, Household
from storage.figures import is_sample
from storage.sign_ins import SignedIn
from storage.worker_lists import Listed, one_household
from web.chat import Ours
from web.signed_in import Visitor, form_token
from web.words import page, t

router = APIRouter(prefix="/worker", include_in_schema=False)


def today() -> dt.date:
    """The day in Vietnam."""
    return dt.datetime.now(ZONE).date()


async def shown(name: str, ours: Services, who: SignedIn, **values: Any) -> Response:
    """A page of somebody who is signed in."""
    token = form_token(ours.secret, who.hash)
    return page(name, sample=await ours.db.read(is_sample), token=token, **values)


def row_of(row: Listed) -> dict[str, Any]:
    """A household as a line of the list."""
    return {
        "code": row.code,
        "name": " ".join(filter(None, (row.you, row.name))),
        "place": commune(row.commune).full_name,
        "fact": _fact(row),
        "products": row.products,
        "unpictured": row.unpictured,
        "far_prices": row.far_prices,
        "unanswered": row.unanswered,
        "month": this_month(row),
    }


def this_month(row: Listed) -> int:
    """What the household sold this month, in whole Vietnamese dong."""
    first = today().replace(day=1)
    return row.month_vnd if row.last_sold and row.last_sold >= first else 0


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
        home=row_of(row),
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
