"""Figures as short as a chart has room for: all in one unit, which the chart's title names."""

from __future__ import annotations

from dataclasses import dataclass

from bot.figure_words import MONEY
from bot.locales.format import number
from bot.locales.spoken import spoken, text

LONGEST = 6  # digits before a larger unit is taken
UNITS = (1, 10**3, 10**6, 10**9, 10**12)


@dataclass(frozen=True, slots=True)
class Scale:
    """In what the figures of one chart are given: `unit` of them is one; `name` as in its title."""

    unit: int
    name: str

    def short(self, value: int) -> str:
        """Whole units, half up; what is less than half of one is not 0 and is not shown as 0."""
        near = (2 * value + self.unit) // (2 * self.unit)
        if value > 0 and near == 0:
            return text("chart.under_one")
        return number(near, spoken())


def scale_of(indicator: str, most: int, digits: int = LONGEST) -> Scale:
    """The smallest unit in which the largest of the figures has at most so many digits."""
    unit = next((one for one in UNITS if most < one * 10**digits), UNITS[-1])
    counted = text(f"chart.unit.{'value' if indicator in MONEY else indicator}")
    if unit == 1:
        return Scale(unit, counted)
    return Scale(unit, text(f"chart.times.{UNITS.index(unit)}").format(unit=counted))


def round_top(most: int) -> int:
    """Where an axis from zero ends: the next of 1, 2, 2.5 and 5 times a power of ten."""
    power = int("1" + "0" * (len(str(max(most, 1))) - 1))
    return next(
        top for top in (power, 2 * power, 5 * power // 2, 5 * power, 10 * power) if top >= most
    )
