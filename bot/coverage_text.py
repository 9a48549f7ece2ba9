"""Coverage in words and in rows: who reported, who did not."""

from __future__ import annotations

from bot.locales.format import number
from bot.locales.spoken import spoken, text
from bot.summary import Summary
from bot.summary_coverage import Coverage

NAMED = 3  # provinces that are called by name; the others are a number
COLUMNS = (
    *("indicator", "name", "expected", "reported", "country", "last_received", "due"),
    *("province_code", "province"),
)


def coverage_lines(summary: Summary) -> list[str]:
    """A line for all indicators that the same places reported; their names only where that differs."""
    alike: dict[tuple[bool, int, tuple[str, ...]], list[Coverage]] = {}
    for one in summary.coverage:
        missing = tuple(place.name for place in one.missing)
        alike.setdefault((one.country, one.reported, missing), []).append(one)
    return [_line(ones, alone=len(alike) == 1) for ones in alike.values()]


def _line(ones: list[Coverage], *, alone: bool) -> str:
    who = _who(ones[0])
    if alone:
        return text("summary.coverage").format(who=who)
    names = ", ".join(text(f"indicator.name.{one.indicator}") for one in ones)
    return text("summary.coverage.of").format(names=names, who=who)


def _who(one: Coverage) -> str:
    """`toàn quốc`, `5/34 tỉnh, thành phố; chưa: An Giang, Bắc Ninh, Cà Mau và 26 nơi khác`, …"""
    if not one.reported:
        return text("summary.coverage.country" if one.country else "summary.coverage.nobody")
    counts = {
        "reported": number(one.reported, spoken()),
        "expected": number(one.expected, spoken()),
    }
    said = text("summary.coverage.provinces").format(**counts)
    parts = [text("summary.coverage.country")] if one.country else []
    parts += [
        said,
        *([text("summary.coverage.missing").format(names=_missing(one))] * bool(one.missing)),
    ]
    return "; ".join(parts)


def _missing(one: Coverage) -> str:
    names = ", ".join(place.name for place in one.missing[:NAMED])
    more = len(one.missing) - NAMED
    if more <= 0:
        return names
    return text("summary.coverage.more").format(names=names, count=number(more, spoken()))


def coverage_rows(summary: Summary) -> list[tuple[str | int | None, ...]]:
    """As `COLUMNS`: each indicator, and a row for each province that did not report it."""
    rows: list[tuple[str | int | None, ...]] = []
    for one in summary.coverage:
        name = text(f"indicator.name.{one.indicator}")
        came = one.last_received.isoformat() if one.last_received else None
        whole = (
            one.indicator,
            name,
            one.expected,
            one.reported,
            int(one.country),
            came,
            str(one.due),
        )
        rows.append((*whole, None, None))
        rows += [
            (one.indicator, name, *(None,) * 5, place.code, place.name) for place in one.missing
        ]
    return rows
