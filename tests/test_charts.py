"""A bar chart starts at zero, says every label and sum whole, and is a picture for a phone."""

from __future__ import annotations

import struct
from xml.etree import ElementTree as ET

from bot.charts import WIDTH, bars_png, bars_svg

SVG = "{http://www.w3.org/2000/svg}"
MONTHS = {
    "kind": "bars",
    "title": "Tiền bán từng tháng, năm 2026 (đồng)",
    "bars": [
        ["9/2026", 180_000_000, "180.000.000 đ"],
        ["10/2026", 0, "0 đ"],
        ["11/2026", 90_000_000, "90.000.000 đ"],
    ],
}
LONG = "trứng gà ta thả vườn <an toàn> & trứng vịt xiêm nuôi sạch của tổ hợp tác Tân Phú"


def drawn(picture):
    root = ET.fromstring(bars_svg(picture))
    texts = ["".join(t.itertext()) for t in root.iter(f"{SVG}text")]
    bars = [r for r in root.iter(f"{SVG}rect") if r.get("x")]
    return root, texts, bars


def test_the_length_of_a_bar_is_its_sum():
    _, _, bars = drawn(MONTHS)
    widths = [int(bar.get("width")) for bar in bars]
    assert widths == [2 * widths[2], 0, widths[2]]
    assert len({bar.get("x") for bar in bars}) == 1


def test_every_label_and_sum_stands_in_the_picture_and_for_those_who_hear_it():
    root, texts, _ = drawn(MONTHS)
    for label, _, shown in MONTHS["bars"]:
        assert label in texts
        assert shown in texts
        assert f"{label}: {shown}" in root.find(f"{SVG}desc").text
    assert root.find(f"{SVG}title").text == MONTHS["title"]


def test_a_long_name_is_wrapped_and_never_cut():
    picture = {**MONTHS, "bars": [[LONG, 1, "1 đ"], ["cam", 2, "2 đ"]]}
    _, texts, bars = drawn(picture)
    assert LONG in " ".join(texts)
    assert int(bars[0].get("y")) > 2 * 28
    assert int(bars[1].get("y")) > int(bars[0].get("y"))


def test_sums_of_nothing_draw_no_bars():
    _, _, bars = drawn({**MONTHS, "bars": [["cam", 0, "0 đ"]]})
    assert [bar.get("width") for bar in bars] == ["0"]
    assert bars_png({**MONTHS, "bars": []})


def test_the_picture_is_a_png_of_a_phones_width_with_all_its_letters():
    png = bars_png(MONTHS)
    width, _ = struct.unpack(">II", png[16:24])
    assert png.startswith(b"\x89PNG")
    assert width == WIDTH
    assert len(png) > 5_000  # without the fonts the texts would be missing
