"""Who has reported the period's figures, who has not, and by when it was due."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from fastapi import APIRouter, Request
from starlette.responses import Response

from bot.locales.spoken import text, written_day
from bot.summary import Summary
from bot.summary_coverage import Coverage
from domain.geography import province, provinces
from domain.household import ZONE
from domain.province_keys import OLD
from web.asked import AskedOfMonth
from web.chat import Ours
from web.officers import Officer
from web.pages.ministry import framed, summaries_of
from web.pages.worker import today
from web.words import t

router = APIRouter(prefix="/ministry", include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Covered:
    """One indicator: how many of the provinces have reported it, their names and those that have not."""

    name: str
    shown: str
    country: bool
    there: tuple[str, ...]
    missing: tuple[str, ...]
    due: str
    late: bool
    received: str


@router.get("/coverage")
async def coverage(request: Request, ours: Ours, who: Officer, asked: AskedOfMonth) -> Response:
    """Each indicator that is reported."""
    found = await summaries_of(request).of(asked.question)
    rows = [_covered(one, found, asked.question.province) for one in found.coverage]
    return await framed("ministry_coverage.html", ours, who, asked, "/ministry/coverage", rows=rows)


def _covered(one: Coverage, summary: Summary, place: str | None) -> Covered:
    missing = {unit.code for unit in one.missing}
    asked = provinces(summary.provinces)
    if place is not None:
        asked = (province(place.removeprefix(OLD), summary.provinces),)
    return Covered(
        name=text(f"indicator.name.{one.indicator}"),
        shown=t("web.coverage.of", reported=one.reported, expected=one.expected),
        country=one.country,
        there=tuple(unit.short_name for unit in asked if unit.code not in missing),
        missing=tuple(unit.name for unit in one.missing),
        due=_day(one.due),
        late=bool(missing) and one.due < today(),
        received=_moment(one.last_received) if one.last_received else "",
    )


def _day(day: dt.date) -> str:
    return written_day(day)


def _moment(at: dt.datetime) -> str:
    local = at.astimezone(ZONE)
    return t("web.coverage.at", time=f"{local:%H:%M}", date=_day(local.date()))
