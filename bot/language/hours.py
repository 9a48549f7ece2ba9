"""Hours of the day as people write them: `8h`, `8 giờ 30`, `13:30`, `2 giờ rưỡi chiều`.

`toi` without marks is the evening, but before a number it is *tới*: `8h toi 11h`.
"""

from __future__ import annotations

import datetime as dt
import re

from domain.fold import fold

_HOUR = re.compile(
    r"(?<!\d)(\d{1,2}) ?(?:gio|g|h|:)(?: ?(\d{2}|ruoi)(?!\d))?(?: (sang|trua|chieu|toi(?! ?\d)))?"
)
_AFTERNOON = ("chieu", "toi")
HALF, NOON, DAY = 30, 12, 24


def hours_in(text: str) -> tuple[dt.time, ...]:
    """Every hour that is named, in its order; what can be none is left out."""
    found = (_hour(*match) for match in _HOUR.findall(fold(text)))
    return tuple(hour for hour in found if hour is not None)


def _hour(hour: str, minute: str, part: str) -> dt.time | None:
    number = int(hour)
    if part in _AFTERNOON and number < NOON:
        number += NOON
    minutes = HALF if minute == "ruoi" else int(minute or 0)
    return dt.time(number, minutes) if number < DAY and minutes < 60 else None
