"""Who reported and who did not: a figure of its own beside those of a summary."""

from __future__ import annotations

import datetime as dt

from pydantic import BaseModel

from bot.place_name import PlaceName


class Coverage(BaseModel):
    """Of one indicator, how many of the `expected` provinces have a report that lies in the period.

    A stock is of its end. `country`: a report of the whole country stands, too. `due`: the day by which
    reports are to come; `last_received`: when the newest of them came.
    """

    indicator: str
    expected: int
    reported: int
    country: bool
    missing: list[PlaceName]
    last_received: dt.datetime | None
    due: dt.date
