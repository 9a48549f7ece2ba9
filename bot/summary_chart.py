"""What of a summary is drawn: an indicator by month or province where that was asked, else by platform."""

from __future__ import annotations

from typing import Any

from bot.charts import bars_png
from bot.locales.catalogue import text
from bot.summary import Figure, Summary
from bot.summary_text import platform_name, spoken_month

DRAWN = ("value", "transactions", "products")  # the first that has something
MOST_BARS = 24


def summary_png(summary: Summary) -> bytes:
    """A bar chart of the first indicator that has something to draw."""
    found = (picture for key in DRAWN if (picture := chart_of(summary, key))["bars"])
    return bars_png(next(found, chart_of(summary, DRAWN[-1])))


def chart_of(summary: Summary, key: str) -> dict[str, Any]:
    """The picture of one indicator, as `bot.charts` draws it; without bars when nothing is known."""
    bars = [figure for figure in summary.figures if _drawn(figure, key, summary)]
    title = text(f"summary.chart.{key}").format(
        **{"from": spoken_month(summary.start), "to": spoken_month(summary.to)}
    )
    title = f"{text('summary.sample')} {title}" if summary.sample else title
    shown = [(_label(one, summary), one.value or 0, one.display) for one in bars[:MOST_BARS]]
    return {"title": title, "bars": shown}


def _drawn(figure: Figure, key: str, summary: Summary) -> bool:
    if figure.indicator != key or figure.value is None:
        return False
    if "month" in summary.by:
        return figure.month is not None and figure.platform is None and not _apart(figure, summary)
    if _apart(figure, summary):
        return figure.platform is None
    return figure.platform is not None and "province" not in summary.by


def _apart(figure: Figure, summary: Summary) -> bool:
    return "province" in summary.by and figure.province is not None


def _label(figure: Figure, summary: Summary) -> str:
    if figure.month:
        return spoken_month(figure.month)
    if "province" in summary.by and figure.province:
        return figure.province.name
    return platform_name(figure.platform)
