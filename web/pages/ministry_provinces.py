"""The provinces beside one another: a map of squares with one figure, a table with all."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from fastapi import APIRouter, Request
from markupsafe import Markup
from starlette.responses import Response

from bot.figures import UNKNOWN
from bot.month_chart import ON_PAGE
from bot.place_name import untold
from bot.scale import Scale, scale_of
from bot.summary import Figure, Summary
from bot.summary_text import withheld
from bot.tile_map import DIGITS, SHADES, Place, Step, TileMap, map_svg, steps
from domain.geography import province, provinces
from web.asked import Asked, AskedOfMonth
from web.chat import Ours
from web.figure_cards import NONE, change_of, shown_of
from web.officers import Officer
from web.pages.ministry import HOME, framed, standing, summaries_of
from web.words import t

router = APIRouter(prefix="/ministry", include_in_schema=False)

PATH = "/ministry/provinces"
COLUMNS = ("products", "transactions", "value", "accounts", "courses", "attendances", "articles")
FIRST = "transactions"  # on the map until another is chosen
ORDERS = ("place", "most", "least")
WHOLE = "all"
COLOURS = {**ON_PAGE, "on_leaf": "var(--on-leaf)"}


@dataclass(frozen=True, slots=True)
class Row:
    """A province with its figure beside the period before; the last rows have no page of their own."""

    name: str
    where: str
    shown: str
    change: str


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
    summaries = summaries_of(request)
    found = await summaries.of(wide.apart("province"))
    earlier = Asked(wide.before).apart("province") if wide.before else None
    before = await summaries.of(earlier) if earlier else None
    table = Table(key, found, before, wide)
    return await framed(
        "ministry_provinces.html",
        ours,
        who,
        wide,
        PATH,
        kept={"of": key, "sort": order},
        of=key,
        sort=order,
        column=t(f"indicator.name.{key}"),
        names=[(one, t(f"indicator.name.{one}")) for one in COLUMNS],
        orders=[(one, t(f"web.ministry.sort.{one}")) for one in ORDERS],
        rows=[*table.rows(order), *table.rest()],
        **table.map(),
        **standing(found),
    )


class Table:
    """One figure of a summary by province, beside the period before."""

    def __init__(self, key: str, summary: Summary, before: Summary | None, asked: Asked) -> None:
        self._key, self._asked, self._of = key, asked, summary.provinces
        self._cells = _cells(summary, key, asked)
        self._before = _cells(before, key, asked) if before else {}

    def rows(self, order: str) -> list[Row]:
        """Every province; by their figure when asked, those without one last."""
        found = list(provinces(self._of))
        if order != "place":
            sign = -1 if order == "most" else 1
            found.sort(key=lambda one: _rank(self._cells.get(one.code), sign))
        return [self._row(one.short_name, one.code, self._page(one.short_name)) for one in found]

    def rest(self) -> list[Row]:
        """What no province can be told of, where there is any, and the country."""
        unknown = [self._row(untold(self._of), UNKNOWN, "")] * (UNKNOWN in self._cells)
        return [*unknown, self._row(t("web.ministry.country"), WHOLE, "")]

    def map(self) -> dict[str, Any]:
        """The drawing of one figure, its title and what its shades mean."""
        known = [one for code, one in self._cells.items() if code not in (UNKNOWN, WHOLE)]
        values = [one.value or 0 for one in known]
        scale = scale_of(self._key, max(values, default=0), DIGITS)
        name = t(f"indicator.name.{self._key}")
        title = t("web.ministry.map", name=name, unit=scale.name)
        places = {one.code: self._place(one.code) for one in provinces(self._of)}
        drawn = map_svg(TileMap(title, self._of, scale, places), COLOURS)
        shades = zip(reversed(steps(values)), reversed(SHADES), strict=False)
        legend = [(f"{shade:g}", _ends(step, scale)) for step, shade in shades]
        return {"map": Markup(drawn), "map_title": title, "legend": legend}  # noqa: S704 our own template, which escapes

    def _row(self, name: str, code: str, where: str) -> Row:
        figure = self._cells.get(code)
        if figure is None:
            return Row(name, where, NONE, "")
        change = change_of(figure, self._before.get(code), self._asked.period.kind)
        return Row(name, where, shown_of(figure), change)

    def _place(self, code: str) -> Place:
        figure = self._cells.get(code)
        where = self._page(province(code, self._of).short_name)
        if figure is None:
            return Place(None, NONE, where=where)
        return Place(figure.value, shown_of(figure), withheld(figure), where)

    def _page(self, name: str) -> str:
        return self._asked.link(HOME, province=name)


def _cells(summary: Summary, key: str, asked: Asked) -> dict[str, Figure]:
    """By the province's code; UNKNOWN where that can't be told, WHOLE for the country."""
    found = [
        one
        for one in summary.figures
        if (one.indicator, one.platform) == (key, asked.question.platform)
    ]
    return {(one.province.code or UNKNOWN) if one.province else WHOLE: one for one in found}


def _rank(figure: Figure | None, sign: int) -> tuple[bool, int]:
    value = figure.value if figure else None
    return value is None, sign * (value or 0)


def _ends(step: Step, scale: Scale) -> str:
    least, most = scale.short(step.least), scale.short(step.most)
    return least if least == most else t("web.ministry.from_to", least=least, most=most)
