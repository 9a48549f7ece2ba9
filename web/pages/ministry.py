"""The officers' first page: the country's figures or a province's, each with sources and meaning."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from bot.coverage_text import coverage_lines
from bot.locales.spoken import written_day
from bot.revision_text import revision_lines
from bot.services import Services
from bot.summary import StatusGroup, Summary
from domain.household import ZONE
from storage.sign_ins import SignedIn
from web.asked import Asked, AskedOfMonth, chooser
from web.chat import Ours
from web.figure_cards import cards_of
from web.officers import Officer
from web.pages.worker import shown, today
from web.summaries import Summaries
from web.words import t

router = APIRouter(prefix="/ministry", include_in_schema=False)

HOME = "/ministry/"


@router.get("/")
async def country(request: Request, ours: Ours, who: Officer, asked: AskedOfMonth) -> Response:
    """Every figure of the question, beside the period before."""
    summaries = summaries_of(request)
    found = await summaries.of(asked.question)
    before = await summaries.of(asked.before) if asked.before else None
    return await framed(
        "ministry_country.html",
        ours,
        who,
        asked,
        HOME,
        cards=cards_of(found, before, asked.period.kind),
        groups=[_group(one) for one in found.decision_468],
        said=revision_lines(found),
        covered=coverage_lines(found),
        **standing(found),
    )


def summaries_of(request: Request) -> Summaries:
    """The summaries that this application keeps."""
    found: Summaries = request.app.state.summaries
    return found


async def framed(
    name: str, ours: Services, who: SignedIn, asked: Asked, path: str, /, **own: Any
) -> Response:
    """A page with the choice of period and place above it."""
    kept = own.pop("kept", {})
    place = asked.place or t("web.ministry.country")
    chosen = chooser(asked, path, **kept)
    return await shown(name, ours, who, place=place, asked=chosen, **own)


def standing(summary: Summary) -> dict[str, Any]:
    """Until when it was counted, what was left out, and whether the period still runs."""
    at = summary.cut_off.astimezone(ZONE) if summary.cut_off else None
    return {
        "cut_off": t("web.ministry.cut_off", time=f"{at:%H:%M}", date=written_day(at.date()))
        if at
        else "",
        "notes": summary.notes,
        "running": summary.to >= f"{today():%Y-%m}",
    }


def _group(group: StatusGroup) -> dict[str, Any]:
    return {"name": group.name, "count": group.count, "names": [p.name for p in group.provinces]}
