"""Months in a chart: from zero, what is not known is not drawn, what is not over looks different; provinces as tiles."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest

from bot.month_chart import Month, MonthChart, months_svg
from bot.scale import round_top, scale_of
from bot.tile_map import Place, TileMap, map_svg, steps
from domain.geography import provinces
from domain.tiles import tiles

SVG = "{http://www.w3.org/2000/svg}"
MONTHS = (Month("1/2026", 400, "400"), Month("2/2026", None, "<5"), Month("3/2026", 200, "200"))


def chart(shape="columns", months=MONTHS):
    return MonthChart(
        "transactions", "Title", "Source", shape, scale_of("transactions", 400), months
    )


def drawn(of):
    return ET.fromstring(months_svg(of))


def columns(root):
    return [r for r in root.iter(f"{SVG}rect") if r.get("x")]


def test_a_column_is_as_high_as_its_figure_and_an_unknown_month_has_none():
    first, third = columns(drawn(chart()))
    assert float(first.get("height")) == pytest.approx(2 * float(third.get("height")), abs=0.2)
    assert float(first.get("y")) + float(first.get("height")) == pytest.approx(
        float(third.get("y")) + float(third.get("height"))
    )


def test_a_line_breaks_where_a_month_is_not_known():
    months = (MONTHS[0], MONTHS[2], MONTHS[1], MONTHS[2], MONTHS[0])
    runs = [
        line.get("points").split() for line in drawn(chart("line", months)).iter(f"{SVG}polyline")
    ]
    assert [len(run) for run in runs] == [2, 2]


def test_whoever_hears_the_chart_hears_every_month_and_the_title():
    root = drawn(chart())
    assert root.find(f"{SVG}title").text == "Title"
    assert "1/2026: 400. 2/2026: <5. 3/2026: 200." in root.find(f"{SVG}desc").text


def test_a_month_that_is_not_over_is_hatched():
    last = Month("4/2026", 100, "100", running=True)
    fills = [one.get("fill") for one in columns(drawn(chart(months=(*MONTHS, last))))]
    assert fills[-1] == "url(#transactions-running)"
    assert not any("url" in fill for fill in fills[:-1])


def test_nothing_known_draws_an_empty_axis():
    assert columns(drawn(chart(months=(Month("1/2026", None, "–"),)))) == []


@pytest.mark.parametrize(
    ("most", "top"), [(0, 1), (1, 1), (7, 10), (12, 20), (2_200, 2_500), (300, 500), (999, 1_000)]
)
def test_an_axis_ends_at_the_next_round_number(most, top):
    assert round_top(most) == top


def test_small_figures_beside_large_ones_are_not_shown_as_none():
    scale = scale_of("value", 217_100_000_000)
    assert (scale.name, scale.short(217_100_000_000)) == ("triệu đồng", "217.100")
    assert (scale.short(0), scale.short(400_000), scale.short(600_000)) == ("0", "<1", "1")


# The map


@pytest.mark.parametrize("of", [63, 34])
def test_every_province_has_a_place_of_its_own(of):
    placed = tiles(of)
    assert sorted(tile.code for tile in placed) == sorted(p.code for p in provinces(of))
    assert len({(tile.row, tile.column) for tile in placed}) == len(placed)
    rows = {tile.code: tile.row for tile in placed}
    assert rows["20"] < rows["01"] < rows["46"] < rows["79"] < rows["96"]


def test_steps_hold_every_figure_once_and_equal_ones_together():
    values = [1, 1, 1, 1, 1, 2, 3, 90, 0]
    found = steps(values)
    assert all(sum(s.least <= v <= s.most for s in found) == 1 for v in values if v)
    assert steps([]) == steps([0]) == ()


def test_a_withheld_province_shows_no_shade_and_an_edge_of_its_own():
    places = {
        "01": Place(5_000, "5.000", where="/ministry/?province=01"),
        "82": Place(None, "<5", withheld=True),
    }
    svg = map_svg(TileMap("Title", 34, scale_of("transactions", 5_000), places))
    root = ET.fromstring(svg)
    said = ["".join(one.itertext()) for one in root.iter(f"{SVG}text")]
    assert {"Hà Nội", "5.000", "Đồng Tháp", "<5"} <= set(said)
    dashed = [one for one in root.iter(f"{SVG}rect") if one.get("stroke-dasharray")]
    assert [one.get("fill-opacity") for one in dashed] == ["0.0"]
    assert re.search(r'href="/ministry/\?province=01" aria-label="Hà Nội: 5.000"', svg)
