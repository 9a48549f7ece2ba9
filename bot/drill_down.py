"""From a figure to the kinds of events that it is made of: how many, and what they add up to; never whose."""

from __future__ import annotations

import datetime as dt

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Connection

from bot.changes import by_cell, causes, has_causes, key_of
from bot.place_name import PlaceName
from bot.small_cells import MIN_CELL
from bot.summarise import summarise
from bot.summary import BadQuestion, Question
from bot.summary_changes import Cause
from bot.summary_text import withheld
from domain.geography import ProvinceSet
from domain.indicators import INDICATORS
from storage.causes import causes_now

COUNTABLE = tuple(key for key in INDICATORS if has_causes(key))


class EventsBehind(BaseModel):
    """One figure and its events by kind; the amounts add up to the value. Withheld: neither is told.

    An event that touches several months, platforms or places, as a correction may, counts in each.
    """

    model_config = ConfigDict(populate_by_name=True)

    indicator: str
    start: str = Field(alias="from", serialization_alias="from")
    to: str
    provinces: ProvinceSet
    province: PlaceName | None
    platform: str | None
    cut_off: dt.datetime | None
    value: int | None
    display: str
    events: int | None
    causes: list[Cause]


def events_behind(
    conn: Connection, question: Question, indicator: str, min_cell: int = MIN_CELL
) -> EventsBehind:
    """Of the whole of the question; BadQuestion for an indicator that is not made of events."""
    if indicator not in COUNTABLE:
        raise BadQuestion("indicator", f"must be one of {', '.join(COUNTABLE)}")
    found = summarise(conn, question, min_cell)
    figure = next(one for one in found.figures if one.indicator == indicator)
    places = question.province is not None
    hidden = withheld(figure)
    rows = causes_now(conn, question.start, question.end, places=places)
    parts = by_cell(rows, question).get(key_of(figure), {})
    fewest = min_cell if places and not question.own else 0
    told = [] if hidden else causes(parts, fewest)
    return EventsBehind(
        indicator=indicator,
        start=found.start,
        to=found.to,
        provinces=found.provinces,
        province=figure.province,
        platform=figure.platform,
        cut_off=found.cut_off,
        value=figure.value,
        display=figure.display,
        events=None if hidden else sum(one.events for one in told),
        causes=told,
    )
