"""Figures month by month: a chart and a table for each indicator."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from fastapi import APIRouter, Request
from markupsafe import Markup
from starlette.responses import Response

from bot.locales.spoken import short_month
from bot.month_chart import ON_PAGE, months_svg
from bot.summary import Figure, Summary
from bot.summary_chart import month_chart
from web.asked import AskedOfYear
from web.chat import Ours
from web.figure_cards import change_of, shown_of
from web.officers import Officer
from web.pages.ministry import framed, standing, summaries_of
from web.pages.worker import today
from web.words import t

router = APIRouter(prefix="/ministry", include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Trend:
    """One indicator: its chart, and each month's name, figure and change against the month before."""

    name: str
    chart: Markup
    rows: tuple[tuple[str, str, str], ...]


@router.get("/trends")
async def trends(request: Request, ours: Ours, who: Officer, asked: AskedOfYear) -> Response:
    """The months of the period, the newest last."""
    found = await summaries_of(request).of(asked.apart("month"))
    drawn = list(trends_of(found, f"{today():%Y-%m}"))
    return await framed(
        "ministry_trends.html",
        ours,
        who,
        asked,
        "/ministry/trends",
        trends=drawn,
        **standing(found),
    )


def trends_of(summary: Summary, running: str) -> Iterator[Trend]:
    """Indicators of which any month is known; `running`: the month that is not over yet."""
    for key in dict.fromkeys(figure.indicator for figure in summary.figures):
        if chart := month_chart(summary, key, running):
            drawn = Markup(months_svg(chart, ON_PAGE))  # noqa: S704 our own template, which escapes
            yield Trend(summary.definitions[key].name, drawn, tuple(_rows(summary, key, running)))


def _rows(summary: Summary, key: str, running: str) -> Iterator[tuple[str, str, str]]:
    whole = next(one for one in summary.figures if one.indicator == key)
    before: Figure | None = None
    for one in summary.figures:
        same = (one.indicator, one.platform, one.province) == (key, whole.platform, whole.province)
        if same and one.month:
            change = (
                change_of(one, before, "month")
                if one.month < running
                else t("web.ministry.not_over")
            )
            yield short_month(one.month), shown_of(one), change
            before = one
