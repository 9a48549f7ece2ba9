"""What of a summary is drawn: an indicator by month or province where asked, else by platform."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bot.charts import bars_svg, png_of
from bot.locales.spoken import short_month, text, written_month
from bot.month_chart import Month, MonthChart, months_svg
from bot.scale import scale_of
from bot.summary import Figure, Summary
from bot.summary_text import months_of, platform_name, withheld
from domain.indicators import INDICATORS

DRAWN = ("value", "transactions", "products")  # the first that has something
MOST_BARS = 24
NONE = "–"


def summary_png(summary: Summary) -> bytes:
    """The drawing as a PNG."""
    return png_of(summary_svg(summary))


def summary_svg(summary: Summary) -> str:
    """A chart of the first indicator that has something to draw."""
    return next(charts_svg(summary), bars_svg(chart_of(summary, DRAWN[-1])))


def charts_svg(summary: Summary) -> Iterator[str]:
    """The charts of a report: those indicators that have something to draw."""
    for key in DRAWN:
        if "month" in summary.by and (chart := month_chart(summary, key)):
            yield months_svg(chart)
        elif (picture := chart_of(summary, key))["bars"]:
            yield bars_svg(picture)


def month_chart(summary: Summary, key: str, running: str = "") -> MonthChart | None:
    """One indicator of the whole question by its months, None when nothing is known of any.

    `running`: the month that is not over yet (YYYY-MM), and all after it.
    """
    whole = next(one for one in summary.figures if one.indicator == key)
    place = whole.province.name if whole.province else ""
    found = {
        one.month: one
        for one in summary.figures
        if (one.indicator, one.platform, one.province) == (key, whole.platform, whole.province)
    }
    months = [one for month, one in found.items() if month]
    if all(one.value is None for one in months):
        return None
    scale = scale_of(key, max(one.value or 0 for one in months))
    name = text("chart.by_month").format(name=text(f"indicator.name.{key}"), unit=scale.name)
    where = [place] if place else []
    where += [platform_name(whole.platform)] if whole.platform else []
    return MonthChart(
        key=key,
        title=_labelled(", ".join([name, *where]), summary),
        source=text("chart.source"),
        shape="line" if INDICATORS[key].kind in ("stock", "ratio") else "columns",
        scale=scale,
        months=tuple(_month(one, running) for one in months),
    )


def _month(figure: Figure, running: str) -> Month:
    month = figure.month or ""
    shown = figure.display if figure.value is not None or withheld(figure) else NONE
    return Month(short_month(month), figure.value, shown, bool(running) and month >= running)


def chart_of(summary: Summary, key: str) -> dict[str, Any]:
    """The bars of one indicator, as `bot.charts` draws them; without bars when nothing is known."""
    bars = [figure for figure in summary.figures if _drawn(figure, key, summary)]
    title = text(f"summary.chart.{key}").format(
        months=months_of(summary), to=written_month(summary.to)
    )
    shown = [(_label(one, summary), one.value or 0, one.display) for one in bars[:MOST_BARS]]
    return {"title": _labelled(title, summary), "bars": shown}


def _labelled(title: str, summary: Summary) -> str:
    return f"{text('summary.sample')} {title}" if summary.sample else title


def _drawn(figure: Figure, key: str, summary: Summary) -> bool:
    if figure.indicator != key or figure.value is None or figure.month:
        return False
    if "province" in summary.by:
        return figure.province is not None and figure.platform is None
    return figure.platform is not None


def _label(figure: Figure, summary: Summary) -> str:
    if "province" in summary.by and figure.province:
        return figure.province.name
    return platform_name(figure.platform)
