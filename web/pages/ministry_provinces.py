"""The provinces beside one another: a map of squares with one figure, a table with all."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from fastapi import APIRouter, Request
from markupsafe import Markup
from starlette.responses import Response

from bot.month_chart import ON_PAGE
from bot.scale import Scale, scale_of
from bot.summary import Figure, Summary
from bot.summary_text import withheld
from bot.tile_map import DIGITS, SHADES, Place, Step, TileMap, map_svg, steps
from domain.geography import province, provinces
from web.asked import Asked, AskedOfMonth
from web.chat import Ours
from web.figure_cards import NONE, shown_of, whole_of
from web.officers import Officer
from web.pages.ministry import HOME, framed, standing, summaries_of
from web.words import t

router = APIRouter(prefix="/ministry", include_in_schema=False)

PATH = "/ministry/provinces"
COLUMNS = ("products", "transactions", "value", "accounts", "courses", "attendances", "articles")
FIRST = "transactions"  # on the map until another is chosen
ORDERS = ("place", "most", "least")
COLOURS = {**ON_PAGE, "on_leaf": "var(--on-leaf)"}


@dataclass(frozen=True, slots=True)
class Row:
    """A province with its figures in the order of the columns; the last rows have no page of their own."""

    name: str
    where: str
    figures: tuple[str, ...]


@router.get("/provinces")
async def by_province(
    request: Request,
    ours: Ours,
    who: Officer,
    asked: AskedOfMonth,
    of: str = FIRST,
    sort: str = ORDERS[0],
) -> Response:
    """Every province of the set, as anybody outside it may see it."""
    wide = Asked(replace(asked.question, province=None, own=False), asked.wrong)
    key = of if of in COLUMNS else FIRST
    order = sort if sort in ORDERS else ORDERS[0]
    found = await summaries_of(request).of(wide.apart("province"))
    table = Table(found, wide)
    return await framed(
        "ministry_provinces.html",
        ours,
        who,
        wide,
        PATH,
        kept={"of": key, "sort": order},
        of=key,
        sort=order,
        names=[(one, t(f"indicator.name.{one}")) for one in COLUMNS],
        orders=[(one, t(f"web.ministry.sort.{one}")) for one in ORDERS],
        rows=table.rows(key, order),
        rest=table.rest(),
        **table.map(key),
        **standing(found),
    )


class Table:
    """The figures of one summary by province."""

    def __init__(self, summary: Summary, asked: Asked) -> None:
        self._asked = asked
        self._of = summary.provinces
        self._whole = {key: whole_of(summary, key) for key in COLUMNS}
        self._cells = {
            (one.indicator, one.province.code): one
            for one in summary.figures
            if one.province and one.platform == asked.question.platform
        }

    def rows(self, key: str, order: str) -> list[Row]:
        """Every province; by their figure when asked, those without one last."""
        found = list(provinces(self._of))
        if order != "place":
            sign = -1 if order == "most" else 1
            found.sort(key=lambda p: _rank(self._cells.get((key, p.code)), sign))
        return [self._row(one.short_name, one.code, self._page(one.short_name)) for one in found]

    def rest(self) -> list[Row]:
        """What no province can be told of, where there is any, and the country."""
        rows = []
        if any(code is None for _, code in self._cells):
            rows.append(self._row(t("summary.no_province"), None, ""))
        whole = tuple(shown_of(self._whole[key]) for key in COLUMNS)
        return [*rows, Row(t("web.ministry.country"), "", whole)]

    def map(self, key: str) -> dict[str, Any]:
        """The drawing of one figure, its title and what its shades mean."""
        known = {code: one for (name, code), one in self._cells.items() if name == key and code}
        values = [one.value or 0 for one in known.values()]
        scale = scale_of(key, max(values, default=0), DIGITS)
        title = t("web.ministry.map", name=t(f"indicator.name.{key}"), unit=scale.name)
        places = {
            one.code: self._place(known.get(one.code), one.code) for one in provinces(self._of)
        }
        drawn = map_svg(TileMap(title, self._of, scale, places), COLOURS)
        shades = zip(reversed(steps(values)), reversed(SHADES), strict=False)
        legend = [(f"{shade:g}", _ends(step, scale)) for step, shade in shades]
        return {"map": Markup(drawn), "map_title": title, "legend": legend}  # noqa: S704 our own template, which escapes

    def _row(self, name: str, code: str | None, where: str) -> Row:
        cells = [self._cells.get((key, code)) for key in COLUMNS]
        return Row(name, where, tuple(shown_of(one) if one else NONE for one in cells))

    def _place(self, figure: Figure | None, code: str) -> Place:
        where = self._page(province(code, self._of).short_name)
        if figure is None:
            return Place(None, NONE, where=where)
        return Place(figure.value, shown_of(figure), withheld(figure), where)

    def _page(self, name: str) -> str:
        return self._asked.link(HOME, province=name)


def _rank(figure: Figure | None, sign: int) -> tuple[bool, int]:
    value = figure.value if figure else None
    return value is None, sign * (value or 0)


def _ends(step: Step, scale: Scale) -> str:
    least, most = scale.short(step.least), scale.short(step.most)
    return least if least == most else t("web.ministry.from_to", least=least, most=most)
